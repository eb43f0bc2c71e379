-- what each stage of a run did; $run_id
SELECT run_id, state, discovered, new, planned, fetched, loaded, unchanged, rejected, failed, requests FROM runs WHERE run_id = $run_id
