#!/usr/bin/env python3
"""newsmill's reading beside bare trafilatura, on the same pages in the same run.

    python tests/bench/reading_baseline.py --corpus DIR [DIR …] [--score FILE] [--limit N]

A corpus is a folder with ``gold.jsonl`` and ``pages/``. Every engine reads every page in turn, in one process, so that a busy machine
slows them alike; time is that of the processor. Texts, titles and dates are judged by the scoring script, called as it is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

import trafilatura  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from spiders.outlet import Outlet  # noqa: E402
from spiders.reading import Page, read  # noqa: E402
from warehouse.contracts import Article, Capture  # noqa: E402

SCORE = PROJECT / ".." / "shared" / "bench" / "score.py"
COLUMNS = ("scored", "missing", "precision", "recall", "f1", "with", "without", "title", "date")

Row = dict[str, Any]
Engine = Callable[[bytes, Row], Row | None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pages with what is known of them."""

    folder: Path
    limit: int | None

    def pages(self) -> Iterator[tuple[Row, bytes]]:
        lines = (self.folder / "gold.jsonl").read_text(encoding="utf-8").split("\n")
        rows = [row for row in (json.loads(line) for line in lines if line) if row.get("url")]
        for row in rows[: self.limit]:
            yield row, (self.folder / row["file"]).read_bytes()


def newsmill(body: bytes, row: Row) -> Row | None:
    crawled = datetime.fromisoformat(row["crawl_date"]) if row.get("crawl_date") else datetime.now(UTC)
    at = crawled if crawled.tzinfo else crawled.replace(tzinfo=UTC)
    capture = Capture("c", "bench", row["url"], row["url"], "bench:1", at, 200, "text/html", "", 0, 0, "")
    reading = read(Page(capture, body), Outlet(slug="bench", title="Bench", homepage="https://bench.invalid/"))
    if not isinstance(reading, Article):
        return None
    return {"text": reading.text, "title": reading.title, "published_at": str(reading.published_at or ""), "authors": reading.authors}


def bare(body: bytes, row: Row, **options: Any) -> Row | None:
    document = trafilatura.bare_extraction(body, url=row["url"], include_comments=False, **options)
    if document is None:
        return None
    authors = (document.author or "").split("; ")
    return {"text": document.text or "", "title": document.title or "", "published_at": document.date or "", "authors": authors}


ENGINES: dict[str, Engine] = {
    "newsmill": newsmill,
    "trafilatura": bare,
    "trafilatura, with metadata": partial(bare, with_metadata=True),
    "trafilatura, precision": partial(bare, favor_precision=True),
    "trafilatura, fast": partial(bare, fast=True),
}


def run(corpus: Corpus, into: Path) -> dict[str, float]:
    """Read every page with every engine. Leaves a file of rows for each; returns pages a second of processor time."""
    seconds: defaultdict[str, float] = defaultdict(float)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    count = 0
    for gold, body in corpus.pages():
        count += 1
        for name, engine in ENGINES.items():
            start = time.process_time()
            found = engine(body, gold)
            seconds[name] += time.process_time() - start
            if found is not None:
                rows[name].append({"url": gold["url"], **found})
    for name in ENGINES:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows[name])
        (into / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return {name: count / spent for name, spent in seconds.items()}


def score(script: Path, corpus: Path, articles: Path) -> Row:
    command = [sys.executable, str(script), "--corpus", str(corpus), "--articles", str(articles), "--json"]
    told: Row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def table(corpus: Path, scores: dict[str, Row], speeds: dict[str, float]) -> Table:
    shown = Table(title=f"{corpus.name}", title_justify="left")
    shown.add_column("engine")
    for column in (*COLUMNS, "pages/s/core"):
        shown.add_column(column, justify="right")
    for name, told in scores.items():
        cells = ["" if told.get(column) is None else str(told[column]) for column in COLUMNS]
        shown.add_row(name, *cells, f"{speeds[name]:.1f}")
    return shown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--score", type=Path, default=SCORE)
    parser.add_argument("--limit", type=int, help="so many pages of each corpus; the scores of the rest are then those of missing pages")
    args = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 160)
    for folder in args.corpus:
        with tempfile.TemporaryDirectory() as into:
            speeds = run(Corpus(folder, args.limit), Path(into))
            scores = {name: score(args.score, folder, Path(into) / f"{name}.jsonl") for name in ENGINES}
        console.print(table(folder, scores, speeds))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
