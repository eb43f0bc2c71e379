-- What consumers query: promised names and types (docs/tables.md). Re-created after each migration.
CREATE OR REPLACE VIEW articles AS
SELECT article_id, outlet, url, canonical_url, title, authors, published_at, published_precision, published_source, modified_at,
       language, section, tags, summary, image_url, text, word_count, is_paywalled, first_seen_at, last_seen_at, last_changed_at,
       revision, story_id, duplicate_of, extractor, articles.profile_version, capture_id, kind, kind_rule, dates_disagree, published_on,
       gone_at
FROM store.articles JOIN store.sightings USING (article_id)
LEFT JOIN (SELECT article_id, gone_at FROM store.absences) AS absent USING (article_id);

CREATE OR REPLACE VIEW revisions AS
SELECT article_id, revision, captured_at, title, text, text_sha256, change, words_added, words_removed, capture_id FROM store.revisions;

CREATE OR REPLACE VIEW removed_blocks AS
SELECT article_id, revision, position, text, reason, rule FROM store.removed_blocks;

CREATE OR REPLACE VIEW date_evidence AS
SELECT article_id, source, raw, value, precision, chosen, about FROM store.date_evidence;

-- An article is known by the links that led to it, its first URL, and what its page calls canonical.
CREATE OR REPLACE VIEW translations AS
WITH wanted AS (
    SELECT DISTINCT md5_number_lower(url) AS url_hash, url FROM store.translations
), known AS (
    SELECT url, article_id FROM store.links SEMI JOIN wanted USING (url_hash) SEMI JOIN store.sightings USING (article_id)
    UNION ALL
    SELECT url, article_id FROM store.articles
    UNION ALL
    SELECT canonical_url, article_id FROM store.articles
), found AS (
    SELECT url, min(article_id) AS article_id FROM known SEMI JOIN wanted USING (url) GROUP BY url
)
SELECT told.article_id, told.language, told.url, nullif(found.article_id, told.article_id) AS translated_id
FROM store.translations AS told LEFT JOIN found USING (url);

CREATE OR REPLACE VIEW rejections AS
SELECT url, outlet, captured_at, reason, detail, capture_id FROM store.rejections;

CREATE OR REPLACE VIEW links AS
SELECT url, outlet, source, discovered_at, state, reason, next_visit_at, attempts, article_id, source_url, title, visited_at FROM store.links;

CREATE OR REPLACE VIEW requests AS
SELECT run_id, outlet, url, kind, status, error, started_at, duration_ms, bytes FROM store.requests;

CREATE OR REPLACE VIEW captures AS
SELECT capture_id, url, captured_at, file, "offset", length, sha256, outlet, final_url, status, content_type, partial, wishes FROM store.captures;

CREATE OR REPLACE VIEW stories AS
SELECT story_id, title, first_published_at, article_count, outlet_count FROM store.stories;

CREATE OR REPLACE VIEW sources AS
SELECT outlet, url, kind, seen_at, status, links, warnings, error, new_per_hour, poll_interval, next_visit_at, answered_at, last_new_at, failures,
       lies > 0 AS is_lying
FROM store.sources;

CREATE OR REPLACE VIEW refusals AS
SELECT outlet, reason, detail, since, seen_at, next_ask_at FROM store.refusals;

CREATE OR REPLACE VIEW outlets AS
SELECT outlet, title, homepage, language, country, timezone, enabled, note FROM store.outlets;

CREATE OR REPLACE VIEW profiles AS
SELECT outlet, version, layout, learned_at, since, pages, is_promoted,
       row_number() OVER (PARTITION BY outlet, layout ORDER BY learned_at DESC, version DESC) = 1 AS is_current,
       verdict, body, lead, "drop", furniture, names
FROM store.profiles ORDER BY outlet, learned_at DESC, pages DESC, version;

CREATE OR REPLACE VIEW runs AS
SELECT run_id, verb, outlets, started_at, finished_at, state, discovered, new, planned, fetched, loaded, unchanged, rejected, failed, requests
FROM store.runs;

CREATE OR REPLACE VIEW checks AS
SELECT run_id, name, outlet, severity, detail, checked_at, coalesce(since, checked_at) AS since FROM store.checks;
