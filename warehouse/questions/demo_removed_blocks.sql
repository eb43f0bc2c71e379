-- removed_blocks: what is not the story, and why it went
SELECT any_value(article_id ORDER BY article_id) AS article_id, reason, rule, any_value(text[:60] ORDER BY article_id) AS text, count(*) AS times
FROM removed_blocks GROUP BY split_part(article_id, ':', 1), reason, rule ORDER BY ALL LIMIT 10
