-- runs, the last ten
SELECT run_id, verb, state, started_at, date_diff('second', started_at, finished_at) AS seconds,
       discovered, new, fetched, loaded, unchanged, rejected, failed, requests
FROM runs ORDER BY started_at DESC LIMIT 10
