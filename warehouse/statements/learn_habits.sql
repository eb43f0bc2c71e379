-- What is usual for each of $outlets, and what is now, for the checks. Grain: see each table. Writer: check, before it runs the checks
-- (temporary tables only). $now; $history, $horizon, $settled, $young, $quiet_after, $missed, $moods; $sizes, $blocks, $pure, $gap: see habits.py.
-- "looked_at" is when a source of the outlet was asked last: of what was published since nobody knows, with --due for up to six hours.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT outlet, min(started_at) AS since, max(started_at, 3)[3] AS third_last,
       coalesce((SELECT max(seen_at) FROM store.sources WHERE sources.outlet = runs.outlet AND seen_at <= $now), $now) AS looked_at
FROM (SELECT unnest(outlets) AS outlet, started_at FROM store.runs WHERE verb = 'ingest' AND started_at <= $now) AS runs
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

-- One row an outlet: articles of the 24 hours before the last look, and of those of earlier weeks that ended at the same hour of the same day; and how
-- far its days lie from what is usual for their weekday: the robust deviation of the logarithm, of all its days. "moods" is the part of its square that
-- is no chance, as Poisson's counts have it: drawn towards $moods, the less is known the more.
CREATE OR REPLACE TEMP TABLE days AS
WITH counted AS (
    SELECT asked.outlet, ago.back, count(seen_at) AS articles
    FROM asked CROSS JOIN unnest(range(0, 57)) AS ago(back)
    LEFT JOIN (
        SELECT outlet, seen_at, greatest(0, date_diff('second', seen_at, looked_at)) // 86400 AS back
        FROM arrivals JOIN asked USING (outlet) WHERE source_url IS NULL
    ) AS came ON came.outlet = asked.outlet AND came.back = ago.back
    WHERE asked.since + INTERVAL 1 DAY <= looked_at - to_days((ago.back + 1)::INTEGER)
    GROUP BY ALL
), usual AS (
    SELECT outlet, back % 7 AS weekday, median(articles) AS usual, min(articles) AS least, count(*) AS weeks
    FROM counted WHERE back > 0 GROUP BY ALL
), spreads AS (
    SELECT counted.outlet, avg(usual / (1 + usual) ** 2) AS chance, count(*) AS known_days,
           1.4826 * mad(ln(1 + articles) - ln(1 + usual)) * sqrt(min(weeks) / (min(weeks) - 1)) AS spread -- each lies in its own usual
    FROM counted JOIN usual ON usual.outlet = counted.outlet AND weekday = back % 7 WHERE back > 0 GROUP BY ALL HAVING min(weeks) > 1
)
SELECT counted.outlet, articles, usual, least, weeks, spread,
       $moods ** 2 / ($moods ** 2 + doubt ** 2) AS trust, trust * greatest(0, spread ** 2 - chance) + (1 - trust) * $moods AS moods
FROM counted JOIN usual ON usual.outlet = counted.outlet AND weekday = 0
JOIN (SELECT *, 1.6 * spread ** 2 * sqrt(2 / known_days) AS doubt FROM spreads) AS spreads ON spreads.outlet = counted.outlet
WHERE back = 0;

-- One row an outlet, and one a source: how long nothing came, and how much came in as long a time, at the same hours, in earlier weeks.
-- A silence of nine days is a whole week and the first two days after it; it began at the same hour of the week as in the weeks compared.
-- "missed" is how many articles of an outlet without moods would have to be missed to be as sure that this is no chance: -ln P(0), of a count
-- whose rate is spread by what its days are, each day anew (a negative binomial one).
CREATE OR REPLACE TEMP TABLE silences AS
WITH latest AS (
    SELECT outlet, source_url, max(seen_at) AS last_at, min(seen_at) AS first_at FROM arrivals GROUP BY outlet, source_url
), looked AS (
    SELECT latest.*, asked.since, asked.third_last, least(coalesce(source.seen_at, looked_at), $now) AS until
    FROM latest JOIN asked USING (outlet) LEFT JOIN store.sources AS source ON source.outlet = latest.outlet AND source.url = source_url
), silent AS (
    SELECT outlet, source_url, last_at, until - last_at AS lasting, date_diff('second', last_at, until) // 604800 AS whole_weeks,
           to_seconds(date_diff('second', last_at, until) % 604800) AS rest, greatest(since, first_at) + INTERVAL 1 DAY AS known_since
    FROM looked WHERE last_at < until - $quiet_after::INTERVAL AND third_last > last_at
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
), usually AS (
    SELECT outlet, source_url, last_at, lasting, median(articles) AS usual, quantile_cont(articles, 0.25) AS little
    FROM counted GROUP BY outlet, source_url, last_at, lasting
    HAVING count(*) >= 2 AND sum(seen) >= 2 * $missed -- a habit of a few articles is none
), even AS (
    SELECT usually.*, greatest(1, epoch(lasting) / 86400) / greatest(0.001, coalesce(moods, $moods)) AS evenness
    FROM usually LEFT JOIN days USING (outlet)
)
SELECT outlet, source_url, last_at, lasting, usual, little, evenness * ln(1 + usual / evenness) AS missed FROM even;

-- Whose pages are looked at: what they are like changes with new pages alone, so those of the run, and those that an alarm stands about.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT outlet FROM staged_captures WHERE outlet IN (SELECT unnest($outlets::VARCHAR[]))
UNION
SELECT outlet FROM store.checks SEMI JOIN asked USING (outlet) WHERE checked_at > $now - $gap::INTERVAL AND checked_at <= $now;

-- Articles as they were read last with something new to tell: when they came, or when their page was found changed. A layout that breaks is
-- seen on all pages that are visited again, of which a small outlet has four times as many as new ones.
CREATE OR REPLACE TEMP TABLE pages AS
SELECT outlet, article_id, revision, last_changed_at AS seen_at, ln(1 + word_count) AS length, published_precision <> 'none' AS is_dated,
       len(authors) > 0 AS is_signed
FROM store.articles WHERE outlet IN (FROM judged) AND kind = 'article' AND last_changed_at > $now - $history::INTERVAL;

-- The newest pages that were had, each time that they were: when, and why it was no article; NULL if it was one.
CREATE OR REPLACE TEMP TABLE visited AS
SELECT capture.outlet, capture.captured_at AS seen_at, refused.reason,
       row_number() OVER (PARTITION BY capture.outlet ORDER BY capture.captured_at DESC, capture_id) - 1 AS place
FROM store.captures AS capture LEFT JOIN (
    SELECT capture_id, any_value(reason) AS reason FROM store.rejections WHERE captured_at > $now - $settled::INTERVAL GROUP BY capture_id
) AS refused USING (capture_id)
WHERE capture.outlet IN (FROM judged) AND capture.captured_at > $now - $settled::INTERVAL AND capture.link_source <> 'warc'
QUALIFY place < list_max($sizes::BIGINT[]);

-- One row an outlet, measure and size of block that can be judged: the newest block, and what earlier ones were like. Shares lie between
-- 0 and 1, length is a logarithm. Earlier blocks begin at four places, so that one of them fits a weekend as well as the newest may.
CREATE OR REPLACE TEMP TABLE habits AS
WITH placed AS (
    SELECT *, row_number() OVER (PARTITION BY outlet ORDER BY seen_at DESC, article_id) - 1 AS place FROM pages
), places AS (
    SELECT size, quarter, quarter * size // 4 AS shift FROM unnest($sizes::BIGINT[]) AS t(size) CROSS JOIN unnest([0, 1, 2, 3]) AS u(quarter)
), read_blocks AS (
    SELECT outlet, size, quarter, (place + shift) // size AS block, min(seen_at) AS since, max(seen_at) AS until,
           median(length) AS length, avg(is_dated::INT) AS dated, avg(is_signed::INT) AS signed
    FROM placed CROSS JOIN places
    GROUP BY outlet, size, quarter, (place + shift) // size HAVING count(*) = size
), first_visits AS (
    SELECT outlet, discovered_at AS seen_at, state = 'rejected' AS is_rejected,
           row_number() OVER (PARTITION BY outlet ORDER BY discovered_at DESC, article_id) - 1 AS place
    FROM store.links SEMI JOIN judged USING (outlet)
    WHERE discovered_at > $now - $history::INTERVAL AND state IN ('loaded', 'unchanged', 'rejected') AND source <> 'warc'
), blocks AS (
    UNPIVOT read_blocks ON length, dated, signed INTO NAME measure VALUE figure
    UNION ALL BY NAME
    -- usual is what pages were when they were new: those that were no article then are not asked for again
    SELECT outlet, size, quarter, (place + shift) // size AS block, min(seen_at) AS since, max(seen_at) AS until, 'rejected' AS measure,
           avg(is_rejected::INT) AS figure
    FROM first_visits CROSS JOIN places
    GROUP BY outlet, size, quarter, (place + shift) // size HAVING count(*) = size AND block > 0
    UNION ALL BY NAME
    SELECT outlet, size, 0 AS quarter, 0 AS block, min(seen_at) AS since, max(seen_at) AS until, 'rejected' AS measure,
           avg((reason IS NOT NULL)::INT) AS figure
    FROM visited CROSS JOIN unnest($sizes::BIGINT[]) AS t(size) WHERE place < size
    GROUP BY outlet, size HAVING count(*) = size
), usual AS (
    SELECT outlet, measure, size, median(figure) AS usual, min(figure) AS lowest, max(figure) AS highest,
           1.4826 * mad(figure) * (1 + 4 / count(*) FILTER (quarter = 0)) AS spread -- a few blocks know little
    FROM blocks WHERE block > 0 AND (quarter = 0 OR block > 1) AND until < $now - $settled::INTERVAL
    GROUP BY ALL HAVING count(*) FILTER (quarter = 0) >= $blocks AND min(since) < $now - $settled::INTERVAL - $young::INTERVAL
)
SELECT outlet, measure, size, figure, usual, lowest, highest, since,
       CASE WHEN measure = 'length' THEN greatest(spread, $least_spread)
            ELSE greatest(spread, sqrt(greatest($pure, least(1 - $pure, usual)) * (1 - greatest($pure, least(1 - $pure, usual))) / size)) END AS spread
FROM blocks JOIN usual USING (outlet, measure, size)
WHERE block = 0 AND quarter = 0 AND until >= $now - $settled::INTERVAL;
