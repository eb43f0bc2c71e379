-- the readings of an article that is named by its key or a URL of it
WITH named AS (
    SELECT article_id FROM articles WHERE article_id = $wanted OR url = $wanted OR canonical_url = $wanted
    UNION
    SELECT article_id FROM links WHERE url = $wanted
)
SELECT article_id, told.revision, told.captured_at, told.title, told.text, told.change, told.words_added, told.words_removed,
       now_.published_at, now_.modified_at, now_.gone_at
FROM revisions AS told JOIN articles AS now_ USING (article_id) WHERE article_id IN (FROM named) ORDER BY article_id, told.revision
