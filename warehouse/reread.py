"""Stored captures read anew: which they are, how today's readings differ from the stored ones, and their exchange."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.contracts import Article, Capture, Rejection, write_rows
from warehouse.stage import run, stage

EXAMPLES = 3  # of an outlet
MOST_REJECTIONS = 1000  # of an outlet that are named; all are counted
BATCH = 10_000  # rows
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    """An article before and after: headline and text."""

    article_id: str
    gained: int  # words
    lost: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A stored article that today's code would not take for one."""

    article_id: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An outlet's stored articles beside today's readings of the same captures."""

    outlet: str
    read: int
    changed: int
    words_gained: int
    words_lost: int
    titles: int
    dates: int
    rejected: int
    examples: tuple[Example, ...]
    refused: tuple[Refused, ...]


def write_captures(db: duckdb.DuckDBPyConnection, outlet: str, since: datetime | None, path: Path) -> int:
    """Write into ``path`` the captures of the newest revisions of ``outlet``'s articles, those fetched since then. Returns their number."""
    answer = run(db, "captures_to_reread", {"outlet": outlet, "since": since or LONG_AGO})
    return write_rows(path, _captures(answer))


def compare(db: duckdb.DuckDBPyConnection, outlet: str, articles: Path, rejections: Path) -> Comparison:
    """Set the readings in the two files beside the stored ones; ``replace`` may follow."""
    stage(db, "staged_articles", Article, [articles])
    stage(db, "staged_rejections", Rejection, [rejections])
    (counts,) = run(db, "compare_readings").fetchall()
    examples = tuple(Example(*row) for row in run(db, "reread_examples", {"examples": EXAMPLES}).fetchall())
    refused = tuple(Refused(*row) for row in run(db, "reread_rejections", {"most": MOST_REJECTIONS}).fetchall())
    read, changed, gained, lost, titles, dates, rejected = counts
    return Comparison(outlet, read, changed, gained, lost, titles, dates, rejected, examples, refused)


def replace(db: duckdb.DuckDBPyConnection) -> None:
    """Put the readings that ``compare`` looked at in the place of the stored ones; within the caller's transaction."""
    run(db, "replace_readings")


def count(db: duckdb.DuckDBPyConnection, run_id: str, comparisons: list[Comparison]) -> None:
    """Note in the run's row what the reading anew came to."""
    changed, read = sum(each.changed for each in comparisons), sum(each.read for each in comparisons)
    rejected = sum(each.rejected for each in comparisons)
    run(db, "count_reread", {"run_id": run_id, "loaded": changed, "unchanged": read - changed, "rejected": rejected})


def _captures(answer: duckdb.DuckDBPyConnection) -> Iterator[Capture]:
    names = [column[0] for column in answer.description]
    while rows := answer.fetchmany(BATCH):
        for row in rows:
            yield Capture(**dict(zip(names, row, strict=True)))
