-- what is cut most often; $outlet
SELECT count(*) AS times, reason, "rule", regexp_replace(any_value(text ORDER BY article_id, position), '\s+', ' ', 'g')[:80] AS example
FROM removed_blocks WHERE article_id IN (SELECT article_id FROM articles WHERE outlet = $outlet)
GROUP BY reason, "rule" ORDER BY times DESC, reason, "rule" LIMIT 12
