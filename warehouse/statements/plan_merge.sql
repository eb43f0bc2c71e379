-- Take in what was discovered. Grain: a link (outlet, url). Writer: plan. Reads staged_links, $now.
-- The table of links is read by its numbers alone (two columns, whatever its size); texts only of the rows that these lead to.
-- One row a URL: of several sources the one that gives a date speaks. A key that is known for another one's is that one's.
CREATE OR REPLACE TEMP TABLE found AS
SELECT md5_number_lower(staged.url) AS url_hash, staged.* REPLACE (coalesce(alias.article_id, staged.article_id) AS article_id),
       md5_number_lower(coalesce(alias.article_id, staged.article_id)) AS article_hash
FROM staged_links AS staged LEFT JOIN store.aliases AS alias ON alias.alias = staged.article_id
WHERE staged.rowid IN (SELECT arg_min(rowid, (published_at IS NULL, discovered_at, source_url)) FROM staged_links GROUP BY outlet, url);

-- Of a million URLs two share their number with a chance of 1 : 10⁷; outlets may share a URL.
CREATE OR REPLACE TEMP TABLE new_links AS
SELECT found.* FROM found ANTI JOIN store.links AS known ON known.url_hash = found.url_hash AND known.outlet = found.outlet;

-- The rows of the articles that new links lead to, and of those of which a source gives a time of change.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT rowid AS row_at, outlet, article_hash, state, modified_at, visited_at, next_visit_at
FROM store.links SEMI JOIN (
    SELECT article_hash FROM new_links WHERE skip IS NULL
    UNION ALL
    SELECT article_hash FROM found WHERE skip IS NULL AND modified_at IS NOT NULL
) AS wanted USING (article_hash);

CREATE OR REPLACE TEMP TABLE twins AS
SELECT outlet, article_hash, min(url) AS url
FROM store.links SEMI JOIN (
    SELECT row_at FROM touched SEMI JOIN new_links USING (outlet, article_hash)
    WHERE touched.state IN ('waiting', 'loaded', 'unchanged', 'forgotten') OR (touched.state = 'failed' AND touched.next_visit_at IS NOT NULL)
) AS known ON links.rowid = known.row_at
GROUP BY ALL;

-- A source that puts another word behind the question mark at every look: the same headline of the same second at the same place.
CREATE OR REPLACE TEMP TABLE rotated AS
SELECT fresh.outlet, fresh.url, min(known.url) AS of
FROM (FROM new_links WHERE skip IS NULL AND contains(url, '?') AND published_at IS NOT NULL AND length(title) >= 12) AS fresh
JOIN store.links AS known
  ON known.published_at = fresh.published_at AND known.outlet = fresh.outlet AND known.title = fresh.title
 AND split_part(known.url, '?', 1) = split_part(fresh.url, '?', 1) AND known.state <> 'skipped'
GROUP BY ALL;

-- An article under several URLs is fetched once: the others are skipped, unless the first has come to nothing.
CREATE OR REPLACE TEMP TABLE planned_new AS
SELECT fresh.*,
       CASE WHEN fresh.skip IS NOT NULL THEN fresh.skip
            WHEN twins.url IS NOT NULL THEN 'same article as ' || twins.url
            WHEN rotated.of IS NOT NULL THEN 'same article as ' || rotated.of
            WHEN fresh.url <> first.url THEN 'same article as ' || first.url END AS why
FROM new_links AS fresh
LEFT JOIN (
    SELECT outlet, article_id, arg_min(url, (published_at IS NULL, discovered_at, length(url), url)) AS url
    FROM new_links WHERE skip IS NULL GROUP BY outlet, article_id
) AS first ON first.outlet = fresh.outlet AND first.article_id = fresh.article_id
LEFT JOIN twins ON twins.outlet = fresh.outlet AND twins.article_hash = fresh.article_hash AND fresh.skip IS NULL
LEFT JOIN rotated ON rotated.outlet = fresh.outlet AND rotated.url = fresh.url;

INSERT INTO store.links BY NAME
SELECT url_hash, url, outlet, article_id, source, source_url, title, published_at, published_raw, published_precision, modified_at, discovered_at,
       CASE WHEN why IS NULL THEN 'waiting' ELSE 'skipped' END AS state, why AS reason, 0 AS attempts, article_hash
FROM planned_new;

DELETE FROM planned_new WHERE why IS NOT NULL;

-- The source says that a page we have read is newer now: it is due. The source's times are compared with each other, never with our clock.
UPDATE store.links AS known
SET next_visit_at = CASE WHEN known.modified_at < newest.modified_at AND known.visited_at IS NOT NULL THEN $now ELSE known.next_visit_at END,
    modified_at = newest.modified_at,
    row_version = nextval('store.row_versions')
FROM (
    SELECT touched.row_at, max(found.modified_at) AS modified_at
    FROM touched JOIN found USING (outlet, article_hash)
    WHERE found.skip IS NULL AND touched.state IN ('waiting', 'loaded', 'unchanged', 'rejected', 'failed')
      AND found.modified_at > coalesce(touched.modified_at, '-infinity'::TIMESTAMPTZ)
    GROUP BY touched.row_at
) AS newest
WHERE known.rowid = newest.row_at;

-- Visits that lie ahead: the clock was wrong when they were made. Nothing later would count until it has caught up.
UPDATE store.links SET visited_at = $now, next_visit_at = least(next_visit_at, $now + INTERVAL 1 DAY),
       row_version = nextval('store.row_versions')
WHERE visited_at > $now + INTERVAL 1 DAY;

UPDATE store.sightings SET last_seen_at = $now, first_seen_at = least(first_seen_at, $now), row_version = nextval('store.row_versions')
WHERE last_seen_at > $now + INTERVAL 1 DAY;
