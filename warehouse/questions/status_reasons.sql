-- reasons, the most frequent
SELECT outlet, state, regexp_replace(reason, 'https?://\S+', 'URL') AS reason, count(*) AS links
FROM links WHERE reason IS NOT NULL GROUP BY ALL ORDER BY links DESC, outlet, state, reason LIMIT 25
