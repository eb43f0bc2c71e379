-- articles: one row an article, its newest reading
SELECT outlet, published_at, title, authors, word_count AS words, revision
FROM articles ORDER BY published_at DESC, article_id LIMIT 12
