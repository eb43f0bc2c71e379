-- warning: a feed, sitemap or listing that answers and brings nothing, while its outlet brings less for it. There are more sources than outlets,
-- and which of two names an article first is chance: half as many again must be missed. $missed.
WITH others AS (
    SELECT silent.outlet, silent.source_url, count(*) FILTER (came.seen_at > silent.last_at) AS now_came,
           count(*) FILTER (came.seen_at <= silent.last_at AND came.seen_at > silent.last_at - silent.lasting) AS came_before
    FROM silences AS silent JOIN arrivals AS came ON came.outlet = silent.outlet AND came.source_url IS NULL
    WHERE silent.source_url IS NOT NULL GROUP BY ALL
)
SELECT silent.outlet, silent.source_url || ' has brought nothing since ' || strftime(silent.last_at, '%Y-%m-%d %H:%M') || ', where '
       || round(silent.usual)::BIGINT || ' articles are usual, and answers' AS detail
FROM silences AS silent
JOIN store.sources AS source ON source.outlet = silent.outlet AND source.url = silent.source_url
JOIN others ON others.outlet = silent.outlet AND others.source_url = silent.source_url
WHERE silent.missed >= 1.5 * $missed AND silent.little >= $missed / 2 AND source.error IS NULL
  AND others.now_came <= others.came_before - silent.usual / 2
  AND NOT EXISTS (FROM silences AS whole WHERE whole.outlet = silent.outlet AND whole.source_url IS NULL)
