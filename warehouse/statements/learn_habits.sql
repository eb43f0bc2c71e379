-- What is usual for each of $outlets, and what is now, for the checks. Grain: see each table. Writer: check, before it runs the checks
-- (temporary tables only). $now; $history, $horizon, $settled, $young, $quiet_after, $missed; $sizes, $blocks, $pure, $gap: see habits.py.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT outlet, min(started_at) AS since, max(started_at, 3)[3] AS third_last
FROM (SELECT unnest(outlets) AS outlet, started_at FROM store.runs WHERE verb = 'ingest' AND started_at <= $now)
WHERE outlet IN (SELECT unnest($outlets::VARCHAR[])) GROUP BY outlet;

-- One row a new article, and one more a link that became one, under the source that named it first.
CREATE OR REPLACE TEMP TABLE arrivals AS
SELECT asked.outlet, NULL::VARCHAR AS source_url, first_seen_at AS seen_at
FROM store.sightings JOIN asked ON asked.outlet = split_part(article_id, ':', 1)
WHERE first_seen_at BETWEEN $now - $horizon::INTERVAL AND $now
UNION ALL
SELECT outlet, source_url, discovered_at
FROM store.links JOIN asked USING (outlet)
WHERE discovered_at BETWEEN $now - $horizon::INTERVAL AND $now AND state IN ('loaded', 'unchanged') AND source <> 'warc';

-- One row an outlet, and one a source: how long nothing came, and how much came in as long a time, at the same hours, in earlier weeks.
-- A silence of nine days is a whole week and the first two days after it; it began at the same hour of the week as in the weeks compared.
CREATE OR REPLACE TEMP TABLE silences AS
WITH latest AS (
    SELECT outlet, source_url, max(seen_at) AS last_at, min(seen_at) AS first_at FROM arrivals GROUP BY outlet, source_url
), silent AS (
    SELECT latest.*, $now - last_at AS lasting, date_diff('second', last_at, $now) // 604800 AS whole_weeks,
           to_seconds(date_diff('second', last_at, $now) % 604800) AS rest, greatest(asked.since, first_at) + INTERVAL 1 DAY AS known_since
    FROM latest JOIN asked USING (outlet)
    WHERE last_at < $now - $quiet_after::INTERVAL AND third_last > last_at
), weeks AS (
    SELECT silent.*, to_days((7 * week)::INTEGER) AS back
    FROM silent CROSS JOIN unnest(range(1, 9)) AS t(week)
    WHERE last_at - to_days((7 * week)::INTEGER) >= known_since
), counted AS (
    SELECT weeks.outlet, weeks.source_url, weeks.last_at, weeks.lasting, weeks.back, count(seen_at) AS seen,
           any_value(whole_weeks) * count(seen_at) + count(*) FILTER (seen_at <= weeks.last_at - weeks.back + weeks.rest) AS articles
    FROM weeks LEFT JOIN arrivals
      ON arrivals.outlet = weeks.outlet AND arrivals.source_url IS NOT DISTINCT FROM weeks.source_url
     AND arrivals.seen_at > weeks.last_at - weeks.back AND arrivals.seen_at <= weeks.last_at - weeks.back + INTERVAL 7 DAY
    GROUP BY weeks.outlet, weeks.source_url, weeks.last_at, weeks.lasting, weeks.back
)
SELECT outlet, source_url, last_at, lasting, median(articles) AS usual, quantile_cont(articles, 0.25) AS little
FROM counted GROUP BY outlet, source_url, last_at, lasting
HAVING count(*) >= 2 AND sum(seen) >= 2 * $missed; -- a habit of a few articles is none

-- One row an outlet: articles of the last day, and of the same days of earlier weeks.
CREATE OR REPLACE TEMP TABLE days AS
WITH counted AS (
    SELECT asked.outlet, week, count(seen_at) AS articles
    FROM asked CROSS JOIN unnest(range(0, 9)) AS t(week)
    LEFT JOIN arrivals ON arrivals.outlet = asked.outlet AND arrivals.source_url IS NULL
      AND seen_at > $now - to_days((7 * week + 1)::INTEGER) AND seen_at <= $now - to_days((7 * week)::INTEGER)
    WHERE asked.since + INTERVAL 1 DAY <= $now - to_days((7 * week + 1)::INTEGER)
    GROUP BY ALL
)
SELECT outlet, any_value(articles) FILTER (week = 0) AS articles, median(articles) FILTER (week > 0) AS usual,
       min(articles) FILTER (week > 0) AS least
FROM counted GROUP BY outlet HAVING count(*) FILTER (week > 0) >= 2;

-- Whose pages are looked at: what they are like changes with new pages alone, so those of the run, and those that an alarm stands about.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT outlet FROM staged_captures WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
UNION
SELECT outlet FROM store.checks SEMI JOIN asked USING (outlet) WHERE checked_at > $now - $gap::INTERVAL AND checked_at <= $now;

CREATE OR REPLACE TEMP TABLE pages AS
SELECT article.outlet, article.article_id, seen.first_seen_at AS seen_at, ln(1 + word_count) AS length, published_precision <> 'none' AS is_dated,
       len(authors) > 0 AS is_signed, profile_version IS NOT NULL AS is_fitting
FROM store.articles AS article JOIN store.sightings AS seen USING (article_id)
WHERE article.outlet IN (FROM judged) AND kind = 'article'
  AND last_changed_at > $now - $history::INTERVAL AND seen.first_seen_at > $now - $history::INTERVAL;

-- One row an outlet, measure and size of block that can be judged: the newest block, and what earlier ones were like. Shares lie between
-- 0 and 1, length is a logarithm.
CREATE OR REPLACE TEMP TABLE habits AS
WITH placed AS (
    SELECT outlet, seen_at, length, is_dated, is_signed, row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) - 1 AS place FROM pages
), read_blocks AS (
    SELECT outlet, size, place // size AS block, min(seen_at) AS since, max(seen_at) AS until,
           median(length) AS length, avg(is_dated::INT) AS dated, avg(is_signed::INT) AS signed
    FROM placed CROSS JOIN unnest($sizes::BIGINT[]) AS t(size)
    GROUP BY outlet, size, place // size HAVING count(*) = size
), visited AS (
    SELECT outlet, discovered_at AS seen_at, state = 'rejected' AS is_rejected,
           row_number() OVER (PARTITION BY outlet ORDER BY discovered_at DESC, article_id) - 1 AS place
    FROM store.links SEMI JOIN judged USING (outlet)
    WHERE discovered_at > $now - $history::INTERVAL AND state IN ('loaded', 'unchanged', 'rejected') AND source <> 'warc'
), blocks AS (
    UNPIVOT read_blocks ON length, dated, signed INTO NAME measure VALUE figure
    UNION ALL BY NAME
    SELECT outlet, size, place // size AS block, min(seen_at) AS since, max(seen_at) AS until, 'rejected' AS measure,
           avg(is_rejected::INT) AS figure
    FROM visited CROSS JOIN unnest($sizes::BIGINT[]) AS t(size)
    GROUP BY outlet, size, place // size HAVING count(*) = size
), usual AS (
    SELECT outlet, measure, size, median(figure) AS usual, min(figure) AS lowest, max(figure) AS highest, 1.4826 * mad(figure) * (1 + 4 / count(*)) AS spread -- a few blocks know little
    FROM blocks WHERE block > 0 AND until < $now - $settled::INTERVAL
    GROUP BY ALL HAVING count(*) >= $blocks AND min(since) < $now - $young::INTERVAL
)
SELECT outlet, measure, size, figure, usual, lowest, highest, since,
       CASE WHEN measure = 'length' THEN greatest(spread, $least_spread)
            ELSE greatest(spread, sqrt(greatest($pure, least(1 - $pure, usual)) * (1 - greatest($pure, least(1 - $pure, usual))) / size)) END AS spread
FROM blocks JOIN usual USING (outlet, measure, size)
WHERE block = 0 AND until >= $now - $settled::INTERVAL;
