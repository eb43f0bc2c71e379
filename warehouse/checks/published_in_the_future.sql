-- error: no article is published later than it was read (a day's grace for zones).
SELECT outlet, article_id || ' at ' || published_at AS detail FROM store.articles WHERE published_at > last_changed_at + INTERVAL 1 DAY
