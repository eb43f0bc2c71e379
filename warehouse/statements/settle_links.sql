-- What became of each planned link, and when it is visited again. Grain: (outlet, url). Writer: load, after merge_articles (table changed)
-- in the same transaction. $attempts; $ages: at which an article is looked at again, ascending; $soonest: not before that long.
--
-- Pages that are no article and, byte by byte, what the outlet answered for other addresses of late: that is not about the page, the outlet
-- is in maintenance, or wants something. A row a pair.
SET VARIABLE lately = (SELECT min(captured_at) - INTERVAL 7 DAY FROM staged_rejections);

CREATE OR REPLACE TEMP TABLE same_answers AS
SELECT refused.capture_id, refused.outlet, other.article_id AS other_id
FROM staged_rejections AS refused JOIN staged_captures AS capture USING (capture_id)
JOIN (SELECT outlet, sha256, article_id FROM store.captures WHERE captured_at >= getvariable('lately')) AS other
  ON other.sha256 = capture.sha256 AND other.outlet = capture.outlet AND other.article_id <> capture.article_id;

CREATE OR REPLACE TEMP TABLE outcomes AS
SELECT outlet, url, article_id, captured_at AS happened_at, NULL AS reason, NULL::TIMESTAMPTZ AS next_visit_at, FALSE AS is_unsettled,
       CASE WHEN capture_id IN (SELECT capture_id FROM changed) THEN 'loaded' ELSE 'unchanged' END AS state
FROM staged_articles
UNION ALL
SELECT outlet, url, article_id, captured_at, reason, NULL, reason = 'challenge page' OR capture_id IN (SELECT capture_id FROM same_answers), 'rejected' FROM staged_rejections
UNION ALL
SELECT outlet, url, NULL, failed_at, reason, retry_at, FALSE, state FROM staged_failures;

-- Only later events than the last one settled: loading the same files again changes nothing. An article's age is told by its date, unless
-- that is none (1970) or ahead of its discovery (2099).
CREATE OR REPLACE TEMP TABLE settled AS
SELECT link.place AS row_at, outcome.outlet, outcome.url, outcome.article_id, outcome.happened_at, outcome.state AS came, outcome.reason AS why, is_unsettled,
       outcome.next_visit_at AS again, link.state AS was, link.attempts, link.article_id AS old_id, outcome.article_id <> link.article_id AS was_redirected,
       list_min(list_filter(
           list_transform($ages::INTERVAL[], lambda age: age + CASE
               WHEN link.published_at BETWEEN '1995-01-01 00:00:00+00'::TIMESTAMPTZ AND link.discovered_at THEN link.published_at
               ELSE link.discovered_at END),
           lambda turn: turn >= outcome.happened_at + $soonest::INTERVAL)) AS turn
FROM outcomes AS outcome JOIN found_links AS link ON link.url = outcome.url AND link.outlet = outcome.outlet
WHERE outcome.happened_at > coalesce(link.visited_at, '-infinity'::TIMESTAMPTZ)
QUALIFY row_number() OVER (PARTITION BY outcome.outlet, outcome.url ORDER BY outcome.happened_at DESC) = 1;

-- A redirect may have told that a link leads to an article which is known by another URL: that one stands for both from now on.
CREATE OR REPLACE TEMP TABLE twins AS
SELECT settled.row_at, settled.outlet, settled.url, min(other.url) AS of
FROM settled JOIN store.links AS other ON other.article_hash = md5_number_lower(settled.article_id) AND other.outlet = settled.outlet
WHERE settled.was_redirected AND settled.came IN ('loaded', 'unchanged') AND other.url <> settled.url AND other.state IN ('waiting', 'loaded', 'unchanged')
GROUP BY ALL;

-- An article that we have stays one when a later visit fails: the reason says that it did.
UPDATE store.links AS link
SET article_id = coalesce(settled.article_id, link.article_id),
    article_hash = md5_number_lower(coalesce(settled.article_id, link.article_id)),
    state = CASE WHEN was IN ('loaded', 'unchanged') AND came NOT IN ('loaded', 'unchanged') THEN was ELSE came END,
    reason = CASE WHEN came IN ('loaded', 'unchanged') THEN NULL
                  WHEN was IN ('loaded', 'unchanged') THEN 'later visit: ' || why
                  WHEN came = 'failed' AND again IS NOT NULL AND settled.attempts + 1 >= $attempts THEN why || ', given up after ' || $attempts || ' tries'
                  ELSE why END,
    next_visit_at = CASE WHEN came IN ('loaded', 'unchanged') THEN turn
                         WHEN was IN ('loaded', 'unchanged') THEN CASE WHEN settled.attempts + 1 < $attempts THEN coalesce(again, turn) ELSE turn END
                         WHEN came = 'waiting' THEN again
                         WHEN settled.attempts + 1 >= $attempts THEN NULL
                         -- Minds change: robots.txt may have forbidden all by mistake. While it forbids, the asking costs no request
                         WHEN why = 'robots' THEN happened_at + to_days((2 ** settled.attempts)::INTEGER)
                         WHEN is_unsettled THEN happened_at + (settled.attempts + 1) * INTERVAL 12 HOUR
                         ELSE again END,
    visited_at = CASE WHEN came = 'waiting' THEN link.visited_at ELSE happened_at END,
    attempts = CASE WHEN came = 'waiting' THEN link.attempts WHEN came IN ('loaded', 'unchanged') THEN 0 ELSE settled.attempts + 1 END,
    row_version = nextval('store.row_versions')
FROM settled
WHERE link.rowid = settled.row_at;

-- The first that was answered so was taken for settled.
UPDATE store.links AS link
SET next_visit_at = visited_at + INTERVAL 12 HOUR, row_version = nextval('store.row_versions')
FROM (SELECT DISTINCT outlet, md5_number_lower(other_id) AS article_hash FROM same_answers) AS other
WHERE link.article_hash = other.article_hash AND link.outlet = other.outlet
  AND link.state = 'rejected' AND link.next_visit_at IS NULL AND link.attempts < $attempts;

UPDATE store.links AS link
SET state = 'skipped', reason = 'same article as ' || twins.of, next_visit_at = NULL, row_version = nextval('store.row_versions')
FROM twins
WHERE link.rowid = twins.row_at;
