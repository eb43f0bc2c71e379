-- The links that the run's pages came from, looked up once. Grain: (outlet, url). Writer: load, before the merges, which read it.
CREATE OR REPLACE TEMP TABLE staged_urls AS
SELECT outlet, url, md5_number_lower(url) AS url_hash
FROM (SELECT outlet, url FROM staged_articles UNION SELECT outlet, url FROM staged_rejections UNION SELECT outlet, url FROM staged_failures);

CREATE OR REPLACE TEMP TABLE found_links AS
SELECT link.rowid AS place, link.outlet, link.url, link.article_id, link.state, link.attempts, link.published_at, link.discovered_at, link.visited_at
FROM store.links AS link JOIN staged_urls USING (outlet, url) -- by rowid: else all URLs ever seen are unpacked for the join
WHERE link.rowid IN (SELECT rowid FROM store.links WHERE url_hash IN (SELECT url_hash FROM staged_urls));
