-- Readings become articles and revisions. Grain: article_id; (article_id, revision). Writer: load. Set-wise: no row is touched alone.
-- A reading counts once: only captures later than the last one seen of an article are looked at.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT rowid AS place, * EXCLUDE (row_version) FROM store.sightings WHERE article_id IN (SELECT article_id FROM staged_articles);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT staged.*,
       capture.sha256 AS page_sha256,
       sha256(staged.text) AS text_sha256,
       store.facts_digest(staged.authors, staged.published_at, staged.modified_at, staged.language, staged.section) AS facts_sha256
FROM staged_articles AS staged LEFT JOIN seen USING (article_id)
LEFT JOIN (SELECT capture_id, any_value(sha256) AS sha256 FROM staged_captures GROUP BY capture_id) AS capture USING (capture_id)
WHERE seen.article_id IS NULL OR staged.captured_at > seen.last_seen_at
QUALIFY row_number() OVER (PARTITION BY staged.article_id, staged.captured_at ORDER BY staged.capture_id) = 1;

CREATE OR REPLACE TEMP TABLE stored AS
SELECT rowid AS place, article_id, capture_id, last_changed_at, url, title, text, text_sha256, facts_sha256, revision
FROM store.articles -- by rowid: else the texts of the whole table are unpacked for the join
WHERE rowid IN (SELECT rowid FROM store.articles WHERE article_id IN (SELECT article_id FROM fresh));

CREATE OR REPLACE TEMP TABLE stored_pages AS
SELECT capture_id, any_value(sha256) AS sha256 FROM store.captures WHERE capture_id IN (SELECT capture_id FROM stored) GROUP BY capture_id;

-- Each fresh reading beside the one before it (of this batch, or the stored one); those that differ are revisions. The same page, byte
-- by byte, is none, whatever another feed or an old URL says of its date.
CREATE OR REPLACE TEMP TABLE changed AS
WITH readings AS (
    SELECT article_id, capture_id, last_changed_at AS captured_at, url, title, text, text_sha256, facts_sha256, revision, TRUE AS is_stored,
           stored_pages.sha256 AS page_sha256
    FROM stored LEFT JOIN stored_pages USING (capture_id)
    UNION ALL
    SELECT article_id, capture_id, captured_at, url, title, text, text_sha256, facts_sha256, 0, FALSE, page_sha256 FROM fresh
), compared AS (
    SELECT *,
           lag(title) OVER line AS old_title,
           lag(text) OVER line AS old_text,
           lag(text_sha256) OVER line AS old_text_sha256,
           lag(facts_sha256) OVER line AS old_facts_sha256,
           lag(page_sha256) OVER line AS old_page_sha256,
           max(revision) OVER (PARTITION BY article_id) AS stored_revision,
           first_value(url) OVER line AS first_url
    FROM readings
    WINDOW line AS (PARTITION BY article_id ORDER BY is_stored DESC, captured_at)
)
SELECT article_id, capture_id, captured_at, title, text, text_sha256, facts_sha256, first_url, old_title, old_text,
       stored_revision + row_number() OVER (PARTITION BY article_id ORDER BY captured_at) AS revision,
       CASE
         WHEN old_text IS NULL THEN 'new'
         WHEN regexp_replace(text, '[^\p{L}\p{N}]+', '', 'g') <> regexp_replace(old_text, '[^\p{L}\p{N}]+', '', 'g') THEN 'body'
         WHEN regexp_replace(title, '[^\p{L}\p{N}]+', '', 'g') <> regexp_replace(old_title, '[^\p{L}\p{N}]+', '', 'g') THEN 'headline'
         WHEN facts_sha256 <> old_facts_sha256 THEN 'metadata'
         ELSE 'minor' -- spaces and punctuation
       END AS change
FROM compared
WHERE NOT is_stored AND page_sha256 IS DISTINCT FROM old_page_sha256
  AND (old_text IS NULL OR text_sha256 <> old_text_sha256 OR title <> old_title OR facts_sha256 <> old_facts_sha256);

-- Words gained and lost, as multisets, of title and text; a first reading gains all of its words.
CREATE OR REPLACE TEMP TABLE words AS
WITH spoken AS (
    SELECT article_id, revision, 1 AS side, unnest(regexp_extract_all(title || ' ' || text, '[\p{L}\p{N}\p{M}]+')) AS word
    FROM changed WHERE old_text IS NOT NULL
    UNION ALL
    SELECT article_id, revision, -1, unnest(regexp_extract_all(old_title || ' ' || old_text, '[\p{L}\p{N}\p{M}]+')) FROM changed WHERE old_text IS NOT NULL
), balance AS (
    SELECT article_id, revision, word, sum(side) AS surplus FROM spoken GROUP BY ALL
)
SELECT article_id, revision,
       coalesce(sum(surplus) FILTER (surplus > 0), 0)::BIGINT AS added,
       coalesce(-sum(surplus) FILTER (surplus < 0), 0)::BIGINT AS removed
FROM balance GROUP BY ALL;

INSERT INTO store.revisions BY NAME
SELECT article_id, revision, captured_at, title, text, text_sha256, change,
       coalesce(added, len(regexp_extract_all(title || ' ' || text, '[\p{L}\p{N}\p{M}]+'))) AS words_added,
       coalesce(removed, 0) AS words_removed, capture_id
FROM changed LEFT JOIN words USING (article_id, revision);

CREATE OR REPLACE TEMP TABLE newest AS
SELECT fresh.* REPLACE (changed.first_url AS url), changed.revision
FROM changed JOIN fresh USING (article_id, capture_id, captured_at)
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY changed.revision DESC) = 1;

DELETE FROM store.articles WHERE rowid IN (SELECT place FROM stored WHERE article_id IN (SELECT article_id FROM newest));

INSERT INTO store.articles BY NAME
SELECT article_id, outlet, url, canonical_url, title, authors, published_at, published_precision, published_source, modified_at,
       language, section, tags, summary, image_url, text, word_count, is_paywalled, captured_at AS last_changed_at, revision,
       extractor, profile_version, capture_id, text_sha256, facts_sha256, coalesce(kind, 'article') AS kind, coalesce(kind_rule, '') AS kind_rule,
       coalesce(dates_disagree, FALSE) AS dates_disagree, published_on -- a run that an earlier release left behind says nothing of them
FROM newest;

INSERT INTO store.removed_blocks BY NAME
SELECT article_id, revision, block.position, block.text, block.reason, block.rule
FROM (
    SELECT changed.article_id, changed.revision, unnest(fresh.removed_blocks) AS block
    FROM changed JOIN fresh USING (article_id, capture_id, captured_at)
);

DELETE FROM store.date_evidence AS old USING newest WHERE old.article_id = newest.article_id;

INSERT INTO store.date_evidence BY NAME
SELECT article_id, evidence.source, evidence.raw, evidence.value, evidence.precision, evidence.chosen,
       coalesce(evidence.about, 'published') AS about
FROM (SELECT article_id, unnest(date_evidence) AS evidence FROM newest);

DELETE FROM store.translations AS old USING newest WHERE old.article_id = newest.article_id;

INSERT INTO store.translations BY NAME
SELECT DISTINCT article_id, translation.language, translation.url
FROM (SELECT article_id, unnest(translations) AS translation FROM newest);

CREATE OR REPLACE TEMP TABLE seen_now AS
SELECT article_id,
       least(min(staged.captured_at), min(known.first_seen_at)) AS first_seen_at,
       greatest(max(staged.captured_at), max(known.last_seen_at)) AS last_seen_at,
       CASE WHEN max(known.last_seen_at) > max(staged.captured_at) THEN any_value(known.profile_version)
            ELSE arg_max_null(staged.profile_version, staged.captured_at) END AS profile_version
FROM staged_articles AS staged LEFT JOIN seen AS known USING (article_id)
GROUP BY article_id;

DELETE FROM store.sightings WHERE rowid IN (SELECT place FROM seen);

INSERT INTO store.sightings BY NAME SELECT * FROM seen_now;
