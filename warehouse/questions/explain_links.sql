-- links to it, and what became of them
SELECT url, outlet, state, reason, source_url, discovered_at, visited_at, next_visit_at, attempts, article_id
FROM links
WHERE url IN ($url, $other) OR article_id = $article_id OR article_id IN (SELECT article_id FROM links WHERE url IN ($url, $other))
ORDER BY discovered_at, url LIMIT 50
