-- error: far more of the newest pages are no articles than is usual for the outlet. $deviations.
WITH jumped AS (
    SELECT * FROM habits
    WHERE measure = 'rejected' AND figure > 2 * usual AND figure > highest AND figure > usual + $deviations * spread
    QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY size) = 1
), reasons AS (
    SELECT jumped.outlet, visited.reason, count(*) AS pages
    FROM jumped JOIN visited ON visited.outlet = jumped.outlet AND visited.seen_at >= jumped.since AND visited.reason IS NOT NULL
    GROUP BY ALL
)
SELECT jumped.outlet, round(figure * size)::BIGINT || ' of the newest ' || size || ' pages are no articles ('
       || (SELECT string_agg(reason || ': ' || pages, ', ' ORDER BY pages DESC, reason) FROM reasons WHERE reasons.outlet = jumped.outlet)
       || '), where ' || round(100 * usual)::BIGINT || ' % are usual' AS detail
FROM jumped
