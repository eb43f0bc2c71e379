-- Which outlets refuse us, by what a run met. Grain: outlet. Writer: load, after settle_links in the same transaction. $least, $rest, $rest_robots.
-- What refuses: a status, a challenge page, robots.txt; and a host that asks us to wait is left alone for as long as it says.
CREATE OR REPLACE TEMP TABLE met AS
SELECT outlet, 'answered' AS how, captured_at AS met_at, NULL::TIMESTAMPTZ AS until FROM staged_articles
UNION ALL
SELECT outlet, CASE WHEN reason = 'challenge page' THEN reason ELSE 'answered' END, captured_at, NULL FROM staged_rejections
UNION ALL
SELECT outlet, reason, failed_at, retry_at FROM staged_failures
WHERE reason IN ('http 401', 'http 402', 'http 403', 'http 429', 'http 451', 'asked to wait', 'robots') OR reason LIKE 'http 4%' OR reason LIKE 'http 5%'
UNION ALL
SELECT outlet, CASE WHEN error IS NULL THEN 'source answered' ELSE error END, seen_at, retry_at FROM staged_sources
WHERE error IS NULL OR error IN ('http 401', 'http 403', 'http 451', 'robots');

CREATE OR REPLACE TEMP TABLE refusing AS
WITH counted AS (
    SELECT outlet, max(met_at) AS seen_at, max(until) FILTER (how = 'asked to wait') AS until,
           count(*) FILTER (how <> 'source answered') AS pages,
           count(*) FILTER (how IN ('http 401', 'http 402', 'http 403', 'http 451', 'challenge page', 'robots')) AS refused,
           count(*) FILTER (how IN ('answered', 'source answered')) AS answered,
           mode(how) FILTER (how IN ('http 401', 'http 402', 'http 403', 'http 451', 'challenge page', 'robots')) AS reason
    FROM met GROUP BY outlet
)
SELECT counted.outlet, counted.seen_at,
       CASE WHEN until IS NOT NULL THEN 'asked to wait' ELSE counted.reason END AS reason,
       CASE WHEN until IS NOT NULL THEN 'its host says until when'
            ELSE refused || ' of ' || pages || ' requests' END AS detail,
       greatest(until, CASE WHEN until IS NULL THEN counted.seen_at + CASE WHEN counted.reason = 'robots' THEN $rest_robots::INTERVAL ELSE $rest::INTERVAL END END) AS next_ask_at
FROM counted LEFT JOIN store.refusals AS known USING (outlet)
-- most of what it was asked, and enough to tell; of an outlet that refused before, all of it
WHERE until IS NOT NULL OR (refused >= $least AND refused >= 0.8 * pages) OR (refused > 0 AND (answered = 0 OR known.outlet IS NOT NULL) AND refused = pages);

-- It goes when pages come again, or when the host that asked for patience has answered.
DELETE FROM store.refusals AS old
USING (SELECT outlet, bool_or(how = 'answered') AS has_pages, bool_or(how = 'source answered') AS has_source FROM met GROUP BY outlet) AS seen
WHERE old.outlet = seen.outlet AND old.outlet NOT IN (SELECT outlet FROM refusing)
  AND (seen.has_pages OR (seen.has_source AND old.reason IN ('robots', 'asked to wait')));

CREATE OR REPLACE TEMP TABLE refused_since AS
SELECT fresh.outlet, fresh.reason, fresh.detail, coalesce(old.since, fresh.seen_at) AS since, fresh.seen_at, fresh.next_ask_at
FROM refusing AS fresh LEFT JOIN store.refusals AS old USING (outlet);

DELETE FROM store.refusals AS old USING refused_since WHERE old.outlet = refused_since.outlet;

INSERT INTO store.refusals BY NAME SELECT * FROM refused_since;
