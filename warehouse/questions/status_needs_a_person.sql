-- needs a person: what the last run of each outlet found
WITH ended AS (
    SELECT run_id, started_at, unnest(outlets) AS outlet FROM runs
    WHERE state IN ('done', 'failed') AND verb IN ('ingest', 'backfill') AND started_at <= $now::TIMESTAMPTZ
), latest AS (
    -- an outlet that no run has asked for so long is asked no more: its alarms are not anybody's
    SELECT outlet, max(run_id) AS run_id FROM ended WHERE started_at > (SELECT max(started_at) FROM ended) - INTERVAL 8 DAY GROUP BY outlet
)
SELECT severity, checks.outlet, name, detail, since
FROM checks LEFT JOIN latest ON latest.outlet = checks.outlet
WHERE checks.run_id = CASE WHEN checks.outlet IS NULL THEN (SELECT max(run_id) FROM ended) ELSE latest.run_id END
ORDER BY severity, since DESC, checks.outlet, name, detail LIMIT 1000
