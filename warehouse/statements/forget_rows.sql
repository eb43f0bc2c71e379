-- What a takedown does to rows that bear neither the article's key nor a capture's; those that do are deleted, whatever their table.
-- Grain: a link; an outlet. Writer: forget, after forget_find, in its transaction. $now.
UPDATE store.links SET state = 'forgotten', reason = 'forgotten', next_visit_at = NULL, title = NULL, published_at = NULL, published_raw = NULL,
       published_precision = 'none', modified_at = NULL, row_version = nextval('store.row_versions')
WHERE article_id IN (FROM gone_articles);

-- Also URLs that were never a link: what answered at the end of a redirect, and what was named, are not to be fetched either.
CREATE OR REPLACE TEMP TABLE remembered AS
SELECT outlet, final_url AS url, article_id FROM gone_captures
UNION
SELECT outlet, url, article_id FROM gone_captures
UNION
SELECT outlet, url, article_id FROM targets WHERE outlet IS NOT NULL AND url IS NOT NULL;

INSERT INTO store.links BY NAME
SELECT md5_number_lower(url) AS url_hash, url, outlet, min(article_id) AS article_id,
       md5_number_lower(min(article_id)) AS article_hash, 'warc' AS source, '' AS source_url, 'none' AS published_precision,
       $now AS discovered_at, 'forgotten' AS state, 'forgotten' AS reason, 0 AS attempts
FROM remembered ANTI JOIN store.links AS known USING (outlet, url) GROUP BY outlet, url;

-- What was learned of an outlet shows pieces of its pages as examples. Its next learning brings new ones.
UPDATE store.profiles SET
    body = list_transform(body, lambda each: struct_update(each, example := '')),
    lead = list_transform(lead, lambda each: struct_update(each, example := '')),
    "drop" = list_transform("drop", lambda each: struct_update(each, example := '')),
    furniture = list_transform(furniture, lambda each: struct_update(each, example := '')),
    names = list_transform(names, lambda each: struct_update(each, example := ''))
WHERE outlet IN (SELECT outlet FROM gone_captures);

DELETE FROM store.profiles WHERE outlet IN (SELECT outlet FROM targets WHERE url IS NULL);

DELETE FROM store.learnings WHERE outlet IN (SELECT outlet FROM targets WHERE url IS NULL);

DELETE FROM store.sources WHERE outlet IN (SELECT outlet FROM targets WHERE url IS NULL);

UPDATE store.articles SET duplicate_of = NULL, row_version = nextval('store.row_versions') WHERE duplicate_of IN (FROM gone_articles);
