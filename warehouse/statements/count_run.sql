-- What a run did, counted from its files and the tables they went into. Grain: one row. Writer: load. $run_id.
UPDATE store.runs
SET fetched = (SELECT count(*) FROM staged_captures),
    loaded = (SELECT count(DISTINCT capture_id) FROM store.revisions WHERE capture_id IN (SELECT capture_id FROM staged_captures)),
    unchanged = (SELECT count(DISTINCT capture_id) FROM staged_articles)
              - (SELECT count(DISTINCT capture_id) FROM store.revisions WHERE capture_id IN (SELECT capture_id FROM staged_captures)),
    rejected = (SELECT count(DISTINCT capture_id) FROM staged_rejections),
    failed = (SELECT count(*) FROM staged_failures),
    requests = (SELECT count(*) FROM store.requests WHERE run_id = $run_id)
WHERE run_id = $run_id;
