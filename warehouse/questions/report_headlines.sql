-- the newest headlines of each outlet; $now
SELECT outlet, title, url, language, coalesce(published_at, first_seen_at) AS told_at
FROM articles WHERE first_seen_at > $now::TIMESTAMPTZ - INTERVAL 31 DAY AND first_seen_at <= $now::TIMESTAMPTZ
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY first_seen_at DESC, told_at DESC, article_id) <= 5
ORDER BY outlet, told_at DESC, url
