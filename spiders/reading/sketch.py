"""What learning keeps of a page: where its texts stand, which of them trafilatura takes for story, nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from spiders.outlet import Outlet
from spiders.reading import kinds
from spiders.reading.charset import decode
from spiders.reading.extract import drop_unread, story
from spiders.reading.marks import Mark, mark
from spiders.reading.markup import drop_unseen, parse
from spiders.reading.metadata import collect, descriptions
from spiders.reading.page import Page
from spiders.reading.text import Piece, is_sentence, key, letters, pieces
from spiders.reading.titles import stated

LONGEST = 2000  # characters of a text that are kept; a longer one is no furniture
MOST_SPOTS = 1500
DEEPEST = 100  # elements around a text; honest pages have up to 40
LITTLE = 300  # characters of a story below which a page teaches nothing


@dataclass(frozen=True, slots=True)
class Spot:
    """A text and its place: the numbers of the elements around it, from the outermost in."""

    key: str
    text: str
    size: int  # characters
    linked: int  # of them, in links
    is_story: bool  # for trafilatura
    is_sentence: bool
    tag: str
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    """A page for learning."""

    capture_id: str
    captured_at: datetime
    elements: tuple[Mark, ...]  # in the order in which they hold text
    spots: tuple[Spot, ...]
    titles: tuple[str, ...]  # headlines that the page states
    heading: int  # the spot of the printed headline; -1 if there is none
    descriptions: tuple[str, ...]  # keys of what the page says of itself in short


def sketch(page: Page, outlet: Outlet) -> Sketch | None:
    """The sketch of ``page``; None if it has no story."""
    capture = page.capture
    if kinds.refuse_bytes(page.body, capture.content_type, capture.status):
        return None
    tree = parse(decode(page.body, capture.content_type, outlet.language))
    if tree is None:
        return None
    facts = collect(tree, capture.final_url or capture.url)
    drop_unread(tree)
    drop_unseen(tree)
    found = story(tree).texts
    body = tree.find("body")
    if letters(found) < LITTLE or body is None:
        return None
    elements, spots = _spots(pieces(body), found)
    names = {key(title) for title in stated(facts)}
    heading = next((at for at, spot in enumerate(spots) if spot.tag in ("h1", "h2") and spot.key in names), -1)
    told = tuple(dict.fromkeys(filter(None, (key(text) for text in descriptions(facts)))))
    return Sketch(capture.capture_id, capture.captured_at, elements, spots, tuple(stated(facts)), heading, told)


def _spots(every: Iterable[Piece], found: Iterable[str]) -> tuple[tuple[Mark, ...], tuple[Spot, ...]]:
    story_keys = {key(text) for text in found}
    whole = "\n".join(story_keys)
    elements: list[Mark] = []

    paths: dict[HtmlElement, tuple[int, ...]] = {}

    def path(element: HtmlElement) -> tuple[int, ...]:
        line = [element, *element.iterancestors()]
        known = next((at for at, above in enumerate(line) if above in paths), len(line))
        found = paths[line[known]] if known < len(line) else ()
        for inner in reversed(line[:known]):
            if len(found) < DEEPEST:
                elements.append(mark(inner))
                found = (*found, len(elements) - 1)
            paths[inner] = found
        return found

    spots = []
    for piece in every:
        name = key(piece.text)
        is_story = name in story_keys or (len(name) > 40 and name in whole)
        shown = piece.text[:LONGEST]
        tag = str(piece.element.tag)
        spots.append(Spot(name, shown, len(piece.text), piece.linked, is_story, is_sentence(piece.text), tag, path(piece.element)))
        if len(spots) == MOST_SPOTS:
            break
    return tuple(elements), tuple(spots)
