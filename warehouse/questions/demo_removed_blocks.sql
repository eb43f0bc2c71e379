-- removed_blocks: what is not the story, and why it went
SELECT split_part(article_id, ':', 1) AS outlet, reason, "rule",
       regexp_replace(any_value(text ORDER BY article_id, position), '\s+', ' ', 'g')[:60] AS text, count(*) AS times
FROM removed_blocks GROUP BY split_part(article_id, ':', 1), reason, "rule"
QUALIFY row_number() OVER (PARTITION BY outlet, reason ORDER BY times DESC, "rule") <= 3
ORDER BY outlet, reason, times DESC, "rule"
