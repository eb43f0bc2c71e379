-- What a run's pages came to. Grain: one row. Reader: load. $run_id.
SELECT loaded, unchanged FROM store.runs WHERE run_id = $run_id
