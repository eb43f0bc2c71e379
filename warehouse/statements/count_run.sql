-- What a run did, counted from its files and the tables they went into. Grain: one row. Writer: load. $run_id.
CREATE OR REPLACE TEMP TABLE loaded_now AS
SELECT DISTINCT capture_id FROM store.revisions
WHERE captured_at >= (SELECT min(captured_at) FROM staged_captures) AND capture_id IN (SELECT capture_id FROM staged_captures);

UPDATE store.runs
SET fetched = (SELECT count(*) FROM staged_captures),
    loaded = (SELECT count(*) FROM loaded_now),
    unchanged = (SELECT count(DISTINCT capture_id) FROM staged_articles) - (SELECT count(*) FROM loaded_now),
    rejected = (SELECT count(DISTINCT capture_id) FROM staged_rejections),
    failed = (SELECT count(*) FROM staged_failures),
    requests = (SELECT count(*) FROM store.requests WHERE run_id = $run_id)
WHERE run_id = $run_id;
