"""newsmill, without profiles and with those that it learns from the very pages."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from spiders.outlet import Outlet
from spiders.reading import Page, read
from spiders.reading.kinds import OUT_OF_MEMORY, UNREADABLE
from spiders.reading.learning import learn, sketch
from warehouse.contracts import Article, Capture, Profile, Rejection

OUTLET = Outlet(slug="bench", title="Bench", homepage="https://bench.invalid/")
NOW = datetime.now(UTC)
TAUGHT = 3  # pages of one host below which nothing is learned

Request = dict[str, str]  # path, url, crawled
Row = dict[str, Any]


def page_of(body: bytes, url: str, crawled: str) -> Page:
    """``crawled`` bounds the future: no page is dated later. Every page is a capture of its own: learning counts them."""
    at = datetime.fromisoformat(crawled) if crawled else NOW
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Page(Capture(url, "bench", url, url, f"bench:{url}", at, 200, "text/html", "", 0, 0, ""), body)


def host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def row_of(reading: Article | Rejection) -> Row:
    """The article; a page that its code did not foresee is a crash here, any other rejection is told with its reason."""
    if isinstance(reading, Rejection):
        if reading.reason in (UNREADABLE, OUT_OF_MEMORY):
            raise RuntimeError(f"{reading.reason}: {reading.detail}")
        return {"refused": reading.reason}
    day = reading.published_at.date().isoformat() if reading.published_at else ""
    return {"text": reading.text, "title": reading.title, "published_at": day}


class Newsmill:
    """The full reading: text, metadata, dates, language."""

    def learn(self, pages: Iterable[Request]) -> int:
        return 0

    def read(self, body: bytes, url: str, crawled: str) -> Row:
        return row_of(read(page_of(body, url, crawled), OUTLET))


@dataclass(slots=True)
class WithProfiles:
    """The full reading, by profiles learned from the corpus, one set a host."""

    profiles: dict[str, Sequence[Profile]] = field(default_factory=dict)

    def learn(self, pages: Iterable[Request]) -> int:
        """Learn from the pages of every host that has enough of them; returns how many pages taught."""
        hosts: defaultdict[str, list[Request]] = defaultdict(list)
        for page in pages:
            hosts[host(page["url"])].append(page)
        taught = {name: told for name, told in hosts.items() if len(told) >= TAUGHT}
        for name, told in taught.items():
            pages_of = (page_of(Path(page["path"]).read_bytes(), page["url"], page["crawled"]) for page in told)
            sketches = [sketch(page, OUTLET) for page in pages_of]
            self.profiles[name] = learn(OUTLET.slug, [found for found in sketches if found is not None])
        return sum(map(len, taught.values()))

    def read(self, body: bytes, url: str, crawled: str) -> Row:
        return row_of(read(page_of(body, url, crawled), OUTLET, self.profiles.get(host(url), ())))


def engine(name: str) -> tuple[object, str]:
    """The engine and its version."""
    return (Newsmill() if name == "newsmill" else WithProfiles()), version("newsmill")
