"""Sitemaps: lists of URLs, indexes of lists, news sitemaps, plain text, gzip; and feeds, which the protocol allows as sitemaps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from lxml import etree

from spiders.discovery.charsets import decoded
from spiders.discovery.dates import parse_date
from spiders.discovery.feed import ITEM_NAMES, item_link, what_it_is
from spiders.discovery.found import Found, FoundLink, absolute, counted, found, found_link, is_web
from spiders.discovery.markup import name_of, read_rows, text_of
from spiders.discovery.packing import unpacked
from spiders.discovery.titles import plain_text

MOST_LINKS = 50_000  # the protocol's limit for one file

_MOST_CHILDREN = 500  # of a row that are looked at
_KNOWN = frozenset({"urlset", "sitemapindex", "rss", "feed", "rdf"})
# A day in an address: "sitemap-2026-11.xml", "/2026/11/22/sitemap.xml"
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)", re.ASCII)
# WordPress's own index states no dates, and numbers its posts from the oldest on.
_WORDPRESS_POSTS = re.compile(r"/wp-sitemap-posts-post-(\d{1,9})\.xml", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Child:
    """A sitemap that an index names."""

    url: str
    at: datetime | None


def parse_sitemap(body: bytes, url: str, newest: int = 5) -> Found:
    """The pages of a sitemap, and in ``follow`` the ``newest`` sitemaps of an index. Never raises."""
    plain, warnings = unpacked(body)
    text = decoded(plain).lstrip("\ufeff \t\r\n\0")
    if not text:
        return Found(warnings=(*warnings, "empty"))
    read = _xml_sitemap if text[0] == "<" or _is_late_markup(text) else _text_sitemap
    result = read(text, url, newest)
    return Found(result.links, result.follow, tuple(dict.fromkeys((*warnings, *result.warnings))))


def _is_late_markup(text: str) -> bool:
    return "<urlset" in text[:10_000] or "<sitemapindex" in text[:10_000]


def _xml_sitemap(text: str, url: str, newest: int) -> Found:
    rows = read_rows(text, ("url", "sitemap", *ITEM_NAMES), lambda row: _row(row, url), MOST_LINKS)
    links = [row for row in rows.taken if isinstance(row, FoundLink)]
    children = [row for row in rows.taken if isinstance(row, _Child)]
    if not rows.taken and rows.root.lower() not in _KNOWN:
        return Found(warnings=(f"not a sitemap: {what_it_is(text, rows.root)}",))
    over = (f"over {MOST_LINKS} links",) if rows.over else ()
    empty = () if rows.taken else ("no links",)
    result = found(links, (*rows.warnings, *over, *empty, *counted("items without a link", sum(not link.url for link in links))))
    return Found(result.links, _newest(children, url, newest), result.warnings)


def _row(row: etree._Element, url: str) -> FoundLink | _Child | None:
    home, name = name_of(row)
    if name in ITEM_NAMES:
        return item_link(row, url)
    own: dict[str, etree._Element] = {}
    news: dict[str, str] = {}
    for child in islice(row, _MOST_CHILDREN):
        namespace, child_name = name_of(child)
        # image:loc and video:thumbnail_loc are no pages, wherever they stand (faults 61)
        if namespace in (home, "") and len(child.text or ""):
            own.setdefault(child_name, child)
        if child_name == "news":
            news = news or _news(child)
    location = absolute(text_of(own.get("loc"), 10_000), url)
    if not location:
        return None
    modified = parse_date(text_of(own.get("lastmod")))
    if name == "sitemap":
        return _Child(location, modified.at)
    return found_link(location, plain_text(news.get("title", "")), parse_date(news.get("publication_date")), modified)


def _news(element: etree._Element) -> dict[str, str]:
    """What Google's extension says of the article, whatever its namespace is called."""
    fields: dict[str, str] = {}
    for field in islice(element.iter(), 100):
        fields.setdefault(name_of(field)[1], text_of(field))
    return fields


def _newest(children: Iterable[_Child], url: str, newest: int) -> tuple[str, ...]:
    """By lastmod, else by the day in the address, else in the document's order. An index that names itself is not followed."""
    ranked = sorted((child for child in children if child.url != url), key=_rank, reverse=True)
    return tuple(dict.fromkeys(child.url for child in ranked))[:newest]


def _rank(child: _Child) -> tuple[bool, datetime, int]:
    at = child.at or _day_in(child.url)
    number = _WORDPRESS_POSTS.search(child.url)
    return at is not None, at or datetime.min.replace(tzinfo=UTC), int(number[1]) if number else 0


def _day_in(url: str) -> datetime | None:
    day = _DAY.search(url.partition("//")[2].partition("/")[2])
    try:
        return datetime(int(day[1]), int(day[2] or 1), int(day[3] or 1), tzinfo=UTC) if day else None
    except ValueError:
        return None


def _text_sitemap(text: str, url: str, newest: int) -> Found:
    """One URL a line; of a robots.txt, the sitemaps that it names."""
    lines = [line.strip() for line in islice(iter(text.splitlines()), 2 * MOST_LINKS)]
    urls = [line for line in lines if is_web(line)]
    children = [_Child(absolute(line[8:], url), None) for line in lines if line[:8].lower() == "sitemap:"]
    if not urls and not children:
        return Found(warnings=(f"not a sitemap: {'json' if text[0] in '{[' else 'text'}",))
    over = (f"over {MOST_LINKS} links",) if len(urls) > MOST_LINKS else ()
    result = found([found_link(absolute(line, url)) for line in urls[:MOST_LINKS]], over)
    return Found(result.links, _newest(children, url, newest), result.warnings)
