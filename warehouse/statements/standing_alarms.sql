-- The alarms that stood within $gap before $now. Grain: (name, outlet). Reader: check.
SELECT name, outlet, min(coalesce(since, checked_at)) AS since
FROM store.checks WHERE checked_at > $now - $gap::INTERVAL AND checked_at <= $now GROUP BY name, outlet
