-- requests made for it
SELECT request.run_id, request.started_at, request.kind, request.status, request.error, request.url
FROM requests AS request
WHERE (request.url IN ($url, $other) OR request.url IN (SELECT link.url FROM links AS link WHERE link.article_id = $article_id))
  AND ($run_id IS NULL OR request.run_id = $run_id)
ORDER BY request.started_at DESC LIMIT 20
