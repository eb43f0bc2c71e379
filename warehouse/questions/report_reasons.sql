-- what became no article in a week, and why; $now
SELECT outlet, what, reason, count(*) AS pages FROM (
    SELECT outlet, 'rejected' AS what, reason FROM rejections
    WHERE captured_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND captured_at <= $now::TIMESTAMPTZ
    UNION ALL
    SELECT outlet, 'failed', coalesce(error, 'http ' || status) FROM requests
    WHERE started_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND started_at <= $now::TIMESTAMPTZ AND (error IS NOT NULL OR status >= 400)
) GROUP BY ALL ORDER BY outlet, pages DESC, what, reason
