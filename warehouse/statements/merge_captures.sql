-- Index of the captures. Grain: capture_id. Writer: load.
INSERT INTO store.captures BY NAME
SELECT DISTINCT ON (capture_id) capture_id, outlet, url, final_url, article_id, captured_at, status, content_type, file, "offset", length, sha256, partial
FROM staged_captures AS fresh ANTI JOIN store.captures USING (capture_id);
