-- What was spoken becomes postings. Grain: (term, reading). Writer: search, after search_spoken. $until, $scheme.
-- The weight is BM25's, k1 = 1.2 and b = 0.6, against a length of 400 words that stays: one that moved with each load would have every
-- posting written anew.
INSERT INTO store.search_recent BY NAME
WITH lengths AS (
    SELECT reading, sum(times) AS length FROM spoken GROUP BY reading
), counted AS (
    SELECT known.term, spoken.reading, sum(spoken.times) AS times
    FROM spoken JOIN known USING (language, word) GROUP BY ALL
)
SELECT term, reading, greatest(round(255 * times / (times + 1.2 * (0.4 + 0.6 * length / 400))), 1)::UTINYINT AS weight
FROM counted JOIN lengths USING (reading);

DELETE FROM store.passed WHERE reader = 'search';

INSERT INTO store.passed VALUES ('search', $until, $scheme);
