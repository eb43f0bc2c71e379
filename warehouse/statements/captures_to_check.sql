-- Captures whose WARC records are looked at. Grain: capture_id. Reader: check. $most (NULL: all), $seed: another one, other captures.
SELECT * FROM (
    SELECT * EXCLUDE (row_version) FROM store.captures ORDER BY md5(capture_id || $seed) LIMIT coalesce($most, 9223372036854775807)
) ORDER BY file, "offset"
