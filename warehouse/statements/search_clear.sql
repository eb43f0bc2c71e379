-- An empty index. Writer: search.
DELETE FROM store.search_recent;

DELETE FROM store.search_postings;

DELETE FROM store.search_words;

DELETE FROM store.search_languages;

DELETE FROM store.passed WHERE reader = 'search';
