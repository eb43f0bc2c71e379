-- What publishing needs to know of changes: every row of a table that grows carries a number that no other row, and no other state of
-- this row, has. An insert draws it by default, an update must draw it anew: row_version = nextval('store.row_versions').
CREATE SEQUENCE store.row_versions;

ALTER TABLE store.sightings ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.removed_blocks ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.date_evidence ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.translations ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.rejections ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.links ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.requests ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.captures ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.checks ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.stories ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.signatures ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.likenesses ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.search_words ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.search_postings ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.search_recent ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.absences ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');
ALTER TABLE store.aliases ADD COLUMN row_version BIGINT DEFAULT nextval('store.row_versions');

-- Texts are packed by zstd. Below 4096 bytes on average DuckDB (1.5.5, 2.0.0) prefers DICT_FSST, which keeps texts of news at their full
-- size and takes five times as long: 8,000 texts, 36 MB, became 35 MB in 6.3 s, by zstd 21 MB in 1.2 s.
ALTER TABLE store.articles RENAME TO articles_before;
CREATE TABLE store.articles (
    article_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR,
    title VARCHAR NOT NULL,
    authors VARCHAR[] NOT NULL,
    published_at TIMESTAMPTZ,
    published_precision VARCHAR NOT NULL,
    published_source VARCHAR NOT NULL,
    modified_at TIMESTAMPTZ,
    language VARCHAR,
    section VARCHAR,
    tags VARCHAR[] NOT NULL,
    summary VARCHAR,
    image_url VARCHAR,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    word_count BIGINT NOT NULL,
    is_paywalled BOOLEAN NOT NULL,
    last_changed_at TIMESTAMPTZ NOT NULL,
    revision BIGINT NOT NULL,
    story_id VARCHAR,
    duplicate_of VARCHAR,
    extractor VARCHAR NOT NULL,
    profile_version VARCHAR,
    capture_id VARCHAR NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    facts_sha256 VARCHAR NOT NULL,
    published_on DATE,
    kind VARCHAR NOT NULL DEFAULT 'article',
    kind_rule VARCHAR NOT NULL DEFAULT '',
    dates_disagree BOOLEAN NOT NULL DEFAULT FALSE,
    reading INTEGER,
    row_version BIGINT NOT NULL DEFAULT nextval('store.row_versions')
);
INSERT INTO store.articles BY NAME FROM store.articles_before;
DROP TABLE store.articles_before;

ALTER TABLE store.revisions RENAME TO revisions_before;
CREATE TABLE store.revisions (
    article_id VARCHAR NOT NULL,
    revision BIGINT NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    text_sha256 VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    words_added BIGINT NOT NULL,
    words_removed BIGINT NOT NULL,
    capture_id VARCHAR NOT NULL,
    row_version BIGINT NOT NULL DEFAULT nextval('store.row_versions')
);
INSERT INTO store.revisions BY NAME FROM store.revisions_before;
DROP TABLE store.revisions_before;

-- One row a publication, the last hundred. A copy that knows none of them is of another past: it is made anew.
CREATE TABLE store.publications (
    token VARCHAR NOT NULL, -- random: after a restored backup the same number would mean other rows
    row_version BIGINT NOT NULL, -- all rows published are older
    schema_version BIGINT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    duckdb_version VARCHAR NOT NULL
);
