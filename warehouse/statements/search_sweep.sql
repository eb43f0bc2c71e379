-- What no stored reading has goes out of the index, words included: after a takedown nothing of the text is left. Writer: search.
DELETE FROM store.search_recent WHERE reading NOT IN (SELECT reading FROM store.articles WHERE reading IS NOT NULL);

DELETE FROM store.search_postings WHERE reading NOT IN (SELECT reading FROM store.articles WHERE reading IS NOT NULL);

DELETE FROM store.search_words
WHERE term NOT IN (SELECT term FROM store.search_postings UNION SELECT term FROM store.search_recent);
