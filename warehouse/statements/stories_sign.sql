-- Signatures of fresh readings take the place of those of the same articles. Grain: article_id. Writer: stories. $signed: JSON.
-- A short text is told by its headline too: many pages say no more than that there is a video.
CREATE OR REPLACE TEMP TABLE signing AS
SELECT article.reading,
       article.article_id,
       article.outlet,
       coalesce(seen.first_seen_at, article.last_changed_at) AS seen_at,
       coalesce(article.published_at, seen.first_seen_at, article.last_changed_at) AS told_at,
       md5_number_lower(
           regexp_replace(lower(article.text), '[^\p{L}\p{N}]+', '', 'g')
           || CASE WHEN article.word_count < 50 THEN ' ' || regexp_replace(lower(article.title), '[^\p{L}\p{N}]+', '', 'g') ELSE '' END
       ) AS copy_key,
       signed.bands
FROM store.articles AS article
JOIN (SELECT unnest(from_json($signed, '[{"reading":"INTEGER","bands":["UINTEGER"]}]'), recursive := true)) AS signed USING (reading)
LEFT JOIN store.sightings AS seen USING (article_id)
WHERE article.reading > $after AND article.reading <= $until;

CREATE OR REPLACE TEMP TABLE unsigned AS
SELECT old.reading, old.article_id, old.outlet, old.copy_key FROM store.signatures AS old SEMI JOIN signing USING (article_id);
