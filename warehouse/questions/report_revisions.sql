-- revisions of a week, by what changed; $now
SELECT outlet, change, count(*) AS revisions
FROM revisions JOIN (SELECT article_id, outlet FROM articles) USING (article_id)
WHERE revision > 1 AND captured_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND captured_at <= $now::TIMESTAMPTZ GROUP BY ALL ORDER BY ALL
