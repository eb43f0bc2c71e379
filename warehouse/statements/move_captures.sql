-- Captures whose WARC file was written anew. Grain: capture_id. Writer: forget, retention. $file; $offsets, as JSON: capture_id → offset.
CREATE OR REPLACE TEMP TABLE moved AS SELECT key AS capture_id, value::BIGINT AS "offset" FROM json_each($offsets);

UPDATE store.captures SET file = $file, "offset" = moved."offset", row_version = nextval('store.row_versions')
FROM moved WHERE captures.capture_id = moved.capture_id;
