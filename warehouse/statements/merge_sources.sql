-- The last look at each feed, sitemap and listing, what it brought, and when to look again. Grain: (outlet, url). Writer: plan, after
-- plan_merge (tables new_links, planned_new) in the same transaction.
-- $wanted, $at_least, $at_most, $asleep, $busiest, $at_first, $short, $rest, $rest_robots: new articles that a visit should bring, and the bounds of the interval.
CREATE OR REPLACE TEMP TABLE brought AS
SELECT outlet, source_url AS url, count(*) AS fresh,
       -- of articles that were out already when the source last said "nothing new"
       min(published_at) AS oldest,
       count(*) FILTER (published_at BETWEEN discovered_at - INTERVAL 1 DAY AND discovered_at) AS of_a_day,
       -- a short list of a brisk outlet goes back a few hours: where it tells of nothing older than a day, its day is as long as it is
       CASE WHEN count(*) FILTER (published_at < discovered_at - INTERVAL 1 DAY) = 0
            THEN date_diff('second', min(published_at), max(discovered_at)) / 3600.0 END AS told_hours
FROM planned_new GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE looked AS
SELECT staged.*, coalesce(brought.fresh, 0) AS fresh, coalesce(brought.of_a_day, 0) AS of_a_day, greatest(1, least(24, coalesce(brought.told_hours, 24))) AS told_hours,
       known.answered_at AS was_answered_at, known.new_per_hour AS old_rate, known.peak_per_hour AS old_peak, known.failures AS old_failures, known.last_new_at AS old_new_at,
       known.full_at AS old_full_at, known.unmodified AS old_unmodified, coalesce(known.lies, 0) AS old_lies, known.url IS NOT NULL AS is_known,
       known.etag AS old_etag, known.last_modified AS old_last_modified, known.content_sha256 AS old_sha256, known.links AS old_links,
       known.poll_interval AS old_interval, known.seen_at AS old_seen_at,
       staged.error IS NULL AS has_answered,
       coalesce(staged.status = 304, FALSE) AS is_unmodified,
       -- It stated the same validators for other news, or had said "not modified" of news that were out for an hour
       coalesce(staged.error IS NULL AND NOT coalesce(staged.status = 304, FALSE) AND staged.content_sha256 <> known.content_sha256
                AND ((staged.etag IS NOT NULL AND staged.etag = known.etag)
                     OR (staged.etag IS NULL AND known.etag IS NULL AND staged.last_modified = known.last_modified)
                     OR (known.unmodified > 0 AND brought.oldest > known.full_at AND brought.oldest < known.seen_at - INTERVAL 1 HOUR)), FALSE) AS lied,
       greatest(date_diff('second', known.answered_at, staged.seen_at), 0) / 3600.0 AS hours
FROM staged_sources AS staged
LEFT JOIN store.sources AS known USING (outlet, url)
LEFT JOIN brought USING (outlet, url)
WHERE staged.rowid IN (SELECT arg_max(rowid, seen_at) FROM staged_sources GROUP BY outlet, url)
  AND (known.url IS NULL OR staged.seen_at <> known.seen_at); -- the same file again changes nothing

-- How much news it brings: an average that forgets within a day. The first look tells by the dates of what it found.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT *,
       CASE WHEN NOT has_answered THEN old_rate
            WHEN was_answered_at IS NULL THEN CASE WHEN of_a_day > 0 THEN of_a_day / told_hours END
            WHEN hours <= 0 THEN old_rate
            WHEN old_rate IS NULL THEN fresh / greatest(hours, 0.25)
            ELSE old_rate * exp(-hours / 24.0) + (fresh / hours) * (1 - exp(-hours / 24.0)) END AS rate,
       -- At its busiest: a burst counts for a week or two, and nothing is told by less than an hour
       CASE WHEN NOT has_answered THEN old_peak
            WHEN was_answered_at IS NULL THEN $at_first * least(links, $short)
            ELSE greatest(fresh / greatest(hours, 1), coalesce(old_peak, 0) * exp(-hours / 168.0)) END AS peak,
       CASE WHEN has_answered THEN 0 ELSE coalesce(old_failures, 0) + 1 END AS failed,
       CASE WHEN has_answered AND fresh > 0 THEN seen_at ELSE old_new_at END AS new_at
FROM looked;

CREATE OR REPLACE TEMP TABLE paced AS
SELECT *,
       CASE WHEN coalesce(new_at, seen_at) < seen_at - INTERVAL 31 DAY THEN $asleep::INTERVAL
            WHEN rate IS NULL THEN INTERVAL 1 HOUR
            -- what it lists must not be replaced between two looks: not by half as a rule, and not by much more when it is at its busiest
            ELSE greatest($at_least::INTERVAL, least($at_most::INTERVAL, to_seconds(3600 * least(
                least($wanted, greatest(1, listed / 2)) / greatest(rate, 0.001), greatest(1, $busiest * listed) / greatest(peak, 0.001)))))
       END AS pace
FROM (SELECT *, coalesce(nullif(links, 0), old_links, 0) AS listed FROM judged);

-- An index of sitemaps brings nothing itself, and what it names is asked when it is: as often as the briskest sitemap of its outlet.
UPDATE paced SET pace = least(paced.pace, brisk.pace)
FROM (
    SELECT outlet, min(pace) AS pace FROM (
        SELECT outlet, pace FROM paced WHERE kind = 'sitemap' AND listed > 0
        UNION ALL
        SELECT outlet, poll_interval FROM store.sources AS known ANTI JOIN paced USING (outlet, url)
        WHERE kind = 'sitemap' AND links > 0 AND next_visit_at > (SELECT max(seen_at) FROM paced) - INTERVAL 1 DAY -- it is named still
    ) GROUP BY outlet
) AS brisk
WHERE brisk.outlet = paced.outlet AND kind = 'sitemap' AND listed = 0 AND has_answered;

DELETE FROM store.sources AS known USING paced WHERE known.outlet = paced.outlet AND known.url = paced.url;

-- Failures: temporary (it is busy), soft (it may be well again soon), hard (it is not there: hours, then days, but never dropped), refused.
-- A name that is not found is soft for a week: more often than theirs it is our own network, and what is back has news that will not wait.
INSERT INTO store.sources BY NAME
SELECT outlet, url, kind, seen_at, status, CASE WHEN has_answered AND NOT is_unmodified THEN links ELSE coalesce(old_links, 0) END AS links, warnings, error,
       -- "not modified" confirms the validators that we have; a failure says nothing of them
       CASE WHEN is_unmodified THEN coalesce(etag, old_etag) WHEN has_answered THEN etag ELSE old_etag END AS etag,
       CASE WHEN is_unmodified THEN coalesce(last_modified, old_last_modified) WHEN has_answered THEN last_modified ELSE old_last_modified END
           AS last_modified,
       retry_at,
       CASE WHEN has_answered AND NOT is_unmodified THEN content_sha256 ELSE old_sha256 END AS content_sha256,
       CASE WHEN has_answered THEN seen_at ELSE was_answered_at END AS answered_at,
       CASE WHEN has_answered AND NOT is_unmodified THEN seen_at ELSE old_full_at END AS full_at,
       CASE WHEN is_unmodified THEN coalesce(old_unmodified, 0) + 1 WHEN has_answered THEN 0 ELSE coalesce(old_unmodified, 0) END AS unmodified,
       old_lies + lied::BIGINT AS lies,
       failed AS failures,
       rate AS new_per_hour,
       peak AS peak_per_hour,
       new_at AS last_new_at,
       pace AS poll_interval,
       greatest(
           CASE WHEN has_answered THEN seen_at + pace
                WHEN error IN ('not reached', 'no space', 'cannot write') THEN seen_at
                WHEN error = 'robots' THEN seen_at + $rest_robots::INTERVAL
                WHEN error IN ('http 401', 'http 402', 'http 403', 'http 451') THEN seen_at + $rest::INTERVAL
                WHEN error IN ('asked to wait', 'http 429', 'http 503')
                    THEN seen_at + least(failed, 12) * INTERVAL 30 MINUTE
                WHEN error IN ('http 404', 'http 410', 'not a URL', 'another host', 'redirect loop', 'address not allowed')
                     OR (error IN ('dns', 'refused', 'tls') AND failed > 2
                         AND coalesce(was_answered_at, '-infinity'::TIMESTAMPTZ) < seen_at - INTERVAL 7 DAY)
                    THEN seen_at + least(failed, 28) * INTERVAL 6 HOUR
                -- what a brisk outlet lists is gone before long backing off has ended; after a week it is a question whether it will end
                WHEN failed > 24 THEN seen_at + greatest(pace, CASE WHEN was_answered_at > seen_at - INTERVAL 7 DAY THEN INTERVAL 1 HOUR ELSE INTERVAL 6 HOUR END)
                ELSE seen_at + least(failed * INTERVAL 15 MINUTE, greatest(pace, INTERVAL 30 MINUTE)) END,
           coalesce(retry_at, '-infinity'::TIMESTAMPTZ)) AS next_visit_at
FROM paced;
