-- why its page was taken for no article
SELECT captured_at, reason, detail, url FROM rejections
WHERE url IN ($url, $other) OR url IN (SELECT link.url FROM links AS link WHERE link.article_id = $article_id)
ORDER BY captured_at DESC LIMIT 10
