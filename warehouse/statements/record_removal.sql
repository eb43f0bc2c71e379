-- That something was taken out, and when. Grain: one row. Writer: forget, retention. $run_id, $verb, $outlets, $now.
INSERT INTO store.runs BY NAME
SELECT $run_id AS run_id, $verb AS verb, $outlets::VARCHAR[] AS outlets, $now AS started_at, $now AS finished_at, 'done' AS state,
       0 AS discovered, 0 AS new, 0 AS planned, 0 AS fetched, 0 AS loaded, 0 AS unchanged, 0 AS rejected, 0 AS failed, 0 AS requests;
