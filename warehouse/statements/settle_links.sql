-- What became of each planned link. Grain: (outlet, url). Writer: load, after merge_articles (table changed) in the same transaction. $attempts.
CREATE OR REPLACE TEMP TABLE outcomes AS
SELECT outlet, url, article_id, captured_at AS happened_at, NULL AS reason, NULL::TIMESTAMPTZ AS next_visit_at,
       CASE WHEN capture_id IN (SELECT capture_id FROM changed) THEN 'loaded' ELSE 'unchanged' END AS state
FROM staged_articles
UNION ALL
SELECT outlet, url, article_id, captured_at, reason, NULL, 'rejected' FROM staged_rejections
UNION ALL
SELECT outlet, url, NULL, failed_at, reason, retry_at, state FROM staged_failures;

-- Only later events than the last one settled: loading the same files again changes nothing.
CREATE OR REPLACE TEMP TABLE settled AS
SELECT outcome.outlet, outcome.url, outcome.article_id, outcome.happened_at, outcome.state AS came, outcome.reason AS why, outcome.next_visit_at AS again, link.state AS was, link.attempts
FROM outcomes AS outcome JOIN store.links AS link
  ON link.url_hash = md5_number_lower(outcome.url) AND link.url = outcome.url AND link.outlet = outcome.outlet
WHERE outcome.happened_at > coalesce(link.visited_at, '-infinity'::TIMESTAMPTZ)
QUALIFY row_number() OVER (PARTITION BY outcome.outlet, outcome.url ORDER BY outcome.happened_at DESC) = 1;

-- An article that we have stays one when a later visit fails: the reason says that it did.
-- A redirect may have told that the link leads to an article known by another URL.
UPDATE store.links AS link
SET article_id = coalesce(settled.article_id, link.article_id),
    state = CASE WHEN was IN ('loaded', 'unchanged') AND came NOT IN ('loaded', 'unchanged') THEN was ELSE came END,
    reason = CASE WHEN came IN ('loaded', 'unchanged') THEN NULL
                  WHEN was IN ('loaded', 'unchanged') THEN 'later visit: ' || why
                  WHEN came = 'failed' AND again IS NOT NULL AND settled.attempts + 1 >= $attempts THEN why || ', given up after ' || $attempts || ' tries'
                  ELSE why END,
    next_visit_at = CASE WHEN came = 'failed' AND settled.attempts + 1 >= $attempts THEN NULL ELSE again END,
    visited_at = CASE WHEN came = 'waiting' THEN link.visited_at ELSE happened_at END,
    attempts = CASE WHEN came = 'waiting' THEN link.attempts WHEN came IN ('loaded', 'unchanged') THEN 0 ELSE settled.attempts + 1 END
FROM settled
WHERE link.url_hash = md5_number_lower(settled.url) AND link.url = settled.url AND link.outlet = settled.outlet;
