"""What was discovered goes into the links, and what is new or due comes out; also which sources are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse import pace
from warehouse.contracts import Link, Planned, Source, columns
from warehouse.stage import run, stage
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """``discovered`` and ``new`` count links; ``due`` are to be fetched: of each outlet first the new ones, newest first."""

    discovered: int
    new: int
    due: list[Planned]


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source that was asked before: what it said last, whether it failed, and whether its time has not come.

    No validators: it is asked for all it has.
    """

    outlet: str
    url: str
    etag: str | None
    last_modified: str | None
    is_failing: bool
    is_resting: bool


def plan(
    db: duckdb.DuckDBPyConnection,
    links: Iterable[Path],
    sources: Iterable[Path],
    outlets: Sequence[str],
    now: datetime,
    revisits: int = pace.REVISITS,
    with_news: bool = True,
) -> Plan:
    """Merge the discovered ``links`` and the ``sources`` looked at, in one transaction, and list what ``outlets`` have due.

    ``revisits``: visits of articles that are known, an outlet; ``with_news``: whether also what is no such visit.
    """
    stage(db, "staged_links", Link, links)
    stage(db, "staged_sources", Source, sources)
    with transaction(db):
        run(db, "plan_merge", {"now": now})
        run(db, "merge_sources", pace.PLAN)
    budget = {"attempts": pace.ATTEMPTS, "revisits": revisits, "probes": pace.PROBES, "with_news": with_news}
    rows = run(db, "plan_due", {"slugs": " ".join(outlets), "now": now, **budget}).fetchall()
    names = [*columns(Planned)]
    return Plan(_count(db, "found"), _count(db, "new_links"), [Planned(**dict(zip(names, row, strict=True))) for row in rows])


def known_sources(db: duckdb.DuckDBPyConnection, outlets: Sequence[str], now: datetime) -> list[KnownSource]:
    """The sources of ``outlets`` that were asked before."""
    chances = {"grace": pace.GRACE, "probe_after": pace.PROBE_AFTER, "probe_every": pace.PROBE_EVERY}
    rows = run(db, "known_sources", {"outlets": list(outlets), "now": now, **chances}).fetchall()
    return [KnownSource(*row) for row in rows]


def refusing(db: duckdb.DuckDBPyConnection, outlets: Sequence[str], now: datetime) -> set[str]:
    """Those of ``outlets`` that refuse us or asked us to wait, and are not to be asked yet, whoever wants it."""
    return {row[0] for row in run(db, "known_refusals", {"outlets": list(outlets), "now": now}).fetchall()}


def _count(db: duckdb.DuckDBPyConnection, table: str) -> int:
    row = db.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
