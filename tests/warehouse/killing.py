"""A load, a publication, a migration, killed at any moment: `.venv/bin/python -m tests.warehouse.killing --rounds 300`.

What had been done before is there, what was being done is there whole or not at all, and doing it again does the rest.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

from tests.warehouse.conftest import NOON, article
from tests.warehouse.press import Press
from warehouse.connect import STORAGE_VERSION, writing
from warehouse.migrate import LEDGER, sql_files
from warehouse.query import ask

ARTICLES = 120  # a load
TEXT = "Some words of a text that is as long as those of articles are. " * 60
DEEDS = ("load", "publish", "migrate")


def begin(home: Path) -> Press:
    """A press with two loads, published twice, that has a third one before it."""
    press = Press(home)
    for name in ("first", "second"):
        load(press, name)
        press.publish()
    return press


def load(press: Press, name: str) -> None:
    """One of the runs; the same again changes nothing."""
    press.load(*(article(f"{name}-{i}", f"{name} {i}. {TEXT}", at=NOON) for i in range(ARTICLES)))


def old_warehouse(path: Path) -> None:
    """A file as the first release made it, with rows."""
    first = sql_files("migrations")[0]
    text = first.read_text(encoding="utf-8")
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{path}' AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}')")  # as every release has made them
        db.execute("USE warehouse")
        db.execute(LEDGER + text)
        db.execute("INSERT INTO schema_history.migrations VALUES (1, ?, ?, now())", [first.name, hashlib.sha256(text.encode()).hexdigest()])
        db.execute(
            "INSERT INTO store.articles BY NAME SELECT 'demo:' || i AS article_id, 'demo' AS outlet, 'u' || i AS url, 'T' AS title, "
            "[]::VARCHAR[] AS authors, 'none' AS published_precision, 'none' AS published_source, []::VARCHAR[] AS tags, "
            "$text || i AS text, 2 AS word_count, FALSE AS is_paywalled, now() AS last_changed_at, 1 AS revision, 'x' AS extractor, "
            "'c' || i AS capture_id, 'x' AS text_sha256, 'x' AS facts_sha256 FROM range(5000) AS r(i)",
            {"text": TEXT},
        )
        db.execute("INSERT INTO store.sightings SELECT article_id, now(), now() FROM store.articles")


def do(deed: str, home: Path) -> None:
    if deed == "load":
        load(Press(home), "third")
    elif deed == "publish":
        Press(home).publish()
    else:
        with writing(home / "old.duckdb"):
            pass


def kill_during(deed: str, home: Path, delay: float) -> bool:
    """Start ``deed`` in a process of its own and kill that ``delay`` seconds after it began. Whether it was still at it."""
    child = subprocess.Popen([sys.executable, "-m", "tests.warehouse.killing", "--do", deed, "--home", home], stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline() == b"began\n"
    try:
        child.wait(delay)
        return False
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return True
    finally:
        child.stdout.close()


def check(deed: str, home: Path) -> None:
    """What must be true whenever ``deed`` was killed. Raises ``AssertionError``."""
    press = Press(home)
    if deed == "migrate":
        do(deed, home)
        with writing(home / "old.duckdb") as db:
            assert db.execute("SELECT count(*), count(DISTINCT text) FROM articles").fetchall() == [(5000, 5000)]
        return
    seen = ask(press.published, "SELECT count(*), count(DISTINCT text), count(DISTINCT article_id) FROM articles").rows[0]
    assert seen in [(2 * ARTICLES,) * 3, (3 * ARTICLES,) * 3], seen
    load(press, "third")
    for _ in range(3):  # each copy comes to its turn
        press.publish()
        assert press.differences() == []
    count = 3 * ARTICLES
    assert ask(press.published, "SELECT count(*), count(DISTINCT text), count(DISTINCT article_id) FROM articles").rows == [(count,) * 3]
    assert ask(press.published, "SELECT count(*), min(revision), max(revision) FROM revisions").rows == [(count, 1, 1)]


def rounds(deed: str, count: int, scratch: Path, dice: random.Random) -> Counter[str]:
    """Kill ``deed`` ``count`` times, at moments drawn from the time that it takes. Returns how often it was hit."""
    template = scratch / "template"
    if deed == "migrate":
        template.mkdir(parents=True)
        old_warehouse(template / "old.duckdb")
    else:
        begin(template)
    hits: Counter[str] = Counter()
    longest = 0.0
    for turn in range(count + 1):
        home = scratch / f"turn{turn}"
        shutil.copytree(template, home)
        if deed != "migrate":
            make_copies(home, deed)
        began = time.perf_counter()
        hits["hit" if kill_during(deed, home, dice.uniform(0, longest) if turn else 60) else "ended before"] += 1
        longest = longest or time.perf_counter() - began
        check(deed, home)
        shutil.rmtree(home)
    return hits


def make_copies(home: Path, deed: str) -> None:
    """Copies that came with a copied folder are not trusted: two publications make its own. To be published there must be something new."""
    press = Press(home)
    press.publish()
    press.publish()
    if deed == "publish":
        load(press, "third")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100, help="of each deed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--do", choices=DEEDS, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.do:
        print("began", flush=True)
        do(given.do, given.home)
        return
    for deed in DEEDS:
        with tempfile.TemporaryDirectory() as scratch:
            hits = rounds(deed, given.rounds, Path(scratch), random.Random(given.seed))
            print(f"{deed}: killed {hits['hit']} times, {hits['ended before']} times too late; nothing lost, nothing double")


if __name__ == "__main__":
    main()
