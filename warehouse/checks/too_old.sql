-- error: [expect] newest_within: the newest article is older than the outlet's file allows. $now.
SELECT outlet, 'the newest article is of ' || max(coalesce(article.published_at, article.last_changed_at)) AS detail
FROM store.outlets JOIN store.articles AS article USING (outlet)
WHERE newest_within IS NOT NULL AND outlet IN (SELECT unnest($outlets::VARCHAR[]))
GROUP BY outlet, newest_within HAVING max(coalesce(article.published_at, article.last_changed_at)) < $now - newest_within
