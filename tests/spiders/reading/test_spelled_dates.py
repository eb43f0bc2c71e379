from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.spelled_dates import parse, readable, since, spelled, without_dates
from spiders.reading.stamps import LONGEST

MAY_6 = datetime(2024, 5, 6)  # noqa: DTZ001 - as printed
TWENTY_PAST_TEN = MAY_6.replace(hour=10, minute=20)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("6 May 2024", ""),
        ("6th of May, 2024", "en"),
        ("May 6th, 2024", "en"),
        ("Mon May 6 2024", "en"),
        ("6. Mai 2024", "de"),
        ("le 6 mai 2024", "fr"),
        ("6 de mayo de 2024", "es"),
        ("6 de maio de 2024", "pt"),
        ("6 maggio 2024", "it"),
        ("6 de maig del 2024", "ca"),
        ("6 mei 2024", "nl"),
        ("6 maja 2024", "pl"),
        ("6. maj 2024", "da"),
        ("6 mai 2024", "nb"),
        ("6 maj 2024", "sv"),
        ("6 toukokuuta 2024", "fi"),
        ("6 Mayıs 2024 Pazartesi", "tr"),
        ("6 мая 2024 г.", "ru"),
        ("6 травня 2024", "uk"),
        ("الاثنين ٦ مايو ٢٠٢٤", "ar"),
        ("6 أيار 2024", "ar"),
        ("الإثنين، 6 أيار/مايو 2024", "ar"),
        ("6 ماي 2024", "ar"),
        ("٦ی ئایاری ٢٠٢٤", "ckb"),
        ("6ی گوڵان 2024", "ckb"),
        ("6ê Gulana 2024an", "ku"),
        ("6 Gulan 2024", "ku"),
        ("06.05.2024", "tr"),
        ("06.05.24", "de"),
        ("06-05-2024", "ckb"),
        ("6/5/2024", "ar"),
        ("5/6/2024", "en-US"),
        ("5/6/2024 3:20 PM", "en"),
        ("2024/05/06", "fa"),
        ("۲۰۲۴/۰۵/۰۶", "fa"),
        ("2024年5月6日", "ja"),
        ("2024년 5월 6일", "ko"),
        ("2024. 5. 6.", "ko"),
        ("2024. május 6.", "hu"),
        ("ngày 6 tháng 5 năm 2024", "vi"),
    ],
)
def test_a_day_is_read_as_it_is_printed_in_many_languages(text, language):
    [found] = spelled(readable(text), language)
    assert found.stamp.value.date() == MAY_6.date()


@pytest.mark.parametrize(
    "text",
    [
        "6 May 2024 10:20",
        "10:20, 6 May 2024",
        "6 May 2024 at 10:20 am",
        "6. Mai 2024, 10.20 Uhr",
        "le 6 mai 2024 à 10h20",
        "٦ مايو ٢٠٢٤ - ١٠:٢٠ ص",
        "06.05.2024 | 10:20",
        "2024年5月6日 10時20分",
        "2024-05-06 10:20",
    ],
)
def test_the_time_beside_a_day_is_its_time(text):
    [found] = spelled(readable(text))
    assert (found.stamp.value, found.stamp.precision) == (TWENTY_PAST_TEN, "minute")


@pytest.mark.parametrize(
    ("text", "hour", "offset"),
    [
        ("6 May 2024 10:20 PM EST", 22, -5),
        ("6 May 2024 10:20 (GMT+3)", 10, 3),
        ("6 May 2024 | 10:20 +03:00", 10, 3),
        ("Published 11:20 AM EDT May 6, 2024", 11, -4),
        ("٦ مايو ٢٠٢٤ ١٠:٢٠ م", 22, None),
        ("6 May 2024 12:20 AM", 0, None),
        ("6 May 2024 10:20 IST", 10, None),  # India, Ireland, Israel
    ],
)
def test_halves_of_the_day_and_zones_are_heeded(text, hour, offset):
    stamp = spelled(readable(text))[0].stamp
    assert stamp.value.hour == hour
    assert stamp.value.utcoffset() == (None if offset is None else timedelta(hours=offset))


@pytest.mark.parametrize(
    "text",
    [
        "May 6",
        "JULY 2022",
        "12 Angry 1957",
        "31 February 2024",
        "Route 66 1999 2024",
        "1234-56-78",
        "6 May 20245",
        "+1 202 555 2024",
        "v1.2.2024.5",
    ],
)
def test_what_names_no_day_is_left(text):
    assert spelled(text) == []


def test_a_line_may_hold_two_dates():
    text = "Published 6 May 2024 10:20, updated 7 May 2024 09:00"
    found = spelled(text)
    assert [one.stamp.value for one in found] == [TWENTY_PAST_TEN, MAY_6.replace(day=7, hour=9)]
    assert "".join(without_dates(text, found).split()) == "Published,updated"


def test_relative_times_count_from_the_capture():
    now, zone = datetime(2024, 5, 7, 0, 30, tzinfo=UTC), timezone(timedelta(hours=-3))
    two_hours, yesterday, at_ten, days = (since(text, now, zone) for text in ("2 hours ago", "yesterday", "dün 10:20", "٣ days ago"))
    assert two_hours
    assert (two_hours.value, two_hours.precision) == (datetime(2024, 5, 6, 22, 30, tzinfo=UTC), "minute")
    assert yesterday
    assert (str(yesterday.value.date()), yesterday.precision) == ("2024-05-05", "day")  # it is still the sixth there
    assert at_ten
    assert (at_ten.value, at_ten.precision) == (datetime(2024, 5, 5, 13, 20, tzinfo=UTC), "minute")
    assert days
    assert (str(days.value.date()), days.precision) == ("2024-05-03", "day")
    assert since("6 May 2024", now, zone) is None


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="0123456789-:./ TZ+MayJulie,de٣ی年月日", max_size=60))
def test_any_line_is_taken(text):
    for found in spelled(readable(text)):
        assert 0 <= found.start < found.end <= len(readable(text))
    stamp = parse(text)
    assert stamp is None or stamp.raw == text
    since(text, datetime(2024, 5, 7, tzinfo=UTC), UTC)


def test_a_text_of_any_length_is_read_at_its_beginning():
    assert parse("2024-05-06 " * 100_000) is not None
    assert parse("x" * LONGEST * 10 + " 6 May 2024") is None
