-- Today's readings of an outlet beside the stored ones, and what would change. Grain: article_id. Reader: reread.
CREATE OR REPLACE TEMP TABLE compared AS
SELECT fresh.*,
       old.revision,
       old.url AS first_url,
       old.title AS old_title,
       old.text AS old_text,
       fresh.title <> old.title AS is_retitled,
       fresh.text <> old.text AS is_reworded,
       (fresh.published_at, fresh.published_precision) IS DISTINCT FROM (old.published_at, old.published_precision) AS is_redated,
       (fresh.title, fresh.text, fresh.canonical_url, fresh.authors, fresh.published_at, fresh.published_precision, fresh.modified_at,
        fresh.language, fresh.section, fresh.tags, fresh.summary, fresh.image_url, fresh.is_paywalled, fresh.kind, fresh.dates_disagree)
       IS DISTINCT FROM
       (old.title, old.text, old.canonical_url, old.authors, old.published_at, old.published_precision, old.modified_at,
        old.language, old.section, old.tags, old.summary, old.image_url, old.is_paywalled, old.kind, old.dates_disagree) AS is_changed,
       (fresh.extractor, fresh.profile_version, fresh.kind_rule, fresh.published_source)
       IS DISTINCT FROM (old.extractor, old.profile_version, old.kind_rule, old.published_source) AS is_read_otherwise
FROM staged_articles AS fresh JOIN store.articles AS old USING (article_id, capture_id)
QUALIFY row_number() OVER (PARTITION BY fresh.article_id) = 1;

CREATE OR REPLACE TEMP TABLE reworded AS
WITH spoken AS (
    SELECT article_id, 1 AS side, unnest(regexp_extract_all(title || ' ' || text, '[\p{L}\p{N}\p{M}]+')) AS word
    FROM compared WHERE is_retitled OR is_reworded
    UNION ALL
    SELECT article_id, -1, unnest(regexp_extract_all(old_title || ' ' || old_text, '[\p{L}\p{N}\p{M}]+')) FROM compared WHERE is_retitled OR is_reworded
), balance AS (
    SELECT article_id, word, sum(side) AS surplus FROM spoken GROUP BY ALL
)
SELECT article_id,
       coalesce(sum(surplus) FILTER (surplus > 0), 0)::BIGINT AS gained,
       coalesce(-sum(surplus) FILTER (surplus < 0), 0)::BIGINT AS lost
FROM balance GROUP BY article_id;

SELECT count(*),
       count(*) FILTER (is_changed),
       coalesce(sum(gained), 0)::BIGINT,
       coalesce(sum(lost), 0)::BIGINT,
       count(*) FILTER (is_retitled),
       count(*) FILTER (is_redated),
       (SELECT count(*) FROM staged_rejections)
FROM compared LEFT JOIN reworded USING (article_id);
