"""Opening the warehouse: one writer, for as short as can be; and the published file, for anyone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.errors import NothingPublished, PublishedOlder, WarehouseBusy, WarehouseError, WarehouseFull, WarehouseUnreadable
from warehouse.migrate import is_current, migrate

# Read and written by DuckDB 1.5 and 2.x alike, and 2.5 times smaller on article text than 1.5's default (design: warehouse facts).
STORAGE_VERSION = "v1.5.0"

# DuckDB asks for pandas at each value that it binds, and Python forgets that there is none: 55 ms for a list of 500 outlets, instead of 4.
if find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse at ``path``, made or migrated if need be; checkpointed and closed at the end.

    Raises ``WarehouseBusy``, ``WarehouseNewer``, ``WarehouseEdited``, ``WarehouseFull``, ``WarehouseUnreadable``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect()
    try:
        db.execute(f"ATTACH {_quoted(path)} AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')")
        spill_beside(db, path)
        db.execute("USE warehouse")
        db.execute("SET TimeZone = 'UTC'")
        migrate(db, path)
        yield db
        db.execute("CHECKPOINT warehouse")
    except duckdb.Error as error:
        raise explained(error, path) from error
    finally:
        db.close()


def spill_beside(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """What memory cannot hold goes beside the warehouse at ``path``, which nobody else uses by now; else into the current folder."""
    folder = path.with_name(f".{path.name}.spill")
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    db.execute(f"SET temp_directory = {_quoted(folder)}")


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file at ``path``, read only; other people's SQL cannot reach other files through it.

    Raises ``NothingPublished``, ``WarehouseUnreadable``.
    """
    if not path.exists():
        raise NothingPublished(path)
    try:
        db = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        raise explained(error, path) from error
    try:
        db.execute("SET TimeZone = 'UTC'")
        db.execute("SET enable_external_access = false")
        db.execute("SET lock_configuration = true")
        yield db
    finally:
        db.close()


@contextmanager
def looking(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file at ``path`` for our own statements: read only, with temporary tables and the files that these are made of.

    Raises ``NothingPublished``, ``PublishedOlder``, ``WarehouseUnreadable``.
    """
    if not path.exists():
        raise NothingPublished(path)
    db = duckdb.connect()
    try:
        db.execute(f"ATTACH {_quoted(path)} AS warehouse (READ_ONLY)")
        db.execute("USE warehouse")
        db.execute("SET TimeZone = 'UTC'")
        if not is_current(db):
            raise PublishedOlder(path)
        yield db
    except duckdb.Error as error:
        raise explained(error, path) from error
    finally:
        db.close()


def explained(error: duckdb.Error, path: Path) -> WarehouseError | duckdb.Error:
    """``error`` as one that says who acts; itself where it is a fault of our SQL."""
    text = str(error)
    if "Could not set lock" in text or "Conflicting lock" in text:
        return WarehouseBusy(path, _first_line(text))
    if any(
        mark in text
        for mark in ("No space left", "Disk quota", "File too large", "failed to write", "Could not write", "Read-only file system")
    ):
        return WarehouseFull(path, _first_line(text))
    is_damage = "Corrupt database file" in text  # DuckDB 2.0 gives it no class of its own
    if is_damage or isinstance(error, (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)):
        return WarehouseUnreadable(path, _first_line(text))
    return error


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else "no reason given"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
