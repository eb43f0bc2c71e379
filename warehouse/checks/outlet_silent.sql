-- error: an outlet none of whose sources answered in this run.
SELECT outlet, string_agg(DISTINCT coalesce(error, 'http ' || status), '; ' ORDER BY coalesce(error, 'http ' || status)) AS detail
FROM staged_sources GROUP BY outlet HAVING count(*) FILTER (error IS NULL) = 0
