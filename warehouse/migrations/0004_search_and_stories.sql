-- The search index, and what stories are grouped by. Nothing here is promised: consumers call search() and read articles and stories.
-- Every stored reading gets a number when one of the two first meets it: the merges delete and insert rows, so a changed article comes
-- back without one. What has a higher number than a reader has passed is new to that reader; no number is ever used twice.
ALTER TABLE store.articles ADD COLUMN reading INTEGER;

CREATE TABLE store.passed (
    reader VARCHAR NOT NULL, -- numbering, search, stories
    reading INTEGER NOT NULL, -- the last that it has dealt with
    scheme VARCHAR NOT NULL -- of what it left behind; another one is made anew
);

CREATE TABLE store.search_words (
    language VARCHAR NOT NULL,
    word VARCHAR NOT NULL, -- as texts spell it, lower case
    folded VARCHAR NOT NULL, -- as a query may spell it: without marks
    is_stem BOOLEAN NOT NULL, -- not from a text, but the stem of some: what a query finds by that no text spells like this
    term UBIGINT NOT NULL -- digest of language and stem: words of one term find each other
);

-- Sorted by term, some ten thousand articles at a time, so that a term is found by the minima and maxima of row groups: no index needed.
CREATE TABLE store.search_postings (
    term UBIGINT NOT NULL,
    reading INTEGER NOT NULL,
    weight UTINYINT NOT NULL -- BM25's share of the term in the text, 255 for 1
);

-- What was added since, as it came.
CREATE TABLE store.search_recent (
    term UBIGINT NOT NULL,
    reading INTEGER NOT NULL,
    weight UTINYINT NOT NULL
);

CREATE TABLE store.search_languages (
    language VARCHAR NOT NULL,
    articles BIGINT NOT NULL -- what a term's rarity is measured against
);

CREATE TABLE store.signatures (
    reading INTEGER NOT NULL,
    article_id VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL, -- first; the article of a story that was seen first gives it its key
    told_at TIMESTAMPTZ NOT NULL, -- published, or else seen: what the window is about
    copy_key UBIGINT NOT NULL, -- digest of the letters of the text (and of the headline, where the text is short)
    bands UINTEGER[] NOT NULL -- of its MinHash: two texts that share one are looked at
);

CREATE TABLE store.likenesses (
    reading INTEGER NOT NULL,
    other INTEGER NOT NULL,
    jaccard FLOAT NOT NULL,
    contained FLOAT NOT NULL -- share of the shorter text that stands in the longer one
);
