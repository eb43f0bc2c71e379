-- The captures that teach: of each outlet the newest, one an article, and of a run's own so many in any case, since a backfill brings old
-- ones. Grain: capture_id. Reader: learn. $outlets, $sample.
CREATE OR REPLACE TEMP TABLE teaching AS
WITH pages AS (
    SELECT outlet, article_id, captured_at, capture_id, TRUE AS is_fresh FROM staged_captures SEMI JOIN staged_readings USING (capture_id)
    UNION ALL
    SELECT outlet, article_id, captured_at, capture_id, FALSE
    FROM store.captures SEMI JOIN store.sightings USING (article_id) ANTI JOIN store.rejections USING (capture_id)
), latest AS (
    SELECT outlet, article_id, max((captured_at, capture_id, is_fresh)) AS page
    FROM pages WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) GROUP BY outlet, article_id
), newest AS ( -- heaps of a few, where sorting a million captures takes seconds
    SELECT outlet, max(page, $sample) AS pages, max(page, $sample // 2) FILTER (page[3]) AS own FROM latest GROUP BY outlet
), ordered AS (
    SELECT outlet, unnest(list_distinct(list_concat(own, pages))) AS page, own FROM newest
)
SELECT page[2] AS capture_id FROM ordered
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY list_contains(own, page) DESC, page DESC) <= $sample;

SELECT DISTINCT ON (capture_id) * FROM (
    SELECT * FROM staged_captures SEMI JOIN teaching USING (capture_id)
    UNION ALL BY NAME
    SELECT * EXCLUDE (row_version) FROM store.captures SEMI JOIN teaching USING (capture_id)
) ORDER BY outlet, captured_at, capture_id
