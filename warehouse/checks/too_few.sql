-- error: [expect] articles_per_run: a run found fewer links than the outlet's file expects.
SELECT source.outlet, sum(source.links) || ' links, expected ' || any_value(known.articles_per_run) AS detail
FROM staged_sources AS source JOIN store.outlets AS known USING (outlet)
WHERE known.articles_per_run IS NOT NULL
GROUP BY source.outlet HAVING sum(source.links) < any_value(known.articles_per_run) AND NOT bool_or(coalesce(source.status, 0) = 304)
