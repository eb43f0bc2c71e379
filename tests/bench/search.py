#!/usr/bin/env python3
"""Search: what it finds of labelled queries in four languages, and what building, upkeep and queries cost at any size.

    .venv/bin/python tests/bench/search.py [--sizes 10000 100000 1000000] [--folder DIR]

The labelled words, documents and queries stand in ``search.toml``: pairs of forms joined by the stemmers (and by Snowball alone, where
that is not ours), recall, and precision at the number of answers. Of the invented articles (``invented.py``, 4 KB each): seconds to
build, MB on disk beside the articles', peak MB of memory, seconds for 500 more, median and 95th percentile of queries.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import duckdb
import Stemmer
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # before this folder, whose warehouse.py is no package
from tests.bench.invented import Invention, store
from warehouse import search
from warehouse.connect import reading, writing
from warehouse.stems import stem

LABELLED = tomllib.loads((Path(__file__).parent / "search.toml").read_text(encoding="utf-8"))
SNOWBALL = {"ar": "arabic", "tr": "turkish", "ru": "russian", "en": "english"}
ASKED = 40  # queries of each kind


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000])
    options.add_argument("--folder", type=Path, help="where the warehouses are made (default: a temporary folder)")
    given = options.parse_args()
    console = Console(width=200)
    console.print(quality())
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        table = Table(
            "articles", "build s", "CPU s", "index MB", "articles MB", "peak MB", "500 more s", "CPU s", "nothing new s", *KINDS, "filtered"
        )
        for size in given.sizes:
            table.add_row(*measure(size, Path(folder)))
        console.print(table)


def quality() -> Table:
    table = Table("language", "forms joined", "Snowball alone", "other words joined", "queries", "recall", "precision")
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "w.duckdb") as db:
        rows = (
            {"article_id": f"{language}:{place}", "outlet": "demo", "place": place, "title": title, "text": text, "language": language}
            for language, part in LABELLED.items()
            for place, (title, text) in enumerate(part.get("documents", []))
        )
        store(db, rows, Path(folder))
        search.update(db)
        for language, part in LABELLED.items():
            families = [_words(db, line, language) for line in part["families"]]
            ours = [[stem(word, language) for word in family] for family in families]
            plain = Stemmer.Stemmer(SNOWBALL[language]) if language in SNOWBALL else None
            theirs = _joined([plain.stemWords(family) for family in families]) if plain else "–"
            wrong = sum(one == other for first, second in itertools.combinations(ours, 2) for one in first for other in second)
            table.add_row(language, _joined(ours), theirs, str(wrong), *_answers(db, language, part.get("queries", [])))
    return table


def _words(db: duckdb.DuckDBPyConnection, line: str, language: str) -> list[str]:
    rows = db.execute("SELECT store.search_words_of($line, $language)", {"line": line, "language": language}).fetchall()
    return [word for word in rows[0][0] if len(word) > 2]


def _joined(families: list[list[str]]) -> str:
    pairs = [one == other for family in families for one, other in itertools.combinations(family, 2)]
    return f"{sum(pairs)} of {len(pairs)}"


def _answers(db: duckdb.DuckDBPyConnection, language: str, queries: list[tuple[str, list[int]]]) -> list[str]:
    found = first = wanted = 0
    for query, answers in queries:
        ids = [row[0] for row in db.execute("SELECT article_id FROM search($query)", {"query": query}).fetchall()]
        right = {f"{language}:{place}" for place in answers}
        found, first, wanted = found + len(right & set(ids)), first + len(right & set(ids[: len(right)])), wanted + len(right)
    return [str(len(queries)), f"{found / wanted:.2f}", f"{first / wanted:.2f}"] if wanted else ["0", "–", "–"]


def measure(size: int, folder: Path) -> list[str]:
    path, invention = folder / f"{size}.duckdb", Invention()
    with writing(path) as db:
        store(db, invention.articles(0, size), folder)
    before = path.stat().st_size
    build, used = _timed(path, search.update)
    index = path.stat().st_size - before
    with writing(path) as db:
        store(db, invention.articles(size, size + 500), folder)
    more, more_used = _timed(path, search.update)
    nothing, _ = _timed(path, search.update)
    with reading(path) as db:
        queries = _queries(db, Sampled(db))
    path.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    costs = [
        f"{build:.1f}",
        f"{used:.1f}",
        f"{index / 1e6:.0f}",
        f"{before / 1e6:.0f}",
        f"{peak:.0f}",
        f"{more:.2f}",
        f"{more_used:.2f}",
        f"{nothing:.2f}",
    ]
    return [f"{size:,}", *costs, *queries]


def _timed(path: Path, work: Callable[[duckdb.DuckDBPyConnection], object]) -> tuple[float, float]:
    """Seconds, and seconds of the processors, from opening the file to its being closed, checkpoint included."""
    began, used = time.perf_counter(), time.process_time()
    with writing(path) as db:
        work(db)
    return time.perf_counter() - began, time.process_time() - used


class Sampled:
    """Words of an index: any, and those in many texts, most frequent first."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.rng = random.Random(3)
        self.any = [
            word
            for (word,) in db.execute("SELECT word FROM store.search_words WHERE NOT is_stem USING SAMPLE 3000 (reservoir, 5)").fetchall()
        ]
        self.frequent = [
            word
            for (word,) in db.execute(
                "SELECT any_value(word) FROM store.search_words JOIN (SELECT term, count(*) AS seen FROM store.search_postings "
                "WHERE reading % 50 = 0 GROUP BY term ORDER BY seen DESC LIMIT 3000) USING (term) GROUP BY term ORDER BY max(seen) DESC"
            ).fetchall()
        ] or self.any


KINDS: dict[str, Callable[[Sampled], str]] = {
    "one rare word": lambda words: words.rng.choice(words.any),
    "two words": lambda words: " ".join(words.rng.sample(words.frequent[100:], 2)),
    "four words": lambda words: " ".join([*words.rng.sample(words.frequent, 3), words.rng.choice(words.any)]),
    "four of the commonest": lambda words: " ".join(words.rng.sample(words.frequent[:30], 4)),
    "unknown word": lambda words: words.rng.choice(words.any) + "zzz",
}


def _queries(db: duckdb.DuckDBPyConnection, words: Sampled) -> list[str]:
    cells = [_percentiles([_asked(db, "FROM search($query)", make(words)) for _ in range(ASKED)]) for make in KINDS.values()]
    narrow = "FROM search($query, outlet := 'outlet7', since := '2026-01-02', language := 'tr')"
    return [*cells, _percentiles([_asked(db, narrow, KINDS["two words"](words)) for _ in range(ASKED)])]


def _asked(db: duckdb.DuckDBPyConnection, question: str, query: str) -> float:
    began = time.perf_counter()
    db.execute(question, {"query": query}).fetchall()
    return time.perf_counter() - began


def _percentiles(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{1000 * ordered[len(ordered) // 2]:.0f} / {1000 * ordered[int(len(ordered) * 0.95)]:.0f} ms"


if __name__ == "__main__":
    main()
