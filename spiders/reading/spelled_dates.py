"""Dates as people write them, in any of the languages that ``date_words`` knows: found in a line of text, or read out of one."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from dateutil import parser as lenient

from spiders.reading.ages import age_of, day_named
from spiders.reading.date_words import month_of
from spiders.reading.stamps import DIGITS, LONGEST, Stamp, has_sane_zone, precision_of, written, zone_ahead, zone_named
from spiders.reading.text import clean

MOST = 4  # dates of one line

_NAME = r"[^\W\d_]{2,20}\.?(?:[ /-][^\W\d_]{2,20})?(?:/[^\W\d_]{2,20})?"  # "كانون الثاني/يناير" is one month in two families of names
_YEAR = r"(?:19|20)\d\d(?!\d)"
_JOIN = r"(?:[ ,./-]{0,3}(?:\b(?:de|del|di|d'|of|em|năm|г|la|ê|a)\b\s?|d['’])?)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # 6 May 2024 · 6th of May, 2024 · 6. Mai 2024 · 6 de mayo de 2024 · 6ê Gulana 2024an · ٦ی ئایاری ٢٠٢٤
        rf"(?<![\d.:/])(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|º|ª|ی|ي|ê|'ê|\.)?{_JOIN}(?P<name>{_NAME}){_JOIN}(?P<year>{_YEAR})",
        # May 6, 2024
        rf"(?P<name>[^\W\d_]{{3,20}})\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s?,\s?|\s)(?:\w{{2,9}},?\s)?(?P<year>{_YEAR})",
        # 2024-05-06 · 2024/5/6 · 2024. 5. 6. · 2024年5月6日 · 2024년 5월 6일
        r"(?<![\d./-])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.]|\s?[年년])\s?(?P<month>[01]?\d)(?:(?P=mark)|\s?[月월])\s?(?P<day>[0-3]?\d)(?![\d/-])",
        # 2024. május 6.
        r"(?<!\d)(?P<year>(?:19|20)\d\d)[.,]?\s(?:m\.\s)?(?P<name>[^\W\d_]{3,20})\.?\s(?:d\.\s)?(?P<day>[0-3]?\d)(?!\d)",
        # 06.05.2024 · 6/5/2024 · 06-05-2024
        rf"(?<![\w./-])(?P<first>[0-3]?\d)(?P<dot>\.\s?|/|-)(?P<second>[0-3]?\d)(?P=dot)(?P<year>{_YEAR})(?!\.\d)",
        # ngày 6 tháng 5 năm 2024
        rf"(?<!\d)(?P<day>[0-3]?\d)\stháng\s(?P<month>[01]?\d)(?:,?\snăm\s|,\s)(?P<year>{_YEAR})",
        # 06.05.24 · 05/06/24
        r"(?<![\w./:-])(?P<first>[0-3]\d)(?P<dot>[./])(?P<second>[0-3]\d)(?P=dot)(?P<year>[0-3]\d)(?![\w./:-])",
    )
)
_ANY = re.compile(r"(?:19|20)\d\d|\d\.\d\d\.\d\d|\d/\d\d/\d\d")
_AM = r"[ap]\.?\s?m\b\.?|صباحا?ً?|مساءً?|[صم](?!\w)|پ\.ن|د\.ن|[πμ]\.?μ\.?"
_TIME = re.compile(
    rf"(?<![\d:.])(?P<before>{_AM})?\s?(?P<hour>[0-2]?\d)(?:[:٫]|[hH](?=\d)|\s?[時시]\s?|\.(?=\d\d\s?(?:Uhr|uhr|[ap]\.?m|[A-Z]{{2,4}}\b)))(?P<minute>[0-5]\d)"
    rf"(?::(?P<second>[0-5]\d))?(?![\d:])\s?(?P<half>{_AM})?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"[\s(,]{0,3}(?:(?P<name>[A-Z]{1,4}\b)|(?:GMT|UTC)?\s?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d))")
_MARKED_ZONE = re.compile(r"[\s(,]{0,3}(?:GMT|UTC)\s?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)")
_AFTERNOON = re.compile(r"p\.?\s?m|م|د\.ن|μ\.?μ", re.IGNORECASE)
_DIRECTIONS = {0x200E: None, 0x200F: None, 0x061C: None, **dict.fromkeys(range(8234, 8239)), 0xA0: " ", 0x202F: " ", 0x060C: ","}
_AMERICAN = frozenset({"en-us", "en-ph", "en-ca"})  # 5/6/2024 is the sixth of May
_DAY_FIRST = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_HALF = re.compile(r"\b[ap]\.?m\b", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d")
_DEFAULTS = (datetime(1904, 1, 1), datetime(1903, 2, 2))  # noqa: DTZ001 - naive as the dates that they complete


@dataclass(frozen=True, slots=True)
class Spelled:
    """A date and where it stands in its line; its time of the day may stand elsewhere."""

    start: int
    end: int
    stamp: Stamp


def readable(text: str) -> str:
    """``text`` in western digits and plain spaces, without marks of direction."""
    return text if text.isascii() else text.translate(DIGITS).translate(_DIRECTIONS)


def spelled(text: str, language: str = "") -> list[Spelled]:
    """The dates in a line made ``readable``, in order. ``language``: the page's, as BCP 47; it decides what "mar" and 5/6/2024 are."""
    if not _ANY.search(text):
        return []
    days: list[tuple[int, int, datetime]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            is_free = all(match.end() <= start or match.start() >= end for start, end, _ in days)
            if is_free and (day := _day(match, language)):
                days.append((match.start(), match.end(), day))
    return _timed(text, sorted(days)[:MOST])


def _day(match: re.Match[str], language: str) -> datetime | None:
    part = match.groupdict()
    year = int(match["year"])
    year += 2000 if year < 100 else 0
    with suppress(ValueError):
        if part.get("first"):
            day, month = int(match["first"]), int(match["second"])
            if _is_month_first(match, language) or month > 12:
                day, month = month, day
            return datetime(year, month, day)  # noqa: DTZ001 - as printed
        named = int(match["month"]) if part.get("month") else _month(match["name"], language)
        return datetime(year, named, int(match["day"])) if named else None  # noqa: DTZ001
    return None


def _is_month_first(match: re.Match[str], language: str) -> bool:
    """Americans write the month first, with slashes. "en" alone may be anybody's: a half of the day behind the date is an American's."""
    if match["dot"] != "/" or int(match["first"]) > 12:
        return False
    language = language.lower()
    return language in _AMERICAN or (language in ("", "en") and _HALF.search(match.string, match.end()) is not None)


def _month(name: str, language: str) -> int | None:
    """Of "Mayıs", "كانون الثاني", "أيار/مايو", "July Monday": the whole, else its first word, else its last."""
    if month := month_of(name, language):
        return month
    words = re.split(r"[ /-]", name)
    return next((month for word in (words[0], words[-1]) if len(words) > 1 and (month := month_of(word, language))), None)


def _timed(text: str, days: list[tuple[int, int, datetime]]) -> list[Spelled]:
    """Each day with the time that stands behind it and before the next one; a first day also with one that stands before it."""
    found = []
    for number, (start, end, day) in enumerate(days):
        until = days[number + 1][0] if number + 1 < len(days) else len(text)
        behind = _TIME.search(text, end, until)
        if behind is None and number == 0:
            behind = _TIME.search(text, 0, start)
        value, precision = _at(day, behind) if behind else (day, "day")
        found.append(Spelled(start, end, Stamp(text, value, "second" if precision == "second" else "minute" if behind else "day")))
    return found


def _at(day: datetime, match: re.Match[str]) -> tuple[datetime, str]:
    hour = int(match["hour"])
    half = match["half"] or match["before"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if _AFTERNOON.match(half) else 0)
    value = day.replace(hour=hour if hour < 24 else 0, minute=int(match["minute"]), second=int(match["second"] or 0))
    value = value.replace(tzinfo=_zone_behind(match))
    return (value if has_sane_zone(value) else value.replace(tzinfo=None)), "second" if match["second"] else "minute"


def _zone_behind(match: re.Match[str]) -> tzinfo | None:
    """The zone that follows a time: "EST", "(GMT+3)", "+03:00"."""
    zone = _MARKED_ZONE.match(match.string, match.end()) or _ZONE.match(match.string, match.end())
    if zone is None:
        return None
    if zone["sign"]:
        return zone_ahead(zone["sign"], zone["hours"], zone["minutes"])
    return zone_named(zone["name"])


def without_dates(text: str, dates: list[Spelled]) -> str:
    """What a line says besides its dates and times of the day."""
    rest, at = [], 0
    for date in dates:
        rest.append(text[at : date.start])
        at = date.end
    return _TIME.sub(" ", " ".join([*rest, text[at:]]))


def since(text: str, now: datetime, zone: tzinfo) -> Stamp | None:
    """The moment of "2 hours ago" or "yesterday, 10:20", said at ``now`` in ``zone``. An hour's rounding stays; a day's makes it a day."""
    text = readable(text)
    if age := age_of(text):
        seconds, unit = age
        with suppress(OverflowError):
            moment = (now - timedelta(seconds=seconds)).astimezone(zone).replace(microsecond=0)
            return Stamp(text, moment, "day" if unit >= 86400 else "minute")
        return None
    if len(text) <= LONGEST and (days := day_named(text)) is not None:
        day = (now.astimezone(zone) - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        value, precision = _at(day, match) if (match := _TIME.search(text)) else (day, "day")
        value = value if value.tzinfo else value.replace(tzinfo=zone)
        return Stamp(text, value, "day" if precision == "day" else "minute")
    return None


def parse(raw: str, language: str = "") -> Stamp | None:
    """The moment that ``raw`` states, however it is written; None if it states none, or no year."""
    text = clean(readable(raw[: 4 * LONGEST]))[:LONGEST]
    if not any(letter.isdigit() for letter in text):
        return None
    if stamp := written(text):
        return Stamp(raw, stamp.value, stamp.precision)
    if found := spelled(text, language):
        first = found[0].stamp
        return Stamp(raw, first.value, "day" if not (first.value.hour or first.value.minute or first.value.second) else first.precision)
    value = _lenient(text) if _YEARS.search(text) else None
    return Stamp(raw, value, precision_of(text, value)) if value and has_sane_zone(value) else None


def _lenient(text: str) -> datetime | None:
    """dateutil's reading, if year, month and day came from the text: what it fills in differs between two defaults."""
    with suppress(ValueError, OverflowError, TypeError, AttributeError, IndexError, ArithmeticError):  # it has raised every one of them
        day_first = _DAY_FIRST.match(text) is not None and not _HALF.search(text)
        one, other = (lenient.parse(text, default=default, dayfirst=day_first, tzinfos=_zone) for default in _DEFAULTS)
        return one.replace(microsecond=0) if one == other else None
    return None


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    return timezone(timedelta(seconds=seconds)) if seconds is not None else zone_named(name or "")
