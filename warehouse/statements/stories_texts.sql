-- Texts to compare. Grain: reading. Reader: stories. $readings: JSON. By rowid: by any column, DuckDB 1.5 reads the texts of all rows
-- between the least and the greatest.
SELECT article.reading, article.text
FROM (
    SELECT rowid AS place FROM store.articles SEMI JOIN (SELECT unnest(from_json($readings, '["INTEGER"]')) AS reading) USING (reading)
) AS wanted
JOIN store.articles AS article ON article.rowid = wanted.place
