"""Articles handed on: Parquet as Hugging Face lays it out, JSON lines, and CSV that a spreadsheet may open. Whole, or not there at all."""

from __future__ import annotations

import gzip
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

import duckdb

from warehouse.connect import looking
from warehouse.errors import InTheWay, WarehouseFull
from warehouse.spreadsheet import BIDI, FORMULA
from warehouse.stage import run

Format = Literal["parquet", "jsonl", "csv"]

WORDING = ("text", "summary")  # the outlet's own words beyond the headline: what --no-text leaves out
MARK = "<!-- made by `newsmill export`; the next export to this folder replaces all of it -->"
_OPTIONS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd, PARTITION_BY (outlet, month), WRITE_PARTITION_COLUMNS true, ROW_GROUP_SIZE 20000",
    "jsonl": "FORMAT json",
    "csv": "FORMAT csv, HEADER, FORCE_QUOTE *",
}


@dataclass(frozen=True, slots=True)
class Selection:
    """What is handed on: articles of ``outlets`` (none: all) that were published, or else first seen, at ``since`` or later."""

    outlets: Sequence[str] = ()
    since: datetime | None = None
    is_text_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    path: Path
    articles: int
    bytes: int
    files: int


def export(published: Path, path: Path, form: Format, selection: Selection = Selection()) -> Exported:
    """Write the articles of the published file into ``path``: a folder for Parquet, else a file (packed, if it ends in ``.gz``).

    An earlier export at ``path`` is replaced in one step; what is not ours is not. Raises ``InTheWay``, ``NothingPublished``,
    ``PublishedOlder``, ``WarehouseFull``.
    """
    path = path.absolute()
    with looking(published) as db:
        _select(db, selection)
        names = _columns(db, form)
        _require_ours(path, form, names)
        with _replacing(path) as fresh:
            # what sorting cannot hold in memory goes where there must be room anyway, not into the current folder
            db.execute(f"SET temp_directory = {_quoted(_spill(fresh))}")
            if form == "parquet":
                fresh.mkdir()
                _copy(db, names, fresh / "data", form, "")
                (fresh / "README.md").write_text(_card(db, selection), encoding="utf-8")
            else:
                _copy(db, names, fresh, form, ", COMPRESSION gzip" if path.suffix == ".gz" else "")
            written = [fresh] if fresh.is_file() else [part for part in fresh.rglob("*") if part.is_file()]
            for part in written:
                with part.open("rb") as file:
                    os.fsync(file.fileno())
            size = sum(part.stat().st_size for part in written)
        return Exported(path, _count(db), size, len(written))


def _select(db: duckdb.DuckDBPyConnection, selection: Selection) -> None:
    """The temporary view ``selected``: articles with the digest of their text, so that whoever gets no text can check what he fetches."""
    run(db, "select_articles", {"outlets": list(selection.outlets), "since": selection.since})
    less = f" EXCLUDE ({', '.join(WORDING)})" if selection.is_text_left_out else ""
    db.execute(f"CREATE OR REPLACE TEMP VIEW exported AS SELECT *{less} FROM selected")


def _columns(db: duckdb.DuckDBPyConnection, form: Format) -> dict[str, str]:
    """Name → expression of each column that ``form`` holds."""
    kinds = {row[0]: row[1] for row in db.execute("DESCRIBE exported").fetchall()}
    if form == "parquet":
        return {name: f'"{name}"' for name in kinds}
    shown = _as_json if form == "jsonl" else _as_cell
    return {name: shown(name, kind) for name, kind in kinds.items() if name != "month"}


def _as_json(name: str, kind: str) -> str:
    return f"strftime(\"{name}\", '%Y-%m-%dT%H:%M:%SZ')" if kind.startswith("TIMESTAMP") else f'"{name}"'


def _as_cell(name: str, kind: str) -> str:
    """A list is joined; text is made safe for a spreadsheet, the rest of the columns cannot hurt."""
    if kind.startswith("TIMESTAMP"):
        return _as_json(name, kind)
    if not kind.startswith("VARCHAR"):
        return f'"{name}"'
    text = f"array_to_string(\"{name}\", '; ')" if kind.endswith("[]") else f'"{name}"'
    plain = f"regexp_replace({text}, '{BIDI}', '', 'g')"
    return f"CASE WHEN regexp_matches({plain}, '{FORMULA}') THEN '''' || {plain} ELSE {plain} END"


def _copy(db: duckdb.DuckDBPyConnection, names: dict[str, str], path: Path, form: Format, packing: str) -> None:
    columns = ", ".join(f'{expression} AS "{name}"' for name, expression in names.items())
    db.execute(f"COPY (SELECT {columns} FROM exported) TO {_quoted(path)} ({_OPTIONS[form]}{packing})")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _spill(fresh: Path) -> Path:
    return fresh.with_name(f"{fresh.name}.tmp")


def _count(db: duckdb.DuckDBPyConnection) -> int:
    row = db.execute("SELECT count(*) FROM exported").fetchone()
    return int(row[0]) if row else 0


def _card(db: duckdb.DuckDBPyConnection, selection: Selection) -> str:
    """The dataset card: what Hugging Face's `datasets` reads to find the files, and what a person reads to know what they are."""
    count, outlets, languages, first, last = run(db, "describe_selection").fetchall()[0]
    text = files("warehouse").joinpath("dataset_card.md").read_text(encoding="utf-8")
    facts = {
        "MARK": MARK,
        "LANGUAGES": json.dumps(languages),
        "ARTICLES": f"{count:,}",
        "OUTLETS": ", ".join(outlets) or "none",
        "FIRST": str(first or "?"),
        "LAST": str(last or "?"),
        "SIZE": _size_category(count),
        "WITHOUT": " The texts and summaries are left out; `text_sha256` tells whether a text fetched anew is the same."
        if selection.is_text_left_out
        else "",
        "COLUMNS": "\n".join(f"| `{name}` | {kind} | {about or ''} |" for name, kind, about in _described(db)),
    }
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _described(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    about = {name: comment for name, _, comment in run(db, "list_columns", {"table": "articles"}).fetchall()}
    about |= {
        "text_sha256": "SHA-256 of the text, UTF-8, hexadecimal.",
        "month": "Of publication, or of first sight (UTC).",
    }
    kinds = db.execute("DESCRIBE exported").fetchall()
    return [(row[0], row[1].replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"), about.get(row[0], "")) for row in kinds]


def _size_category(count: int) -> str:
    """As the card's vocabulary has it: n<1K, 1K<n<10K, …"""
    steps = [(1_000, "1K"), (10_000, "10K"), (100_000, "100K"), (1_000_000, "1M"), (10_000_000, "10M"), (100_000_000, "100M")]
    below = next((place for place, (most, _) in enumerate(steps) if count < most), len(steps) - 1)
    return "n<1K" if below == 0 else f"{steps[below - 1][1]}<n<{steps[below][1]}"


def _require_ours(path: Path, form: Format, names: dict[str, str]) -> None:
    """Raises ``InTheWay`` unless ``path`` is free, or what an earlier export left."""
    if not path.exists() and not path.is_symlink():
        if not path.parent.is_dir():
            raise InTheWay(path, "its folder does not exist")
        return
    if form == "parquet":
        if not path.is_dir() or path.is_symlink():
            raise InTheWay(path, "it is no folder, and Parquet is written as one")
        if any(path.iterdir()) and not _is_our_folder(path):
            raise InTheWay(path, "the folder holds other files")
    elif not path.is_file() or path.is_symlink():
        raise InTheWay(path, f"it is no plain file, and {form} is written as one")
    elif path.stat().st_size and not _is_our_file(path, form):
        raise InTheWay(path, "it does not look like an earlier export")


def _is_our_folder(path: Path) -> bool:
    card = path / "README.md"
    return (
        {entry.name for entry in path.iterdir()} <= {"README.md", "data"} and card.is_file() and MARK in card.read_text("utf-8", "replace")
    )


def _is_our_file(path: Path, form: Format) -> bool:
    """By its first line: every export has these columns, whatever is left out."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            first = file.readline(1 << 20).decode("utf-8", "replace")
    except OSError:
        return False
    if form == "csv":
        return first.startswith('"article_id","outlet","url"') or first.startswith("article_id,outlet,url")
    return first.startswith('{"article_id":')


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A name beside ``path`` for what will stand there when the context ends well; otherwise nothing of it stays."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield fresh
        if path.is_dir():
            old = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            path.rename(old)  # a folder cannot be renamed over one that holds files
            fresh.rename(path)
            shutil.rmtree(old)
        else:
            fresh.replace(path)
    except OSError as error:
        raise WarehouseFull(path, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(fresh) if fresh.is_dir() else fresh.unlink(missing_ok=True)
        shutil.rmtree(_spill(fresh), ignore_errors=True)
