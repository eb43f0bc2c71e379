-- Index of the captures. Grain: capture_id. Writer: load.
INSERT INTO store.captures BY NAME
SELECT DISTINCT ON (capture_id) fresh.*
FROM staged_captures AS fresh ANTI JOIN store.captures USING (capture_id);
