"""Checks as SQL: each file selects what is wrong, so no row is good news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.contracts import Article, Capture, Failure, Rejection, Source, required
from warehouse.migrate import sql_files
from warehouse.stage import Incomplete, run_sql, stage
from warehouse.transaction import transaction

SHOWN = 20  # rows a check may leave: a thousand copies of one fault say no more than twenty and a count


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    outlet: str | None
    severity: Literal["error", "warning"]
    detail: str


def check(db: duckdb.DuckDBPyConnection, folder: Path, run_id: str, outlets: Sequence[str], now: datetime) -> list[Finding]:
    """Run every check over the tables and the files of the run in ``folder``; what they find is stored and returned."""
    findings = [
        Finding("row_incomplete", each.outlet, "error", f"{each.rows} × {each.kind} without {each.missing}: left out, and due again")
        for each in _staged(db, folder)
    ]
    findings += [
        finding for entry in sql_files("checks") for finding in _findings(db, entry.name, entry.read_text(encoding="utf-8"), outlets, now)
    ]
    with transaction(db):
        db.execute("DELETE FROM store.checks WHERE run_id = ?", [run_id])
        for finding in findings:
            db.execute(
                "INSERT INTO store.checks (run_id, name, outlet, severity, detail, checked_at) VALUES (?, ?, ?, ?, ?, ?)",
                [run_id, finding.name, finding.outlet, finding.severity, finding.detail, now],
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


def _findings(db: duckdb.DuckDBPyConnection, file: str, sql: str, outlets: Sequence[str], now: datetime) -> list[Finding]:
    name, severity = file.removesuffix(".sql"), "error" if sql.startswith("-- error") else "warning"
    rows = run_sql(db, sql, {"now": now, "outlets": list(outlets)}).fetchmany(SHOWN + 1)
    found = [Finding(name, outlet, severity, detail) for outlet, detail in rows[:SHOWN]]  # type: ignore[arg-type]
    if len(rows) > SHOWN:
        found.append(Finding(name, None, severity, f"and more: only {SHOWN} are listed"))  # type: ignore[arg-type]
    return found
