-- When each source is asked again, which outlets ask us to stay away, which articles are gone, and which keys mean the same article.
ALTER TABLE store.sources ADD COLUMN retry_at TIMESTAMPTZ;
ALTER TABLE store.sources ADD COLUMN content_sha256 VARCHAR;
ALTER TABLE store.sources ADD COLUMN answered_at TIMESTAMPTZ;
ALTER TABLE store.sources ADD COLUMN full_at TIMESTAMPTZ;
ALTER TABLE store.sources ADD COLUMN unmodified BIGINT DEFAULT 0;
ALTER TABLE store.sources ADD COLUMN lies BIGINT DEFAULT 0;
ALTER TABLE store.sources ADD COLUMN failures BIGINT DEFAULT 0;
ALTER TABLE store.sources ADD COLUMN new_per_hour DOUBLE;
ALTER TABLE store.sources ADD COLUMN last_new_at TIMESTAMPTZ;
ALTER TABLE store.sources ADD COLUMN poll_interval INTERVAL;
ALTER TABLE store.sources ADD COLUMN next_visit_at TIMESTAMPTZ;

CREATE TABLE store.refusals (
    outlet VARCHAR NOT NULL,
    reason VARCHAR NOT NULL, -- robots, asked to wait, or what most of its pages answered: http 403, challenge page …
    detail VARCHAR NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    next_ask_at TIMESTAMPTZ NOT NULL -- nothing is asked before
);

CREATE TABLE store.absences (
    article_id VARCHAR NOT NULL,
    gone_at TIMESTAMPTZ NOT NULL, -- when its address was first seen to be empty
    reason VARCHAR NOT NULL
);

CREATE TABLE store.aliases (
    alias VARCHAR NOT NULL, -- a key that some URL of the article has
    article_id VARCHAR NOT NULL -- the one that it is stored under
);

-- The table anew, for a column that must not be empty: an article's other links are found by a number, not by comparing texts.
CREATE TABLE store.links_anew (
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
    attempts BIGINT NOT NULL,
    article_hash UBIGINT NOT NULL -- md5_number_lower(article_id)
);

INSERT INTO store.links_anew BY NAME SELECT *, md5_number_lower(article_id) AS article_hash FROM store.links;

DROP TABLE store.links;

ALTER TABLE store.links_anew RENAME TO links;
