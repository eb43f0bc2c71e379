"""Articles that tell one story in the same words: copies under many URLs, agencies' texts in many outlets.

What is guaranteed: two articles hang together when their texts are alike (``warehouse.likeness``) and were told within ``WINDOW`` of
each other, or are the same to the letter within one outlet; a story is all that hangs together. That depends on the stored readings
alone, not on the order in which they came. The story bears the key of its article that was seen first, so it keeps it when it grows,
and of two that merge the older one's stays; a rebuild from captures gives the same keys. It gets another key only when that article
leaves it, or when older pages are taken in. The one exception to order: a text that shares bands with more than ``MOST`` others is
compared with the likeliest of those that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache, partial

import duckdb

from warehouse.likeness import SCHEME, are_alike, bands, compare, shingles
from warehouse.numbering import as_rows, catch_up, number_readings
from warehouse.stage import run

# What is told again a fortnight later in the same words is another day's weather, market report or anniversary; and the work of a run
# follows the news of a month, not the whole history.
WINDOW = timedelta(days=14)
MOST = 50  # candidates that a text is compared with
BATCH = 2_000  # articles whose texts are in memory at a time
KEPT = 1_000  # texts whose shingles are, about 60 KB each


def update(db: duckdb.DuckDBPyConnection) -> int:
    """Group the readings that are new since the last time, each batch in a transaction. Returns their number."""
    return catch_up(db, "stories", SCHEME, BATCH, partial(_add, db))


def sweep(db: duckdb.DuckDBPyConnection) -> None:
    """Let stories go on without the articles that are stored no more; within the caller's transaction. For takedowns and upkeep."""
    number_readings(db)
    run(db, "stories_gone")
    _group(db, [])


def _add(db: duckdb.DuckDBPyConnection, after: int, until: int) -> None:
    _sign(db, after, until)
    _group(db, _alike(db))
    run(db, "stories_passed", {"until": until, "scheme": SCHEME})


def _sign(db: duckdb.DuckDBPyConnection, after: int, until: int) -> None:
    texts = run(db, "stories_fresh", {"after": after, "until": until}).fetchall()
    signed = as_rows({"reading": reading, "bands": bands(text)} for reading, text in texts)
    run(db, "stories_sign", {"after": after, "until": until, "signed": signed})
    run(db, "stories_part")


def _alike(db: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """The candidate pairs that prove alike."""
    pairs = run(db, "stories_candidates", {"window": WINDOW, "most": MOST}).fetchall()
    return [
        {"reading": reading, "other": other, "jaccard": jaccard, "contained": contained}
        for start in range(0, len(pairs), BATCH)
        for reading, other, jaccard, contained in _proven(db, pairs[start : start + BATCH])
    ]


def _proven(db: duckdb.DuckDBPyConnection, pairs: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int, float, float]]:
    wanted = _numbers(number for pair in pairs for number in pair[:2])
    texts: dict[int, str] = dict(run(db, "stories_texts", {"readings": wanted}).fetchall())

    @lru_cache(KEPT)
    def of(reading: int) -> frozenset[str]:
        return shingles(texts[reading])

    for reading, other, is_within in pairs:
        jaccard, contained = compare(of(reading), of(other))
        if are_alike(jaccard, contained, min(len(of(reading)), len(of(other))), is_within):
            yield reading, other, jaccard, contained


def _numbers(numbers: Iterable[int]) -> str:
    return "[" + ",".join(map(str, sorted(set(numbers)))) + "]"


def _group(db: duckdb.DuckDBPyConnection, alike: list[dict[str, object]]) -> None:
    links: list[tuple[int, int]] = run(db, "stories_join", {"alike": as_rows(alike)}).fetchall()
    founders = as_rows({"place": place, "founder": founder} for place, founder in connect(links).items())
    run(db, "stories_settle", {"founders": founders})


def connect(links: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each number that ``links`` name → the least that it hangs together with."""
    above: dict[int, int] = {}

    def least(number: int) -> int:
        while (parent := above.setdefault(number, number)) != number:
            above[number] = above[parent]
            number = above[number]
        return number

    for one, other in links:
        low, high = sorted((least(one), least(other)))
        above[high] = low
    return {number: least(number) for number in above}
