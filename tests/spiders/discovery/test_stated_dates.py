"""Dates of feeds and sitemaps: every spelling, and no day that was not stated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery.dates import Stated, parse_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        # RFC 822 and what passes for it
        ("Mon, 09 Nov 2026 10:11:12 +0300", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 GMT", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Mon,09 Nov 2026 10:11 EST", utc(2026, 11, 9, 15, 11), "minute"),
        ("9 Nov 26 10:11:12 Z", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Thu, 01 Jan 98 00:00:00 UT", utc(1998, 1, 1), "second"),
        ("Mon, 9 November 2026 10:11:12 PDT", utc(2026, 11, 9, 17, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 +03:00", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 GMT+3", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 GMT+0300 (Arabian Standard Time)", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 −0300", utc(2026, 11, 9, 13, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 NONSENSE", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12 +9900", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Mon, 09 Nov 2026 10:11:12", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Mon Nov  9 10:11:12 2026", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("Mon Nov 09 2026 10:11:12 GMT+0300 (AST)", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("09-Nov-2026 10:11 PM", utc(2026, 11, 9, 22, 11), "minute"),
        ("9 Nov 2026 12:05 am", utc(2026, 11, 9, 0, 5), "minute"),
        ("09 Nov 2026", utc(2026, 11, 9), "day"),
        # ISO 8601
        ("2026-11-09T10:11:12Z", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("2026-11-09T10:11:12.123456789+03:00", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("2026-11-09 10:11:12 +0300", utc(2026, 11, 9, 7, 11, 12), "second"),
        ("2026-11-09T10:11+03", utc(2026, 11, 9, 7, 11), "minute"),
        ("2026-11-09T10:11:12", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("2026-11-09T10:11:12[Europe/Oslo]", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("20261109T101112Z", utc(2026, 11, 9, 10, 11, 12), "second"),
        ("2026-11-09T24:00:00Z", utc(2026, 11, 10), "second"),
        ("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59), "second"),
        ("2026-11-09T10Z", utc(2026, 11, 9, 10), "minute"),
        ("2026-W46-1", utc(2026, 11, 9), "day"),
        ("2026-11-09", utc(2026, 11, 9), "day"),
        ("2026-11-09+03:00", utc(2026, 11, 9), "day"),
        ("2026/11/9", utc(2026, 11, 9), "day"),
        # in words and in other letters
        ("November 9, 2026", utc(2026, 11, 9), "day"),
        ("May 3rd, 2026 at 5:06 PM", utc(2026, 5, 3, 17, 6), "minute"),
        ("Sat 14 Mar 2020 | 02:53 PM", utc(2020, 3, 14, 14, 53), "minute"),
        ("lun., 9 août 2026 à 10:11", utc(2026, 8, 9, 10, 11), "minute"),
        ("mar, 12 mar 2024 10:00", utc(2024, 3, 12, 10), "minute"),
        ("9 Mayıs 2026", utc(2026, 5, 9), "day"),
        ("9 ноября 2026", utc(2026, 11, 9), "day"),
        ("الأحد 19 مايو 2024 03:15 م", utc(2024, 5, 19, 15, 15), "minute"),
        ("٩ تشرين الثاني ٢٠٢٦", utc(2026, 11, 9), "day"),
        ("09.11.2026 10:11", utc(2026, 11, 9, 10, 11), "minute"),
        ("25/06/2026", utc(2026, 6, 25), "day"),
        ("1749549600", utc(2025, 6, 10, 10), "second"),
        ("1749549600123", utc(2025, 6, 10, 10), "second"),
    ],
)
def test_every_spelling_is_read(text: str, at: datetime, precision: str) -> None:
    assert parse_date(text) == Stated(at, precision, text.replace("  ", " "))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-45",
        "0000-00-00 00:00:00",
        "2026-02-30T10:00:00Z",
        "Tue, 31 Feb 2026 10:00:00 GMT",
        "2026-11-09T25:00:00Z",
        "2026-11",
        "2026",
        "05/06/2026",  # of May, or of June
        "Monday",
        "10",
        "10:30",
        "2 hours ago",
        "yesterday 2026",
        "9 Foo 2026",
        "November 2026",
        "01 Jan 1970 00:00:00 GMT",
        "9999-12-31T23:59:59-12:00",
        "2199-01-01",
        "99999999999999999999",
        "2024010112",
        "true",
        "9" * 5000,
    ],
)
def test_what_states_no_day_keeps_its_words_alone(text: str) -> None:
    assert parse_date(text) == Stated(raw=text[:120])


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_nothing_stated_is_nothing(text: str | None) -> None:
    assert parse_date(text) == Stated()


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9A-Za-z :,.+/-]{1,40}", fullmatch=True)))
def test_no_text_raises_and_every_time_has_a_zone(text: str) -> None:
    stated = parse_date(text)
    assert (stated.at is None) == (stated.precision == "none")
    assert stated.at is None or stated.at.utcoffset() is not None


@settings(max_examples=200, deadline=None)
@given(st.integers(631_238_400, 4_100_000_000), st.integers(-14 * 60, 14 * 60))
def test_times_come_back_whole_from_both_standards(seconds: int, minutes_ahead: int) -> None:
    at = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes_ahead)))
    assert parse_date(at.isoformat()).at == at
    assert parse_date(at.strftime("%a, %d %b %Y %H:%M:%S %z")).at == at
