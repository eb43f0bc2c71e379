-- What there is to query. Grain: a table or view of consumers. Reader: newsmill tables.
SELECT name, (SELECT count(*) FROM duckdb_columns() AS c WHERE c.schema_name = 'main' AND c.table_name = name) AS columns, about
FROM (
    SELECT view_name AS name, comment AS about FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal
    UNION ALL
    SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal
)
ORDER BY name
