-- the errors that the last run of each outlet found
SELECT checks.outlet, string_agg(DISTINCT name, ', ')
FROM checks JOIN (
    SELECT outlet, max(run_id) AS run_id FROM (SELECT run_id, unnest(outlets) AS outlet FROM runs WHERE state IN ('done', 'failed') AND verb IN ('ingest', 'backfill')) GROUP BY outlet
) AS latest ON latest.outlet = checks.outlet AND latest.run_id = checks.run_id
WHERE severity = 'error' GROUP BY ALL
