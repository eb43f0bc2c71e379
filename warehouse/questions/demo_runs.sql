-- runs: the second asks for little
SELECT run_id, discovered, new, fetched, loaded, unchanged, rejected, failed, requests FROM runs ORDER BY started_at
