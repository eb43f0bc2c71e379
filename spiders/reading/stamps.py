"""Moments as machines write them: ISO 8601, RFC 822, seconds since 1970; and what a moment without a zone means."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from warehouse.contracts import Precision

EARLIEST = 1990  # there were no news sites before
LONGEST = 120  # characters of a date

_SECONDS = re.compile(r"\d:\d\d:\d\d")
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?Z| ?[+-]\d\d:?(?:\d\d)?)?)?(?!\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d):?(\d\d):?(\d\d)?)?(Z|[+-]\d\d:?\d\d)?")
_RFC = re.compile(r"(?:\w{3}, ?)?\d{1,2} \w{3} \d{4} \d\d:")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_FRACTION = re.compile(r"(?<=:\d\d)[.,](\d+)")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# Names that one zone alone uses, or that newsrooms use for one alone: "IST" and "AST" are not among them.
_HOURS = {
    **{"Z": 0, "GMT": 0, "UTC": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3},
    **{"MSK": 3, "TRT": 3, "TSİ": 3, "SAST": 2, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"ET": -5, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PT": -8, "PST": -8, "PDT": -7, "AKST": -9, "HST": -10},
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as it was written: ``value`` is naive where no zone was given."""

    raw: str
    value: datetime
    precision: Precision

    @property
    def has_zone(self) -> bool:
        return self.value.tzinfo is not None


def in_utc(stamp: Stamp, zone: tzinfo) -> datetime:
    """``stamp`` in UTC. A day is midnight UTC of the day that was printed, whatever the zone: it stays that day."""
    if stamp.precision == "day":
        return datetime.combine(stamp.value.date(), time(), UTC)
    return (stamp.value if stamp.has_zone else stamp.value.replace(tzinfo=zone)).astimezone(UTC)


def is_plausible(stamp: Stamp, zone: tzinfo, limit: datetime) -> bool:
    """Whether ``stamp`` lies between the first news sites and ``limit``."""
    return stamp.value.year >= EARLIEST and in_utc(stamp, zone) <= limit


def written(raw: str) -> Stamp | None:
    """The moment of ``raw`` if it is written as machines do."""
    fraction = _FRACTION.search(raw)
    text = raw if fraction is None else raw[: fraction.start()] + raw[fraction.end() :]
    value = _epoch(text) or _iso(text) or _compact(text) or _rfc(text)
    if value is None or not has_sane_zone(value):
        return None
    # Half a second past midnight is no day that a content system filled up: it was midnight somewhere.
    is_midnight = fraction is not None and fraction[1].strip("0") and precision_of(text, value) == "day"
    return Stamp(raw, value, "second" if is_midnight else precision_of(text, value))


def precision_of(text: str, value: datetime) -> Precision:
    """How exact ``text`` is. Midnight on the dot is a day that a content system filled up."""
    if not value.hour and not value.minute and not value.second:
        return "day"
    return "second" if value.second or _SECONDS.search(text) or _EPOCH.fullmatch(text) else "minute"


def zone_named(name: str) -> tzinfo | None:
    """The zone of an abbreviation; None, and so the outlet's, for one that several places use."""
    hours = _HOURS.get(name.upper())
    return None if hours is None else timezone(timedelta(hours=hours))


def zone_ahead(sign: str, hours: str, minutes: str | None) -> tzinfo | None:
    """The zone of an offset such as "+05:30"; None where there is none on Earth."""
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign in "-−" else offset) if offset <= timedelta(hours=15) else None


def has_sane_zone(value: datetime) -> bool:
    """Whether ``value`` is a moment in every zone: the years 1 and 9999 have days that are none in some."""
    with suppress(ValueError, OverflowError):
        return 1 < value.year < 9999 and value.astimezone(UTC) is not None
    return False


def _epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text[:10]), UTC) if _EPOCH.fullmatch(text) else None


def _iso(text: str) -> datetime | None:
    with suppress(ValueError):
        if match := _ISO.match(text):
            return datetime.fromisoformat(match[0].replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
    return None


def _compact(text: str) -> datetime | None:
    with suppress(ValueError, TypeError):
        if match := _COMPACT.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
            zone = datetime.fromisoformat(f"2000-01-01T00:00{match[7]}").tzinfo if match[7] else None
            return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return None


def _rfc(text: str) -> datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(text) if _RFC.match(text) else None
    return None
