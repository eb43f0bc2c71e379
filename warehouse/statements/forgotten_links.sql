-- What is not to be fetched, ever. Grain: (outlet, url). Reader: forget, fetch, backfill. $outlets (NULL: all).
SELECT outlet, url, article_id FROM store.links
WHERE state = 'forgotten' AND ($outlets::VARCHAR[] IS NULL OR list_contains($outlets::VARCHAR[], outlet))
ORDER BY outlet, url
