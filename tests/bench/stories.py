#!/usr/bin/env python3
"""Stories: precision and recall on copies made of real pages, and what grouping costs at any size.

    .venv/bin/python tests/bench/stories.py [--corpus DIR] [--sizes 10000 100000 1000000] [--folder DIR]

Each page of the corpus is stored once in one outlet, and a copy of it, changed in one of these ways, in another: the copies found are
the recall of that way. Pages that are no copies of each other are the negatives: all pairs of them (nearly all unrelated), and the pairs
of one topic, which share most of their words among those that are not joined. A pair joined is shown, for a person to judge: what the
corpora themselves hold twice is no mistake. Of the invented articles, a seventh of them copies: seconds, MB of memory and of disk,
and what 500 more cost.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # before this folder, whose warehouse.py is no package
from tests.bench.invented import Invention, store
from warehouse import stories
from warehouse.connect import writing
from warehouse.likeness import compare, shingles

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FOLDERS = ("fundus", "aeb", "aed", "fundus_eval", "newspaper4k")
LEAST = 600  # characters of a page that takes part
COPIED = 7  # of as many invented articles one is a copy of the one before it


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--corpus", type=Path, default=CORPUS)
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    options.add_argument("--folder", type=Path, help="where the warehouses are made (default: a temporary folder)")
    given = options.parse_args()
    console = Console(width=200)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        if given.corpus.exists():
            quality(read_pages(given.corpus), Path(folder), console)
        table = Table(
            "articles",
            "s",
            "CPU s",
            "articles/s",
            "peak MB",
            "signatures MB",
            "500 more s",
            "CPU s",
            "nothing new s",
            "copies found",
            "others joined",
        )
        for size in given.sizes:
            table.add_row(*measure(size, Path(folder)))
        console.print(table)


def read_pages(corpus: Path) -> dict[str, str]:
    """The gold texts of the corpus, each once → the host that it is from."""
    files = [*(corpus / name / "gold.jsonl" for name in FOLDERS), corpus / "languages" / "kurmanji.jsonl"]
    lines = itertools.chain.from_iterable(file.read_text(encoding="utf-8").splitlines() for file in files if file.exists())
    rows = [json.loads(line) for line in lines]
    found = {(row.get("text") or "").strip(): urlsplit(row.get("url") or "").hostname or "unknown" for row in rows}
    first = {text[:200]: text for text in found if len(text) >= LEAST}
    return {text: found[text] for text in first.values()}


class Copyist:
    """Makes copies as newsrooms do."""

    def __init__(self, pages: list[str]) -> None:
        self.rng, self.pages = random.Random(5), pages
        self.words = [word for page in pages for word in page.split()[:200]]

    def edited(self, text: str, share: float) -> str:
        """A third of ``share`` of the words dropped, a third replaced, a third added."""
        return " ".join(word for each in text.split(" ") for word in self._word(each, self.rng.random() / share))

    def _word(self, word: str, fate: float) -> list[str]:
        other = self.rng.choice(self.words)
        return [] if fate < 1 / 3 else [other] if fate < 2 / 3 else [word, other] if fate < 1 else [word]

    def shortened(self, text: str, kept: float) -> str:
        parts = paragraphs(text)
        return "\n".join(parts[: max(1, round(len(parts) * kept))])

    def thinned(self, text: str) -> str:
        return self.edited("\n".join(part for part in paragraphs(text) if self.rng.random() > 0.3) or text, 0.03)

    def with_background(self, text: str) -> str:
        return text + "\n" + "\n".join(self.rng.choice(paragraphs(self.rng.choice(self.pages))) for _ in range(2))


def paragraphs(text: str) -> list[str]:
    parts = [part for part in re.split(r"\n+", text) if part.strip()]
    if len(parts) >= 4:
        return parts
    sentences = re.split(r"(?<=[.!?。])\s+", text)
    return [" ".join(sentences[at : at + 2]) for at in range(0, len(sentences), 2)]


WAYS: dict[str, Callable[[Copyist, str], str]] = {
    "to the letter, re-headlined": lambda _, text: text,
    "capitals, quotes and dashes": lambda _, text: text.replace('"', "“").replace("'", "’").replace(" - ", " — ").upper(),
    "agency line and sign-off added": lambda _, text: f"BAGHDAD (Agency) – {text}\n\nEditing by the desk. Follow us on all channels.",
    "3 % of words edited": lambda copyist, text: copyist.edited(text, 0.03),
    "10 % of words edited": lambda copyist, text: copyist.edited(text, 0.10),
    "15 % of words edited": lambda copyist, text: copyist.edited(text, 0.15),
    "two paragraphs of background added": Copyist.with_background,
    "every third paragraph dropped, 3 % edited": Copyist.thinned,
    "last third cut": lambda copyist, text: copyist.shortened(text, 2 / 3),
    "last half cut": lambda copyist, text: copyist.shortened(text, 1 / 2),
    "last two thirds cut": lambda copyist, text: copyist.shortened(text, 1 / 3),
}


def quality(hosts: dict[str, str], folder: Path, console: Console) -> None:
    pages = list(hosts)
    anywhere = [str(place) for place in range(len(pages))]
    table = Table("copies in another outlet", "found", "wrong pairs", title=f"recall over {len(pages)} pages", title_justify="left")
    copyist = Copyist(pages)
    wrong = grouped(pages, anywhere, folder)
    found_of_all = 0
    for name, change in WAYS.items():
        joined = grouped(
            pages + [change(copyist, page) for page in pages], [*anywhere, *(f"copyist {place}" for place in anywhere)], folder
        )
        right = {pair for pair in joined if pair[1] - pair[0] == len(pages)}
        others = {(one % len(pages), other % len(pages)) for one, other in joined - right} - wrong - {(other, one) for one, other in wrong}
        found_of_all += len(right)
        table.add_row(name, f"{len(right) / len(pages):.3f}", str(len(others)))
    table.add_row("all", f"{found_of_all / len(pages) / len(WAYS):.3f}", "")
    console.print(table)
    at_home = grouped(pages, list(hosts.values()), folder)
    console.print(f"\nPairs of pages that are no copies: {len(pages) * (len(pages) - 1) // 2:,}", highlight=False)
    console.print(
        f"joined, each page in the outlet that it is from: {len(at_home)}; each in an outlet of its own: {len(wrong)}", highlight=False
    )
    for one, other in sorted(wrong):
        jaccard, contained = compare(shingles(pages[one]), shingles(pages[other]))
        mark = "*" if (one, other) in at_home else " "
        console.print(f" {mark} {jaccard:.2f}, {contained:.2f} contained: {pages[one][:50]!r} · {pages[other][:50]!r}", highlight=False)
    console.print(
        "nearest of the others, by share contained:", " ".join(f"{share:.2f}" for share in nearest(pages, wrong)), highlight=False
    )


def grouped(texts: list[str], outlets: list[str], folder: Path) -> set[tuple[int, int]]:
    """The pairs of ``texts``, by place, that came into one story."""
    path = folder / "quality.duckdb"
    with writing(path) as db:
        rows = (
            {"article_id": f"{place}", "outlet": outlet, "place": place % 1000, "title": str(place), "text": text, "language": "en"}
            for place, (text, outlet) in enumerate(zip(texts, outlets, strict=True))
        )
        store(db, rows, folder)
        stories.update(db)
        members = db.execute("SELECT list(article_id::INTEGER ORDER BY article_id::INTEGER) FROM articles GROUP BY story_id").fetchall()
    path.unlink()
    return {pair for (ids,) in members for pair in itertools.combinations(ids, 2)}


def nearest(pages: list[str], joined: set[tuple[int, int]]) -> list[float]:
    known = [shingles(page) for page in pages]
    rest = (pair for pair in itertools.combinations(range(len(pages)), 2) if pair not in joined)
    return sorted((compare(known[one], known[other])[1] for one, other in rest), reverse=True)[:10]


def with_copies(invention: Invention, start: int, end: int) -> Iterator[dict[str, Any]]:
    """Invented articles; every seventh is a copy of the one before it in another outlet, cut and with a line added."""
    before: dict[str, Any] = {}
    for row in invention.articles(start, end):
        if row["place"] % COPIED == COPIED - 1 and before:
            text = "Agency. " + " ".join(before["text"].split()[: 400 + row["place"] % 220])
            row = {**row, "text": text, "language": before["language"]}
        yield row
        before = row


def measure(size: int, folder: Path) -> list[str]:
    path, invention = folder / f"{size}.duckdb", Invention()
    with writing(path) as db:
        store(db, with_copies(invention, 0, size), folder)
    before = path.stat().st_size
    build = _timed(path)
    disk = path.stat().st_size - before
    with writing(path) as db:
        store(db, with_copies(invention, size, size + 500), folder)
    more, nothing = _timed(path), _timed(path)
    with writing(path) as db:
        rows = db.execute(
            "SELECT string_split(article_id, ':')[2]::BIGINT AS place, story_id <> article_id AS is_joined, "
            "string_split(story_id, ':')[2]::BIGINT = place - 1 AS is_right FROM articles"
        ).fetchall()
    path.unlink()
    copies = [is_right for place, _, is_right in rows if place % COPIED == COPIED - 1]
    others = sum(is_joined for place, is_joined, _ in rows if place % COPIED != COPIED - 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    costs = [
        f"{build[0]:.1f}",
        f"{build[1]:.1f}",
        f"{size / build[0]:.0f}",
        f"{peak:.0f}",
        f"{disk / 1e6:.0f}",
        f"{more[0]:.2f}",
        f"{more[1]:.2f}",
    ]
    return [f"{size:,}", *costs, f"{nothing[0]:.2f}", f"{sum(copies) / len(copies):.3f} of {len(copies):,}", str(others)]


def _timed(path: Path) -> tuple[float, float]:
    """Seconds, and seconds of the processors, from opening the file to its being closed, checkpoint included."""
    began, used = time.perf_counter(), time.process_time()
    with writing(path) as db:
        stories.update(db)
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    main()
