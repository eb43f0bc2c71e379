"""The writer's file copied into a new one: no free blocks, and no bytes of rows that were deleted."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.connect import writing
from warehouse.errors import WarehouseError
from warehouse.transaction import transaction
from warehouse.versions import carry_versions

WASTEFUL = 0.25  # share of free blocks above which a copy is worth its time: 25 s for 5.5 GB (design: warehouse facts)


@dataclass(frozen=True, slots=True)
class Compacted:
    """Bytes before and after."""

    before: int
    after: int


def free_share(path: Path) -> float:
    """The share of the file's blocks that nothing is in."""
    with writing(path) as db:
        db.execute("CHECKPOINT warehouse")
        rows = db.execute("SELECT total_blocks, free_blocks FROM pragma_database_size() WHERE database_name = 'warehouse'").fetchall()
    total, free = rows[0]
    return free / total if total else 0.0


def compact(path: Path) -> Compacted:
    """Put a copy of the warehouse at ``path`` in its place, in one step. DuckDB reuses the blocks of deleted rows but never clears them.

    No one else may have the file open. Raises what ``writing`` raises; then the file is as it was.
    """
    with writing(path):
        pass  # migrated, and with no log beside it
    fresh = path.with_name(f".{path.name}.compact")
    _remove(fresh)
    try:
        with writing(fresh) as db:
            _fill(db, path)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        before, after = path.stat().st_size, fresh.stat().st_size
        log = path.with_name(f"{path.name}.wal")
        if log.exists():
            raise WarehouseError(f"{log} is not empty: another process has written")
        fresh.replace(path)
        _sync_folder(path.parent)
    finally:
        _remove(fresh)
    return Compacted(before, after)


def swap_in(fresh: Path, path: Path) -> None:
    """Put the closed database ``fresh`` in the place of ``path``, which is set aside as ``….old``; at no moment is there none.

    Both lie on one disk. A log of the old file goes first: beside another file it would be read as that one's.
    """
    old, log = path.with_name(f"{path.name}.old"), path.with_name(f"{path.name}.wal")
    old.unlink(missing_ok=True)
    old.with_name(f"{old.name}.wal").unlink(missing_ok=True)
    if log.exists():
        log.replace(old.with_name(f"{old.name}.wal"))
    if path.exists():
        try:
            old.hardlink_to(path)
        except OSError:  # a file system without hard links
            shutil.copyfile(path, old)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    _sync_folder(path.parent)


def _fill(db: duckdb.DuckDBPyConnection, old: Path) -> None:
    """Copy every table of ``old``, in its order, into the same table of the empty warehouse ``db``."""
    quoted = str(old).replace("'", "''")
    db.execute(f"ATTACH '{quoted}' AS old (READ_ONLY)")
    tables = db.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'old' AND NOT internal ORDER BY ALL"
    ).fetchall()
    here = set(db.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse'").fetchall())
    for schema, table in tables:
        name = f'"{schema}"."{table}"'
        with transaction(db):
            if (schema, table) in here:
                db.execute(f"DELETE FROM warehouse.{name}")
                db.execute(f"INSERT INTO warehouse.{name} BY NAME FROM old.{name}")
            else:
                db.execute(f'CREATE SCHEMA IF NOT EXISTS warehouse."{schema}"')
                db.execute(f"CREATE TABLE warehouse.{name} AS FROM old.{name}")
    carry_versions(db, "old", "warehouse")
    for schema, table in tables:
        name = f'"{schema}"."{table}"'
        counts = db.execute(f"SELECT (SELECT count(*) FROM old.{name}), (SELECT count(*) FROM warehouse.{name})").fetchall()
        if counts[0][0] != counts[0][1]:
            raise WarehouseError(f"{old}: {name} was not copied whole: {counts[0]}")
    db.execute("DETACH old")


def _remove(path: Path) -> None:
    for part in (path, path.with_name(f"{path.name}.wal")):
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
