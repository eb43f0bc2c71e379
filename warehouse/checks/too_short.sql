-- warning: [expect] min_words: articles of this run that are shorter than the outlet's file expects.
SELECT article.outlet, article.article_id || ': ' || article.word_count || ' words' AS detail
FROM store.articles AS article JOIN store.outlets AS known USING (outlet) JOIN staged_captures USING (capture_id)
WHERE article.word_count < known.min_words
