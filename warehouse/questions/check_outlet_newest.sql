-- the newest articles; $outlet
SELECT title, published_at, published_precision AS precision, authors, word_count AS words, regexp_replace(left(text, 160), '\s+', ' ', 'g') AS begins
FROM articles WHERE outlet = $outlet ORDER BY coalesce(published_at, last_changed_at) DESC, article_id LIMIT 3
