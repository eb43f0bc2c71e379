"""An older copy of the warehouse is brought to its state by the rows that changed since."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connect import spill_beside
from warehouse.transaction import transaction
from warehouse.versions import carry_versions

# Rows of the copy that the warehouse has no more, found by counting over ranges of versions first: two passes over one narrow column.
# What the warehouse has of known versions the copy has too, so equal counts are equal rows.
_FIND_GONE = """
CREATE OR REPLACE TEMP TABLE gone AS
WITH kept AS (
    SELECT row_version >> 12 AS span, count(*) AS held FROM warehouse.{name} WHERE row_version <= $known GROUP BY span
), had AS (
    SELECT row_version >> 12 AS span, count(*) AS held FROM replica.{name} GROUP BY span
), thinned AS (
    SELECT span FROM had LEFT JOIN kept USING (span) WHERE kept.held IS DISTINCT FROM had.held
)
SELECT row_version FROM replica.{name} WHERE row_version >> 12 IN (FROM thinned)
EXCEPT
SELECT row_version FROM warehouse.{name} WHERE row_version >> 12 IN (FROM thinned)
"""
_IS_OTHER = """
SELECT EXISTS (FROM warehouse.{name} EXCEPT ALL FROM replica.{name}) OR EXISTS (FROM replica.{name} EXCEPT ALL FROM warehouse.{name})
"""


class NoCommonPast(Exception):
    """A copy cannot be brought forward, or not sensibly: another schema, another past, or most of it is new."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What has to be done to a table, which is named with its schema; ``fresh`` and ``gone`` count rows."""

    name: str
    has_versions: bool
    rows: int
    fresh: int
    gone: int


@contextmanager
def attached(warehouse: Path, replica: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both files in one connection, ``warehouse`` read only; ``replica`` is checkpointed when all ends well."""
    db = duckdb.connect()
    try:
        db.execute(f"ATTACH {quoted(warehouse)} AS warehouse (READ_ONLY)")
        db.execute(f"ATTACH {quoted(replica)} AS replica")
        spill_beside(db, warehouse)
        db.execute("SET TimeZone = 'UTC'")
        yield db
        db.execute("CHECKPOINT replica")
    finally:
        db.close()


def catch_up(db: duckdb.DuckDBPyConnection) -> int:
    """Bring ``replica`` to the state of ``warehouse``, all or nothing. Returns how many rows were written. Raises ``NoCommonPast``.

    Tables with a column ``row_version`` are brought up by the rows whose version is new, and those whose version is gone; others are
    compared row by row and written anew if they differ: right for any table, quick for small ones.
    """
    known = _known_version(db)
    changes = [_measure(db, name, has_versions, known) for name, has_versions in tables(db)]
    written = sum(change.fresh for change in changes)
    if 2 * written > sum(change.rows for change in changes):
        raise NoCommonPast("most rows are new")
    with transaction(db):
        for change in changes:
            _apply(db, change, known)
        # So that the copy may take the warehouse's place, if that is lost: its next versions must be new ones too.
        carry_versions(db, "warehouse", "replica")
    return written


def _known_version(db: duckdb.DuckDBPyConnection) -> int:
    """Which version the copy had seen when it was published. It must be the warehouse's own copy, under the same schema."""
    if _schema(db, "warehouse") != _schema(db, "replica"):
        raise NoCommonPast("another schema")
    row = db.execute(
        "SELECT row_version FROM (FROM replica.store.publications ORDER BY row_version DESC LIMIT 1) "
        "SEMI JOIN warehouse.store.publications USING (token, row_version)"
    ).fetchone()
    if row is None:
        raise NoCommonPast("another past")
    return int(row[0])


def _schema(db: duckdb.DuckDBPyConnection, database: str) -> list[tuple[str, ...]]:
    tables = db.execute(
        "SELECT schema_name, table_name, sql FROM duckdb_tables() WHERE database_name = $database AND NOT internal", {"database": database}
    ).fetchall()
    applied = db.execute(f"SELECT version::VARCHAR, name, sha256 FROM {database}.schema_history.migrations").fetchall()
    return sorted(tables + applied)


def tables(db: duckdb.DuckDBPyConnection) -> list[tuple[str, bool]]:
    """The tables of ``warehouse``, named with their schemas, and whether their rows have versions."""
    rows = db.execute(
        "SELECT schema_name, table_name, bool_or(column_name = 'row_version' AND table_name <> 'publications') FROM duckdb_columns() "
        "WHERE database_name = 'warehouse' AND NOT internal AND (schema_name, table_name) IN "
        "(SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [(f'"{schema}"."{table}"', has_versions) for schema, table, has_versions in rows]


def _measure(db: duckdb.DuckDBPyConnection, name: str, has_versions: bool, known: int) -> _Change:
    rows, had = _number(db, f"SELECT count(*) FROM warehouse.{name}"), _number(db, f"SELECT count(*) FROM replica.{name}")
    if not has_versions:
        is_other = rows != had or _number(db, _IS_OTHER.format(name=name))
        return _Change(name, False, rows, rows if is_other else 0, had if is_other else 0)
    fresh = _number(db, f"SELECT count(*) FROM warehouse.{name} WHERE row_version > {known}")
    if (gone := had - (rows - fresh)) < 0:
        raise NoCommonPast(f"{name} has rows of versions that should be known")
    return _Change(name, True, rows, fresh, gone)


def _apply(db: duckdb.DuckDBPyConnection, change: _Change, known: int) -> None:
    if change.gone and not change.has_versions:
        db.execute(f"DELETE FROM replica.{change.name}")
    elif change.gone:
        db.execute(_FIND_GONE.format(name=change.name), {"known": known})
        if _number(db, "SELECT count(*) FROM gone") != change.gone:
            raise NoCommonPast(f"{change.name} has versions twice")
        db.execute(f"DELETE FROM replica.{change.name} WHERE row_version IN (FROM gone)")
    if change.fresh:
        newer = f"WHERE row_version > {known}" if change.has_versions else ""
        db.execute(f"INSERT INTO replica.{change.name} BY NAME SELECT * FROM warehouse.{change.name} {newer}")


def _number(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
