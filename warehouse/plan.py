"""What was discovered goes into the links, and what is new or due comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.contracts import Link, Planned, Source, columns
from warehouse.stage import run, stage
from warehouse.transaction import transaction

ATTEMPTS = 5  # tries of a page before its link rests as failed


@dataclass(frozen=True, slots=True)
class Plan:
    """``discovered`` and ``new`` count links; ``due`` are to be fetched, newest first."""

    discovered: int
    new: int
    due: list[Planned]


def plan(db: duckdb.DuckDBPyConnection, links: Iterable[Path], sources: Iterable[Path], outlets: Sequence[str], now: datetime) -> Plan:
    """Merge the discovered ``links`` and the ``sources`` looked at, in one transaction, and list what ``outlets`` have due."""
    stage(db, "staged_links", Link, links)
    stage(db, "staged_sources", Source, sources)
    with transaction(db):
        run(db, "plan_merge", {"now": now})
        run(db, "merge_sources")
    rows = run(db, "plan_due", {"outlets": list(outlets), "now": now, "attempts": ATTEMPTS}).fetchall()
    names = [*columns(Planned)]
    return Plan(_count(db, "found"), _count(db, "new_links"), [Planned(**dict(zip(names, row, strict=True))) for row in rows])


def known_sources(db: duckdb.DuckDBPyConnection, outlets: Sequence[str]) -> list[dict[str, str | None]]:
    """The validators that the sources of ``outlets`` gave last: outlet, url, etag, last_modified."""
    rows = run(db, "known_sources", {"outlets": list(outlets)}).fetchall()
    return [dict(zip(("outlet", "url", "etag", "last_modified"), row, strict=True)) for row in rows]


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
