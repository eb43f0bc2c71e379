-- Readings of one article under several keys get one: a redirect, a new slug, a copy whose page names the original as canonical.
-- Grain: capture_id; alias. Writer: load, before the merges. The key that an article was first stored under stays its own.
-- A key is believed only where the texts share their words: some sites name one canonical address on every page.
CREATE OR REPLACE TEMP TABLE claims AS
SELECT staged.capture_id, staged.outlet, staged.captured_at, staged.title, staged.text, staged.article_id AS own,
       coalesce(linked.article_id, staged.article_id) AS linked, staged.canonical_id AS canonical
FROM staged_articles AS staged LEFT JOIN found_links AS linked ON linked.url = staged.url AND linked.outlet = staged.outlet
WHERE staged.canonical_id <> staged.article_id OR linked.article_id <> staged.article_id
   OR staged.article_id IN (SELECT alias FROM store.aliases)
   OR staged.article_id IN (SELECT canonical_id FROM staged_articles WHERE canonical_id <> article_id);

-- Each key that a reading has, what it stands for, and what is stored there.
CREATE OR REPLACE TEMP TABLE meant AS
WITH keys AS (
    SELECT capture_id, 1 AS place, own AS key FROM claims
    UNION ALL SELECT capture_id, 2, linked FROM claims WHERE linked <> own
    UNION ALL SELECT capture_id, 3, canonical FROM claims WHERE canonical NOT IN (own, linked)
)
SELECT keys.capture_id, place, key, coalesce(alias.article_id, key) AS article_id, alias.alias IS NOT NULL AS is_alias
FROM keys LEFT JOIN store.aliases AS alias ON alias.alias = key;

CREATE OR REPLACE TEMP TABLE standing AS
SELECT article_id, outlet, title, text, '-infinity'::TIMESTAMPTZ AS captured_at, TRUE AS is_stored
FROM store.articles WHERE article_id IN (SELECT article_id FROM meant)
UNION ALL
SELECT DISTINCT article_id, outlet, NULL, NULL, '-infinity'::TIMESTAMPTZ, TRUE
FROM store.links WHERE state = 'forgotten' AND article_id IN (SELECT article_id FROM meant)
UNION ALL
SELECT meant.article_id, claims.outlet, claims.title, claims.text, claims.captured_at, FALSE
FROM claims JOIN meant USING (capture_id) WHERE meant.place = 1;

CREATE OR REPLACE TEMP TABLE same AS
SELECT claims.capture_id, claims.own, standing.article_id, meant.place, standing.is_stored
FROM claims JOIN meant USING (capture_id) JOIN standing USING (article_id)
WHERE standing.outlet = claims.outlet
  AND ((meant.place = 1 AND standing.is_stored) OR standing.text IS NULL
       OR (meant.place > 1 AND (
           SELECT len(list_intersect(a, b)) >= 0.5 * least(len(a), len(b)) AND least(len(a), len(b)) >= 2 AND greatest(len(a), len(b)) <= 10 * least(len(a), len(b))
           FROM (SELECT list_distinct(regexp_extract_all(lower(claims.text), '[\p{L}\p{N}\p{M}]+')) AS a,
                        list_distinct(regexp_extract_all(lower(standing.text), '[\p{L}\p{N}\p{M}]+')) AS b))))
QUALIFY row_number() OVER (PARTITION BY claims.capture_id ORDER BY standing.is_stored DESC, meant.place, standing.captured_at, standing.article_id) = 1;

UPDATE staged_captures AS staged SET article_id = same.article_id FROM same WHERE staged.capture_id = same.capture_id;

UPDATE staged_articles AS staged SET article_id = same.article_id FROM same WHERE staged.capture_id = same.capture_id;

-- Keys under which nothing is stored stand for the article from now on; one that two articles claim stands for none.
CREATE OR REPLACE TEMP TABLE learned_keys AS
SELECT meant.key AS alias, min(coalesce(same.article_id, claims.own)) AS article_id,
       count(DISTINCT coalesce(same.article_id, claims.own)) > 1
           OR bool_or(meant.is_alias AND meant.article_id <> coalesce(same.article_id, claims.own)) AS is_disputed
FROM claims JOIN meant USING (capture_id) LEFT JOIN same USING (capture_id)
WHERE meant.key <> coalesce(same.article_id, claims.own)
  AND meant.key NOT IN (SELECT article_id FROM standing WHERE is_stored)
GROUP BY meant.key;

DELETE FROM store.aliases WHERE alias IN (SELECT alias FROM learned_keys);

INSERT INTO store.aliases BY NAME
SELECT alias, article_id FROM learned_keys WHERE NOT is_disputed AND alias NOT IN (SELECT article_id FROM staged_articles);
