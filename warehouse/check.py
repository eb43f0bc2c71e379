"""Checks as SQL: each file selects what is wrong, so no row is good news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.contracts import Article, Capture, Failure, Rejection, Source, required
from warehouse.habits import GAP, HABITS
from warehouse.migrate import sql_files
from warehouse.stage import Incomplete, run, run_sql, stage
from warehouse.transaction import transaction

SHOWN = 20  # rows a check may leave: a thousand copies of one fault say no more than twenty and a count

Severity = Literal["error", "warning"]
Known = Mapping[tuple[str, str | None], datetime]  # check and outlet → since when


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    outlet: str | None
    severity: Severity
    detail: str
    since: datetime  # when it was found first: what was found within the last ``GAP`` is not new


def check(db: duckdb.DuckDBPyConnection, folder: Path, run_id: str, outlets: Sequence[str], now: datetime) -> list[Finding]:
    """Run every check over the tables and the files of the run in ``folder``; what they find is stored and returned."""
    incomplete = _staged(db, folder)
    told = {"now": now, "outlets": list(outlets), **HABITS}
    run(db, "learn_habits", told)
    known = _standing(db, now)
    findings = [_left_out(each, known, now) for each in incomplete]
    findings += [
        finding
        for entry in sql_files("checks")
        for finding in _findings(db, entry.name, entry.read_text(encoding="utf-8"), told, known, now)
    ]
    with transaction(db):
        db.execute("DELETE FROM store.checks WHERE run_id = ?", [run_id])
        for finding in findings:
            db.execute(
                "INSERT INTO store.checks (run_id, name, outlet, severity, detail, checked_at, since) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [run_id, finding.name, finding.outlet, finding.severity, finding.detail, now, finding.since],
            )
    return findings


def _staged(db: duckdb.DuckDBPyConnection, folder: Path) -> list[Incomplete]:
    """Stage what checks look at. Returns what any of the run's files says too little of."""
    return [
        *stage(db, "staged_sources", Source, [folder / "sources.jsonl"]),
        *stage(db, "staged_captures", Capture, [folder / "captures.jsonl"]),
        *stage(db, "staged_failures", Failure, [folder / "failures.jsonl"]),
        *stage(db, "staged_readings", Article, [folder / "articles.jsonl", folder / "articles_again.jsonl"], required(Article)),
        *stage(db, "staged_refused", Rejection, [folder / "rejections.jsonl"], required(Rejection)),
    ]


def _left_out(rows: Incomplete, known: Known, now: datetime) -> Finding:
    detail = f"{rows.rows} × {rows.kind} without {rows.missing}: left out, and due again"
    return Finding("row_incomplete", rows.outlet, "error", detail, known.get(("row_incomplete", rows.outlet), now))


def _standing(db: duckdb.DuckDBPyConnection, now: datetime) -> Known:
    """The alarms that stand, and since when."""
    rows = run(db, "standing_alarms", {"now": now, "gap": GAP}).fetchall()
    return {(name, outlet): since for name, outlet, since in rows}


def _findings(db: duckdb.DuckDBPyConnection, file: str, sql: str, told: Mapping[str, object], known: Known, now: datetime) -> list[Finding]:
    name = file.removesuffix(".sql")
    severity: Severity = "error" if sql.startswith("-- error") else "warning"
    rows = run_sql(db, sql, told).fetchmany(SHOWN + 1)
    found = [Finding(name, outlet, severity, detail, known.get((name, outlet), now)) for outlet, detail in rows[:SHOWN]]
    if len(rows) > SHOWN:
        found.append(Finding(name, None, severity, f"and more: only {SHOWN} are listed", known.get((name, None), now)))
    return found
