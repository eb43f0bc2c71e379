-- error: a link said to be loaded leads to an article.
SELECT link.outlet, link.url AS detail FROM store.links AS link ANTI JOIN store.sightings AS seen USING (article_id)
WHERE link.state IN ('loaded', 'unchanged')
