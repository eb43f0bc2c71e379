-- articles a day, thirty days; $now
SELECT outlet, date_diff('day', first_seen_at AT TIME ZONE 'UTC', $now::TIMESTAMPTZ AT TIME ZONE 'UTC') AS ago, count(*) AS articles
FROM articles WHERE first_seen_at > $now::TIMESTAMPTZ - INTERVAL 31 DAY AND first_seen_at <= $now::TIMESTAMPTZ GROUP BY ALL HAVING ago < 30 ORDER BY ALL
