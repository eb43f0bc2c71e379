-- The postings of the terms from $low to $high lie together from now on. Grain: (term, reading). Writer: search, for upkeep.
CREATE OR REPLACE TEMP TABLE sorting AS
SELECT term, reading, weight FROM store.search_postings WHERE term BETWEEN $low AND $high;

DELETE FROM store.search_postings WHERE term BETWEEN $low AND $high;

INSERT INTO store.search_postings BY NAME SELECT term, reading, weight FROM sorting ORDER BY term, reading;

DROP TABLE sorting;
