"""What the newspapers wrote, clean: the gold that every reading of their pages is measured by."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal
from zoneinfo import ZoneInfo

SLUGS = ("demo_gazette", "demo_courier", "demo_herald")

Kind = Literal["paragraph", "heading", "quote", "list"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, sub-heading or quote (one line), or a list (a line an item)."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a newspaper lists its articles; with ``language``, those in that language."""

    path: str
    kind: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Stray:
    """A link among a newspaper's articles that leads to none: ``answer`` is "front", "missing", a status, or a story to redirect to."""

    path: str
    title: str
    hours_ago: float
    answer: str


@dataclass(frozen=True, slots=True)
class Newspaper:
    """A newspaper's ``newspaper.toml``."""

    slug: str
    title: str
    language: str
    timezone: str
    charset: str
    path: str  # of an article: "/{number}/{slug}/"
    printed: str  # the date as its pages print it, for ``str.format``
    joint: str  # between the names of a byline
    card: str  # the HTML of one link on a front page
    missing: str  # the headline of a page that is not there
    fronts: tuple[str, ...]
    sources: tuple[Source, ...]
    strays: tuple[Stray, ...]
    months: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its newspaper wrote it, at one moment and in one edition."""

    slug: str
    path: str
    number: int
    title: str
    authors: tuple[str, ...]
    section: str
    tags: tuple[str, ...]
    language: str
    published_at: datetime
    modified_at: datetime | None
    blocks: tuple[Block, ...]
    lead: str | None = None  # printed as the standfirst, before the blocks
    caption: str = ""
    credit: str = ""
    charset: str = "utf-8"
    charset_in_header: bool = True

    @property
    def updated_at(self) -> datetime:
        return self.modified_at or self.published_at

    @property
    def summary(self) -> str:
        return self.lead or self.blocks[0].lines[0]

    @property
    def text(self) -> str:
        """The story alone: paragraphs, sub-headings, quotes and the items of lists, joined by blank lines."""
        lead = (self.lead,) if self.lead else ()
        lines = (f"- {line}" if block.kind == "list" else line for block in self.blocks for line in block.lines)
        return "\n\n".join((*lead, *lines))


def gold(outlet: str, edition: int, now: datetime) -> Mapping[str, Story]:
    """What ``outlet`` has printed by ``edition``, by the path of its page: what a perfect reader reads there."""
    return {story.path: story for story in stories(newspaper(outlet), edition, now)}


def stories(paper: Newspaper, edition: int, now: datetime) -> tuple[Story, ...]:
    """The stories of ``edition``, newest first. A file ``<slug>.2.md`` replaces ``<slug>.1.md``, or is new, in the second."""
    manuscripts = {slug: text for number, slug, text in _manuscripts(paper.slug) if number <= edition}
    found = (_story(paper, slug, text, to_minute(now)) for slug, text in manuscripts.items())
    return tuple(sorted(found, key=lambda story: (story.published_at, story.number), reverse=True))


@cache
def newspaper(slug: str) -> Newspaper:
    """``ValueError`` for a slug that is none of ``SLUGS``."""
    if slug not in SLUGS:
        raise ValueError(f"no built-in newspaper {slug!r}; there are {', '.join(SLUGS)}")
    facts = tomllib.loads((folder(slug) / "newspaper.toml").read_text(encoding="utf-8"))
    tables: dict[str, Any] = {
        "fronts": tuple(facts.pop("fronts")),
        "sources": tuple(Source(**source) for source in facts.pop("sources")),
        "strays": tuple(Stray(**stray) for stray in facts.pop("strays")),
        "months": tuple(facts.pop("months", ())),
    }
    return Newspaper(slug=slug, **facts, **tables)


def folder(slug: str) -> Traversable:
    return files("spiders.demo") / slug


def before(now: datetime, hours: float) -> datetime:
    return to_minute(now) - timedelta(minutes=round(hours * 60))


def to_minute(now: datetime) -> datetime:
    """In UTC: a newspaper's clock has no seconds, so what it prints can be compared with what was read."""
    return now.astimezone(UTC).replace(second=0, microsecond=0)


@cache
def _manuscripts(slug: str) -> tuple[tuple[int, str, str], ...]:
    names = (entry.name.split(".") for entry in folder(slug).iterdir() if entry.name.endswith(".md"))
    found = ((int(number), stem, f"{stem}.{number}.md") for stem, number, _ in names)
    return tuple((number, stem, (folder(slug) / name).read_text(encoding="utf-8")) for number, stem, name in sorted(found))


def _story(paper: Newspaper, slug: str, text: str, now: datetime) -> Story:
    _, head, body = text.split("+++\n", 2)
    facts: dict[str, Any] = {"language": paper.language, "charset": paper.charset} | tomllib.loads(head)
    modified = facts.pop("modified_hours_ago", None)
    return Story(
        slug=slug,
        path=paper.path.format(number=facts["number"], slug=slug),
        authors=tuple(facts.pop("authors")),
        tags=tuple(facts.pop("tags")),
        published_at=before(now, facts.pop("hours_ago")),
        modified_at=None if modified is None else before(now, modified),
        blocks=tuple(_block(chunk) for chunk in body.strip().split("\n\n")),
        **facts,
    )


def _block(chunk: str) -> Block:
    lines = chunk.split("\n")
    if chunk.startswith("- "):
        return Block("list", tuple(line.removeprefix("- ") for line in lines))
    if chunk.startswith("## "):
        return Block("heading", (chunk.removeprefix("## "),))
    if chunk.startswith("> "):
        return Block("quote", (chunk.removeprefix("> "),))
    return Block("paragraph", (" ".join(lines),))
