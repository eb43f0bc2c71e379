-- The ledger of a run. Grain: a request. Writer: load. $run_id: a run is loaded whole, so loading it again replaces it.
DELETE FROM store.requests WHERE run_id = $run_id;

INSERT INTO store.requests BY NAME SELECT * FROM staged_requests WHERE run_id = $run_id;
