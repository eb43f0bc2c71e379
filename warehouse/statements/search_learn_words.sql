-- New words and their stems. Grain: (language, word, is_stem). Writer: search, after search_spoken. $words: JSON.
CREATE OR REPLACE TEMP TABLE learned AS
SELECT language, word, stem, md5_number_lower(language || ' ' || stem) AS term
FROM (SELECT unnest(from_json($words, '[{"language":"VARCHAR","word":"VARCHAR","stem":"VARCHAR"}]'), recursive := true));

INSERT INTO known BY NAME SELECT language, word, term FROM learned;

INSERT INTO store.search_words BY NAME
SELECT language, stem AS word, store.search_folded(stem) AS folded, TRUE AS is_stem, term
FROM (SELECT DISTINCT language, stem, term FROM learned)
ANTI JOIN (SELECT DISTINCT term FROM store.search_words SEMI JOIN learned USING (term)) USING (term);

INSERT INTO store.search_words BY NAME
SELECT language, word, store.search_folded(word) AS folded, FALSE AS is_stem, term FROM learned;
