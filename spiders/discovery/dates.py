"""When a feed or sitemap says something was published: every spelling that is met, and never a day that was not stated."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dateutil.parser import parse as parse_leniently

from spiders.discovery.calendar_words import MONTHS, OTHER_WORDS, TWO_WORD_MONTHS, ZONES
from warehouse.contracts import Precision

EARLIEST, LATEST = 1990, 2100  # years; the web is younger, and what is later is a typing mistake
_LONGEST = 120  # characters; "Sun, 01 Sep 2024 10:11:12 +0200 (Central European Summer Time)" has 62

_TIME = r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,:]\d{1,12})?)?"
_ZONE = r"(?P<zone>[A-Z]{1,5}|(?:GMT|UTC?)?\s?[+-]\d{1,2}:?(?:\d{2})?(?::\d{2})?)?"
_ISO = re.compile(
    rf"(?P<year>\d{{4}})(?:-?(?P<month>\d{{2}})-?(?P<day>\d{{2}})|[-/.](?P<month1>\d{{1,2}})[-/.](?P<day1>\d{{1,2}}))"
    rf"(?:(?:T|\s|_)\s?{_TIME}\s?{_ZONE}|{_ZONE.replace('zone', 'day_zone')})?",
    re.ASCII | re.IGNORECASE,
)
_RFC = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[\s-](?P<name>[A-Z]{3,9})\.?,?[\s-](?P<year>\d{4}|\d{2})"
    rf"(?:,?\s{_TIME.replace(':?(?P<minute>', ':(?P<minute>')}\s?(?P<half>[AP]M)?\s?{_ZONE})?",
    re.ASCII | re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{9,10}(?:\d{3})?", re.ASCII)
_OFFSET = re.compile(r"(?:GMT|UTC?)?\s?([+-])(\d{1,2}):?(\d{2})?(?::\d{2})?", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# before a comma, or before a day that a word follows: "mar, 12 mar 2024", and not the month of "May 3, 2024"
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?\s?(?:,\s?(?=\d)|\s(?=\d{1,2}[.\s-]+[^\W\d_]{3}))")
_COMMENT = re.compile(r"\s?[(\[][^()\[\]]*[)\]]$")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_MARKED_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?(?=[+-]\d)", re.IGNORECASE)  # dateutil reads "GMT+3" with the sign of POSIX
# What a lenient parser fills in where nothing was stated: two that differ in every part show what it filled in.
_FILLED = (datetime(2001, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2002, 3, 4, 6, 7, 8, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as it was written, and what it means if that is clear. Times without a zone are taken as UTC."""

    at: datetime | None = None
    precision: Precision = "none"
    raw: str | None = None


UNSTATED = Stated()


def parse_date(text: str | None) -> Stated:
    """The time that ``text`` states. A day alone is its midnight in UTC, precision "day"; what is unclear is ``raw`` alone."""
    raw = " ".join((text or "").split())[:_LONGEST].encode("utf-8", "replace").decode()
    if not raw:
        return UNSTATED
    tidy = _tidy(raw)
    for parse in (_iso, _rfc, _epoch, _lenient):
        try:
            read = parse(tidy)
        except _IMPOSSIBLE:
            return Stated(raw=raw)
        if read is not None:
            at, precision = read
            return Stated(at, precision, raw) if EARLIEST <= at.year < LATEST else Stated(raw=raw)
    return Stated(raw=raw)


_Read = tuple[datetime, Precision]
_IMPOSSIBLE = (ValueError, ArithmeticError, TypeError, AttributeError, IndexError)  # dateutil has raised every one of them


def _tidy(raw: str) -> str:
    """Western digits, plain signs, no direction marks, no comment behind the zone, days with dots the ISO way."""
    if not raw.isascii():
        raw = "".join(_tidy_letter(letter) for letter in raw if unicodedata.category(letter) != "Cf")
    return " ".join(_DAY_FIRST.sub(r"\3-\2-\1", _COMMENT.sub("", raw)).split())


def _tidy_letter(letter: str) -> str:
    if letter in "−–—‐‑":
        return "-"
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _iso(text: str) -> _Read | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return _exotic_iso(text)
    day = int(match["day"] or match["day1"])
    return _moment(int(match["year"]), int(match["month"] or match["month1"]), day, match)


def _exotic_iso(text: str) -> _Read | None:
    """Weeks and whole hours: "2024-W05-2T10Z"."""
    if not re.match(r"\d{4}-?(?:W|\d{2}-?\d{2}T)", text, re.ASCII):
        return None
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), "minute" if "T" in text else "day"


def _rfc(text: str) -> _Read | None:
    """RFC 822 and what passes for it."""
    match = _RFC.fullmatch(_WEEKDAY.sub("", text))
    month = MONTHS.get(match["name"].lower()) if match else None
    if match is None or month is None:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 50 else 1900  # RFC 2822, section 4.3
    return _moment(year, month, int(match["day"]), match)


def _moment(year: int, month: int, day: int, match: re.Match[str]) -> _Read:
    midnight = datetime(year, month, day, tzinfo=UTC)
    if match["hour"] is None:
        return midnight, "day"
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half = match.groupdict().get("half")
    if half:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(match[0])
    # "24:00" is the next midnight, ":60" a leap second
    since = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    return midnight + since - _offset(match["zone"]), "second" if match["second"] else "minute"


def _offset(zone: str | None) -> timedelta:
    """Ahead of UTC by so much. An unknown name counts as UTC: half an hour's error beats no time at all."""
    match = _OFFSET.fullmatch((zone or "").strip())
    if match is None:
        return timedelta(seconds=ZONES.get((zone or "").strip().upper(), 0))
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > timedelta(hours=15):
        return timedelta()
    return -offset if match[1] == "-" else offset


def _epoch(text: str) -> _Read | None:
    """Seconds or milliseconds since 1970. From 1990000000 on it could be a day's digits, "2024010112"."""
    if not _EPOCH.fullmatch(text):
        return None
    seconds = int(text) // 1000 if len(text) > 10 else int(text)
    return (datetime.fromtimestamp(seconds, UTC), "second") if 631_152_000 <= seconds < 1_990_000_000 else None


def _lenient(text: str) -> _Read | None:
    """dateutil's reading, if it had to fill in no part of the day and did not choose between day and month."""
    text = _in_english(_MARKED_OFFSET.sub("", text))
    if not re.search(r"\b\d{4}\b", text, re.ASCII):
        return None
    first, second = (
        parse_leniently(text, default=filled, dayfirst=bool(day_first), tzinfos=_ZONE_INFOS) for day_first, filled in enumerate(_FILLED)
    )
    if first.date() != second.date():
        return None
    if first.hour != second.hour:
        return datetime(first.year, first.month, first.day, tzinfo=UTC), "day"
    precision: Precision = "minute" if first.second != second.second else "second"
    if precision == "minute":
        first = first.replace(minute=first.minute if first.minute == second.minute else 0, second=0)
    first = first.replace(microsecond=0)
    return first.astimezone(UTC), precision


_ZONE_INFOS = {name: timezone(timedelta(seconds=seconds)) for name, seconds in ZONES.items()}


def _in_english(text: str) -> str:
    """Month names translated; words that say nothing of the day ("à", "kl.", weekdays) left out."""
    text = _WEEKDAY.sub("", text)
    for words, month in TWO_WORD_MONTHS.items():
        text = text.replace(words, month)
    return _WORD.sub(_translated, text).replace("|", " ")


def _translated(word: re.Match[str]) -> str:
    text = word[0]
    month = MONTHS.get(text.lower())
    if month is not None:
        return datetime(2000, month, 1, tzinfo=UTC).strftime("%B")
    return text if text.upper() in ZONES else OTHER_WORDS.get(text.lower(), "")
