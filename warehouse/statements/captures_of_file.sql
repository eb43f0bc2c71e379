-- Captures that stay in a file when others go. Grain: capture_id. Reader: forget, retention, check. $file.
SELECT "offset", capture_id, length FROM store.captures
WHERE file = $file AND capture_id NOT IN (SELECT capture_id FROM gone_captures)
