"""What is taken down: found by URL or outlet, deleted from every table, and remembered as not to be fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.contracts import Capture, Row, read_rows, write_rows
from warehouse.stage import run, stage

# A changed article or capture is another row: what names one of these goes with it, in whatever table of ours it stands.
_KEYS = ("article_id", "capture_id")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL in one spelling, with the outlet whose it may be and the article that it would be there; or an outlet alone."""

    outlet: str | None = None
    url: str | None = None
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Forgotten(Row):
    """A URL that is not to be fetched, ever: a line of ``captures/forgotten.jsonl``, which outlives every table."""

    outlet: str
    url: str
    article_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """How much a takedown is about; ``copies`` are URLs of other articles with the very same text."""

    articles: int
    revisions: int
    captures: int
    links: int
    outlets: tuple[str, ...]
    copies: tuple[str, ...]


def find(db: duckdb.DuckDBPyConnection, targets: Sequence[Target]) -> Found:
    """Lay out what ``targets`` mean, for ``is_gone`` and ``delete``."""
    run(db, "forget_find", {"targets": json.dumps([asdict(each) for each in targets])})
    articles, revisions, captures, links, outlets, copies = run(db, "forget_count").fetchall()[0]
    return Found(articles, revisions, captures, links, tuple(outlets), tuple(copies))


def is_gone(db: duckdb.DuckDBPyConnection, targets: Sequence[Target]) -> Callable[[Capture], bool]:
    """Whether a capture that a WARC file holds goes: by what was found, also where no table knows it."""
    whole = {each.outlet for each in targets if each.url is None}
    articles = {key for (key,) in db.execute("SELECT article_id FROM gone_articles").fetchall()}
    ids = {key for (key,) in db.execute("SELECT capture_id FROM gone_captures").fetchall()}
    urls = {each.url for each in targets if each.url} | {url for (url,) in db.execute("SELECT url FROM gone_links").fetchall()}

    def decide(capture: Capture) -> bool:
        named = capture.capture_id in ids or capture.article_id in articles
        return named or capture.outlet in whole or capture.url in urls or capture.final_url in urls

    return decide


def kept_in(db: duckdb.DuckDBPyConnection, file: str) -> dict[int, tuple[str, int]]:
    """Offset → id and length of the captures of a WARC file that stay."""
    rows = run(db, "captures_of_file", {"file": file}).fetchall()
    return {offset: (capture_id, length) for offset, capture_id, length in rows}


def move(db: duckdb.DuckDBPyConnection, file: str, offsets: Mapping[str, int]) -> None:
    """Note where the captures of a file that was written anew lie now; within the caller's transaction."""
    run(db, "move_captures", {"file": file, "offsets": json.dumps(offsets)})


def delete(db: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Delete what was found, and remember its URLs; within the caller's transaction."""
    run(db, "forget_rows", {"now": now})
    for table, keys in _keyed_tables(db).items():
        conditions = " OR ".join(f"{key} IN (SELECT {key} FROM gone_{key.removesuffix('_id')}s)" for key in keys)
        db.execute(f'DELETE FROM store."{table}" WHERE {conditions}')


def forgotten(db: duckdb.DuckDBPyConnection, outlets: Sequence[str] | None = None) -> list[Forgotten]:
    """The URLs of ``outlets`` (None: all) that are not to be fetched."""
    rows = run(db, "forgotten_links", {"outlets": None if outlets is None else list(outlets)}).fetchall()
    return [Forgotten(*row) for row in rows]


def write_forgotten(db: duckdb.DuckDBPyConnection, captures: Path) -> None:
    """Keep the URLs that are not to be fetched beside the captures, from which all else is rebuilt."""
    write_rows(forgotten_file(captures), forgotten(db))


def forget_again(db: duckdb.DuckDBPyConnection, rows: Iterable[Forgotten], scratch: Path, now: datetime) -> None:
    """Remember ``rows`` in a warehouse that does not know them; within the caller's transaction."""
    write_rows(scratch, rows)
    stage(db, "staged_forgotten", Forgotten, [scratch])
    run(db, "forget_again", {"now": now})
    scratch.unlink()


def forgotten_file(captures: Path) -> Path:
    return captures / "forgotten.jsonl"


def read_forgotten(captures: Path) -> list[Forgotten]:
    return list(read_rows(Forgotten, forgotten_file(captures)))


def _keyed_tables(db: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    columns = db.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'store' "
        "AND list_contains($keys, column_name) AND table_name <> 'links' ORDER BY ALL",
        {"keys": list(_KEYS)},
    )
    for table, column in columns.fetchall():
        found.setdefault(table, []).append(column)
    return found
