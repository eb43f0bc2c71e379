-- Pages that the run read twice, the second time with a profile that they had taught. Grain: capture_id. Writer: load, before the merges.
-- The second reading counts, unless it would lose an article.
DELETE FROM staged_articles WHERE capture_id IN (SELECT capture_id FROM staged_again);

DELETE FROM staged_rejections WHERE capture_id IN (SELECT capture_id FROM staged_again);

INSERT INTO staged_articles BY NAME SELECT * FROM staged_again;
