-- The first tables. Wide rows (texts) are only ever deleted and inserted; what changes at each visit has narrow
-- tables of its own. No primary keys: they make loads 3 to 10 times slower at a million rows, and a kill between
-- their replay and a delete has corrupted files (DuckDB 1.5). The merge keeps keys unique, checks/ asserts it.
CREATE SCHEMA store;

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
    text VARCHAR NOT NULL,
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
    facts_sha256 VARCHAR NOT NULL
);

CREATE TABLE store.sightings (
    article_id VARCHAR NOT NULL,
    first_seen_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE store.revisions (
    article_id VARCHAR NOT NULL,
    revision BIGINT NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    title VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    text_sha256 VARCHAR NOT NULL,
    change VARCHAR NOT NULL,
    words_added BIGINT NOT NULL,
    words_removed BIGINT NOT NULL,
    capture_id VARCHAR NOT NULL
);

CREATE TABLE store.removed_blocks (
    article_id VARCHAR NOT NULL,
    revision BIGINT NOT NULL,
    position BIGINT NOT NULL,
    text VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
);

CREATE TABLE store.date_evidence (
    article_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    raw VARCHAR NOT NULL,
    value TIMESTAMPTZ,
    precision VARCHAR NOT NULL,
    chosen BOOLEAN NOT NULL
);

CREATE TABLE store.rejections (
    url VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    capture_id VARCHAR NOT NULL
);

CREATE TABLE store.links (
    url_hash UBIGINT NOT NULL, -- md5_number_lower(url): stable over DuckDB versions, unlike hash()
    url VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    source_url VARCHAR NOT NULL,
    title VARCHAR,
    published_at TIMESTAMPTZ,
    published_raw VARCHAR,
    published_precision VARCHAR NOT NULL,
    modified_at TIMESTAMPTZ,
    discovered_at TIMESTAMPTZ NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR,
    next_visit_at TIMESTAMPTZ,
    visited_at TIMESTAMPTZ,
    attempts BIGINT NOT NULL
);

CREATE TABLE store.requests (
    run_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    status BIGINT,
    error VARCHAR,
    started_at TIMESTAMPTZ NOT NULL,
    duration_ms BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

CREATE TABLE store.captures (
    capture_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    final_url VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    captured_at TIMESTAMPTZ NOT NULL,
    status BIGINT NOT NULL,
    content_type VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    "offset" BIGINT NOT NULL,
    length BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    partial BOOLEAN NOT NULL
);

CREATE TABLE store.sources (
    outlet VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    status BIGINT,
    links BIGINT NOT NULL,
    warnings VARCHAR[] NOT NULL,
    error VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR
);

CREATE TABLE store.outlets (
    outlet VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    homepage VARCHAR NOT NULL,
    language VARCHAR[] NOT NULL,
    country VARCHAR,
    timezone VARCHAR,
    enabled BOOLEAN NOT NULL,
    note VARCHAR,
    newest_within INTERVAL,
    articles_per_run BIGINT,
    min_words BIGINT
);

CREATE TABLE store.runs (
    run_id VARCHAR NOT NULL,
    verb VARCHAR NOT NULL,
    outlets VARCHAR[] NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    state VARCHAR NOT NULL, -- running, done, failed (an outlet failed), stopped
    discovered BIGINT NOT NULL,
    new BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    fetched BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    requests BIGINT NOT NULL
);

CREATE TABLE store.checks (
    run_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    outlet VARCHAR,
    severity VARCHAR NOT NULL, -- error, warning
    detail VARCHAR NOT NULL,
    checked_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE store.stories (
    story_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    first_published_at TIMESTAMPTZ,
    article_count BIGINT NOT NULL,
    outlet_count BIGINT NOT NULL
);
