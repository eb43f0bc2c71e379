-- Validators for conditional requests. Grain: (outlet, url). Reader: discover. $outlets.
SELECT outlet, url, etag, last_modified FROM store.sources
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND error IS NULL AND (etag IS NOT NULL OR last_modified IS NOT NULL)
ORDER BY ALL
