-- Stories as they are now, of the members that stories_join found. Grain: story_id; article_id. Writer: stories. $founders: JSON.
-- A copy to the letter within an outlet is a duplicate of the one seen first, and does not count as an article.
CREATE OR REPLACE TEMP TABLE grouped AS
SELECT member.reading, member.outlet, founder.article_id AS story_id,
       nullif(
           first_value(member.article_id) OVER (PARTITION BY member.outlet, member.copy_key ORDER BY member.place), member.article_id
       ) AS duplicate_of
FROM members AS member
JOIN (SELECT unnest(from_json($founders, '[{"place":"BIGINT","founder":"BIGINT"}]'), recursive := true)) AS found USING (place)
JOIN members AS founder ON founder.place = found.founder;

UPDATE store.articles AS article SET story_id = grouped.story_id, duplicate_of = grouped.duplicate_of, row_version = nextval('store.row_versions')
FROM grouped
WHERE article.reading = grouped.reading
  AND (article.story_id IS DISTINCT FROM grouped.story_id OR article.duplicate_of IS DISTINCT FROM grouped.duplicate_of);

DELETE FROM store.stories WHERE story_id IN (SELECT story_id FROM stirred_stories UNION SELECT story_id FROM grouped);

INSERT INTO store.stories BY NAME
SELECT grouped.story_id,
       any_value(article.title) FILTER (article.article_id = grouped.story_id) AS title,
       min(article.published_at) AS first_published_at,
       count(*) FILTER (grouped.duplicate_of IS NULL) AS article_count,
       count(DISTINCT grouped.outlet) AS outlet_count
FROM grouped JOIN store.articles AS article USING (reading)
GROUP BY grouped.story_id;
