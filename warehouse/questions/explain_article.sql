-- the article
SELECT article_id, title, first_seen_at, last_changed_at, revision, gone_at, url FROM articles
WHERE article_id = $article_id OR article_id IN (SELECT link.article_id FROM links AS link WHERE link.url IN ($url, $other)) LIMIT 5
