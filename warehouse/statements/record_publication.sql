-- A publication begins. Grain: publication. Writer: publish. $token, $schema_version, $now, $kept.
-- Numbers that are drawn a second time, as by a sequence that a copy of the tables has left behind, mean that no older copy can be trusted.
CREATE OR REPLACE TEMP TABLE drawn AS SELECT nextval('store.row_versions') AS row_version;

DELETE FROM store.publications
WHERE (SELECT max(row_version) FROM store.publications) >= (SELECT row_version FROM drawn);

INSERT INTO store.publications BY NAME
SELECT $token AS token, row_version, $schema_version AS schema_version, $now AS published_at, version() AS duckdb_version FROM drawn;

DELETE FROM store.publications
WHERE row_version < (SELECT min(row_version) FROM (SELECT row_version FROM store.publications ORDER BY row_version DESC LIMIT $kept));
