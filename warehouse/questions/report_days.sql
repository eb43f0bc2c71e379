-- articles a day, thirty days; $now
SELECT outlet, ago, count(*) AS articles FROM (
    SELECT outlet, date_diff('day', first_seen_at AT TIME ZONE 'UTC', $now::TIMESTAMPTZ AT TIME ZONE 'UTC') AS ago
    FROM articles WHERE first_seen_at > $now::TIMESTAMPTZ - INTERVAL 31 DAY AND first_seen_at <= $now::TIMESTAMPTZ
) WHERE ago < 30 GROUP BY outlet, ago ORDER BY outlet, ago
