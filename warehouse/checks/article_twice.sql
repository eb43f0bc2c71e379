-- error: an article has one row.
SELECT any_value(outlet) AS outlet, article_id || ' has ' || count(*) || ' rows' AS detail FROM store.articles GROUP BY article_id HAVING count(*) > 1
