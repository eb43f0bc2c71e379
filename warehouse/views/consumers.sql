-- What consumers query: promised names and types (docs/tables.md). Re-created after each migration.
CREATE OR REPLACE VIEW articles AS
SELECT article_id, outlet, url, canonical_url, title, authors, published_at, published_precision, published_source, modified_at,
       language, section, tags, summary, image_url, text, word_count, is_paywalled, first_seen_at, last_seen_at, last_changed_at,
       revision, story_id, duplicate_of, extractor, profile_version, capture_id
FROM store.articles JOIN store.sightings USING (article_id);

CREATE OR REPLACE VIEW revisions AS
SELECT article_id, revision, captured_at, title, text, text_sha256, change, words_added, words_removed, capture_id FROM store.revisions;

CREATE OR REPLACE VIEW removed_blocks AS
SELECT article_id, revision, position, text, reason, rule FROM store.removed_blocks;

CREATE OR REPLACE VIEW date_evidence AS
SELECT article_id, source, raw, value, precision, chosen FROM store.date_evidence;

CREATE OR REPLACE VIEW rejections AS
SELECT url, outlet, captured_at, reason, detail, capture_id FROM store.rejections;

CREATE OR REPLACE VIEW links AS
SELECT url, outlet, source, discovered_at, state, reason, next_visit_at, attempts, article_id, source_url, title, visited_at FROM store.links;

CREATE OR REPLACE VIEW requests AS
SELECT run_id, outlet, url, kind, status, error, started_at, duration_ms, bytes FROM store.requests;

CREATE OR REPLACE VIEW captures AS
SELECT capture_id, url, captured_at, file, "offset", length, sha256, outlet, final_url, status, content_type, partial FROM store.captures;

CREATE OR REPLACE VIEW stories AS
SELECT story_id, title, first_published_at, article_count, outlet_count FROM store.stories;

CREATE OR REPLACE VIEW sources AS
SELECT outlet, url, kind, seen_at, status, links, warnings, error FROM store.sources;

CREATE OR REPLACE VIEW outlets AS
SELECT outlet, title, homepage, language, country, timezone, enabled, note FROM store.outlets;

CREATE OR REPLACE VIEW runs AS
SELECT run_id, verb, outlets, started_at, finished_at, state, discovered, new, planned, fetched, loaded, unchanged, rejected, failed, requests
FROM store.runs;

CREATE OR REPLACE VIEW checks AS
SELECT run_id, name, outlet, severity, detail, checked_at FROM store.checks;
