-- Links that were forgotten once stay so in a warehouse that was rebuilt or restored. Grain: (outlet, url). Writer: rebuild, restore.
-- Reads staged_forgotten, $now.
DELETE FROM store.links AS known USING staged_forgotten AS fresh WHERE known.outlet = fresh.outlet AND known.url = fresh.url;

INSERT INTO store.links BY NAME
SELECT DISTINCT ON (outlet, url) md5_number_lower(url) AS url_hash, url, outlet, article_id,
       md5_number_lower(article_id) AS article_hash, 'warc' AS source, '' AS source_url,
       'none' AS published_precision, $now AS discovered_at, 'forgotten' AS state, 'forgotten' AS reason, 0 AS attempts
FROM staged_forgotten;
