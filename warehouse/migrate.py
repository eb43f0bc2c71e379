"""The schema, brought up to date: migrations once and in order, views anew.

No migration library reads plain SQL for DuckDB without SQLAlchemy in between (alembic) or knows DuckDB (yoyo); these sixty lines do.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from warehouse.errors import WarehouseEdited, WarehouseNewer
from warehouse.transaction import transaction

LEDGER = """
CREATE SCHEMA IF NOT EXISTS schema_history;
CREATE TABLE IF NOT EXISTS schema_history.migrations (
    version BIGINT NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL);
"""


def sql_files(folder: str) -> list[Traversable]:
    """The SQL files of ``folder`` in this package, by name."""
    return sorted(
        (entry for entry in files("warehouse").joinpath(folder).iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name
    )


def migrate(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bring ``db``, the open file at ``path``, to the newest schema; each migration and its record in one transaction.

    Raises ``WarehouseNewer``, ``WarehouseEdited``; in both cases the file is untouched.
    """
    applied = _applied(db)
    migrations = [(int(entry.name.split("_")[0]), entry) for entry in sql_files("migrations")]
    newest = migrations[-1][0]
    if applied and max(applied) > newest:
        raise WarehouseNewer(path, max(applied), newest)
    for version, entry in migrations:
        if version in applied and applied[version] != _digest(entry):
            raise WarehouseEdited(path, entry.name)
    missing = [(version, entry) for version, entry in migrations if version not in applied]
    views = sql_files("views")
    views_digest = hashlib.sha256("".join(map(_digest, views)).encode()).hexdigest()
    if not missing and applied.get(0) == views_digest:
        return
    db.execute(LEDGER)
    for version, entry in missing:
        _apply(db, version, entry.name, entry.read_text(encoding="utf-8"), _digest(entry))
    _apply(db, 0, "views", "".join(view.read_text(encoding="utf-8") for view in views), views_digest)


def is_current(db: duckdb.DuckDBPyConnection) -> bool:
    """Whether ``db`` has the schema of this release."""
    return max(_applied(db), default=0) == schema_version()


def schema_version() -> int:
    """The schema that this release writes."""
    return int(sql_files("migrations")[-1].name.split("_")[0])


def _apply(db: duckdb.DuckDBPyConnection, version: int, name: str, sql: str, digest: str) -> None:
    with transaction(db):
        db.execute(sql)
        db.execute("DELETE FROM schema_history.migrations WHERE version = ?", [version])
        db.execute("INSERT INTO schema_history.migrations VALUES (?, ?, ?, now())", [version, name, digest])


def _applied(db: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Version → digest of what has been applied; version 0 stands for the views."""
    known = db.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'schema_history' AND database_name = current_database()"
    ).fetchone()
    if not known or not known[0]:
        return {}
    return dict(db.execute("SELECT version, sha256 FROM schema_history.migrations").fetchall())


def _digest(entry: Traversable) -> str:
    return hashlib.sha256(entry.read_text(encoding="utf-8").encode()).hexdigest()
