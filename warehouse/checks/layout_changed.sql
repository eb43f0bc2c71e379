-- warning: most of an outlet's newest articles fit none of the profiles that were learned of it, where most did. $sizes, $deviations, $pure.
WITH taught AS (
    SELECT page.outlet, page.seen_at, page.is_fitting,
           row_number() OVER (PARTITION BY page.outlet ORDER BY page.seen_at DESC, page.article_id) - 1 AS place
    FROM pages AS page JOIN (SELECT outlet, min(learned_at) AS learned_at FROM store.profiles WHERE is_promoted GROUP BY outlet) AS profile
      ON profile.outlet = page.outlet AND page.seen_at > profile.learned_at
    WHERE page.outlet NOT IN (SELECT outlet FROM store.outlets WHERE has_own_body)
), judged AS (
    SELECT outlet, size, count(*) FILTER (place < size) AS pages, count(*) FILTER (place < size AND NOT is_fitting) AS unfit,
           min(seen_at) FILTER (place < size AND NOT is_fitting) AS since,
           avg(is_fitting::INT) FILTER (place >= size AND seen_at <= $now - $settled::INTERVAL) AS usual,
           count(*) FILTER (place >= size AND seen_at <= $now - $settled::INTERVAL) AS earlier
    FROM taught CROSS JOIN unnest($sizes::BIGINT[]) AS t(size)
    GROUP BY outlet, size HAVING count(*) FILTER (place < size) = size
), sure AS (
    -- of too few earlier pages nothing is known: then the profile is taken at its word, and only a plain break counts
    SELECT * EXCLUDE usual, greatest($pure, least(1 - $pure, CASE WHEN earlier >= 20 THEN usual ELSE 1 END)) AS usual
    FROM judged WHERE earlier >= 20 OR size = list_min($sizes::BIGINT[])
)
SELECT outlet, unfit || ' of ' || pages || ' new articles fit no profile: the layout may have changed by ' || strftime(since, '%Y-%m-%d') AS detail
FROM sure
WHERE 2 * unfit > pages AND 1 - unfit / pages < usual - $deviations * sqrt(usual * (1 - usual) / size)
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY size) = 1
