-- The columns of a table of consumers. Grain: a column. Reader: newsmill tables. $table.
SELECT column_name AS "column", replace(data_type, 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ') AS "type", comment AS about
FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = $table ORDER BY column_index
