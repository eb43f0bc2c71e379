-- Today's readings take the place of the stored ones: the page has not changed, so there is no new revision. Grain: article_id;
-- (article_id, revision). Writer: reread, after compare_readings in the same transaction.
CREATE OR REPLACE TEMP TABLE replacing AS
SELECT *, sha256(text) AS text_sha256, store.facts_digest(authors, published_at, modified_at, language, section) AS facts_sha256
FROM compared WHERE is_changed OR is_read_otherwise;

CREATE OR REPLACE TEMP TABLE kept AS SELECT article_id, story_id, duplicate_of FROM store.articles SEMI JOIN replacing USING (article_id);

DELETE FROM store.articles AS old USING replacing WHERE old.article_id = replacing.article_id;

INSERT INTO store.articles BY NAME
SELECT article_id, outlet, first_url AS url, canonical_url, title, authors, published_at, published_precision, published_source, modified_at,
       language, section, tags, summary, image_url, text, word_count, is_paywalled, captured_at AS last_changed_at, revision, story_id,
       duplicate_of, extractor, profile_version, capture_id, text_sha256, facts_sha256, kind, kind_rule, dates_disagree, published_on
FROM replacing JOIN kept USING (article_id);

UPDATE store.sightings AS seen SET profile_version = replacing.profile_version, row_version = nextval('store.row_versions')
FROM replacing WHERE replacing.article_id = seen.article_id;

-- How a page changed from its revision before stays told as it was; a first reading gains all of its words.
CREATE OR REPLACE TEMP TABLE retold AS
SELECT old.* EXCLUDE (row_version) REPLACE (
    fresh.title AS title,
    fresh.text AS text,
    fresh.text_sha256 AS text_sha256,
    CASE WHEN old.change = 'new' THEN len(regexp_extract_all(fresh.title || ' ' || fresh.text, '[\p{L}\p{N}\p{M}]+')) ELSE old.words_added END AS words_added
)
FROM store.revisions AS old JOIN replacing AS fresh USING (article_id, revision)
WHERE fresh.is_retitled OR fresh.is_reworded;

DELETE FROM store.revisions AS old USING retold WHERE old.article_id = retold.article_id AND old.revision = retold.revision;

INSERT INTO store.revisions BY NAME SELECT * FROM retold;

DELETE FROM store.removed_blocks AS old USING compared WHERE old.article_id = compared.article_id AND old.revision = compared.revision;

INSERT INTO store.removed_blocks BY NAME
SELECT article_id, revision, block.position, block.text, block.reason, block."rule"
FROM (SELECT article_id, revision, unnest(removed_blocks) AS block FROM compared);

DELETE FROM store.date_evidence AS old USING compared WHERE old.article_id = compared.article_id;

INSERT INTO store.date_evidence BY NAME
SELECT article_id, evidence.source, evidence.raw, evidence.value, evidence.precision, evidence.chosen, evidence.about
FROM (SELECT article_id, unnest(date_evidence) AS evidence FROM compared);

DELETE FROM store.translations AS old USING compared WHERE old.article_id = compared.article_id;

INSERT INTO store.translations BY NAME
SELECT DISTINCT article_id, translation.language, translation.url
FROM (SELECT article_id, unnest(translations) AS translation FROM compared);
