"""When an article was published and changed: every statement kept as evidence, one chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dateutil import parser as lenient
from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.outlet import Outlet, url_day
from spiders.reading.json_ld import Node, main_nodes, texts
from spiders.reading.markup import found as elements
from spiders.reading.metadata import Facts
from spiders.reading.rules import select
from spiders.reading.text import clean
from warehouse.contracts import Capture, DateCandidate, DateSource, Precision

EARLIEST = 1990  # there were no news sites before
AHEAD = timedelta(hours=24)  # clocks and zones may be off by a day; the future is refused
# Who is believed first. What an outlet's author pointed at comes before all, the day in a URL before nothing else.
RANK: tuple[DateSource, ...] = ("text", "json_ld", "meta", "time", "feed", "sitemap", "url")
LONGEST = 120  # characters of a date
STALE = timedelta(days=3)  # by so much a feed may differ from the day in a URL: beyond, it gives the time of its own making

_PUBLISHED_METAS = tuple(
    """
    article:published_time og:article:published_time article:published og:published_time datepublished article.published article:post_date
    published_time publication_date publish_date publish-date publishdate pubdate date_published parsely-pub-date sailthru.date
    cxenseparse:recs:publishtime citation_publication_date dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date
    article.created bt:pubdate cse-pubdate rnews:datepublished datecreated originalpublicationdate ptime date
    """.split()  # noqa: SIM905
)
_MODIFIED_METAS = tuple(
    """
    article:modified_time og:article:modified_time og:updated_time datemodified article:modified article.updated lastmod last-modified
    dcterms.modified dc.date.modified modified_time article:updated_time revision_date utime
    """.split()  # noqa: SIM905
)
_DAY_OF_URL = re.compile(r"(?:^|[/_-])((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?=$|\D)")
_SECONDS = re.compile(r"\d:\d\d:\d\d")
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?")
_RFC = re.compile(r"(?:\w{3}, ?)?\d{1,2} \w{3} \d{4} \d\d:")
_DAY_FIRST = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_HALF = re.compile(r"\b[ap]\.?m\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DEFAULTS = (datetime(1904, 1, 1), datetime(1903, 2, 2))  # noqa: DTZ001 - naive as the dates that they complete
_HOURS = {
    **{"GMT": 0, "UTC": 0, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3},
    **{"ET": -5, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
_FRACTION = re.compile(r"(?<=:\d\d)[.,]\d+")
_TIME_MARK = re.compile(r"publi|posted|created|entry-date|post-date|article-date|date-?line|pub-?date|timestamp", re.IGNORECASE)
_CHANGE_MARK = re.compile(r"modif|updat|edited|aktualis", re.IGNORECASE)
_WITH_PROPERTY = XPath("//*[@itemprop = $name]")
_OTHER_PLACES = ("aside", "footer", "nav", "li", "blockquote")
_COMMENTS = re.compile(r"comment|related|sidebar|widget|teaser|most-?read|recommend", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as it was written: ``value`` is naive where no zone was given."""

    raw: str
    value: datetime
    precision: Precision

    @property
    def has_zone(self) -> bool:
        return self.value.tzinfo is not None


@dataclass(frozen=True, slots=True)
class Dates:
    """What was chosen, and from what."""

    published_at: datetime | None
    precision: Precision
    source: DateSource
    modified_at: datetime | None
    evidence: tuple[DateCandidate, ...]


Found = tuple[DateSource, str, Stamp | None]


def dates_of(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet) -> Dates:
    """The dates of the page that ``capture`` holds."""
    zone = ZoneInfo(outlet.timezone) if outlet.timezone else UTC
    limit = capture.captured_at + AHEAD
    found = list(dict.fromkeys(_published(facts, tree, capture, outlet)))
    chosen = choose([(source, stamp) for source, _, stamp in found if stamp], zone, limit)
    if chosen is None:  # the last resort: it may be a photograph's date
        found.extend(("text", text, parse(text)) for text in unmarked(tree, capture.captured_at))
        chosen = choose([(source, stamp) for source, _, stamp in found if stamp], zone, limit)
    evidence = tuple(_candidate(source, raw, stamp, zone, (source, stamp) == chosen) for source, raw, stamp in found)
    published = in_utc(chosen[1], zone) if chosen else None
    modified = _modified(facts, tree, capture, zone, limit, published)
    return Dates(published, chosen[1].precision if chosen else "none", chosen[0] if chosen else "none", modified, evidence)


def choose(found: Sequence[tuple[DateSource, Stamp]], zone: tzinfo, limit: datetime) -> tuple[DateSource, Stamp] | None:
    """The best stamp that is plausible. A day gives way to a time on that day, a time without zone to the same one with it."""
    ranked = sorted(((source, stamp) for source, stamp in found if is_plausible(stamp, zone, limit)), key=lambda one: RANK.index(one[0]))
    if not ranked:
        return None
    best = ranked[0]
    if best[0] in ("feed", "sitemap"):
        best = next((one for one in ranked if one[0] == "url" and abs(in_utc(one[1], zone) - in_utc(best[1], zone)) > STALE), best)
    if best[1].precision == "day":
        best = next((one for one in ranked if one[1].precision != "day" and _same_day(one[1], best[1], zone)), best)
    if not best[1].has_zone and best[1].precision != "day":
        best = next((one for one in ranked if one[1].has_zone and one[1].value.replace(tzinfo=None) == best[1].value), best)
    return best


def is_plausible(stamp: Stamp, zone: tzinfo, limit: datetime) -> bool:
    return stamp.value.year >= EARLIEST and in_utc(stamp, zone) <= limit


def in_utc(stamp: Stamp, zone: tzinfo) -> datetime:
    """``stamp`` in UTC. A day is midnight UTC of the day that was printed, whatever the zone: it stays that day."""
    if stamp.precision == "day":
        return datetime.combine(stamp.value.date(), time(), UTC)
    return (stamp.value if stamp.has_zone else stamp.value.replace(tzinfo=zone)).astimezone(UTC)


def _same_day(one: Stamp, day: Stamp, zone: tzinfo) -> bool:
    local = in_utc(one, zone).astimezone(zone).date()
    return day.value.date() in (local, one.value.date(), in_utc(one, zone).date())


def _candidate(source: DateSource, raw: str, stamp: Stamp | None, zone: tzinfo, chosen: bool) -> DateCandidate:
    return DateCandidate(source, raw[:LONGEST], in_utc(stamp, zone) if stamp else None, stamp.precision if stamp else "none", chosen)


def _published(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet) -> Iterator[Found]:
    yield from (("text", raw, stamp) for raw, stamp in printed(tree, outlet))
    yield from (("json_ld", raw, parse(raw)) for raw in _ld(facts, "datePublished", "dateCreated", "uploadDate"))
    yield from (("meta", raw, parse(raw)) for raw in facts.meta(*_PUBLISHED_METAS)[:5])
    yield from (("time", raw, parse(raw)) for raw in marked(tree)[:3])
    yield from _linked(capture)
    if day := url_day(outlet, capture.url) or day_of_url(capture.final_url or capture.url):
        yield "url", day.isoformat(), Stamp(day.isoformat(), datetime.combine(day, time()), "day")


def _linked(capture: Capture) -> Iterator[Found]:
    """What the feed, sitemap or listing said that led to the page."""
    if capture.link_published_at is None:
        return
    of: dict[str, DateSource] = {"feed": "feed", "wordpress": "feed", "sitemap": "sitemap", "listing": "feed", "warc": "feed"}
    precision = capture.link_published_precision if capture.link_published_precision != "none" else "second"
    raw = capture.link_published_raw or capture.link_published_at.isoformat()
    yield of[capture.link_source], raw, Stamp(raw, capture.link_published_at, precision)


def _ld(facts: Facts, *names: str) -> list[str]:
    """Dates of the article's object; those of the page's other objects where it has none."""
    if stated := [text for name in names for text in texts(facts.article, name)[:1]]:
        return stated[:1]
    others: Iterable[Node] = main_nodes(facts.nodes)
    return [text for node in others for name in names for text in texts(node, name)[:1]][:1]


def _modified(
    facts: Facts, tree: HtmlElement, capture: Capture, zone: tzinfo, limit: datetime, published: datetime | None
) -> datetime | None:
    """The first plausible statement of the last change; none that lies before the day of publication."""
    stated = [*_ld(facts, "dateModified"), *facts.meta(*_MODIFIED_METAS)[:3], *marked(tree, changed=True)[:1]]
    stamps = [stamp for stamp in map(parse, stated) if stamp]
    if capture.link_modified_at:
        stamps.append(Stamp("", capture.link_modified_at, "second"))
    for stamp in stamps:
        moment = in_utc(stamp, zone)
        if is_plausible(stamp, zone, limit) and (published is None or moment >= published):
            return moment
    return None


def printed(tree: HtmlElement, outlet: Outlet) -> Iterator[tuple[str, Stamp | None]]:
    """Dates where the outlet's selectors point, read by its formats, else leniently; from an attribute for machines if there is one."""
    for element in select(tree, outlet.read.date)[:5]:
        text = clean(element.get("datetime") or element.get("content") or " ".join(element.itertext()))[: 2 * LONGEST]
        yield text, _by_formats(text, outlet.read.date_format) or parse(text)


def _by_formats(text: str, formats: Iterable[str]) -> Stamp | None:
    for pattern in formats:
        with suppress(ValueError):
            value = datetime.strptime(text.translate(_DIGITS), pattern)  # noqa: DTZ007 - the zone is the outlet's, added by in_utc
            precision: Precision = "second" if "%S" in pattern else "minute" if "%M" in pattern else "day"
            return Stamp(text, value, precision)
    return None


def marked(tree: HtmlElement, changed: bool = False) -> list[str]:
    """Machine-readable times in the page's body: those marked as publication (or change) first, then the first that stands in no list."""
    name = "dateModified" if changed else "datePublished"
    found = [
        e.get("datetime") or e.get("content") or clean(e.text_content())
        for e in elements(_WITH_PROPERTY, tree, name=name)
        if e.tag != "meta"
    ]
    rest: list[str] = []
    for element in tree.iter("time"):
        stamp, about = element.get("datetime"), f"{element.get('class')} {element.get('itemprop')} {element.get('id')}"
        if not stamp or _is_elsewhere(element):
            continue
        if element.get("pubdate") is not None and not changed:
            found.append(stamp)
        elif _CHANGE_MARK.search(about):
            found.extend([stamp] if changed else [])
        elif _TIME_MARK.search(about) and not changed:
            found.append(stamp)
        elif not changed:
            rest.append(stamp)
    return [text.strip() for text in [*found, *rest[:1]] if text and text.strip()]


def unmarked(tree: HtmlElement, newest: datetime) -> list[str]:
    """A day in print that nobody marked, by htmldate's strict search: its extensive one takes any number of four digits for a year."""
    day = find_date(deepcopy(tree), extensive_search=False, original_date=True, max_date=newest.date().isoformat())
    return [day] if day else []


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether a time belongs to a comment, a quoted post, or another article's teaser."""
    for ancestor in element.iterancestors():
        if ancestor.tag in _OTHER_PLACES or _COMMENTS.search(
            f"{ancestor.get('class')} {ancestor.get('id')}" if ancestor.tag != "body" else ""
        ):
            return True
    return False


def day_of_url(url: str) -> date | None:
    """The day in a path such as ``/2024/05/06/``, ``/2024-05-06-…`` or ``/20240506…``."""
    with suppress(ValueError):
        if match := _DAY_OF_URL.search(urlsplit(url).path):
            return date(int(match[1]), int(match[3]), int(match[4]))
    return None


def parse(raw: str) -> Stamp | None:
    """The moment that ``raw`` states, however it is written; None if it states none, or no year."""
    text = _FRACTION.sub("", clean(raw).translate(_DIGITS)[:LONGEST])
    if _EPOCH.fullmatch(text):
        return Stamp(raw, datetime.fromtimestamp(int(text[:10]), UTC), "second")
    if not _YEAR.search(text):
        return None
    value = _iso(text) or _rfc(text) or _lenient(text)
    value = _with_sane_zone(value) if value else None
    return Stamp(raw, value, precision_of(text, value)) if value else None


def precision_of(text: str, value: datetime) -> Precision:
    """How exact ``text`` is. Midnight on the dot is a day that a content system filled up."""
    if not value.hour and not value.minute and not value.second:
        return "day"
    return "second" if _SECONDS.search(text) else "minute"


def _iso(text: str) -> datetime | None:
    with suppress(ValueError):
        if match := _ISO.match(text):
            return datetime.fromisoformat(match[0].replace(" Z", "Z").replace(" +", "+"))
    return None


def _rfc(text: str) -> datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        return parsedate_to_datetime(text) if _RFC.match(text) else None
    return None


def _lenient(text: str) -> datetime | None:
    """dateutil's reading, if year, month and day came from the text: what it fills in differs between two defaults."""
    with suppress(ValueError, OverflowError, TypeError):
        day_first = _DAY_FIRST.match(text) is not None and not _HALF.search(text)
        one, other = (lenient.parse(text, default=default, dayfirst=day_first, tzinfos=_zone) for default in _DEFAULTS)
        return one.replace(microsecond=0) if one == other else None
    return None


def _zone(name: str | None, seconds: int | None) -> tzinfo | None:
    """The zone of an abbreviation or an offset; None, and so the outlet's, for one that several places use."""
    if seconds is not None:
        return timezone(timedelta(seconds=seconds))
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None


def _with_sane_zone(value: datetime) -> datetime | None:
    with suppress(ValueError, OverflowError):
        value.astimezone(UTC)
        return value
    return None
