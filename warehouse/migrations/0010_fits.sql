-- By which profile an article was read when it was seen last, whether or not its text had changed: a layout that changes is seen there first.
ALTER TABLE store.sightings ADD COLUMN profile_version VARCHAR;
UPDATE store.sightings AS seen SET profile_version = article.profile_version, row_version = nextval('store.row_versions')
FROM store.articles AS article WHERE article.article_id = seen.article_id;
