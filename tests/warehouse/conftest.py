from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from warehouse.connect import writing
from warehouse.contracts import Article, Capture, DateCandidate, Failure, Link, Rejection, RemovedBlock, Row, Source, write_rows
from warehouse.load import begin_run, load
from warehouse.plan import Plan, plan

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing(tmp_path / "warehouse.duckdb") as connection:
        yield connection


def link(url: str, article_id: str | None = None, **facts: Any) -> Link:
    return Link("demo", url, article_id or f"demo:{url}", "feed", "http://demo/feed", facts.pop("discovered_at", NOON), **facts)


def capture(url: str, at: datetime = NOON, **facts: Any) -> Capture:
    name = f"{url}@{at.isoformat()}"
    return Capture(
        name,
        "demo",
        url,
        url,
        facts.pop("article_id", f"demo:{url}"),
        at,
        200,
        "text/html",
        "demo/x.warc.gz",
        0,
        10,
        facts.pop("sha256", name),
        **facts,
    )


def article(url: str, text: str = "One two three.", at: datetime = NOON, **facts: Any) -> Article:
    cut = (RemovedBlock(0, "Donate now", "generic", "test"),)
    evidence = (DateCandidate("meta", "2026-11-01", NOON, "day", True),)
    values: dict[str, Any] = {"title": "A title", "removed_blocks": cut, "date_evidence": evidence, "extractor": "test", **facts}
    return Article(
        values.pop("article_id", f"demo:{url}"),
        "demo",
        url,
        f"{url}@{at.isoformat()}",
        at,
        text=text,
        word_count=len(text.split()),
        **values,
    )


def rejection(url: str, reason: str = "too short", at: datetime = NOON) -> Rejection:
    return Rejection(f"demo:{url}", "demo", url, f"{url}@{at.isoformat()}", at, reason)


def failure(url: str, at: datetime = NOON, retry: timedelta | None = None) -> Failure:
    return Failure("demo", url, "failed", "http 500" if retry else "http 404", at, retry_at=at + retry if retry else None)


class Mill:
    """Runs rows through plan and load, as a run's files would bring them."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.db, self.folder, self.runs = db, folder, 0

    def plan(self, *rows: Link | Source, now: datetime = NOON, revisits: int = 0) -> Plan:
        write_rows(self.folder / "links.jsonl", [row for row in rows if isinstance(row, Link)])
        write_rows(self.folder / "sources.jsonl", [row for row in rows if isinstance(row, Source)])
        return plan(self.db, [self.folder / "links.jsonl"], [self.folder / "sources.jsonl"], ["demo"], now, revisits)

    def load(self, *rows: Row) -> Path:
        self.runs += 1
        run_id = f"run{self.runs}"
        folder = self.folder / run_id
        folder.mkdir()
        files = {Article: "articles", Rejection: "rejections", Failure: "failures", Capture: "captures", Source: "sources"}
        given = {row.capture_id for row in rows if isinstance(row, Capture)}
        taken = [capture(row.url, row.captured_at) for row in rows if isinstance(row, Article | Rejection) and row.capture_id not in given]
        for kind, name in files.items():
            write_rows(folder / f"{name}.jsonl", [row for row in [*rows, *taken] if type(row) is kind])
        begin_run(self.db, run_id, "ingest", [], NOON)
        load(self.db, folder, run_id)
        return folder

    def ask(self, sql: str) -> list[Any]:
        return self.db.execute(sql).fetchall()

    def tables(self) -> dict[str, list[Any]]:
        names = [
            name for (name,) in self.ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' AND table_name <> 'runs'")
        ]
        return {name: self.ask(f"SELECT COLUMNS(c -> c <> 'row_version') FROM store.{name} ORDER BY ALL") for name in names}


@pytest.fixture
def mill(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> Mill:
    return Mill(db, tmp_path)
