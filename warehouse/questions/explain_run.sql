-- the run
SELECT run_id, verb, state, started_at, finished_at, discovered, new, planned, fetched, loaded, unchanged, rejected, failed, requests
FROM runs WHERE run_id = $run_id
