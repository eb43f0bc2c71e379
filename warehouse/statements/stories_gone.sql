-- What is left when articles have gone: signatures and likenesses without them, and the rest of their stories to be grouped anew.
-- Grain: reading. Writer: stories, for takedowns and upkeep. Articles, and signatures, may have been deleted by others already.
CREATE OR REPLACE TEMP TABLE signing AS FROM store.signatures LIMIT 0;

CREATE OR REPLACE TEMP TABLE unsigned AS
SELECT reading, article_id, outlet, copy_key FROM store.signatures ANTI JOIN store.articles USING (reading);

DELETE FROM store.signatures WHERE reading IN (SELECT reading FROM unsigned);

DELETE FROM store.likenesses
WHERE reading NOT IN (SELECT reading FROM store.signatures) OR other NOT IN (SELECT reading FROM store.signatures);

CREATE OR REPLACE TEMP TABLE parted AS
SELECT article.reading
FROM store.articles AS article
SEMI JOIN (
    SELECT story_id
    FROM (
        SELECT story_id, count(*) FILTER (duplicate_of IS NULL) AS article_count, count(DISTINCT outlet) AS outlet_count,
               bool_or(article_id = story_id) AS has_founder
        FROM store.articles WHERE story_id IS NOT NULL GROUP BY story_id
    ) AS now
    LEFT JOIN store.stories AS told USING (story_id)
    WHERE NOT has_founder OR (now.article_count, now.outlet_count) IS DISTINCT FROM (told.article_count, told.outlet_count)
) AS broken USING (story_id);

DELETE FROM store.stories WHERE story_id NOT IN (SELECT story_id FROM store.articles WHERE story_id IS NOT NULL);
