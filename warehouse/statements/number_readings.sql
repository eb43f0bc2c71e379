-- Give each reading that has none the next number, in the order of time, which is about that of
-- the rows. Grain: reading. Writer: search, stories.
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT rowid AS place,
       (SELECT coalesce(max(reading), 0) FROM store.passed) + row_number() OVER (ORDER BY last_changed_at, article_id) AS reading
FROM store.articles WHERE reading IS NULL;

UPDATE store.articles SET reading = numbered.reading, row_version = nextval('store.row_versions') FROM numbered WHERE articles.rowid = numbered.place AND articles.reading IS NULL;

CREATE OR REPLACE TEMP TABLE last_number AS
SELECT greatest((SELECT max(reading) FROM store.passed), (SELECT max(reading) FROM numbered)) AS reading;

DELETE FROM store.passed WHERE reader = 'numbering';

INSERT INTO store.passed SELECT 'numbering', coalesce(reading, 0), '' FROM last_number;
