"""Visits of what is known already: when, how many, what they find, and which outlets are left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.warehouse.conftest import NOON, Mill, article, capture, link, rejection
from warehouse import pace
from warehouse.check import check
from warehouse.contracts import Failure, Source
from warehouse.plan import refusing

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def failure(url: str, reason: str, at: datetime, retry_at: datetime | None = None, state: str = "failed") -> Failure:
    return Failure("demo", url, state, reason, at, retry_at=retry_at)  # type: ignore[arg-type]


def due(mill: Mill, at: datetime, revisits: int = 50) -> list[str]:
    return [each.url for each in mill.plan(now=at, revisits=revisits).due]


def test_an_article_is_visited_after_an_hour_a_day_a_week_a_month_and_never_again(mill: Mill) -> None:
    mill.plan(link("a", published_at=NOON - 10 * MINUTE))
    at, visits = NOON, []
    for _ in range(4):
        mill.load(article("a", at=at))
        ((at,),) = mill.ask("SELECT next_visit_at FROM links")
        assert due(mill, at - MINUTE) == [] and due(mill, at + MINUTE) == ["a"]
        visits.append(at - (NOON - 10 * MINUTE))
    assert visits == [*pace.REVISITED_AT]
    mill.load(article("a", at=at))
    assert mill.ask("SELECT next_visit_at, state FROM links") == [(None, "unchanged")]
    assert mill.ask("SELECT revision FROM articles") == [(1,)]


@pytest.mark.parametrize("year", [1970, 2099])
def test_an_impossible_date_counts_as_none(mill: Mill, year: int) -> None:
    mill.plan(link("a", published_at=NOON.replace(year=year)))
    mill.load(article("a"))
    assert mill.ask("SELECT next_visit_at FROM links") == [(NOON + HOUR,)]


def test_an_article_of_last_year_is_not_visited_again(mill: Mill) -> None:
    mill.plan(link("a", published_at=NOON - 300 * DAY))
    mill.load(article("a"))
    assert mill.ask("SELECT next_visit_at FROM links") == [(None,)]


def test_new_articles_come_first_and_visits_have_a_budget(mill: Mill) -> None:
    mill.plan(*(link(f"old{number}") for number in range(5)))
    mill.load(*(article(f"old{number}") for number in range(5)))
    mill.plan(link("new", discovered_at=NOON, published_at=NOON - 30 * DAY))
    later = NOON + 2 * HOUR
    assert due(mill, later, revisits=2)[0] == "new"
    assert len(due(mill, later, revisits=2)) == 3
    assert len(due(mill, later, revisits=50)) == 6
    assert due(mill, later, revisits=0) == ["new"]


def test_the_same_payload_is_no_revision(mill: Mill) -> None:
    mill.plan(link("a"))
    mill.load(article("a"), capture("a", sha256="ab"))
    mill.load(article("a", at=NOON + HOUR, authors=("Someone",)), capture("a", NOON + HOUR, sha256="ab"))
    assert mill.ask("SELECT revision, last_seen_at FROM articles") == [(1, NOON + HOUR)]


@pytest.mark.parametrize("status", ["http 404", "http 410"])
def test_an_article_that_is_gone_is_told_and_its_text_kept_and_so_is_its_return(mill: Mill, status: str) -> None:
    mill.plan(link("a"))
    mill.load(article("a"))
    mill.load(failure("a", status, NOON + HOUR))
    mill.load(failure("a", status, NOON + DAY))
    assert mill.ask("SELECT text, gone_at FROM articles") == [("One two three.", NOON + HOUR)]
    assert mill.ask("SELECT state, reason, next_visit_at FROM links") == [("loaded", f"later visit: {status}", NOON + 7 * DAY)]
    mill.load(article("a", at=NOON + 7 * DAY))
    assert mill.ask("SELECT gone_at FROM articles") == [(None,)]


def test_what_robots_refuse_is_asked_about_again_ever_more_seldom(mill: Mill) -> None:
    mill.plan(link("a"))
    at, waited = NOON, []
    for _ in range(4):
        mill.load(failure("a", "robots", at, state="skipped"))
        ((again,),) = mill.ask("SELECT next_visit_at FROM links")
        waited.append(again - at)
        assert due(mill, again + MINUTE) == ["a"]
        at = again
    assert waited == [DAY, 2 * DAY, 4 * DAY, 8 * DAY]
    mill.load(failure("a", "robots", at, state="skipped"))
    assert mill.ask("SELECT state, reason, next_visit_at FROM links") == [("skipped", "robots", None)]


@pytest.mark.parametrize(("reason", "rest"), [("http 403", pace.REST), ("robots", pace.REST_ROBOTS)])
def test_an_outlet_that_refuses_most_pages_is_left_alone_and_asked_two_pages_now_and_then(mill: Mill, reason: str, rest: timedelta) -> None:
    mill.plan(*(link(f"{number}") for number in range(20)))
    state = "skipped" if reason == "robots" else "failed"
    folder = mill.load(*(failure(f"{number}", reason, NOON, NOON + DAY, state) for number in range(10)))
    assert mill.ask("SELECT outlet, reason, since, next_ask_at FROM refusals") == [("demo", reason, NOON, NOON + rest)]
    assert refusing(mill.db, ["demo"], NOON + HOUR) == {"demo"} and due(mill, NOON + HOUR) == []
    assert refusing(mill.db, ["demo"], NOON + rest) == set() and len(due(mill, NOON + rest)) == pace.PROBES
    assert "outlet_refuses" in {found.name for found in check(mill.db, folder, "run1", ["demo"], NOON)}
    again = NOON + rest
    mill.load(failure("10", reason, again, state=state), failure("11", reason, again, state=state))
    assert mill.ask("SELECT since, seen_at, next_ask_at FROM refusals") == [(NOON, again, again + rest)]
    mill.load(article("12", at=again + rest))
    assert mill.ask("FROM refusals") == [] and len(due(mill, again + 2 * DAY)) > pace.PROBES


def test_an_outlet_that_refuses_its_pages_is_still_asked_for_the_feed_that_it_answers(mill: Mill) -> None:
    feed = Source("demo", "http://demo/feed", "feed", NOON, 200, 6)
    mill.plan(*(link(f"{number}") for number in range(6)), feed)
    mill.load(*(rejection(f"{number}", "challenge page") for number in range(6)), feed)
    assert mill.ask("SELECT reason FROM refusals") == [("challenge page",)]
    assert refusing(mill.db, ["demo"], NOON + HOUR) == set()
    mill.plan(link("new", discovered_at=NOON + HOUR), now=NOON + HOUR)
    assert due(mill, NOON + HOUR) == [], "its pages are left alone"
    mill.plan(replace(feed, seen_at=NOON + 2 * HOUR, status=403, error="http 403"), now=NOON + 2 * HOUR)
    assert refusing(mill.db, ["demo"], NOON + 3 * HOUR) == {"demo"}


def test_challenge_pages_are_a_refusal_and_are_tried_again(mill: Mill) -> None:
    mill.plan(*(link(f"{number}") for number in range(6)))
    mill.load(*(rejection(f"{number}", "challenge page") for number in range(6)))
    assert mill.ask("SELECT reason FROM refusals") == [("challenge page",)]
    assert mill.ask("SELECT DISTINCT next_visit_at FROM links") == [(NOON + timedelta(hours=12),)]


def test_pages_that_are_all_the_same_are_asked_for_again(mill: Mill) -> None:
    mill.plan(*(link(url) for url in "abcd"))
    mill.load(rejection("a"), capture("a", sha256="maintenance"), rejection("d"))
    assert mill.ask("SELECT url FROM links WHERE next_visit_at IS NOT NULL") == [], "one page that is no article is none"
    at, waited = NOON + HOUR, []
    mill.load(rejection("b", at=at), capture("b", at, sha256="maintenance"), rejection("c", at=at))
    assert dict(mill.ask("SELECT url, next_visit_at FROM links WHERE next_visit_at IS NOT NULL")) == {
        "a": NOON + DAY / 2,
        "b": at + DAY / 2,
    }
    while again := mill.ask("SELECT next_visit_at FROM links WHERE url = 'b' AND next_visit_at IS NOT NULL"):
        waited.append(again[0][0] - at)
        at = again[0][0]
        mill.load(rejection("b", at=at), capture("b", at, sha256="maintenance"))
    assert waited == [DAY / 2, DAY, 1.5 * DAY, 2 * DAY]
    mill.load(article("a", at=at))
    assert mill.ask("SELECT state, reason FROM links WHERE url IN ('a', 'b') ORDER BY url") == [("loaded", None), ("rejected", "too short")]


def test_a_few_refused_pages_are_no_refusal(mill: Mill) -> None:
    mill.plan(*(link(f"{number}") for number in range(10)))
    mill.load(*(failure(f"{number}", "http 403", NOON) for number in range(6)), *(article(f"{number}") for number in range(6, 10)))
    assert mill.ask("FROM refusals") == []


def test_a_host_that_asks_for_a_week_is_given_it(mill: Mill) -> None:
    mill.plan(link("a"), link("b"))
    mill.load(failure("a", "asked to wait", NOON, NOON + 7 * DAY, "waiting"))
    assert refusing(mill.db, ["demo"], NOON + 6 * DAY) == {"demo"}
    assert due(mill, NOON + 6 * DAY) == [] and due(mill, NOON + 7 * DAY) != []


def test_a_clock_set_back_does_not_freeze_what_was_visited_in_the_future(mill: Mill) -> None:
    mill.plan(link("a", discovered_at=NOON - HOUR))
    mill.load(article("a", at=NOON + 300 * DAY))
    mill.plan(now=NOON)
    mill.load(article("a", "Another text.", at=NOON + HOUR))
    assert mill.ask("SELECT text, revision FROM articles") == [("Another text.", 2)]
