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
SELECT link.url_hash, outcome.outlet, outcome.url, outcome.article_id, outcome.happened_at, outcome.state AS came, outcome.reason AS why,
       outcome.next_visit_at AS again, link.state AS was, link.attempts, outcome.article_id <> link.article_id AS was_redirected
FROM outcomes AS outcome JOIN store.links AS link
  ON link.url_hash = md5_number_lower(outcome.url) AND link.url = outcome.url AND link.outlet = outcome.outlet
WHERE outcome.happened_at > coalesce(link.visited_at, '-infinity'::TIMESTAMPTZ)
QUALIFY row_number() OVER (PARTITION BY outcome.outlet, outcome.url ORDER BY outcome.happened_at DESC) = 1;

-- A redirect may have told that a link leads to an article which is known by another URL: that one stands for both from now on.
CREATE OR REPLACE TEMP TABLE twins AS
SELECT settled.url_hash, settled.outlet, settled.url, min(other.url) AS of
FROM settled JOIN store.links AS other USING (outlet, article_id)
WHERE settled.was_redirected AND settled.came IN ('loaded', 'unchanged') AND other.url <> settled.url AND other.state IN ('waiting', 'loaded', 'unchanged')
GROUP BY ALL;

-- An article that we have stays one when a later visit fails: the reason says that it did.
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
WHERE link.url_hash = settled.url_hash AND link.url = settled.url AND link.outlet = settled.outlet;

UPDATE store.links AS link
SET state = 'skipped', reason = 'same article as ' || twins.of, next_visit_at = NULL
FROM twins
WHERE link.url_hash = twins.url_hash AND link.url = twins.url AND link.outlet = twins.outlet;
