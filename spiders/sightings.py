"""The links of one outlet's discovery: each URL once, in favour of the source that dates it, on disk until all are in."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from spiders.discovery import FoundLink
from spiders.ledger import blamed
from spiders.outlet import Outlet
from spiders.traps import TRAP, Crowds
from spiders.urls import article_id, masked, rewritten, skip_reason
from warehouse.contracts import Link, LinkSource, Planned, to_json

_ZONED = re.compile(
    r"(?:[+-]\d{1,2}(?::?\d{2})?|(?<![A-Z])(?![AP]M\b)[A-Z]{1,5}|\d{9,13})\)?$", re.IGNORECASE
)  # an offset, a name, or seconds since 1970
_BATCH = 256 * 1024
MOST_LINKS = 500_000  # of an outlet in one run: twice what the largest news sitemaps name together
OVER = "over the limit"


def link_of(outlet: Outlet, found: FoundLink, source: LinkSource, source_url: str, at: datetime) -> Link:
    """What ``found`` means for its outlet: where it lives today, which article it is, why it will not be fetched if it will not."""
    url = rewritten(outlet, found.url)
    skip = skip_reason(outlet, url)
    if skip:
        url = masked(url)
    return Link(
        outlet=outlet.slug,
        url=url,
        article_id=article_id(outlet, url),
        source=source,
        source_url=source_url,
        discovered_at=at,
        title=found.title,
        published_at=_published_at(outlet, found, source),
        published_raw=found.published_raw,
        published_precision=found.published_precision,
        modified_at=found.modified_at,
        skip=skip,
    )


def _published_at(outlet: Outlet, found: FoundLink, source: LinkSource) -> datetime | None:
    """A time that names no zone is the outlet's own, as Rudaw's data has them; only WordPress' ``date_gmt`` means what it says."""
    at, raw = found.published_at, found.published_raw or ""
    if at is None or outlet.timezone is None or source == "wordpress" or found.published_precision == "day" or _ZONED.search(raw):
        return at
    return at.replace(tzinfo=ZoneInfo(outlet.timezone))


def landed(outlet: Outlet, link: Planned, final_url: str) -> Planned:
    """``link`` as the article that its redirect led to: an old slug and the new one are the same. Front pages, where dead links
    lead, count as none.
    """
    if final_url == link.url or skip_reason(outlet, final_url):
        return link
    return replace(link, article_id=article_id(outlet, final_url))


class Sightings:
    """A few dozen bytes a URL in memory: five news sitemaps may name 250,000."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with blamed(folder):
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self._best: dict[int, int] = {}  # hash of the URL → offset of its line * 4 + how well it is dated
        self._crowds = Crowds()

    def add(self, link: Link) -> str | None:
        """Note a link; returns what is suspicious about it, if something is: `TRAP` or `OVER`."""
        if hash(link.url) not in self._best:
            if len(self._best) >= MOST_LINKS:
                return OVER
            if link.source == "listing" and link.skip is None and self._crowds.is_trap(link.url, link.title):
                link = replace(link, skip=TRAP)
        self._keep(link)
        return TRAP if link.skip == TRAP else None

    def _keep(self, link: Link) -> None:
        rank = 2 if link.published_at else 1 if link.modified_at else 0
        key = hash(link.url)
        known = self._best.get(key)
        if known is None or known % 4 < rank:
            with blamed(self._folder):
                self._best[key] = self._file.seek(0, 2) * 4 + rank
                self._file.write(f"{to_json(link)}\n".encode())

    def lines(self) -> Iterator[bytes]:
        """All rows, in batches of whole lines, in the order of their writing."""
        batch = bytearray()
        for packed in sorted(self._best.values()):
            self._file.seek(packed // 4)
            batch += self._file.readline()
            if len(batch) >= _BATCH:
                yield bytes(batch)
                batch.clear()
        if batch:
            yield bytes(batch)

    def close(self) -> None:
        self._file.close()
