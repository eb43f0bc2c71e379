-- outlets: how each does. $now; of the last day, or where said of the last week
WITH asked AS (
    SELECT outlet, min(started_at) AS since, max(started_at) AS last_run_at
    FROM (SELECT unnest(outlets) AS outlet, started_at FROM runs WHERE verb IN ('ingest', 'backfill') AND started_at <= $now::TIMESTAMPTZ) GROUP BY outlet
), came AS (
    SELECT outlet, article_id, date_diff('second', first_seen_at, $now::TIMESTAMPTZ) // 86400 AS ago, word_count,
           published_precision <> 'none' AS is_dated, len(authors) > 0 AS is_signed
    FROM articles WHERE first_seen_at > $now::TIMESTAMPTZ - INTERVAL 31 DAY AND first_seen_at <= $now::TIMESTAMPTZ
), days AS (
    -- the first day is no measure: it brings what feeds have listed for long
    SELECT asked.outlet, ago, (SELECT count(*) FROM came WHERE came.outlet = asked.outlet AND came.ago = t.ago) AS articles
    FROM asked CROSS JOIN unnest(range(1, 29)) AS t(ago) WHERE asked.since + to_days((t.ago + 2)::INTEGER) <= $now::TIMESTAMPTZ
), usual AS (
    SELECT outlet, median(articles) AS usual FROM days GROUP BY outlet HAVING count(*) >= 3
), facts AS (
    SELECT outlet, count(*) FILTER (ago = 0) AS articles, median(word_count) FILTER (ago < 7) AS words,
           avg(is_dated::INT) FILTER (ago < 7) AS dated, avg(is_signed::INT) FILTER (ago < 7) AS signed, count(*) FILTER (ago < 7) AS of_week
    FROM came GROUP BY outlet
), newest AS (
    SELECT outlet, max(first_seen_at) AS newest_at FROM articles WHERE first_seen_at <= $now::TIMESTAMPTZ GROUP BY outlet
), ledger AS (
    SELECT outlet, count(*) AS requests, count(*) FILTER (error IS NOT NULL OR status >= 400) AS failures
    FROM requests WHERE started_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND started_at <= $now::TIMESTAMPTZ GROUP BY outlet
), refused AS (
    SELECT outlet, count(*) AS rejections
    FROM rejections WHERE captured_at > $now::TIMESTAMPTZ - INTERVAL 7 DAY AND captured_at <= $now::TIMESTAMPTZ GROUP BY outlet
)
SELECT asked.outlet, outlets.title, outlets.language, coalesce(facts.articles, 0) AS articles, usual.usual, newest.newest_at, facts.words, facts.dated,
       facts.signed, coalesce(facts.of_week, 0) AS of_week, coalesce(ledger.requests, 0) AS requests, coalesce(ledger.failures, 0) AS failures,
       coalesce(refused.rejections, 0) AS rejections, asked.since, asked.last_run_at
FROM asked JOIN outlets USING (outlet) LEFT JOIN usual USING (outlet) LEFT JOIN facts USING (outlet) LEFT JOIN newest USING (outlet)
LEFT JOIN ledger USING (outlet) LEFT JOIN refused USING (outlet)
WHERE asked.last_run_at > (SELECT max(last_run_at) FROM asked) - INTERVAL 8 DAY
ORDER BY asked.outlet
