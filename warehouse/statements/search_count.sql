-- Articles a language. Grain: language. Writer: search.
DELETE FROM store.search_languages;

INSERT INTO store.search_languages BY NAME
SELECT store.search_language(language) AS language, sum(articles)::BIGINT AS articles
FROM (SELECT language, count(*) AS articles FROM store.articles GROUP BY language) GROUP BY ALL;
