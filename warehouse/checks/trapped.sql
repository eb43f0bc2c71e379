-- warning: an outlet that looks endless: one page under many addresses, links without a headline of their own, more than its budget.
SELECT outlet, reason || ': ' || count(*) || ' pages, such as ' || any_value(url) AS detail
FROM staged_failures WHERE reason IN ('same page', 'over budget') GROUP BY outlet, reason
UNION ALL
SELECT outlet, url || ': ' || warning AS detail
FROM (SELECT outlet, url, unnest(warnings) AS warning FROM staged_sources)
WHERE warning LIKE 'trap: %' OR warning LIKE 'over %'
