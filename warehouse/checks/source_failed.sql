-- warning: a source that did not answer, or could be read only in part.
SELECT outlet, url || ': ' || concat_ws('; ', error, nullif(array_to_string(warnings, '; '), '')) AS detail
FROM staged_sources WHERE error IS NOT NULL OR len(warnings) > 0
