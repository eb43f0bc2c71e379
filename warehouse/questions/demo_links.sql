-- links: what became of every link
SELECT outlet, state, coalesce(regexp_replace(reason, 'https?://.*', '…'), '') AS reason, count(*) AS links
FROM links GROUP BY ALL ORDER BY ALL
