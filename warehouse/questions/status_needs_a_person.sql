-- needs a person: what the checks of the last run found
SELECT severity, outlet, name, detail FROM checks
WHERE run_id = (SELECT max(run_id) FROM runs WHERE state <> 'running' AND verb IN ('ingest', 'backfill')) ORDER BY severity, outlet, name, detail LIMIT 50
