-- error: a link has one row, so that states add up to the links discovered.
SELECT outlet, url || ' has ' || count(*) || ' rows' AS detail FROM store.links GROUP BY outlet, url_hash, url HAVING count(*) > 1
