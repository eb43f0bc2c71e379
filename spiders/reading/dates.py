"""When an article was published and changed: every statement kept as evidence, ranked, one chosen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from spiders.outlet import Outlet, url_day
from spiders.reading.json_ld import Node, main_nodes, texts
from spiders.reading.metadata import Facts
from spiders.reading.printed_dates import About, Printed, Reader, far_dates, printed_dates, times
from spiders.reading.rules import select
from spiders.reading.spelled_dates import parse, readable, spelled, without_dates
from spiders.reading.stamps import LONGEST, Stamp, in_utc, is_plausible
from spiders.reading.state_dates import state_dates
from spiders.reading.text import clean
from warehouse.contracts import Capture, DateCandidate, DateSource, Precision

__all__ = ["Dates", "dates_of", "day_of_url", "parse"]

AHEAD = timedelta(hours=24)  # clocks and zones may be off by a day; the future is refused
STALE = timedelta(days=3)  # by so much a feed may differ from the page's own day: beyond, it gives the time of its own making
APART = timedelta(days=1)  # zones and the night's turn explain so much between two statements of one day
MOST_METAS, MOST_TIMES, MOST_PRINTED = 5, 5, 8  # candidates of a kind that are kept; a page of 100,000 is an attack
MOST_SEEN = 60  # time elements that are looked at

_PUBLISHED_METAS = tuple(
    """
    article:published_time og:article:published_time article:published og:published_time datepublished article.published article:post_date
    published_time publication_date publish_date publish-date publishdate pubdate date_published parsely-pub-date sailthru.date
    cxenseparse:recs:publishtime citation_publication_date dc.date.issued dcterms.issued dcterms.created dc.date.created
    article.created bt:pubdate cse-pubdate rnews:datepublished datecreated originalpublicationdate
    """.split()  # noqa: SIM905
)
_MODIFIED_METAS = tuple(
    """
    article:modified_time og:article:modified_time og:updated_time datemodified article:modified article.updated lastmod last-modified
    dcterms.modified dc.date.modified modified_time article:updated_time revision_date utime
    """.split()  # noqa: SIM905
)
_SEPARATOR = re.compile(r"\s[|–—•·-]\s|\s?\|\s?")
# "/2024/05/06/" and "/2024-05-06-title", but not "/2024/05/06-new-officers-…"
_DAY_OF_URL = re.compile(
    r"(?:^|[/_-])((?:19|20)\d\d)(?:(/)|([_-]?))(0[1-9]|1[0-2])(?(2)/|\3)(0[1-9]|[12]\d|3[01])(?(2)(?=[/.]|$)|(?=\D|$))"
)

# Who is believed first. What an outlet's author pointed at comes before all, what is found far from the headline after all.
_RANKS = (
    "outlet",
    "json_ld",
    "meta",
    "time",
    "feed",
    "sitemap",
    "headline",
    "loose meta",
    "url",
    "title",
    "state",
    "above",
    "other time",
    "below",
    "far",
)
_CREDIBLE = frozenset({"outlet", "json_ld", "meta", "time", "feed", "headline", "url"})  # a sitemap may tell of anything


@dataclass(frozen=True, slots=True)
class Dates:
    """What was chosen, and from what.

    ``published_on`` is the day of ``published_at`` where it was stated: in the zone written with it, else the outlet's. ``disagree``:
    credible candidates for the publication name days more than one calendar day apart, each counted in its own zone. Credible is
    what is plausible and stands in the page's data, near its headline, in its address or its feed.
    """

    published_at: datetime | None
    precision: Precision
    source: DateSource
    modified_at: datetime | None
    evidence: tuple[DateCandidate, ...]
    disagree: bool = False
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A statement: who makes it, of what, and the moment in it if there is one."""

    source: DateSource
    rank: str
    raw: str
    stamp: Stamp | None
    about: About = "published"


def dates_of(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet) -> Dates:
    """The dates of the page that ``capture`` holds."""
    zone: tzinfo = ZoneInfo(outlet.timezone) if outlet.timezone else UTC
    reader = Reader(facts.html_language or next(iter(outlet.language), ""), capture.captured_at, zone)
    limit = capture.captured_at + AHEAD
    found = list(_statements(facts, tree, capture, outlet, reader))
    if not any(one.about == "published" and one.stamp and is_plausible(one.stamp, zone, limit) for one in found):
        found.extend(_last_resorts(_titles(facts), tree, reader))
    zone = zone if outlet.timezone else _zone_of(found)
    found = _each_once(_as_change(found, zone))
    credible = [one for one in found if one.stamp and is_plausible(one.stamp, zone, limit)]
    # A page that tells its last change alone: for news that is nearly always the day of publication, and the evidence says what it is.
    published = choose([one for one in credible if one.about == "published"] or credible, zone)
    if published is None:
        return Dates(None, "none", "none", None, tuple(_candidate(one, zone, False) for one in found))
    at = in_utc(_stamp(published), zone)
    modified = choose([one for one in credible if one.about == "modified" and in_utc(_stamp(one), zone) >= at], zone)
    return Dates(
        published_at=at,
        precision=_stamp(published).precision,
        source=published.source,
        modified_at=in_utc(_stamp(modified), zone) if modified else None,
        evidence=tuple(_candidate(one, zone, one in (published, modified)) for one in found),
        disagree=disagree(credible, zone),
        published_on=_day_of(_stamp(published), zone),
    )


def _zone_of(found: Iterable[Found]) -> tzinfo:
    """The one offset from UTC that the page writes, which is then that of its times without any; UTC if there is none, or several."""
    offsets = {offset for one in found if one.rank in (*_CREDIBLE, "above") and one.stamp and (offset := one.stamp.value.utcoffset())}
    return timezone(offsets.pop()) if len(offsets) == 1 else UTC


def choose(found: Sequence[Found], zone: tzinfo) -> Found | None:
    """The best of ``found``. A day gives way to a time on that day, a time whose zone is missing or a mere zero to the same one with it."""
    ranked = sorted((one for one in found if one.stamp), key=lambda one: _RANKS.index(one.rank))
    if not ranked:
        return None
    best = ranked[0]
    if best.rank in ("feed", "sitemap"):
        best = next((one for one in ranked if one.rank in ("headline", "url") and _between(one, best, zone) > STALE), best)
    if _stamp(best).precision == "day":
        day = _stamp(best).value.date()
        exact = (one for one in ranked if one.rank in _CREDIBLE and _stamp(one).precision != "day" and _is_on(one, day, zone))
        best = next(exact, best)
    if _stamp(best).precision != "day" and not _stamp(best).value.utcoffset():
        clock = _stamp(best).value.replace(tzinfo=None)
        same = [one for one in ranked if _stamp(one).value.replace(tzinfo=None) == clock and _stamp(one).precision != "day"]
        # "+00:00" behind the local time is a common bug; nobody writes "-05:00" by accident
        best = next((one for one in same if _stamp(one).value.utcoffset()), next((one for one in same if _stamp(one).has_zone), best))
    return best


def disagree(found: Iterable[Found], zone: tzinfo) -> bool:
    """Whether credible statements of the publication name days more than one calendar day apart."""
    days = [_day_of(one.stamp, zone) for one in found if one.stamp and one.about == "published" and one.rank in _CREDIBLE]
    return bool(days) and max(days) - min(days) > APART


def _stamp(one: Found) -> Stamp:
    assert one.stamp is not None
    return one.stamp


def _between(one: Found, other: Found, zone: tzinfo) -> timedelta:
    return abs(in_utc(_stamp(one), zone) - in_utc(_stamp(other), zone))


def _is_on(one: Found, day: date, zone: tzinfo) -> bool:
    moment = in_utc(_stamp(one), zone)
    return day in (moment.astimezone(zone).date(), _stamp(one).value.date(), moment.date())


def _day_of(stamp: Stamp, zone: tzinfo) -> date:
    """The day where it was stated; of a time in UTC the outlet's day, since data for machines are often in UTC."""
    if stamp.precision == "day" or stamp.value.utcoffset():
        return stamp.value.date()
    return in_utc(stamp, zone).astimezone(zone).date()


def _candidate(one: Found, zone: tzinfo, chosen: bool) -> DateCandidate:
    stamp = one.stamp
    if stamp is None:
        return DateCandidate(one.source, one.raw[:LONGEST], None, "none", chosen, one.about)
    return DateCandidate(one.source, one.raw[:LONGEST], in_utc(stamp, zone), stamp.precision, chosen, one.about)


def _as_change(found: list[Found], zone: tzinfo) -> list[Found]:
    """``found``; a date on the page that is the data's change, and not their publication, tells of the change: many sites print that."""
    days = {
        about: {_day_of(one.stamp, zone) for one in found if one.stamp and one.about == about and one.source in ("json_ld", "meta")}
        for about in ("published", "modified")
    }
    return [
        replace(one, about="modified")
        if one.stamp
        and one.rank in ("time", "headline", "above", "other time")
        and days["published"]
        and (day := _day_of(one.stamp, zone)) in days["modified"]
        and all(abs(day - other) > APART for other in days["published"])
        else one
        for one in found
    ]


def _titles(facts: Facts) -> list[str]:
    titles = [*facts.meta("og:title", "twitter:title")[:3], *texts(facts.article, "headline")[:2], facts.title_element]
    return [title[: 4 * LONGEST] for title in titles]


def _each_once(found: Iterable[Found]) -> list[Found]:
    """``found`` by rank, less what repeats a better one's words."""
    kept = {(one.source, one.raw, one.about): one for one in sorted(found, key=lambda one: _RANKS.index(one.rank), reverse=True)}
    return sorted(kept.values(), key=lambda one: (one.about == "modified", _RANKS.index(one.rank)))


def _statements(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet, reader: Reader) -> Iterator[Found]:
    """All that the page, its address and its source say of its dates."""
    yield from _selected(tree, outlet, reader)
    yield from _in_data(facts, reader)
    titles = _titles(facts)
    yield from _on_page(titles, tree, reader)
    yield from _in_titles(titles, reader)
    yield from _linked(capture)
    if day := url_day(outlet, capture.url) or day_of_url(capture.final_url or capture.url):
        yield Found("url", "url", day.isoformat(), Stamp(day.isoformat(), datetime.combine(day, time()), "day"))


def _selected(tree: HtmlElement, outlet: Outlet, reader: Reader) -> Iterator[Found]:
    """Dates where the outlet's selectors point, read by its formats, else leniently; from an attribute for machines if there is one."""
    for element in select(tree, outlet.read.date)[:MOST_TIMES]:
        text = clean(element.get("datetime") or element.get("content") or " ".join(element.itertext()))[: 2 * LONGEST]
        if stamp := _by_formats(text, outlet.read.date_format) or parse(text, reader.language):
            yield Found("text", "outlet", text, stamp)
        else:  # "2 hours ago" is no match for a time in the page's data
            yield Found("text", "headline", text, reader.stamp(text))


def _by_formats(text: str, formats: Iterable[str]) -> Stamp | None:
    for pattern in formats:
        with suppress(ValueError):
            value = datetime.strptime(readable(text), pattern)  # noqa: DTZ007 - the zone is the outlet's, added by in_utc
            precision: Precision = "second" if "%S" in pattern else "minute" if "%M" in pattern else "day"
            return Stamp(text, value, precision)
    return None


def _in_data(facts: Facts, reader: Reader) -> Iterator[Found]:
    """What JSON-LD and metas state."""
    stated: tuple[tuple[About, list[str], list[str]], ...] = (
        ("published", _ld(facts, "datePublished", "dateCreated", "uploadDate"), facts.meta(*_PUBLISHED_METAS)),
        ("modified", _ld(facts, "dateModified"), facts.meta(*_MODIFIED_METAS)),
    )
    for about, ld, metas in stated:
        yield from (Found("json_ld", "json_ld", raw, _local(raw, reader), about) for raw in ld)
        yield from (Found("meta", "meta", raw, _local(raw, reader), about) for raw in metas[:MOST_METAS])
    yield from (Found("meta", "loose meta", raw, _local(raw, reader)) for raw in facts.meta("dc.date", "date", "ptime")[:MOST_METAS])


def _ld(facts: Facts, *names: str) -> list[str]:
    """Dates of the article's object; those of the page's other objects where it has none."""
    if stated := [text for name in names for text in texts(facts.article, name)[:1]]:
        return stated[:1]
    others: Iterable[Node] = main_nodes(facts.nodes)
    return [text for node in others for name in names for text in texts(node, name)[:1]][:1]


def _on_page(titles: Sequence[str], tree: HtmlElement, reader: Reader) -> Iterator[Found]:
    """What stands near the headline, and what is marked for machines anywhere."""
    printed = printed_dates(tree, titles, reader)
    attributes = [one for one in printed if one.is_attribute]
    yield from (_of_time(one, reader) for one in attributes[:MOST_TIMES])
    marked = list(times(tree, MOST_SEEN))
    for about in ("published", "modified"):
        own = [raw for raw, of, is_marked in marked if of == about and is_marked]
        yield from (Found("time", "time", raw, _local(raw, reader), about) for raw in own[:MOST_TIMES])
    others = [raw for raw, about, is_marked in marked if about == "published" and not is_marked][:1]
    yield from (Found("time", "other time", raw, _local(raw, reader)) for raw in others)
    yield from (Found("text", one.place, one.raw, one.stamp, one.about) for one in printed if not one.is_attribute)


def _in_titles(titles: Iterable[str], reader: Reader) -> Iterator[Found]:
    """A day that stands alone between a title's separators: "Headline | Site | 28.04.2023"."""
    for title in titles:
        parts = _SEPARATOR.split(title)
        for part in parts[1:] if len(parts) > 1 else ():
            dates = spelled(readable(part), reader.language) if any(map(str.isdigit, part)) else []
            if len(dates) == 1 and not without_dates(readable(part), dates).strip():
                yield Found("text", "title", part.strip(), dates[0].stamp)


def _last_resorts(titles: Sequence[str], tree: HtmlElement, reader: Reader) -> Iterator[Found]:
    """For a page that says nothing where others do: the state of its framework, and dates far from the headline."""
    yield from (Found("meta", "state", raw, _local(raw, reader)) for raw in state_dates(tree, titles))
    yield from (
        Found("time" if one.is_attribute else "text", "far", one.raw, one.stamp, one.about)
        for one in islice(far_dates(tree, reader), MOST_PRINTED)
    )


def _of_time(one: Printed, reader: Reader) -> Found:
    return Found("time", "time" if one.place == "headline" else "other time", one.raw, _local(one.raw, reader), one.about)


def _local(raw: str, reader: Reader) -> Stamp | None:
    """The moment of ``raw``. Midnight on the dot in the outlet's own zone is a day, however many hours UTC is away."""
    stamp = parse(raw, reader.language)
    if stamp is None or reader.zone is UTC or not stamp.has_zone or stamp.precision == "day":
        return stamp
    moment = stamp.value.astimezone(reader.zone)
    return replace(stamp, value=moment, precision="day") if moment.time() == time() else stamp


def _linked(capture: Capture) -> Iterator[Found]:
    """What the feed, sitemap or listing said that led to the page."""
    of: dict[str, DateSource] = {"feed": "feed", "wordpress": "feed", "sitemap": "sitemap", "listing": "feed", "warc": "feed"}
    source = of[capture.link_source]
    if at := capture.link_published_at:
        precision = capture.link_published_precision if capture.link_published_precision != "none" else "second"
        raw = capture.link_published_raw or at.isoformat()
        yield Found(source, source, raw, Stamp(raw, at, precision))
    if changed := capture.link_modified_at:
        yield Found(source, source, changed.isoformat(), Stamp("", changed, "second"), "modified")


def day_of_url(url: str) -> date | None:
    """The day in a path such as ``/2024/05/06/``, ``/2024-05-06-…`` or ``/20240506…``."""
    with suppress(ValueError):
        if match := _DAY_OF_URL.search(urlsplit(url).path):
            return date(int(match[1]), int(match[4]), int(match[5]))
    return None
