"""The consumers' file: whole, closed, replaced in one step, and made by what changed since it was last published."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.catch_up import NoCommonPast, attached, catch_up, quoted, tables
from warehouse.connect import explained, writing
from warehouse.errors import WarehouseFull
from warehouse.migrate import schema_version
from warehouse.replicas import Replicas
from warehouse.stage import run

KEPT = 100  # publications that are remembered; a copy that is older is made anew
BLOAT = 2.0  # times the warehouse's size at which a copy is made anew: what is deleted leaves holes
BLOAT_FLOOR = 64 * 1024 * 1024  # bytes below which holes do not matter


@dataclass(frozen=True, slots=True)
class Published:
    """``rows`` were written, of all tables; None: the warehouse was copied whole."""

    rows: int | None


def publish(warehouse: Path, published: Path, now: datetime | None = None, is_whole: bool = False) -> Published:
    """Put the state of ``warehouse`` in the place of ``published``; no one may be writing it. ``is_whole`` makes all anew: after rows were
    deleted that must be gone from the disk.

    Readers of the old file keep it for as long as they hold it open, and are not waited for. A process that dies in here has published
    or has not. Raises ``WarehouseBusy``, ``WarehouseFull``, ``WarehouseUnreadable`` and what ``writing`` raises.
    """
    with writing(warehouse) as db:
        facts = {"token": secrets.token_hex(8), "schema_version": schema_version(), "now": now or datetime.now(UTC), "kept": KEPT}
        run(db, "record_publication", facts)
    try:
        replicas = Replicas(published)
        replicas.sweep()
        made = None if is_whole else _brought_forward(warehouse, replicas)
        copy, rows = made or (replicas.copy(warehouse), None)
        replicas.swap_in(copy)
        replicas.sweep(is_whole)
        return Published(rows)
    except OSError as error:
        raise WarehouseFull(published, error.strerror or str(error)) from error


def _brought_forward(warehouse: Path, replicas: Replicas) -> tuple[Path, int] | None:
    """A free copy at the state of ``warehouse``, and the rows that it took; nothing, if there is none that can be."""
    for copy in replicas.free():
        if copy.stat().st_size > BLOAT_FLOOR + BLOAT * warehouse.stat().st_size:
            replicas.remove(copy)
            continue
        try:
            with attached(warehouse, copy) as db:
                rows = catch_up(db)
            return copy, rows
        except NoCommonPast:
            replicas.remove(copy)
        except duckdb.Error as error:
            reason = explained(error, copy)
            if isinstance(reason, WarehouseFull):
                raise reason from error
            read_through(warehouse)  # one of the two files is damaged: a damaged warehouse is not published
            replicas.remove(copy)
    return None


def read_through(warehouse: Path) -> None:
    """Read every value of the closed ``warehouse``: checksums tell of damage in what is read, no sooner. Raises ``WarehouseUnreadable``."""
    db = duckdb.connect()
    try:
        db.execute(f"ATTACH {quoted(warehouse)} AS warehouse (READ_ONLY)")
        for name, _ in tables(db):
            db.execute(f"SELECT bit_xor(hash(COLUMNS(*))) FROM warehouse.{name}").fetchall()
    except duckdb.Error as error:
        raise explained(error, warehouse) from error
    finally:
        db.close()
