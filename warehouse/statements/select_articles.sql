-- The articles that are handed on, with the digest of their text and the month that they are filed under. Grain: article_id.
-- Reader: export. $outlets (none: all), $since (NULL: all).
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT article_id FROM articles
WHERE (len($outlets::VARCHAR[]) = 0 OR list_contains($outlets::VARCHAR[], outlet))
  AND ($since::TIMESTAMPTZ IS NULL OR coalesce(published_at, first_seen_at) >= $since::TIMESTAMPTZ);

CREATE OR REPLACE TEMP VIEW selected AS
SELECT *, sha256(text) AS text_sha256, strftime(coalesce(published_at, first_seen_at), '%Y-%m') AS month
FROM articles SEMI JOIN chosen USING (article_id);
