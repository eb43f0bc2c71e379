-- What a takedown is about: the articles, the links that lead to them, and the captures they were read from. Grain: article_id; (outlet, url);
-- capture_id. Reader: forget. $targets, as JSON: a URL in all of its spellings, with the outlets whose it may be and the article that it
-- would be there; or an outlet alone.
CREATE OR REPLACE TEMP TABLE targets AS
SELECT unnest(from_json($targets, '[{"outlet": "VARCHAR", "url": "VARCHAR", "article_id": "VARCHAR"}]'), recursive := TRUE);

CREATE OR REPLACE TEMP TABLE gone_articles AS
WITH met AS (
    SELECT outlet, url, article_id FROM store.links
    UNION ALL
    SELECT outlet, url, article_id FROM store.articles
    UNION ALL
    SELECT outlet, canonical_url, article_id FROM store.articles WHERE canonical_url IS NOT NULL
    UNION ALL
    SELECT outlet, url, article_id FROM store.captures
    UNION ALL
    SELECT outlet, final_url, article_id FROM store.captures
)
SELECT DISTINCT article_id FROM met
WHERE url IN (SELECT url FROM targets) OR article_id IN (SELECT article_id FROM targets)
   OR outlet IN (SELECT outlet FROM targets WHERE url IS NULL);

CREATE OR REPLACE TEMP TABLE gone_links AS SELECT outlet, url, article_id FROM store.links SEMI JOIN gone_articles USING (article_id);

CREATE OR REPLACE TEMP TABLE gone_captures AS
SELECT capture_id, outlet, url, final_url, article_id, file FROM store.captures
WHERE article_id IN (FROM gone_articles) OR (outlet, url) IN (SELECT (outlet, url) FROM gone_links) OR final_url IN (SELECT url FROM targets);

-- Which article a link leads to may be known of its page alone.
INSERT INTO gone_articles SELECT DISTINCT article_id FROM gone_captures ANTI JOIN gone_articles USING (article_id);
