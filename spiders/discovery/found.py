"""What a source said: links with their dates and titles, addresses to open next, and what was wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from spiders.discovery.dates import UNSTATED, Stated
from warehouse.contracts import Precision

LONGEST_URL = 8_000  # characters; servers refuse far shorter ones

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_BARE_HOST = re.compile(r"www\.[\w-]+\.[\w.-]+(?:/|$)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link as its source gave it, made absolute."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    published_precision: Precision = "none"
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """All that one source brought. ``follow`` are child sitemaps; warnings are short and stable."""

    links: tuple[FoundLink, ...] = ()
    follow: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def found_link(url: str, title: str | None = None, published: Stated = UNSTATED, modified: Stated = UNSTATED) -> FoundLink:
    """A link from what was read of it."""
    return FoundLink(url, title, published.at, published.raw, published.precision, modified.at)


def found(links: Iterable[FoundLink], warnings: Iterable[str] = ()) -> Found:
    """The links that can be one, each URL once, where it first stood."""
    links = list(links)
    usable = [link for link in links if 0 < len(link.url) <= LONGEST_URL]
    overlong = sum(len(link.url) > LONGEST_URL for link in links)
    return Found(tuple(unique(usable)), (), (*warnings, *counted("overlong links", overlong)))


def unique(links: Iterable[FoundLink]) -> list[FoundLink]:
    """Each URL once; what the first naming lacks is taken from later ones (a picture's link comes before the headline's)."""
    kept: dict[str, FoundLink] = {}
    for link in links:
        kept[link.url] = _merged(kept[link.url], link) if link.url in kept else link
    return list(kept.values())


def counted(what: str, count: int) -> tuple[str, ...]:
    """The warning "what: count", none for none."""
    return (f"{what}: {count}",) if count else ()


def absolute(href: str, base: str) -> str:
    """``href`` seen from ``base``, without control characters; as it is where the two make no URL."""
    href = _CONTROL.sub("", href.encode("utf-8", "replace").decode()).strip()
    if not href:
        return ""
    if _BARE_HOST.match(href):  # feeds that forget the scheme
        href = f"//{href}"
    if is_web(href):
        return href
    try:
        return urljoin(base, href)
    except ValueError:  # "http://[broken"
        return href


def is_web(url: str) -> bool:
    """Whether ``url`` names something on the web at all."""
    return url[:8].lower().startswith(("http://", "https://"))


def _merged(first: FoundLink, later: FoundLink) -> FoundLink:
    link = first if first.title else replace(first, title=later.title)
    if link.published_at is None and later.published_at is not None:
        link = replace(
            link, published_at=later.published_at, published_raw=later.published_raw, published_precision=later.published_precision
        )
    return link if link.modified_at else replace(link, modified_at=later.modified_at)
