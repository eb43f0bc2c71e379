-- Take in what was discovered. Grain: a link (outlet, url). Writer: plan. Reads staged_links, $now.
-- One row a URL: of several sources the one that gives a date speaks.
CREATE OR REPLACE TEMP TABLE found AS
SELECT md5_number_lower(url) AS url_hash, *
FROM staged_links
QUALIFY row_number() OVER (PARTITION BY outlet, url ORDER BY published_at IS NULL, discovered_at, source_url) = 1;

CREATE OR REPLACE TEMP TABLE new_links AS
SELECT found.* FROM found ANTI JOIN store.links AS known
    ON known.url_hash = found.url_hash AND known.url = found.url AND known.outlet = found.outlet;

-- An article under several URLs is fetched once: the others are skipped, unless the first has come to nothing.
INSERT INTO store.links
SELECT fresh.url_hash, fresh.url, fresh.outlet, fresh.article_id, fresh.source, fresh.source_url, fresh.title, fresh.published_at,
       fresh.published_raw, fresh.published_precision, fresh.modified_at, fresh.discovered_at,
       CASE WHEN fresh.skip IS NOT NULL OR twin.url IS NOT NULL OR fresh.place > 1 THEN 'skipped' ELSE 'waiting' END,
       CASE WHEN fresh.skip IS NOT NULL THEN fresh.skip
            WHEN twin.url IS NOT NULL THEN 'same article as ' || twin.url
            WHEN fresh.place > 1 THEN 'same article as ' || fresh.first_url END,
       NULL, NULL, 0
FROM (
    SELECT *,
           row_number() OVER article AS place,
           first_value(url) OVER article AS first_url
    FROM new_links
    WINDOW article AS (PARTITION BY outlet, article_id, skip IS NULL ORDER BY published_at IS NULL, discovered_at, length(url), url)
) AS fresh
LEFT JOIN (
    SELECT outlet, article_id, min(url) AS url
    FROM store.links
    WHERE (state IN ('waiting', 'loaded', 'unchanged', 'forgotten') OR (state = 'failed' AND next_visit_at IS NOT NULL))
      AND article_id IN (SELECT article_id FROM new_links)
    GROUP BY ALL
) AS twin ON twin.outlet = fresh.outlet AND twin.article_id = fresh.article_id AND fresh.skip IS NULL;

-- The source says that a page we have read is newer now: it is due. The source's times are compared with each other, never with our clock.
UPDATE store.links AS known
SET next_visit_at = CASE WHEN known.modified_at < newest.modified_at AND known.visited_at IS NOT NULL THEN $now ELSE known.next_visit_at END,
    modified_at = newest.modified_at
FROM (SELECT outlet, article_id, max(modified_at) AS modified_at FROM found WHERE skip IS NULL GROUP BY ALL) AS newest
WHERE known.outlet = newest.outlet AND known.article_id = newest.article_id
  AND known.state IN ('waiting', 'loaded', 'unchanged', 'rejected', 'failed')
  AND newest.modified_at IS DISTINCT FROM known.modified_at AND newest.modified_at > coalesce(known.modified_at, '-infinity'::TIMESTAMPTZ);
