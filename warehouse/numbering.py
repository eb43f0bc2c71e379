"""Every stored reading has a number, and every reader of them knows how far it has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import duckdb

from warehouse.stage import run


def number_readings(db: duckdb.DuckDBPyConnection) -> int:
    """Number what the merges have written since. Returns the highest number; within the caller's transaction."""
    row = db.execute("SELECT EXISTS (SELECT 1 FROM store.articles WHERE reading IS NULL)").fetchone()
    if row and row[0]:
        run(db, "number_readings")
    return passed(db, "numbering")[0]


def passed(db: duckdb.DuckDBPyConnection, reader: str) -> tuple[int, str]:
    """The last reading that ``reader`` has dealt with, and the scheme by which it did; (0, "") before the first."""
    row = db.execute("SELECT reading, scheme FROM store.passed WHERE reader = ?", [reader]).fetchone()
    return (row[0], row[1]) if row else (0, "")


def spans(after: int, until: int, width: int) -> Iterator[tuple[int, int]]:
    """The numbers behind ``after`` up to ``until``, ``width`` at a time."""
    for start in range(after, until, width):
        yield start, min(start + width, until)


def as_rows(rows: Iterable[Mapping[str, object]]) -> str:
    """``rows`` for ``from_json``: DuckDB 1.5 takes 25 s for a parameter of 100,000 strings as a list, 0.3 s as JSON."""
    return json.dumps(list(rows), ensure_ascii=False)
