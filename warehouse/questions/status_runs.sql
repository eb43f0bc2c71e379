-- runs, the last ten
SELECT run_id, verb, state, started_at, finished_at, discovered, new, fetched, loaded, unchanged, rejected, failed, requests
FROM runs ORDER BY started_at DESC LIMIT 10
