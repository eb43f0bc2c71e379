"""When a source is asked again: by how much news it brings, how it fails, and whether it can be believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import NOON, Mill, link
from warehouse import pace
from warehouse.check import check
from warehouse.contracts import Failure, Source
from warehouse.plan import known_sources

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FEED = "http://demo/feed"


def look(at: datetime, links: int = 20, **facts: Any) -> Source:
    values: dict[str, Any] = {"status": 200, "etag": '"a"', "content_sha256": at.isoformat(), **facts}
    return Source("demo", FEED, "feed", at, values.pop("status"), links, **values)


def failed(at: datetime, error: str, **facts: Any) -> Source:
    return look(at, 0, status=None, etag=None, content_sha256=None, error=error, **facts)


def waits(mill: Mill) -> timedelta:
    ((seen, again),) = mill.ask("SELECT seen_at, next_visit_at FROM store.sources")
    return again - seen


def news(mill: Mill, an_hour: float, hours: int, every: timedelta = HOUR) -> datetime:
    """A feed of twenty that brings so many new ones an hour, asked ``every`` so often."""
    at, told = NOON, 0.0
    mill.plan(look(at), now=at)
    while at < NOON + hours * HOUR:
        at += every
        count = int(told + an_hour * every / HOUR) - int(told)
        told += an_hour * every / HOUR
        fresh = [link(f"http://demo/{at:%d%H%M}-{number}", discovered_at=at) for number in range(count)]
        mill.plan(look(at, etag=at.isoformat()), *fresh, now=at)
    return at


@pytest.mark.parametrize(("an_hour", "between"), [(0.1, 6 * HOUR), (2.0, 4 * HOUR), (8.0, HOUR), (40.0, 15 * MINUTE)])
def test_the_interval_is_the_time_in_which_eight_articles_come_within_bounds(mill: Mill, an_hour: float, between: timedelta) -> None:
    news(mill, an_hour, 240, every=6 * HOUR)
    assert abs(waits(mill) - between) <= between / 4


def test_a_short_feed_is_asked_before_half_of_it_has_gone(mill: Mill) -> None:
    at = NOON
    for number in range(12):
        at = NOON + number * HOUR
        mill.plan(look(at, 2), link(f"http://demo/{number}", discovered_at=at), now=at)
    assert waits(mill) <= timedelta(minutes=75)


def test_a_short_feed_is_asked_sooner_for_days_after_a_busy_hour(mill: Mill) -> None:
    at = news(mill, 0.5, 240, every=6 * HOUR) + HOUR
    assert waits(mill) >= 5 * HOUR
    mill.plan(look(at), *[link(f"http://demo/busy{number}", discovered_at=at) for number in range(12)], now=at)
    for hour in range(4, 29, 4):
        mill.plan(look(at + hour * HOUR), now=at + hour * HOUR)
    assert waits(mill) <= 65 * MINUTE, "of a feed of twenty ten may go by, at twelve an hour"
    for day in range(2, 16):
        mill.plan(look(at + day * DAY), link(f"http://demo/calm{day}", discovered_at=at + day * DAY), now=at + day * DAY)
    assert waits(mill) >= 5 * HOUR


def test_a_short_feed_that_is_new_is_asked_often_until_it_is_known(mill: Mill) -> None:
    mill.plan(look(NOON, 10))
    mill.plan(look(NOON + HOUR, 10), link("http://demo/1", discovered_at=NOON + HOUR), now=NOON + HOUR)
    assert waits(mill) <= 135 * MINUTE, "half of the ten may go by, and a quarter of them may come in an hour"
    mill.plan(look(NOON + 2 * HOUR, 500), now=NOON + 2 * HOUR)
    assert waits(mill) == pace.AT_MOST, "a long list keeps what it holds"


def test_a_brisk_feed_that_fails_is_asked_at_its_pace_for_a_week(mill: Mill) -> None:
    at = news(mill, 12.0, 48)
    for number in range(1, 9):
        mill.plan(failed(at + number * 15 * MINUTE, "timeout"))
    assert waits(mill) <= 45 * MINUTE, "what it lists is gone in less than two hours"
    for hour in range(3, 160, 6):
        mill.plan(failed(at + hour * HOUR, "timeout"))
    assert waits(mill) == HOUR
    mill.plan(failed(at + 8 * DAY, "timeout"))
    assert waits(mill) == 6 * HOUR


def test_a_slow_feed_that_fails_for_days_is_asked_no_oftener_than_when_it_was_well(mill: Mill) -> None:
    mill.plan(look(NOON), link("http://demo/1"), now=NOON)
    at = NOON + 40 * DAY
    mill.plan(look(at), now=at)
    for hour in range(1, 30):
        mill.plan(failed(at + hour * HOUR, "http 500"))
    assert waits(mill) == pace.ASLEEP


@pytest.mark.parametrize("facts", [{"status": 304}, {"status": None, "error": "http 500"}])
def test_how_much_a_source_lists_is_known_through_looks_that_name_nothing(mill: Mill, facts: dict[str, Any]) -> None:
    at = news(mill, 0.5, 240, every=6 * HOUR)
    for _ in range(4):
        at += 6 * HOUR
        mill.plan(look(at, 0, **facts), now=at)
    assert mill.ask("SELECT links, poll_interval FROM store.sources") == [(20, 6 * HOUR)], "of twenty, ten may go by"


def test_a_list_that_goes_back_a_few_hours_tells_of_those_at_the_first_look(mill: Mill) -> None:
    links = [link(f"http://demo/{number}", published_at=NOON - number * 12 * MINUTE) for number in range(1, 11)]
    mill.plan(look(NOON, 10), *links)
    assert waits(mill) <= HOUR, "ten in two hours"


def test_a_host_that_answered_this_week_is_asked_within_hours_however_it_fails(mill: Mill) -> None:
    mill.plan(look(NOON))
    for hour in range(1, 150, 6):
        mill.plan(failed(NOON + hour * HOUR, "dns"))
        assert waits(mill) <= 6 * HOUR
    mill.plan(failed(NOON + 8 * DAY, "dns"))
    assert waits(mill) >= 5 * DAY


def test_a_source_that_has_brought_nothing_for_a_month_sleeps_and_wakes(mill: Mill) -> None:
    mill.plan(look(NOON), link("http://demo/1"), now=NOON)
    mill.plan(look(NOON + 40 * DAY), now=NOON + 40 * DAY)
    assert waits(mill) == pace.ASLEEP
    late = NOON + 41 * DAY
    mill.plan(look(late), *[link(f"http://demo/n{n}", discovered_at=late) for n in range(20)], now=late)
    assert waits(mill) <= pace.AT_MOST


@pytest.mark.parametrize(
    ("error", "first", "fifth"),
    [
        ("timeout", 15 * MINUTE, HOUR),
        ("http 500", 15 * MINUTE, HOUR),
        ("http 503", 30 * MINUTE, 150 * MINUTE),
        ("http 404", 6 * HOUR, 30 * HOUR),
        ("dns", 15 * MINUTE, 30 * HOUR),
        ("http 403", 12 * HOUR, 12 * HOUR),
        ("robots", 4 * HOUR, 4 * HOUR),
        ("not reached", timedelta(0), timedelta(0)),
    ],
)
def test_kinds_of_failure_wait_differently_and_none_is_for_good(mill: Mill, error: str, first: timedelta, fifth: timedelta) -> None:
    mill.plan(failed(NOON, error))
    assert waits(mill) == first
    for number in range(1, 5):
        mill.plan(failed(NOON + number * HOUR, error))
    assert waits(mill) == fifth
    for number in range(5, 35, 3):
        mill.plan(failed(NOON + number * HOUR, error))
    assert waits(mill) <= 7 * DAY
    mill.plan(look(NOON + 100 * HOUR))
    assert mill.ask("SELECT failures, error FROM sources") == [(0, None)]


def test_a_wait_of_a_week_that_the_host_asks_for_is_kept(mill: Mill) -> None:
    mill.plan(failed(NOON, "asked to wait", retry_at=NOON + 7 * DAY))
    assert waits(mill) == 7 * DAY
    (known,) = known_sources(mill.db, ["demo"], NOON + 6 * DAY)
    assert known.is_resting
    (known,) = known_sources(mill.db, ["demo"], NOON + 7 * DAY)
    assert not known.is_resting


def test_a_failure_keeps_what_is_known_of_the_source(mill: Mill) -> None:
    at = news(mill, 4.0, 4)
    before = mill.ask("SELECT new_per_hour, poll_interval, last_new_at, answered_at FROM sources")
    mill.plan(failed(at + HOUR, "timeout"))
    assert mill.ask("SELECT new_per_hour, poll_interval, last_new_at, answered_at FROM sources") == before


def test_two_schedulers_find_nothing_due_a_second_time(mill: Mill) -> None:
    mill.plan(look(NOON))
    assert [known.is_resting for known in known_sources(mill.db, ["demo"], NOON + MINUTE)] == [True]
    mill.plan(look(NOON), now=NOON + MINUTE)
    assert mill.ask("SELECT count(*) FROM store.sources") == [(1,)]


def test_a_clock_that_was_ahead_and_is_set_back_stops_nothing(mill: Mill) -> None:
    ahead = NOON + 300 * DAY
    mill.plan(look(ahead), now=ahead)
    (known,) = known_sources(mill.db, ["demo"], NOON)
    assert not known.is_resting and known.etag is None
    mill.plan(look(NOON), link("http://demo/1"), now=NOON)
    assert NOON < mill.ask("SELECT next_visit_at FROM sources")[0][0] <= NOON + pace.AT_MOST


def test_validators_are_left_out_now_and_then(mill: Mill) -> None:
    mill.plan(look(NOON))
    assert known_sources(mill.db, ["demo"], NOON + HOUR)[0].etag == '"a"'
    assert known_sources(mill.db, ["demo"], NOON + DAY + MINUTE)[0].etag is None
    for number in range(1, pace.PROBE_EVERY + 1):
        mill.plan(look(NOON + number * MINUTE, 0, status=304, etag=None, content_sha256=None, conditional=True))
    assert known_sources(mill.db, ["demo"], NOON + HOUR)[0].etag is None


@pytest.mark.parametrize(("an_hour", "is_believed"), [(6.0, False), (0.2, True)])
def test_nothing_new_is_doubted_where_half_of_the_list_should_have_gone(mill: Mill, an_hour: float, is_believed: bool) -> None:
    at = news(mill, an_hour, 48)
    assert known_sources(mill.db, ["demo"], at + 3 * HOUR)[0].etag, "a brisk one that has not been asked since"
    mill.plan(look(at + HOUR, 0, status=304, etag=None, content_sha256=None, conditional=True), now=at + HOUR)
    assert known_sources(mill.db, ["demo"], at + HOUR + 15 * MINUTE)[0].etag, "a few may be late"
    assert (known_sources(mill.db, ["demo"], at + 3 * HOUR)[0].etag is not None) == is_believed


def test_a_server_whose_validators_lie_is_never_believed_again(mill: Mill) -> None:
    mill.plan(look(NOON, content_sha256="x"))
    mill.plan(look(NOON + HOUR, 0, status=304, etag=None, content_sha256=None, conditional=True))
    mill.plan(look(NOON + 2 * HOUR, content_sha256="y"), link("http://demo/1", discovered_at=NOON + 2 * HOUR))
    assert mill.ask("SELECT is_lying FROM sources") == [(True,)], "the same ETag for other news"
    assert known_sources(mill.db, ["demo"], NOON + 2 * HOUR + MINUTE)[0].etag is None


def test_a_server_that_said_nothing_new_of_old_news_has_lied_too(mill: Mill) -> None:
    mill.plan(look(NOON, content_sha256="x"))
    mill.plan(look(NOON + 6 * HOUR, 0, status=304, etag=None, content_sha256=None, conditional=True))
    late = NOON + 7 * HOUR
    mill.plan(look(late, content_sha256="y", etag='"b"'), link("http://demo/1", discovered_at=late, published_at=NOON + HOUR), now=late)
    assert mill.ask("SELECT is_lying FROM sources") == [(True,)]


def test_an_honest_server_is_believed(mill: Mill) -> None:
    mill.plan(look(NOON, content_sha256="x"))
    mill.plan(look(NOON + HOUR, 0, status=304, etag=None, content_sha256=None, conditional=True))
    late = NOON + 2 * HOUR
    fresh = link("http://demo/1", discovered_at=late, published_at=late - 10 * MINUTE)
    mill.plan(look(late, content_sha256="y", etag='"b"', conditional=True), fresh, now=late)
    assert mill.ask("SELECT is_lying FROM sources") == [(False,)]
    assert known_sources(mill.db, ["demo"], late + HOUR)[0].etag == '"b"'


def test_an_index_of_sitemaps_is_asked_as_often_as_the_briskest_that_it_names(mill: Mill) -> None:
    index = "http://demo/index.xml"
    for number in range(6):
        at = NOON + number * HOUR
        fresh = [link(f"http://demo/{number}-{each}", discovered_at=at) for each in range(4)]
        mill.plan(
            Source("demo", index, "sitemap", at, 200, 0, content_sha256="i"),
            Source("demo", FEED, "sitemap", at, 200, 50, content_sha256=str(number)),
            *fresh,
            now=at,
        )
    assert _intervals(mill) == {index: 2 * HOUR, FEED: 2 * HOUR}
    at = NOON + 6 * HOUR
    mill.plan(Source("demo", index, "sitemap", at, 200, 0, content_sha256="i"), Source("demo", FEED, "sitemap", at, 304, 0), now=at)
    assert _intervals(mill)[index] == _intervals(mill)[FEED] <= 3 * HOUR, "one that says nothing new is brisk all the same"
    mill.plan(Source("demo", index, "sitemap", at + HOUR, 200, 0, content_sha256="i"), now=at + HOUR)
    assert _intervals(mill)[index] == _intervals(mill)[FEED] <= 3 * HOUR, "and so is one that was not due"
    mill.plan(Source("demo", index, "sitemap", at + 3 * DAY, 200, 0, content_sha256="i"), now=at + 3 * DAY)
    assert _intervals(mill)[index] == 6 * HOUR, "it names that one no more"


def _intervals(mill: Mill) -> dict[str, timedelta]:
    return dict(mill.ask("SELECT url, poll_interval FROM sources"))


def test_dates_of_1970_and_2099_neither_hide_news_nor_stand_first_for_ever(mill: Mill) -> None:
    odd = [("old", datetime(1970, 1, 1, tzinfo=UTC)), ("far", datetime(2099, 1, 1, tzinfo=UTC)), ("none", None)]
    links = [link(f"http://demo/{name}", published_at=at) for name, at in odd]
    later = NOON + 2 * DAY
    mill.plan(*links)
    today = link("http://demo/today", discovered_at=later, published_at=later)
    due = mill.plan(today, now=later).due
    assert [each.url.rpartition("/")[2] for each in due] == ["today", "far", "none", "old"]


def alarms(mill: Mill, at: datetime) -> set[str]:
    """What a run that asked for nothing finds of the outlet's sources."""
    folder = mill.load()
    return {found.name for found in check(mill.db, folder, f"run{mill.runs}", ["demo"], at)} & {"outlet_silent", "source_failed"}


def test_an_outlet_that_does_not_answer_is_silent_in_the_runs_between_two_looks_too(mill: Mill) -> None:
    mill.plan(look(NOON), now=NOON)
    assert alarms(mill, NOON) == set()
    mill.plan(failed(NOON + HOUR, "another host"), now=NOON + HOUR)
    assert alarms(mill, NOON + 6 * HOUR) == {"outlet_silent", "source_failed"}
    other = replace(look(NOON + 7 * HOUR, warnings=("two entries without a link",)), url=f"{FEED}/other")
    mill.plan(other, now=NOON + 7 * HOUR)
    assert alarms(mill, NOON + 8 * HOUR) == {"source_failed"}, "one of two"
    mill.plan(look(NOON + 9 * HOUR), now=NOON + 9 * HOUR)
    assert alarms(mill, NOON + 10 * HOUR) == {"source_failed"}, "a warning of the other"


def test_an_outlet_that_asks_for_an_hour_again_and_again_is_silent(mill: Mill) -> None:
    asked = failed(NOON, "asked to wait", retry_at=NOON + HOUR)
    mill.plan(asked, now=NOON)
    mill.load(asked, Failure("demo", "http://demo/1", "waiting", "asked to wait", NOON, retry_at=NOON + HOUR))
    assert mill.ask("SELECT reason FROM refusals") == [("asked to wait",)]
    assert "outlet_silent" in alarms(mill, NOON + 2 * HOUR)


def test_a_source_that_is_gone_from_the_outlet_s_file_alarms_nobody_and_hides_no_silence(mill: Mill) -> None:
    mill.plan(failed(NOON, "http 404"), now=NOON)
    assert alarms(mill, NOON + DAY) == {"outlet_silent", "source_failed"}
    assert alarms(mill, NOON + 2 * DAY) == set(), "it was due, and nobody asked"
    well, later = replace(look(NOON), url=f"{FEED}/gone"), NOON + 10 * DAY
    mill.plan(well, now=NOON)
    mill.plan(failed(later, "dns"), now=later)
    assert alarms(mill, later + HOUR) == {"outlet_silent", "source_failed"}
