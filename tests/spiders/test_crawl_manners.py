"""Manners, pure: turns, waits, the names of failures. Times are arguments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from twisted.internet.error import ConnectionLost, NoRouteError, TCPTimedOutError
from twisted.python.failure import Failure as TwistedFailure
from twisted.web.client import ResponseFailed

from spiders.manners import PATIENCE, STRIKES, Host, Pace, host_of
from spiders.outcomes import Miss, failure, miss_of, retry_after
from warehouse.contracts import Planned

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINK = Planned("demo", "http://a.example/1", "demo:1", "feed")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://Paper.example/a", "paper.example"),
        ("https://paper.example:443/a", "paper.example"),
        ("http://paper.example:443/a", "paper.example:443"),
        ("http://paper.example.:8080/", "paper.example:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
    ],
)
def test_a_host_is_a_name_and_a_port(url: str, key: str) -> None:
    assert host_of(url) == key


@pytest.mark.parametrize(
    "url", ["", "paper.example", "ftp://paper.example/", "http:///a", "http://a:b@paper.example/", "http://a:99999/", "http://[x/"]
)
def test_what_names_no_host_has_no_key(url: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        host_of(url)


def test_two_requests_are_a_delay_apart() -> None:
    pace = Pace(delay=2)
    assert pace.wait(100) == 0
    pace.leave(100)
    assert [pace.wait(now) for now in (100, 101.5, 102, 200)] == [2, 0.5, 0, 0]


def test_a_host_that_asks_is_left_alone() -> None:
    pace = Pace(delay=2)
    pace.leave(100)
    assert pace.hold(100, 30)
    assert pace.wait(110) == 20
    pace.leave(110)
    assert pace.wait(110) == 20  # a request that left meanwhile does not shorten it


def test_our_patience_with_a_host_ends() -> None:
    pace = Pace()
    assert pace.hold(0, PATIENCE - 1)
    assert not pace.hold(200, 2)
    assert pace.wait(200) == 0
    assert pace.hold(200, 1)


def test_the_strictest_outlet_sets_a_hosts_manners() -> None:
    host = Host("a.example")
    host.meet(2, 4)
    host.meet(5, 1)
    host.meet(1, 8)
    assert (host.pace.delay, host.concurrency) == (5, 1)


def test_a_host_is_given_up_after_so_many_links_in_a_row() -> None:
    host = Host("a.example")
    for _ in range(STRIKES - 1):
        host.failed(Miss("timeout"))
    host.answered()
    for _ in range(STRIKES - 1):
        host.failed(Miss("timeout"))
    assert host.given_up is None
    host.failed(Miss("reset"))
    assert host.given_up is not None
    assert (host.given_up.reason, host.given_up.state) == ("host unreachable", "waiting")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        (" 120 ", 120),
        ("0", 0),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90),
        ("99999999999999999999", 30 * 86400),
        ("Sun, 01 Mar 9999 12:00:00 GMT", 30 * 86400),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: int) -> None:
    assert retry_after(value, NOON) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٥", "Sun, 99 Mar 2026"])
def test_retry_after_may_say_nothing(value: str) -> None:
    assert retry_after(value, NOON) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotResolveHostError("x"), "dns"),
        (DownloadTimeoutError("x"), "timeout"),
        (TCPTimedOutError(), "timeout"),
        (DownloadCancelledError("x"), "too large"),
        (NoRouteError(), "unreachable"),
        (ResponseFailed([TwistedFailure(ConnectionLost())]), "reset"),
        (DownloadFailedError("x"), "reset"),
        (UnicodeError("label too long"), "not a URL"),
        (RuntimeError("surprise"), "error"),
    ],
)
def test_an_error_has_a_short_name(error: Exception, reason: str) -> None:
    assert miss_of(error).reason == reason


@pytest.mark.parametrize(
    ("reason", "state", "wait"),
    [
        ("http 404", "failed", None),
        ("http 503", "failed", timedelta(hours=1)),
        ("http 429", "failed", timedelta(hours=1)),
        ("http 401", "failed", timedelta(days=1)),
        ("tls", "failed", timedelta(days=1)),
        ("robots", "skipped", None),
        ("robots unreachable", "waiting", timedelta(hours=1)),
        ("not reached", "waiting", timedelta(0)),
        ("no space", "waiting", timedelta(0)),
    ],
)
def test_a_reason_settles_state_and_wait(reason: str, state: str, wait: timedelta | None) -> None:
    row = failure(LINK, Miss(reason), NOON)
    assert (row.state, row.retry_at) == (state, None if wait is None else NOON + wait)


def test_what_the_host_said_wins_over_our_habit() -> None:
    assert failure(LINK, Miss("asked to wait", retry_in=timedelta(days=7)), NOON).retry_at == NOON + timedelta(days=7)


def test_a_page_whose_turn_never_came_is_not_blamed() -> None:
    assert failure(LINK, Miss("dns", asked=False), NOON).state == "waiting"
