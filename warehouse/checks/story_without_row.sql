-- error: the story that an article tells has a row.
SELECT outlet, article_id || ' tells ' || story_id AS detail FROM store.articles ANTI JOIN store.stories USING (story_id) WHERE story_id IS NOT NULL
