-- What a reading anew came to. Grain: one row. Writer: reread. $run_id, $loaded, $unchanged, $rejected.
UPDATE store.runs SET loaded = $loaded, unchanged = $unchanged, rejected = $rejected WHERE run_id = $run_id;
