-- what the tables hold of each outlet
SELECT outlets.outlet, count(article_id), max(published_at), max(last_seen_at)
FROM outlets LEFT JOIN articles USING (outlet) GROUP BY ALL
