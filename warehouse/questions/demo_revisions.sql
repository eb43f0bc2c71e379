-- revisions: what the second run found changed
SELECT article_id, change, words_added AS "+", words_removed AS "−", title
FROM revisions WHERE revision > 1 ORDER BY ALL
