"""Every stored reading has a number, and every reader of them knows how far it has come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

import duckdb

from warehouse.stage import run
from warehouse.transaction import transaction


def number_readings(db: duckdb.DuckDBPyConnection) -> int:
    """Number what the merges have written since. Returns the highest number; within the caller's transaction."""
    row = db.execute("SELECT EXISTS (SELECT 1 FROM store.articles WHERE reading IS NULL)").fetchone()
    if row and row[0]:
        run(db, "number_readings")
    return _passed(db, "numbering")[0]


def catch_up(db: duckdb.DuckDBPyConnection, reader: str, scheme: str, width: int, add: Callable[[int, int], None]) -> int:
    """Let ``add`` take in the readings after one number up to another, ``width`` at a time, until ``reader`` has had all of them.

    Returns how many those were; none cost a few milliseconds. Each batch is a transaction, so that what died goes on from there;
    ``add`` notes how far it came (``store.passed``). What was made by another ``scheme`` is made anew.
    """
    with transaction(db):
        newest = number_readings(db)
        after, made_by = _passed(db, reader)
        if made_by != scheme:
            run(db, f"{reader}_clear")
            after = 0
    for start in range(after, newest, width):
        with transaction(db):
            add(start, min(start + width, newest))
    return newest - after


def _passed(db: duckdb.DuckDBPyConnection, reader: str) -> tuple[int, str]:
    """The last reading that ``reader`` has dealt with, and the scheme by which it did; (0, "") before the first."""
    row = db.execute("SELECT reading, scheme FROM store.passed WHERE reader = ?", [reader]).fetchone()
    return (row[0], row[1]) if row else (0, "")


def as_rows(rows: Iterable[Mapping[str, object]]) -> str:
    """``rows`` for ``from_json``: DuckDB 1.5 takes 25 s for a parameter of 100,000 strings as a list, 0.3 s as JSON."""
    return json.dumps(list(rows), ensure_ascii=False)
