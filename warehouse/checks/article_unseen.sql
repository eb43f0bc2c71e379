-- error: every article has exactly one sighting, or it would vanish from the view or stand in it twice.
SELECT outlet, article_id || ' has ' || count(seen.article_id) || ' sightings' AS detail
FROM store.articles LEFT JOIN store.sightings AS seen USING (article_id) GROUP BY outlet, article_id HAVING count(seen.article_id) <> 1
