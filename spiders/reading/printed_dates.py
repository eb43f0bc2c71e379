"""Where a page prints the dates of its article: around the headline, in elements named for it; not in captions, comments or teasers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Literal

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading.ages import may_tell_age
from spiders.reading.date_words import about, without_labels
from spiders.reading.markup import found as elements
from spiders.reading.spelled_dates import parse, readable, since, spelled, without_dates
from spiders.reading.stamps import Stamp
from spiders.reading.text import key

LINE = 200  # characters of an element that may be a line of dates; what is longer is prose, or holds several lines
OTHERS = 40  # letters that may stand beside a date: a name and a section; more of them are a sentence or another story's headline
PROSE = 2  # paragraphs behind the headline, of LINE characters or more, where its surroundings end
NODES_AFTER, NODES_BEFORE = 300, 60  # elements that are looked at around the headline
LINES = 80  # lines that are read on either side of the headline
MOST_FAR = 5000  # elements that are looked at far from it
PARTS = 24  # elements that a line may hold
DEEPEST = 100  # ancestors asked whether they are another story's

Place = Literal["headline", "above", "below", "far"]
About = Literal["published", "modified"]

_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "iframe", "select", "button", "object", "textarea", "video", "audio"}
)
_OTHER_PLACES = frozenset({"aside", "footer", "nav", "figure", "figcaption", "blockquote", "form", "table"})
_ELSEWHERE = re.compile(
    r"comment|disqus|related|sidebar|(?<![\w-])widget|teaser|most-?(?:read|popular|viewed)|recommend|(?<!text-)caption|(?<![a-z])credit|donat|fundrais|campaign"
    r"|progress|countdown|weather|ticker|breaking|advert|newsletter|subscri|trending|read-?(?:more|next|also)|more-?(?:news|stories)|copyright"
    r"|today|current-?date|masthead|carousel|slider|latest|popular|archive-|calendar",
    re.IGNORECASE,
)
_NAMED = re.compile(r"date|time(?!line|r)|publi|posted|stamp|fecha|datum|tarih|pubdat|byline|post-meta|entry-meta", re.IGNORECASE)
_NAMED_PUBLISHED = re.compile(r"publi|posted|created|entry-?date|post-?date|article-?date|date-?line|pub-?date|timestamp", re.IGNORECASE)
_NAMED_CHANGED = re.compile(r"modif|update|edited|aktualis|revis", re.IGNORECASE)
_MARKED = XPath(
    "(//*[@itemprop = 'datePublished' or @itemprop = 'dateModified' or contains(@class, 'date') or contains(@class, 'Date')"
    " or contains(@class, 'publi') or contains(@class, 'posted') or contains(@class, 'timestamp')])[position() <= 60]"
)
_OF_ITEM = XPath("(//@itemprop[. = 'datePublished' or . = 'dateModified'])[position() <= 20]/..")
_CREDIT = re.compile(r"\([^()\d]{6,}\)\W*$|©")  # "Aleppo – May 17, 2019 (Enab Baladi)": a photograph's
_READING = re.compile(r"\b\d{1,3} ?(?:min|dk|dakika|دقيق)\w*\.?")  # "Lesezeit 5 Min."
_LETTER = re.compile(r"[^\W\d_]")
_YEAR = re.compile(r"(?:19|20|١٩|٢٠|۲۰)\d\d")
_DIGIT = re.compile(r"\d")
# Days of other things: "Release date Dec 8, 2023", "Photo: Reuters, May 5, 2019", "03.09.2020 | 30:15 min" (a film's)
_OF_OTHERS = re.compile(r"release\b|source\b|photo|foto|image|picture|\bborn\b|expire|deadline|recorded|\d:\d\d ?min", re.IGNORECASE)
LONGEST_NAME = 4  # words of a link to an author or a section; longer ones lead to stories
SENTENCE = 15  # letters before a full stop that make a sentence of a line


@dataclass(frozen=True, slots=True)
class Printed:
    """A date on the page: as an attribute for machines, or else in print."""

    raw: str
    stamp: Stamp | None
    about: About
    place: Place
    is_attribute: bool
    is_labelled: bool = False  # "Published: …"


@dataclass(frozen=True, slots=True)
class Reader:
    """What it takes to read a page's dates: its language, the moment it was captured, its zone."""

    language: str
    now: datetime
    zone: tzinfo

    def stamp(self, text: str) -> Stamp | None:
        return parse(text, self.language) or since(text, self.now, self.zone)


def printed_dates(tree: HtmlElement, titles: Iterable[str], reader: Reader) -> list[Printed]:
    """Dates behind the headline first, then above it."""
    headline = _headline(tree, [name for title in titles if len(name := key(title)) > 8])
    if headline is None:
        return []
    parent = headline.getparent()
    own = _own_lines(parent) if parent is not None else ()
    below = [*own, *islice(_lines(_after(headline), NODES_AFTER), LINES)]
    above = islice(_lines(_before(headline), NODES_BEFORE), LINES)
    lines = [found for line in below if (found := _of_line(line, "headline", reader))]
    lines.extend(found for line in above if (found := _of_line(line, "above", reader)))
    return _settled(lines)


def _settled(lines: list[list[Printed]]) -> list[Printed]:
    """One line dates the article: the first that says "published", else the first. What other lines below name are other stories' days."""
    dating = [line for line in lines if any(one.stamp and one.about == "published" for one in line)]
    own = next((line for line in dating if any(one.is_labelled for one in line)), next(iter(dating), []))
    return [
        replace(one, place="below") if one.place == "headline" and one.about == "published" and line is not own else one
        for line in lines
        for one in line
    ]


def far_dates(tree: HtmlElement, reader: Reader) -> Iterator[Printed]:
    """Dates in elements named for dates, and behind the word "published", anywhere on the page: for one that has none near its headline."""
    for element in elements(_MARKED, tree):
        if element.tag not in ("meta", "time", "html", "body") and not is_elsewhere(element) and (text := _short(element)):
            yield from _of_line(_Line(element, text), "far", reader)
    for element in islice(tree.iter("li", "p", "span", "div", "td", "dd"), MOST_FAR):
        if _YEAR.search(element.text or "") or (len(element) and _YEAR.search(element[-1].tail or "")):
            text = _short(element)
            if text and about(text) and not is_elsewhere(element):
                yield from _of_line(_Line(element, text), "far", reader)


def times(tree: HtmlElement, most: int) -> Iterator[tuple[str, About, bool]]:
    """Attributes for machines anywhere on the page: each with what it tells of, and whether it is marked as the article's own."""
    for element in elements(_OF_ITEM, tree):
        raw = element.get("datetime") or element.get("content") or _short(element) or ""
        if element.tag != "meta" and raw.strip():
            yield raw.strip(), "modified" if element.get("itemprop") == "dateModified" else "published", True
    for element in islice(tree.iter("time"), most):
        stamp, name = (element.get("datetime") or "").strip(), f"{element.get('class')} {element.get('itemprop')} {element.get('id')}"
        if not stamp or is_elsewhere(element, lists=True):
            continue
        if element.get("pubdate") is None and _NAMED_CHANGED.search(name):
            yield stamp, "modified", True
        else:
            yield stamp, "published", element.get("pubdate") is not None or _NAMED_PUBLISHED.search(name) is not None


def is_elsewhere(element: HtmlElement, lists: bool = False) -> bool:
    """Whether ``element`` belongs to a comment, a quoted post, a picture or another story's teaser."""
    for ancestor in islice(element.iterancestors(), DEEPEST):
        if ancestor.tag in ("body", "html"):
            return False
        if ancestor.tag in _OTHER_PLACES or (lists and ancestor.tag == "li") or _is_named_elsewhere(ancestor):
            return True
    return False


def _is_named_elsewhere(element: HtmlElement) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return name != " " and _names_elsewhere(name[:400])


@lru_cache(maxsize=8192)
def _names_elsewhere(name: str) -> bool:
    return _ELSEWHERE.search(name) is not None


@dataclass(frozen=True, slots=True)
class _Line:
    """An element with little text, and that text."""

    element: HtmlElement
    text: str
    is_whole: bool = True  # false for text between an element's children


def _headline(tree: HtmlElement, titles: list[str]) -> HtmlElement | None:
    """The h1 that says one of ``titles``, or the longest, or a lesser heading that says one."""
    candidates = [(element, name) for element in islice(tree.iter("h1"), 20) if (name := key(_short(element, 3 * LINE) or ""))]
    lesser = ((element, key(_short(element, 3 * LINE) or "")) for element in islice(tree.iter("h2", "h3"), 60))
    for element, name in candidates:
        if any(name in title or title in name for title in titles if len(name) > 8):
            return element
    if candidates:
        return max(candidates, key=lambda one: len(one[1]))[0]
    return next((element for element, name in lesser if len(name) > 8 and any(name in title for title in titles)), None)


def _short(element: HtmlElement, longest: int = LINE) -> str | None:
    """The text of ``element``, its parts apart; None where it is too long for a line, or holds too many elements."""
    # Counted first: a million of <br> have no text, and take seconds to say so.
    if len(element) and next(islice(element.iter(), PARTS, None), None) is not None:
        return None
    pieces: list[str] = []
    size = 0
    for piece in element.itertext():
        if not piece.isspace():
            pieces.append(piece)
            size += len(piece.strip())
            if size > longest:
                return None
    return " ".join(" ".join(pieces).split())


def _after(element: HtmlElement) -> Iterator[HtmlElement]:
    """What follows ``element``, in order, as the largest elements that do not hold it."""
    node: HtmlElement | None = element
    while node is not None and node.tag != "body":
        yield from node.itersiblings()
        node = node.getparent()


def _before(element: HtmlElement) -> Iterator[HtmlElement]:
    """What stands before ``element`` in its article, the nearest first. Headers above hold the masthead, and today's date."""
    node: HtmlElement | None = element
    while node is not None and node.tag not in ("body", "article", "main"):
        yield from (one for one in node.itersiblings(preceding=True) if one.tag != "header")
        node = node.getparent()


def _lines(nodes: Iterator[HtmlElement], most: int) -> Iterator[_Line]:
    """The short texts of ``nodes`` and what they hold, until the story runs or ``most`` elements were seen."""
    seen = prose = 0
    for top in nodes:
        stack = [top]
        while stack:
            node = stack.pop()
            seen += 1
            if seen > most or prose >= PROSE:
                return
            if not isinstance(node.tag, str) or node.tag in _SILENT or node.tag in _OTHER_PLACES or _is_named_elsewhere(node):
                continue
            text = _short(node)
            if text is not None:
                if text:
                    yield _Line(node, text)
                continue
            if node.tag in ("p", "h1", "h2", "h3"):
                prose += node.tag == "p"
                continue
            yield from _own_lines(node)
            stack.extend(reversed(node[:most]))


def _own_lines(node: HtmlElement) -> Iterator[_Line]:
    """Texts between the children of a large element."""
    for text in (node.text, *(child.tail for child in node[:PARTS])):
        if text and 8 <= len(text) <= LINE and (line := " ".join(text.split())):
            yield _Line(node, line, is_whole=False)


def _of_line(line: _Line, place: Place, reader: Reader) -> list[Printed]:
    """The dates of a line that is about dates: their attributes where they have any, else what is printed."""
    text = readable(line.text)
    name = _names(line.element) if line.is_whole else ""
    is_named = _NAMED.search(name) is not None
    if not _DIGIT.search(text) and not may_tell_age(text):
        return []
    dates = spelled(text, reader.language) if _DIGIT.search(text) else []
    stamped = [one for one in islice(line.element.iter("time"), 6) if (one.get("datetime") or "").strip()] if line.is_whole else []
    rest = without_labels(without_dates(text, dates)) if dates or stamped else ""
    if stamped and len(_LETTER.findall(rest)) <= 2 * OTHERS and (attributes := _attributes(line, stamped, place, name)):
        return attributes
    if not dates:
        stamp = since(text, reader.now, reader.zone) if place != "far" and may_tell_age(text) else None
        return [Printed(line.text, stamp, _about(text, name), place, False)] if stamp else []
    if not _is_about_dates(line, text, rest, is_named):
        return []
    starts = [0, *(date.end for date in dates)]
    return [
        Printed(line.text, date.stamp, _about(label, name if len(dates) == 1 else ""), place, False, about(label) == "published")
        for date, label in zip(dates, (text[start : date.start] for start, date in zip(starts, dates, strict=False)), strict=True)
    ]


def _is_about_dates(line: _Line, text: str, rest: str, is_named: bool) -> bool:
    """Whether a line with a date says little else: no sentence, no caption, no other story's headline."""
    rest = _READING.sub("", rest)
    count = len(_LETTER.findall(rest))
    if count > OTHERS * (1 + is_named) or _OF_OTHERS.search(text):
        return False
    if is_named or about(text):
        return True
    links = [_short(link) or "" for link in islice(line.element.iter("a"), 6)] if line.is_whole else []
    is_teaser = any(len(words.split()) > LONGEST_NAME for words in links)
    is_teaser = is_teaser or (line.is_whole and next(line.element.iter("h2", "h3", "h4", "h5"), None) is not None)
    return not is_teaser and not _CREDIT.search(text) and not (count > SENTENCE and rest.rstrip().endswith((".", "؟", "!", "?", "…")))


def _attributes(line: _Line, stamped: list[HtmlElement], place: Place, name: str) -> list[Printed]:
    found, at = [], 0
    for element in stamped:
        told = _short(element) or ""
        start = max(at, line.text.find(told, at))
        own = f"{element.get('class')} {element.get('itemprop')} {element.get('id')}"
        raw = element.get("datetime").strip()
        found.append(Printed(raw, parse(raw), _about(line.text[at:start] + told, own if len(stamped) > 1 else name), place, True))
        at = start + len(told)
    return [one for one in found if one.stamp]


def _about(label: str, name: str) -> About:
    if said := about(label):
        return said
    return "modified" if _NAMED_CHANGED.search(name) and not _NAMED_PUBLISHED.search(name) else "published"


def _names(element: HtmlElement) -> str:
    """What the page's author calls ``element`` and what is in it."""
    return " ".join(
        f"{one.tag if one.tag == 'time' else ''} {one.get('class') or ''} {one.get('itemprop') or ''} {one.get('id') or ''}"[:200]
        for one in islice(element.iter(), 12)
        if isinstance(one.tag, str)
    )
