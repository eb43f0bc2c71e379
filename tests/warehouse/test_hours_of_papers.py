"""Hours of invented papers, run after run, as the crawler would have met them: who is asked how often."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from pathlib import Path

import duckdb
from rich.console import Console

from tests.bench.ninety_days import live
from tests.bench.papers import BEGAN, HOUR, MINUTE, Paper, Story, Trouble


def paper(*troubles: Trouble, session: str | None = None) -> Paper:
    stories = [Story(number, BEGAN + (2 * number - 20) * HOUR, 60, True) for number in range(1, 30)]
    return Paper("daily", 12, 1, 1, 10, "etag", False, session, False, list(troubles), stories, [story.at for story in stories])


def asked(db: duckdb.DuckDBPyConnection, folder: Path, paper: Paper, hours: int) -> list[tuple[datetime, str, str]]:
    live(db, folder, [paper], BEGAN + hours * HOUR, 30 * MINUTE, 1, Console())
    return db.execute("SELECT started_at, kind, url FROM store.requests ORDER BY started_at").fetchall()


def test_when_robots_txt_forbids_all_nobody_is_asked_twice_an_hour(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    requests = asked(db, tmp_path, paper(Trouble("robots forbids", BEGAN + 4 * HOUR, BEGAN + 100 * HOUR)), 28)
    since = next(at for at, kind, _ in requests if kind == "robots" and at > BEGAN + 4 * HOUR)
    later = [at for at, _, _ in requests if at >= since]
    assert since <= BEGAN + 25 * HOUR and all(after - at > 3 * HOUR for at, after in pairwise(later))
    assert db.execute("SELECT outlet, reason FROM store.refusals").fetchall() == [("daily", "robots")]
    told = db.execute("SELECT DISTINCT name FROM store.checks WHERE checked_at > ?", [since]).fetchall()
    assert ("outlet_refuses",) in told


def test_when_robots_txt_allows_again_nothing_is_lost(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    asked(db, tmp_path, paper(Trouble("robots forbids", BEGAN + 4 * HOUR, BEGAN + 27 * HOUR)), 34)
    assert db.execute("FROM store.refusals").fetchall() == []
    links = {int(url.split("/")[4]): state for url, state in db.execute("SELECT url, state FROM store.links").fetchall()}
    assert sorted(links) == list(range(1, max(links) + 1)) and links[24] == "loaded", "no story left the feed of ten before a look"
    assert [state for state in links.values() if state not in ("loaded", "unchanged")] == ["skipped"], (
        "the page that was asked for next is a day late"
    )


def test_a_session_in_every_address_brings_no_story_twice(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    requests = asked(db, tmp_path, paper(session="visit"), 12)
    pages = [url.partition("?")[0] for _, kind, url in requests if kind == "article"]
    assert len(set(pages)) == db.execute("SELECT count(*) FROM store.articles").fetchall()[0][0] >= 12
    assert max(map(pages.count, pages)) <= 3, "new, and an hour and a day old"
