-- A page that is not to be kept is not loaded, however it came. Grain: a staged row. Writer: load, before the merges.
CREATE OR REPLACE TEMP TABLE barred AS
SELECT DISTINCT article_id FROM store.links
WHERE state = 'forgotten' AND article_id IN (SELECT article_id FROM staged_captures UNION ALL SELECT article_id FROM staged_articles);

DELETE FROM staged_articles WHERE article_id IN (FROM barred);

DELETE FROM staged_again WHERE article_id IN (FROM barred);

DELETE FROM staged_rejections WHERE article_id IN (FROM barred);

DELETE FROM staged_captures WHERE article_id IN (FROM barred);
