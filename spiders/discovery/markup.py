"""XML as feeds and sitemaps write it: read strictly where it is well-formed, mended where it is not, one row at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5
from itertools import islice
from typing import Generic, TypeVar, cast

from lxml import etree

T = TypeVar("T")

ROWS = frozenset({"item", "entry", "url", "sitemap"})  # elements that never hold one of their own kind

_SLICE = 256 * 1024  # characters handed to the parser at once
_DEEPEST = 100  # levels kept when mending; libxml2 gives up at 256 or 2,048, and with it everything behind
_DEEPEST_ROW = 5  # levels above a row: rdf:RDF, rss and channel, or what is wrapped around them
_HEAD = 64 * 1024  # characters within which a document must have begun
_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]{0,30}:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s>/])", re.ASCII | re.IGNORECASE)
_OPENING = re.compile(r"<(?:[A-Za-z_][\w.-]{0,60}:)?([A-Za-z_][\w.-]{0,60})", re.ASCII)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """What was taken from a document's rows, the local name of its root, and what was wrong with it."""

    taken: tuple[T, ...]
    root: str
    warnings: tuple[str, ...] = ()
    over: bool = False  # there were more rows than the limit


def read_rows(text: str, names: Iterable[str], take: Callable[[etree._Element], T | None], limit: int) -> Rows[T]:
    """What ``take`` makes of the elements called ``names``, in any namespace, ``limit`` at most. Rows are forgotten as they are read."""
    text = _from_root(text)
    opening = _OPENING.match(text)
    if opening is None:
        return Rows((), "")
    root = opening[1]
    if root.lower() == "html":  # mending 10 MB of it would take seconds, for nothing
        return Rows((), root)
    try:
        taken = _taken(_slices(text), names, take, limit, recover=False)
        return Rows(tuple(taken[:limit]), root, (), len(taken) > limit)
    except etree.XMLSyntaxError:
        taken = _taken(_mended(text), names, take, limit, recover=True)
    warnings = ("not well-formed",) if f"</{opening[0][1:]}" in text else ("not well-formed", "truncated")
    return Rows(tuple(taken[:limit]), root, warnings, len(taken) > limit)


def name_of(element: etree._Element) -> tuple[str, str]:
    """Namespace and local name. A prefix that nobody declared stands for its namespace."""
    tag = str(element.tag)
    if tag.startswith("{"):
        namespace, _, name = tag[1:].partition("}")
        return namespace, name
    prefix, _, name = tag.rpartition(":")
    return prefix, name


def text_of(element: etree._Element | None, limit: int = 20_000) -> str:
    """All text inside, without leading and trailing blanks."""
    if element is None:
        return ""
    pieces = islice(element.itertext(), 1_000)
    return "".join(str(piece) for piece in pieces)[:limit].strip()


def _from_root(text: str) -> str:
    """From the document's first tag on. Declarations go, DOCTYPE first of all: entities of its own making are an attack
    (faults 51, 52), and nobody needs them. So do the warnings that PHP prints before a feed."""
    start = _ROOT.search(text, 0, _HEAD) or _OPENING.search(text)
    return text[start.start() :] if start else ""


def _slices(text: str) -> Iterator[str]:
    return (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))


def _taken(
    pieces: Iterable[str], names: Iterable[str], take: Callable[[etree._Element], T | None], limit: int, *, recover: bool
) -> list[T]:
    """One more than ``limit``, if there are more. ``XMLSyntaxError`` if the document is not well-formed and may not be mended."""
    taken: list[T] = []
    parser = etree.XMLPullParser(
        ("end",),
        tag=[f"{{*}}{name}" for name in names],
        recover=recover,
        encoding="utf-8",  # whatever the declaration says: the text is decoded
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    for piece in pieces:
        parser.feed(piece.encode("utf-8", "replace"))
        for _, event in parser.read_events():
            element = cast(etree._Element, event)
            row = take(element)
            if row is None:
                continue
            taken.append(row)
            _forget(element)
            if len(taken) > limit:
                return taken
    if not recover:
        parser.close()
    return taken


def _forget(element: etree._Element) -> None:
    """Free the row and what stands before it: 50,000 rows are never in memory together."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


# --- mending ---------------------------------------------------------------------------------------------------------
#
# libxml2's own recovery lets any end tag close whatever is open: one "</b>" too many in a description, and the rest of
# the feed is gone; a bare "<" stops its push parser for good. Here an end tag closes what it names, or nothing.

_TOKEN = re.compile(
    r"""<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)
    | <!--.*?(?:-->|\Z)
    | <[!?][^<>]*>?
    | <(?P<end>/?)(?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*'|["'])*+)>
    | (?P<text>[^<]+|<)""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)\s*+=\s*+(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.ASCII,
)
_REFERENCE = re.compile(r"&(?:#(?P<decimal>\d{1,7});|#[xX](?P<hexadecimal>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{0,31});)?")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_BATCH = 5_000  # pieces joined for one call of the parser


def _mended(text: str) -> Iterator[str]:
    """The document made well-formed, in pieces."""
    mender, batch = _Mender(), []
    for token in _TOKEN.finditer(text):
        batch.append(mender.mend(token))
        if len(batch) >= _BATCH:
            yield "".join(batch)
            batch = []
    yield "".join(batch) + mender.rest()


class _Mender:
    """Which elements are open, and what a token must become where it stands."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._row_depths: dict[str, int] = {}

    def mend(self, token: re.Match[str]) -> str:
        if token["name"] is not None:
            return self._end(token["name"]) if token["end"] else self._start(token["name"], token["attributes"])
        if token["cdata"] is not None:
            return f"<![CDATA[{_ILLEGAL.sub('', token['cdata'])}]]>"
        return _mended_text(token["text"] or "")

    def rest(self) -> str:
        """The end tags that are missing."""
        return self._close(len(self._open))

    def _start(self, name: str, attributes: str) -> str:
        closing = self._close_to_row_depth(name) if name.rpartition(":")[2] in ROWS and self._open else ""
        if len(self._open) >= _DEEPEST:
            return closing
        empty = attributes.rstrip().endswith("/") and self._open
        if not empty:
            self._open.append(name)
            self._counts[name] += 1
        return f"{closing}<{name}{_mended_attributes(attributes)}{'/' if empty else ''}>"

    def _close_to_row_depth(self, name: str) -> str:
        """A row stands where the first of its kind stood: what was left open since then ends here, another row or a thousand "<a>"."""
        depth = self._row_depths.setdefault(name, min(len(self._open), _DEEPEST_ROW))
        return self._close(max(0, len(self._open) - depth))

    def _end(self, name: str) -> str:
        # the root stays open to the end: what follows its end tag is read too
        return self._close_to(name) if self._counts[name] and name != self._open[0] else ""

    def _close_to(self, name: str) -> str:
        count = 1
        while self._open[-count] != name:
            count += 1
        return self._close(count)

    def _close(self, count: int) -> str:
        names = [self._open.pop() for _ in range(count)]
        self._counts.subtract(names)
        return "".join(f"</{name}>" for name in names)


def _mended_attributes(text: str) -> str:
    values: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match["double"] or match["single"] or (match["bare"] or "").removesuffix("/")
        values.setdefault(match["name"], _mended_text(value).replace('"', "&quot;"))
    return "".join(f' {name}="{value}"' for name, value in values.items())


def _mended_text(text: str) -> str:
    text = _REFERENCE.sub(_mended_reference, _ILLEGAL.sub("", text)) if "&" in text else _ILLEGAL.sub("", text)
    return text.replace("<", "&lt;").replace("]]>", "]]&gt;")


def _mended_reference(match: re.Match[str]) -> str:
    """References that XML knows, the letters of those that only HTML knows, and a plain "&" otherwise."""
    if name := match["name"]:
        if name in _XML_NAMES:
            return match[0]
        letters = html5.get(f"{name};")
        return f"&amp;{match[0][1:]}" if letters is None else letters.replace("&", "&amp;").replace("<", "&lt;")
    if digits := match["decimal"] or match["hexadecimal"]:
        number = int(digits, 10 if match["decimal"] else 16)
        return f"&#{number};" if number < 0x110000 and not _ILLEGAL.match(chr(number)) else ""
    return "&amp;"
