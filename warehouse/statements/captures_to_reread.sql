-- Of each article the capture of its newest revision. Grain: article_id. Reader: reread. $outlet, $since.
SELECT capture.* EXCLUDE (row_version) REPLACE (article.article_id AS article_id)
FROM store.captures AS capture
JOIN (SELECT article_id, capture_id FROM store.articles WHERE outlet = $outlet AND last_changed_at >= $since) AS article USING (capture_id)
QUALIFY row_number() OVER (PARTITION BY capture_id ORDER BY article.article_id) = 1
ORDER BY file, "offset"
