"""What `plan` costs beside a bare hash anti-join: ``python -m tests.bench.plan [KNOWN …]`` (default: 10⁴, 10⁵, 10⁶ known links).

A thousand links are discovered: 900 that are known, of the newest ones as sources list them, 50 of any age, and 50 new ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import pace
from warehouse.connect import writing
from warehouse.contracts import Link, Source
from warehouse.stage import run, stage
from warehouse.transaction import transaction

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
OUTLETS = [f"outlet{number}" for number in range(500)]
TIMES = 5

# A thousand outlets' years: most loaded long ago, some of it failed or refused.
FILL = """
INSERT INTO store.links BY NAME
SELECT *, md5_number_lower(url) AS url_hash, md5_number_lower(article_id) AS article_hash FROM (
    SELECT 'https://outlet' || (i % 500) || '.example/news/' || i || '/a-headline-of-some-words-' || (i * 7919 % 1000003) AS url,
           'outlet' || (i % 500) AS outlet,
           format('outlet{}:outlet{}.example/news/{}/a-headline-of-some-words-{}', i % 500, i % 500, i, i * 7919 % 1000003) AS article_id,
           'feed' AS source, 'https://outlet' || (i % 500) || '.example/feed' AS source_url,
           'A headline of some words ' || i AS title,
           $now::TIMESTAMPTZ - to_seconds(($known - i) * 30) AS published_at, 'second' AS published_precision,
           $now::TIMESTAMPTZ - to_seconds(($known - i) * 30) AS discovered_at,
           $now::TIMESTAMPTZ - to_seconds(($known - i) * 30) AS visited_at,
           CASE WHEN $known - i < 20000 AND i % 50 = 0 THEN $now::TIMESTAMPTZ + to_hours(i % 48 - 12) END AS next_visit_at,
           CASE i % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'rejected' WHEN 2 THEN 'skipped' ELSE 'loaded' END AS state,
           CASE i % 20 WHEN 0 THEN 'http 404' WHEN 1 THEN 'too short' WHEN 2 THEN 'not an article URL' END AS reason, 0 AS attempts
    FROM range($known) AS numbers(i)
)
"""
DISCOVER = """
INSERT INTO staged_links BY NAME
SELECT outlet, url, article_id, source, source_url, $now::TIMESTAMPTZ AS discovered_at, title, published_at, published_precision
FROM (SELECT * FROM (FROM store.links ORDER BY discovered_at DESC LIMIT 900)
      UNION ALL BY NAME (FROM store.links USING SAMPLE reservoir(50 ROWS) REPEATABLE (1)));
INSERT INTO staged_links BY NAME
SELECT 'outlet' || i AS outlet, 'https://outlet' || i || '.example/new/' || i AS url, 'outlet' || i || ':new/' || i AS article_id,
       'feed' AS source,
       'https://outlet' || i || '.example/feed' AS source_url, $now::TIMESTAMPTZ AS discovered_at, 'New headline ' || i AS title,
       $now::TIMESTAMPTZ AS published_at, 'second' AS published_precision
FROM range(50) AS numbers(i);
"""


def main(sizes: list[int]) -> None:
    print(f"{'known':>12} {'bare':>9} {'merge':>9} {'due':>9} {'plan':>9} {'times bare':>11}")
    for known in sizes:
        with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as folder:
            bare, merge, due = measure(Path(folder), known)
        plan = merge + due
        print(f"{known:12,} {bare:7.1f}ms {merge:7.1f}ms {due:7.1f}ms {plan:7.1f}ms {plan / bare:11.1f}", flush=True)


def measure(folder: Path, known: int) -> tuple[float, float, float]:
    """Milliseconds, the best of ``TIMES``: the bare anti-join, taking links in, listing what is due."""
    path = folder / "warehouse.duckdb"
    with writing(path) as db:
        db.execute(FILL, {"now": NOW, "known": known})
    with writing(path) as db:
        stage(db, "staged_links", Link, [])
        stage(db, "staged_sources", Source, [])
        for part in db.extract_statements(DISCOVER):
            db.execute(part, {"now": NOW})
        db.execute("CREATE TEMP TABLE hashes AS SELECT md5_number_lower(url) AS url_hash FROM staged_links")
        bare = best(lambda: db.execute("SELECT count(*) FROM hashes ANTI JOIN store.links AS known USING (url_hash)").fetchall())
        return bare, best(lambda: merged(db)), best(lambda: listed(db))


def merged(db: duckdb.DuckDBPyConnection) -> None:
    """All that `plan` writes, taken back so that the next time is like the first."""
    try:
        with transaction(db):
            run(db, "plan_merge", {"now": NOW})
            run(db, "merge_sources", pace.PLAN)
            raise Undone
    except Undone:
        pass


def listed(db: duckdb.DuckDBPyConnection) -> None:
    budget = {"attempts": pace.ATTEMPTS, "revisits": pace.REVISITS, "probes": pace.PROBES, "with_news": True}
    run(db, "plan_due", {"slugs": " ".join(OUTLETS), "now": NOW, **budget}).fetchall()


def best(work: Callable[[], object]) -> float:
    figures = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        figures.append((time.perf_counter() - began) * 1000)
    return min(figures)


class Undone(Exception):
    """The end of a transaction that was only to be measured."""


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10**4, 10**5, 10**6])
