-- The words of the readings after $after, up to $until, and how often each was said. Grain: (reading, word). Reader: search.
-- A word of the headline counts three times; one of more than forty letters is none.
CREATE OR REPLACE TEMP TABLE spoken AS
WITH told AS (
    SELECT reading, store.search_language(language) AS language, title, text
    FROM store.articles WHERE reading > $after AND reading <= $until
), said AS (
    SELECT reading, language, unnest(store.search_words_of(title, language)) AS word, 3 AS times FROM told
    UNION ALL
    SELECT reading, language, unnest(store.search_words_of(text, language)), 1 FROM told
)
SELECT reading, language, word, sum(times)::BIGINT AS times FROM said WHERE length(word) <= 40 GROUP BY ALL;

-- One pass over the dictionary, which is the largest thing here.
CREATE OR REPLACE TEMP TABLE known AS
SELECT language, word, term FROM store.search_words SEMI JOIN spoken USING (language, word) WHERE NOT is_stem;

SELECT language, word FROM spoken ANTI JOIN known USING (language, word) GROUP BY ALL ORDER BY ALL
