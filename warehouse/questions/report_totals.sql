-- the day in numbers; $now
SELECT (SELECT count(*) FROM articles WHERE first_seen_at > $now::TIMESTAMPTZ - INTERVAL 1 DAY AND first_seen_at <= $now::TIMESTAMPTZ) AS articles,
       count(*) FILTER (kind = 'revision') AS revisions, count(*) FILTER (kind = 'rejection') AS rejections,
       count(*) FILTER (kind = 'request') AS requests, count(*) FILTER (kind = 'failure') AS failures, count(*) FILTER (kind = 'run') AS runs
FROM (
    SELECT 'revision' AS kind, captured_at AS told_at FROM revisions WHERE revision > 1
    UNION ALL SELECT 'rejection', captured_at FROM rejections
    UNION ALL SELECT 'request', started_at FROM requests
    UNION ALL SELECT 'failure', started_at FROM requests WHERE error IS NOT NULL OR status >= 400
    UNION ALL SELECT 'run', started_at FROM runs WHERE verb IN ('ingest', 'backfill')
) WHERE told_at > $now::TIMESTAMPTZ - INTERVAL 1 DAY AND told_at <= $now::TIMESTAMPTZ
HAVING (SELECT count(*) FROM runs) > 0
