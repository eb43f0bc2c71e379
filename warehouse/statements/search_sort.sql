-- Recent postings join the sorted ones; those of readings that have been replaced are left behind. Grain: (term, reading). Writer: search.
INSERT INTO store.search_postings BY NAME
SELECT term, reading, weight FROM store.search_recent SEMI JOIN store.articles USING (reading) ORDER BY term, reading;

DELETE FROM store.search_recent;
