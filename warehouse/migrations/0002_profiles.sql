-- What reading learned to tell: profiles, kinds of page, evidence of changes, translations; and with each capture what its link said,
-- so that it can be read again as it was read first.
CREATE TABLE store.profiles (
    outlet VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    learned_at TIMESTAMPTZ NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    pages BIGINT NOT NULL,
    is_promoted BOOLEAN NOT NULL,
    verdict VARCHAR NOT NULL,
    body STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMPTZ, last_seen TIMESTAMPTZ, example VARCHAR)[] NOT NULL,
    lead STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMPTZ, last_seen TIMESTAMPTZ, example VARCHAR)[] NOT NULL,
    "drop" STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMPTZ, last_seen TIMESTAMPTZ, example VARCHAR)[] NOT NULL,
    furniture STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMPTZ, last_seen TIMESTAMPTZ, example VARCHAR)[] NOT NULL,
    names STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMPTZ, last_seen TIMESTAMPTZ, example VARCHAR)[] NOT NULL
);

CREATE TABLE store.learnings (
    outlet VARCHAR NOT NULL,
    learned_at TIMESTAMPTZ NOT NULL, -- capture time of the newest page
    pages BIGINT NOT NULL
);

CREATE TABLE store.translations (
    article_id VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    url VARCHAR NOT NULL
);

ALTER TABLE store.articles ADD COLUMN published_on DATE;
ALTER TABLE store.articles ADD COLUMN kind VARCHAR DEFAULT 'article';
ALTER TABLE store.articles ADD COLUMN kind_rule VARCHAR DEFAULT '';
ALTER TABLE store.articles ADD COLUMN dates_disagree BOOLEAN DEFAULT FALSE;
ALTER TABLE store.date_evidence ADD COLUMN about VARCHAR DEFAULT 'published';

-- Whether the outlet's file points at the story itself, so that no profile is asked.
ALTER TABLE store.outlets ADD COLUMN has_own_body BOOLEAN DEFAULT FALSE;

ALTER TABLE store.captures ADD COLUMN link_source VARCHAR DEFAULT 'feed';
ALTER TABLE store.captures ADD COLUMN link_title VARCHAR;
ALTER TABLE store.captures ADD COLUMN link_published_at TIMESTAMPTZ;
ALTER TABLE store.captures ADD COLUMN link_published_raw VARCHAR;
ALTER TABLE store.captures ADD COLUMN link_published_precision VARCHAR DEFAULT 'none';
ALTER TABLE store.captures ADD COLUMN link_modified_at TIMESTAMPTZ;

-- A link's time of change may have moved on since the capture; then nobody knows what it was.
UPDATE store.captures AS capture
SET link_source = link.source,
    link_title = link.title,
    link_published_at = link.published_at,
    link_published_raw = link.published_raw,
    link_published_precision = link.published_precision,
    link_modified_at = CASE WHEN link.modified_at <= capture.captured_at THEN link.modified_at END
FROM store.links AS link
WHERE link.url_hash = md5_number_lower(capture.url) AND link.url = capture.url AND link.outlet = capture.outlet;

-- By which a change of metadata is known.
CREATE MACRO store.facts_digest(authors, published_at, modified_at, language, section) AS
    sha256(to_json([authors::VARCHAR, published_at::VARCHAR, modified_at::VARCHAR, language, section])::VARCHAR);
