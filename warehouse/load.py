"""What was read goes into the tables: one transaction a run, and the same files again change nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from warehouse import pace
from warehouse.contracts import Article, Capture, Failure, Learning, Profile, Rejection, Request, Source
from warehouse.stage import run, stage
from warehouse.transaction import transaction

MERGES = (
    "read_again",
    "find_links",
    "same_articles",
    "drop_forgotten",
    "merge_profiles",
    "merge_captures",
    "merge_articles",
    "merge_rejections",
    "settle_links",
    "settle_absences",
    "settle_refusals",
    "merge_requests",
    "count_run",
)


@dataclass(frozen=True, slots=True)
class OutletRow:
    """An outlet as its file declares it, for the table ``outlets`` and the checks."""

    outlet: str
    title: str
    homepage: str
    language: list[str]
    country: str | None
    timezone: str | None
    enabled: bool
    note: str | None
    newest_within: timedelta | None
    articles_per_run: int | None
    min_words: int | None
    has_own_body: bool = False


def load(db: duckdb.DuckDBPyConnection, folder: Path, run_id: str) -> tuple[int, int]:
    """Merge the files of a run's ``folder`` into the tables, all or nothing. Returns how many pages were new or changed, how many not."""
    stage(db, "staged_captures", Capture, [folder / "captures.jsonl"])
    stage(db, "staged_articles", Article, [folder / "articles.jsonl"])
    stage(db, "staged_again", Article, [folder / "articles_again.jsonl"])
    stage(db, "staged_rejections", Rejection, [folder / "rejections.jsonl"])
    stage(db, "staged_profiles", Profile, [folder / "profiles.jsonl"])
    stage(db, "staged_learnings", Learning, [folder / "learnings.jsonl"])
    stage(db, "staged_failures", Failure, [folder / "failures.jsonl"])
    stage(db, "staged_requests", Request, [folder / "requests.jsonl"])
    stage(db, "staged_sources", Source, [folder / "sources.jsonl"])
    with transaction(db):
        for statement in MERGES:
            run(db, statement, {"run_id": run_id, **pace.LOAD})
    loaded, unchanged = run(db, "loaded_by_run", {"run_id": run_id}).fetchone() or (0, 0)
    return loaded, unchanged


def known_captures(db: duckdb.DuckDBPyConnection, outlet: str) -> set[str]:
    """The ids of the captures that ``outlet`` has already."""
    return {row[0] for row in run(db, "known_captures", {"outlet": outlet}).fetchall()}


def begin_run(db: duckdb.DuckDBPyConnection, run_id: str, verb: str, outlets: Iterable[OutletRow], started_at: datetime) -> None:
    """Record that a run has begun, and what its outlets are."""
    rows = list(outlets)
    with transaction(db):
        db.execute("DELETE FROM store.outlets WHERE outlet IN (SELECT unnest(?::VARCHAR[]))", [[row.outlet for row in rows]])
        if rows:
            values = [getattr(row, name) for row in rows for name in row.__slots__]
            places = ", ".join(["(" + ", ".join(["?"] * len(rows[0].__slots__)) + ")"] * len(rows))
            db.execute(f"INSERT INTO store.outlets VALUES {places}", values)
        db.execute(
            "INSERT INTO store.runs SELECT ?, ?, ?::VARCHAR[], ?, NULL, 'running', 0, 0, 0, 0, 0, 0, 0, 0, 0 "
            "WHERE NOT EXISTS (FROM store.runs WHERE run_id = ?)",
            [run_id, verb, [row.outlet for row in rows], started_at, run_id],
        )


def count_plan(db: duckdb.DuckDBPyConnection, run_id: str, discovered: int, new: int, planned: int) -> None:
    db.execute("UPDATE store.runs SET discovered = ?, new = ?, planned = ? WHERE run_id = ?", [discovered, new, planned, run_id])


def end_run(db: duckdb.DuckDBPyConnection, run_id: str, state: str, finished_at: datetime) -> None:
    db.execute("UPDATE store.runs SET state = ?, finished_at = ? WHERE run_id = ?", [state, finished_at, run_id])
