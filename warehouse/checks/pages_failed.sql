-- error: an outlet of whose planned pages not one could be had, though several were asked for.
SELECT failure.outlet, count(*) || ' pages: ' || string_agg(DISTINCT failure.reason, ', ') AS detail
FROM staged_failures AS failure ANTI JOIN staged_captures AS got USING (outlet)
GROUP BY failure.outlet HAVING count(*) >= 3
