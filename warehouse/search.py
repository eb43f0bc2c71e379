"""The full-text index: postings as plain tables, kept up by what is new; the macro ``search()`` asks them."""

from __future__ import annotations

from functools import partial

import duckdb

from warehouse.numbering import as_rows, catch_up, number_readings
from warehouse.stage import run
from warehouse.stems import stem
from warehouse.transaction import transaction

# What words, stems and weights are made by. Another one, and the next update makes the index anew.
SCHEME = "1"
BATCH = 5_000  # articles whose words are in memory at a time: about 0.5 GB with DuckDB's own
RECENT = 4_000_000  # postings, of over 10,000 articles, that lie unsorted: every query reads them all; sorting half of them took 0.5 s
LARGEST_TERM = 2**64 - 1


def update(db: duckdb.DuckDBPyConnection) -> int:
    """Take in the readings that are new since the last time, each batch in a transaction. Returns their number."""
    return catch_up(db, "search", SCHEME, BATCH, partial(_add, db))


def rebuild(db: duckdb.DuckDBPyConnection) -> int:
    """Make the index anew. Returns the number of articles."""
    with transaction(db):
        run(db, "search_clear")
    return update(db)


def sweep(db: duckdb.DuckDBPyConnection) -> None:
    """Take out what no stored article says any more, words included; within the caller's transaction. For takedowns and upkeep."""
    number_readings(db)
    run(db, "search_sweep")
    run(db, "search_count")


def sort(db: duckdb.DuckDBPyConnection, parts: int = 16) -> None:
    """Lay all postings of a term together, not those of some ten thousand articles: for upkeep, before the file is copied compact.

    Each part is a transaction, its postings in memory.
    """
    with transaction(db):
        run(db, "search_sort")
    width = LARGEST_TERM // parts + 1
    for low in range(0, LARGEST_TERM, width):
        with transaction(db):
            run(db, "search_sort_part", {"low": low, "high": min(low + width - 1, LARGEST_TERM)})


def _add(db: duckdb.DuckDBPyConnection, after: int, until: int) -> None:
    unknown = run(db, "search_spoken", {"after": after, "until": until}).fetchall()
    words = ({"language": language, "word": word, "stem": stem(word, language)} for language, word in unknown)
    run(db, "search_learn_words", {"words": as_rows(words)})
    run(db, "search_add", {"until": until, "scheme": SCHEME})
    if (db.execute("SELECT count(*) FROM store.search_recent").fetchone() or (0,))[0] >= RECENT:
        run(db, "search_sort")
    run(db, "search_count")
