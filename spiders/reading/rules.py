"""What an outlet's author knows of its pages: selectors and texts, applied before anything is guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import regex
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from spiders.reading.markup import found as found_by
from spiders.reading.text import blocks, clean, key

SECONDS_A_TEXT = 1.0  # for a pattern and a paragraph; honest ones take microseconds


@dataclass(frozen=True, slots=True)
class Placed:
    """The text of an element, the selector that named it, and how many letters and digits of the page stood before it."""

    text: str
    rule: str
    at: int


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was cut out of a tree and what is to stay in its story; ``letters`` are the page's before anything was cut."""

    letters: str = ""
    cuts: tuple[Placed, ...] = ()
    kept: tuple[Placed, ...] = ()

    def place(self, paragraphs: Sequence[str], at: int) -> int:
        """How many of ``paragraphs`` stand before the letter ``at`` of the page."""
        position = found = 0
        for count, paragraph in enumerate(paragraphs):
            found = max(found, self.letters.find(key(paragraph)[:80], found))
            if found < at:
                position = count + 1
        return position


@cache
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def select(tree: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Elements of the first selector that finds any. One selector with commas finds all its parts."""
    return next((found for css in selectors if (found := found_by(_selector(css), tree))), [])


def select_all(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """Every element under ``tree`` that ``css`` names."""
    return found_by(_selector(css), tree)


def said(tree: HtmlElement, selectors: Sequence[str]) -> list[str]:
    """The texts of those elements; of a meta element its content."""
    return [text for element in select(tree, selectors) if (text := clean(element.get("content") or " ".join(element.itertext())))]


def body_of(tree: HtmlElement, selectors: Sequence[str]) -> list[HtmlElement]:
    """The elements that hold the story, outermost only, in order; none if the selectors find no text."""
    found = select(tree, selectors)
    outer = outermost(found)
    return outer if any(clean("".join(element.itertext())) for element in outer) else []


def outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """``elements`` without those that stand in another of them."""
    found = dict.fromkeys(elements)
    return [element for element in found if not any(above in found for above in element.iterancestors())]


def prune(tree: HtmlElement, drop: Sequence[str], keep: Sequence[str]) -> Pruned:
    """Take what ``drop`` names out of ``tree``, less what ``keep`` names."""
    kept = {element: css for css in reversed(keep) for element in found_by(_selector(css), tree)}
    dropped = {element: css for css in reversed(drop) for element in found_by(_selector(css), tree) if element not in kept}
    outer, inner = outermost(dropped), outermost(kept)
    if not outer and not inner:
        return Pruned()
    letters, at = _letters_of(tree, {*outer, *inner})
    stays = tuple(Placed(text, kept[element], at[element]) for element in inner for text in blocks(element))
    for element in outer:
        _rescue(element, kept)
    cuts = [Placed("\n\n".join(blocks(element)), dropped[element], at[element]) for element in outer]
    for element in outer:
        if element.getparent() is not None:
            element.drop_tree()
    return Pruned(letters, tuple(sorted((cut for cut in cuts if cut.text), key=lambda cut: cut.at)), stays)


def _rescue(element: HtmlElement, kept: Iterable[HtmlElement]) -> None:
    """Move what is to be kept out of ``element``, to stand before it."""
    for inner in kept:
        if element in inner.iterancestors():
            _move_before(inner, element)


def _move_before(inner: HtmlElement, element: HtmlElement) -> None:
    tail, inner.tail = inner.tail, None
    previous, parent = inner.getprevious(), inner.getparent()
    if tail and previous is not None:
        previous.tail = (previous.tail or "") + tail
    elif tail and parent is not None:
        parent.text = (parent.text or "") + tail
    element.addprevious(inner)


def _letters_of(tree: HtmlElement, wanted: set[HtmlElement]) -> tuple[str, dict[HtmlElement, int]]:
    """The letters and digits of the page in one string, and where in it each element of ``wanted`` begins."""
    letters: list[str] = []
    count, at = 0, {}
    stack: list[tuple[HtmlElement, bool]] = [(tree, False)]
    while stack:
        node, is_end = stack.pop()
        if node in wanted and not is_end:
            at[node] = count
        text = node.tail if is_end else node.text if isinstance(node.tag, str) and node.tag not in ("script", "style") else None
        if text:
            letters.append(key(text))
            count += len(letters[-1])
        if not is_end:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
    return "".join(letters), at


def dropping(paragraph: str, patterns: Sequence[str]) -> str | None:
    """The first pattern that matches ``paragraph`` in full, with or without the dash of a list item; None if none does."""
    return next((pattern for pattern in patterns if _matches(pattern, paragraph)), None)


def _matches(pattern: str, paragraph: str) -> bool:
    try:
        return any(_compiled(pattern).fullmatch(text, timeout=SECONDS_A_TEXT) for text in (paragraph, paragraph.removeprefix("- ")))
    except TimeoutError:
        return False  # a rule that cannot be decided removes nothing


@cache
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern)
