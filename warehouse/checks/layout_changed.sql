-- warning: most articles that an outlet was last asked for, new or again, fit none of the profiles that were learned of it, where most did. $sizes, $deviations, $pure.
WITH seen AS MATERIALIZED ( -- else each profile is compared with each sighting first
    SELECT page.outlet, page.article_id, seen.last_seen_at AS seen_at, seen.profile_version IS NOT NULL AS is_fitting
    FROM store.articles AS page JOIN store.sightings AS seen USING (article_id)
    WHERE page.outlet IN (FROM judged) AND page.kind = 'article' AND seen.last_seen_at > $now - $history::INTERVAL
      AND page.outlet NOT IN (SELECT outlet FROM store.outlets WHERE has_own_body)
), taught AS (
    SELECT seen.*, seen_at <= $now - $settled::INTERVAL AS is_settled,
           row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) - 1 AS place
    FROM seen JOIN (SELECT outlet, min(learned_at) AS learned_at FROM store.profiles WHERE is_promoted GROUP BY outlet) AS profile USING (outlet)
    WHERE seen_at > learned_at
), recent AS (
    SELECT outlet, size, count(*) FILTER (place < size) AS pages, count(*) FILTER (place < size AND NOT is_fitting) AS unfit,
           min(seen_at) FILTER (place < size AND NOT is_fitting) AS since,
           count(*) FILTER (place >= size) AS earlier, count(*) FILTER (place >= size AND is_fitting) AS fitted,
           count(*) FILTER (place >= size AND is_settled) AS settled, count(*) FILTER (place >= size AND is_settled AND is_fitting) AS settled_fitted
    FROM taught CROSS JOIN unnest($sizes::BIGINT[]) AS t(size)
    GROUP BY outlet, size HAVING count(*) FILTER (place < size) = size
), known AS (
    -- What has lasted is usual, or whatever came before, of an outlet that has not lasted yet. That a profile was promoted counts as some
    -- pages that it fitted.
    SELECT *, $trusted + CASE WHEN settled >= 20 THEN settled ELSE earlier END AS of_pages,
           $trusted + CASE WHEN settled >= 20 THEN settled_fitted ELSE fitted END AS fitting
    FROM recent
), sure AS (
    SELECT *, greatest($pure, least(1 - $pure, fitting / of_pages)) AS usual FROM known
)
SELECT outlet, unfit || ' of ' || pages || ' articles seen last fit no profile: the layout may have changed by ' || strftime(since, '%Y-%m-%d') AS detail
FROM sure
WHERE 2 * unfit > pages AND 1 - unfit / pages < usual - $deviations * sqrt(usual * (1 - usual) * (1 / size + 1 / of_pages))
QUALIFY row_number() OVER (PARTITION BY outlet ORDER BY size) = 1
