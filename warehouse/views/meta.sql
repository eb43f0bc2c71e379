-- What a program asks before it relies on the rest. Grain: one row, in the published file. Writer: publish.
CREATE OR REPLACE VIEW meta AS
SELECT schema_version, published_at, duckdb_version FROM store.publications ORDER BY row_version DESC LIMIT 1;
COMMENT ON VIEW meta IS 'One row: what this file is.';
COMMENT ON COLUMN meta.schema_version IS 'Number of the newest migration; the tables of a number never change.';
COMMENT ON COLUMN meta.published_at IS 'When this state was published.';
COMMENT ON COLUMN meta.duckdb_version IS 'The DuckDB that wrote it.';
