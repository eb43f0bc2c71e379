-- warning: a source that did not answer when it was asked last, or could be read only in part. $now, $outlets.
SELECT outlet, url || ': ' || concat_ws('; ', error, nullif(array_to_string(warnings, '; '), '')) AS detail
FROM store.sources
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) AND (error IS NOT NULL OR len(warnings) > 0)
  AND coalesce(next_visit_at, seen_at) > $now - INTERVAL 1 DAY
