"""What a row promises: the values that cross from spiders to tables, on disk as JSON lines. Standard library only."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

Precision = Literal["second", "minute", "day", "none"]
DateSource = Literal["json_ld", "meta", "time", "feed", "sitemap", "url", "text", "none"]
LinkSource = Literal["feed", "sitemap", "listing", "wordpress", "warc"]
RequestKind = Literal["robots", "feed", "sitemap", "listing", "article"]
Kind = Literal["article", "live blog", "gallery", "video", "audio", "paywall stub"]
LinkState = Literal["waiting", "loaded", "unchanged", "rejected", "failed", "skipped", "forgotten"]


class Row:
    """A row of one step's file. Times must be aware; text that no UTF-8 file can hold is made so."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, list):  # as databases give them
                value = tuple(value)
                _set(self, field.name, value)
            if isinstance(value, str):
                _set(self, field.name, storable(value))
            elif isinstance(value, tuple) and value and isinstance(value[0], str):
                _set(self, field.name, tuple(storable(item) for item in value))
            elif isinstance(value, datetime):
                if value.tzinfo is None:
                    raise ValueError(f"{type(self).__name__}.{field.name}: a time without a zone: {value}")
                _set(self, field.name, value.astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Link(Row):
    """A URL that an outlet's source named; ``skip`` says why it will not be fetched, if it will not."""

    outlet: str
    url: str  # as the source gave it, made absolute
    article_id: str  # "<outlet>:<identity key>": one article, however many URLs
    source: LinkSource
    source_url: str
    discovered_at: datetime
    title: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    published_precision: Precision = "none"
    modified_at: datetime | None = None  # what the source says, never our clock
    skip: str | None = None


@dataclass(frozen=True, slots=True)
class Source(Row):
    """One look at a feed, sitemap, listing or API page: what it answered and what it brought."""

    outlet: str
    url: str
    kind: RequestKind
    seen_at: datetime
    status: int | None
    links: int
    warnings: tuple[str, ...] = ()
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_at: datetime | None = None  # where the host said it
    content_sha256: str | None = None  # of what it listed, hexadecimal: the same news in another wrapping is the same
    conditional: bool = False  # whether it was asked for what is new only


@dataclass(frozen=True, slots=True)
class Planned(Row):
    """A link that is to be fetched now, with what its source said of it."""

    outlet: str
    url: str
    article_id: str
    source: LinkSource
    title: str | None = None
    published_at: datetime | None = None
    published_raw: str | None = None
    published_precision: Precision = "none"
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request(Row):
    """A line of the ledger: one request that left this machine, or tried to."""

    run_id: str
    outlet: str
    url: str
    kind: RequestKind
    started_at: datetime
    status: int | None = None
    error: str | None = None
    duration_ms: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Failure(Row):
    """A planned link whose page could not be had. ``retry_at`` is None when asking again is of no use."""

    outlet: str
    url: str
    state: Literal["failed", "skipped", "waiting"]
    reason: str  # short and stable: "http 404", "timeout", "dns", "refused", "robots", "robots unreachable", "too large" …
    failed_at: datetime
    detail: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Capture(Row):
    """A page as it was received: where its WARC record lies, and the link that led to it."""

    capture_id: str
    outlet: str
    url: str  # the link's, joins to ``Planned.url``
    final_url: str  # after redirects
    article_id: str
    captured_at: datetime
    status: int
    content_type: str
    file: str  # relative to the captures folder
    offset: int  # bytes, of the record's gzip member
    length: int  # bytes, compressed
    sha256: str  # of the payload as received, hexadecimal
    partial: bool = False  # the body ended early
    link_source: LinkSource = "feed"
    link_title: str | None = None
    link_published_at: datetime | None = None
    link_published_raw: str | None = None
    link_published_precision: Precision = "none"
    link_modified_at: datetime | None = None
    wishes: tuple[str, ...] | None = None  # what the page asks of those who keep or mine it, sorted; None: nobody looked


@dataclass(frozen=True, slots=True)
class RemovedBlock(Row):
    """A block of text that was cut, and why."""

    position: int
    text: str
    reason: Literal["learned", "outlet", "generic"]
    rule: str


@dataclass(frozen=True, slots=True)
class DateCandidate(Row):
    """A date that the page, its URL or its source stated."""

    source: DateSource
    raw: str
    value: datetime | None
    precision: Precision
    chosen: bool = False
    about: Literal["published", "modified"] = "published"


@dataclass(frozen=True, slots=True)
class Translation(Row):
    """The same story in another language, as the page links to it."""

    language: str  # BCP 47
    url: str


@dataclass(frozen=True, slots=True)
class Article(Row):
    """One reading of one capture."""

    article_id: str
    outlet: str
    url: str
    capture_id: str
    captured_at: datetime
    title: str
    text: str  # paragraphs joined by a blank line
    word_count: int
    canonical_url: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_precision: Precision = "none"
    published_source: DateSource = "none"
    published_on: date | None = None  # the day as the outlet states it, in its own zone
    modified_at: datetime | None = None
    language: str | None = None  # BCP 47
    section: str | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    image_url: str | None = None
    is_paywalled: bool = False
    extractor: str = ""  # "trafilatura 2.3.1"
    profile_version: str | None = None
    kind: Kind = "article"
    kind_rule: str = ""
    dates_disagree: bool = False
    translations: tuple[Translation, ...] = ()
    removed_blocks: tuple[RemovedBlock, ...] = ()
    date_evidence: tuple[DateCandidate, ...] = ()
    canonical_id: str | None = None  # the key that ``canonical_url`` has, if that may be an article of the same outlet


@dataclass(frozen=True, slots=True)
class Rejection(Row):
    """A page that is no article: a value, never an exception."""

    article_id: str
    outlet: str
    url: str
    capture_id: str
    captured_at: datetime
    reason: str  # short and stable: "too short", "not html", "too slow", "out of memory", "challenge page" …
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Learned(Row):
    """One thing that an outlet's pages taught, with its evidence."""

    rule: str  # a CSS selector, or a text
    pages: int  # that it stands on
    reason: str  # why it was taken for what it is, with figures
    first_seen: datetime
    last_seen: datetime
    example: str = ""


@dataclass(frozen=True, slots=True)
class Profile(Row):
    """How the pages of one layout of an outlet are read: rules as a person would write them into ``[read]``, but learned."""

    outlet: str
    version: str  # day of the newest page it was learned from, and a digest of the rules
    layout: str  # the selector of the body: pages that have it are of this layout
    learned_at: datetime  # capture time of the newest page that it was learned from
    since: datetime  # of the oldest
    pages: int
    is_promoted: bool
    verdict: str  # why it is used, or is not, with figures
    body: tuple[Learned, ...] = ()
    lead: tuple[Learned, ...] = ()
    drop: tuple[Learned, ...] = ()
    furniture: tuple[Learned, ...] = ()  # texts
    names: tuple[Learned, ...] = ()  # that the site adds to its headlines


@dataclass(frozen=True, slots=True)
class Learning(Row):
    """That the pages of an outlet were learned from: from it follows when to do so again."""

    outlet: str
    learned_at: datetime  # capture time of the newest page
    pages: int


T = TypeVar("T", bound=Row)

_HINTS: dict[type[Row], dict[str, Any]] = {}  # get_type_hints costs more than the row itself
_SCALARS = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", datetime: "TIMESTAMPTZ", date: "DATE"}


def columns(row: type[Row]) -> dict[str, str]:
    """Column names and DuckDB types of ``row``, in order: what ``read_json`` is told."""
    return {name: _sql_type(hint) for name, hint in _hints(row).items()}


def required(row: type[Row]) -> tuple[str, ...]:
    """The columns of ``row`` that are never empty."""
    fields = dataclasses.fields(row)  # type: ignore[arg-type]
    has_default = {field.name for field in fields if field.default is not dataclasses.MISSING}
    return tuple(name for name, hint in _hints(row).items() if name not in has_default and type(None) not in typing.get_args(hint))


def to_json(row: Row) -> str:
    """One line, without its newline."""
    return json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[T], line: str | bytes) -> T:
    """The row that ``to_json`` wrote. ``ValueError`` for a torn or foreign line."""
    row = _typed(kind, json.loads(line))
    if not isinstance(row, kind):
        raise ValueError(f"no {kind.__name__}: {line[:80]!r}")
    return row


def read_rows(kind: type[T], path: Path) -> Iterator[T]:
    """The whole lines of ``path``; none if there is no such file. A torn last line, as a killed writer leaves it, is passed over."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield from_json(kind, line)


def write_rows(path: Path, rows: Iterable[Row]) -> int:
    """Write ``rows`` anew, complete or not at all. Returns their number."""
    count, partial = 0, path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(to_json(row) + "\n")
            count += 1
    partial.replace(path)
    return count


def cut_torn_line(path: Path) -> None:
    """Cut ``path`` behind its last newline, if something stands there. No file, no deed."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        end = file.seek(0, 2)
        while end > 0:
            start = max(0, end - 65536)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                file.truncate(start + newline + 1)
                return
            end = start
        file.truncate(0)


def storable(text: str) -> str:
    """``text`` without NUL and lone surrogates: DuckDB refuses the one, JSON readers differ on the other."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _hints(row: type[Row]) -> dict[str, Any]:
    if row not in _HINTS:
        hints = typing.get_type_hints(row)
        _HINTS[row] = {field.name: hints[field.name] for field in dataclasses.fields(row)}  # type: ignore[arg-type]
    return _HINTS[row]


def _set(row: Row, name: str, value: object) -> None:
    object.__setattr__(row, name, value)


def _sql_type(hint: Any) -> str:
    if hint in _SCALARS:
        return _SCALARS[hint]
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return "VARCHAR"
    if origin is tuple:
        return f"{_sql_type(args[0])}[]"
    if origin in (types.UnionType, typing.Union):
        return _sql_type(next(arg for arg in args if arg is not type(None)))
    return "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in columns(hint).items()) + ")"


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}  # type: ignore[arg-type]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _typed(next(arg for arg in args if arg is not type(None)), value)
    if origin is tuple:
        return tuple(_typed(args[0], item) for item in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Row):
        hints = _hints(hint)
        try:
            return hint(**{name: _typed(hints[name], item) for name, item in value.items() if name in hints})
        except (AttributeError, TypeError) as error:
            raise ValueError(f"no {hint.__name__}: {error}") from error
    return value
