"""Warehouses of invented articles, any number of them: words drawn as languages draw theirs, a few of them new with each article."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

SYLLABLES = "ka ro min da tel su per no vi gar lo shi ben tu ra qe fol ya zem pi".split()  # noqa: SIM905
LANGUAGES = ("en", "ar", "tr", "ru", "ckb")
VOCABULARY = 100_000  # words of a language that come up again and again; by Zipf's law
WORDS = 620  # of an article: 4 KB
OUTLETS = 500
SECONDS = 30  # between two articles: 2,900 a day
CHUNK = 20_000

COLUMNS = "{article_id: 'VARCHAR', outlet: 'VARCHAR', place: 'BIGINT', title: 'VARCHAR', text: 'VARCHAR', language: 'VARCHAR'}"
INSERT = f"""
INSERT INTO store.articles BY NAME
SELECT article_id, outlet, 'http://' || outlet || '/' || place AS url, title, []::VARCHAR[] AS authors, 'none' AS published_precision,
       'none' AS published_source, language, []::VARCHAR[] AS tags, text, {WORDS} AS word_count, FALSE AS is_paywalled,
       TIMESTAMPTZ '2026-01-01 00:00:00Z' + to_seconds(place * {SECONDS}) AS last_changed_at, last_changed_at AS published_at,
       1 AS revision, '' AS extractor, '' AS capture_id, '' AS text_sha256, '' AS facts_sha256, 'article' AS kind, '' AS kind_rule,
       FALSE AS dates_disagree
FROM read_json($file, format = 'newline_delimited', columns = {COLUMNS})
"""


class Invention:
    """The articles from number 0 on, the same ones each time."""

    def __init__(self, seed: int = 7) -> None:
        self.rng = random.Random(seed)
        words = ["".join(self.rng.choice(SYLLABLES) for _ in range(2 + (rank > 400) + (rank > 20_000))) for rank in range(VOCABULARY)]
        self.vocabularies = [[letter + word for word in words] for letter in "abcde"]
        self.shares = list(itertools.accumulate(1 / (rank + 2) for rank in range(VOCABULARY)))

    def article(self, place: int) -> dict[str, Any]:
        vocabulary = self.vocabularies[place % len(LANGUAGES)]
        words = self.rng.choices(vocabulary, cum_weights=self.shares, k=WORDS)
        words[5] = f"uniq{place:x}"
        outlet = f"outlet{place % OUTLETS}"
        return {
            "article_id": f"{outlet}:{place}",
            "outlet": outlet,
            "place": place,
            "title": " ".join(self.rng.choices(vocabulary, cum_weights=self.shares, k=8)),
            "text": "\n\n".join(" ".join(words[at : at + 62]).capitalize() + "." for at in range(0, WORDS, 62)),
            "language": LANGUAGES[place % len(LANGUAGES)],
        }

    def articles(self, start: int, end: int) -> Iterator[dict[str, Any]]:
        return map(self.article, range(start, end))


def store(db: duckdb.DuckDBPyConnection, rows: Iterator[dict[str, Any]], folder: Path) -> None:
    """Put ``rows`` into the tables, as a load would have left them."""
    file = folder / "chunk.jsonl"
    while chunk := list(itertools.islice(rows, CHUNK)):
        file.write_text("".join(json.dumps(row) + "\n" for row in chunk), encoding="utf-8")
        db.execute(INSERT, {"file": str(file)})
        db.execute(
            "INSERT INTO store.sightings BY NAME SELECT article_id, last_changed_at AS first_seen_at, last_changed_at AS last_seen_at "
            "FROM store.articles ANTI JOIN store.sightings USING (article_id)"
        )
    file.unlink(missing_ok=True)
