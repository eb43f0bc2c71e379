"""The story in a page's tree: trafilatura does the stripping, what else the page says of its text decides between its modes."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from importlib.metadata import version

from lxml.etree import strip_elements
from lxml.html import HtmlElement, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Extractor

from spiders.reading.markup import drop_unseen
from spiders.reading.text import BLOCKS, blocks, clean, key, letters, pieces

EXTRACTOR = f"trafilatura {version('trafilatura')}"

# Never deduplicate=True: it keeps a process-wide cache, and the same page read twice comes out empty. Comments are readers', not the
# outlet's.
# On 535 pages with gold text the precise mode has the best F1 (see tests/bench/reading.py); without its fallbacks ("fast")
# it gives the same text in half the time wherever it finds more than SHORT characters.
_FAST = Extractor(comments=False, precision=True, fast=True)
_PRECISE = Extractor(comments=False, precision=True)
_BALANCED = Extractor(comments=False)

SHORT = 700
MOSTLY = 0.7  # of a text that was found
ROOTED = (0.9, 0.6)  # of a page's prose; the rest is readers' comments, or the beginnings of other stories
PROSE = 60  # characters of a paragraph
LITTLE = 0.2  # of the text in the page's paragraphs: a precise text below it is a caption or a teaser, and the balanced mode is asked
PART = 0.6  # below it, the body may stand in several elements of one class, of which trafilatura takes the first
MORE = 1.3  # times the text that another way must bring to be preferred

# What a body that was pointed at may hold and no story does.
NO_STORY = (
    *(
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "figure",
        "figcaption",
    ),
    *("form", "button", "input", "select", "textarea", "label", "aside", "nav", "footer", "menu", "dialog"),
)
_CLEANED = (
    *(
        "head",
        "aside",
        "footer",
        "nav",
        "noscript",
        "button",
        "select",
        "input",
        "label",
        "fieldset",
        "textarea",
        "option",
        "menu",
        "dialog",
    ),
    *("embed", "object", "applet", "audio", "video", "canvas", "map", "area", "picture", "source", "track", "time", "datalist", "output"),
)
_DIVISIONS = frozenset({"div", "section", "article", "td"})
_UNUSED = ("script", "style", "svg", "iframe", "link", "template")
_BODY = re.compile(r"body|article|story|content", re.IGNORECASE)
_NO_BODY = re.compile(r"comment|repl(?:y|ies)|related|teaser|card|sidebar|widget|footer|promo|recirc|author|newsletter", re.IGNORECASE)
LINKED = 0.85  # of a block's characters in links: a list of other articles

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # "discarding data": a rejection says so


@dataclass(frozen=True, slots=True)
class Story:
    """Paragraphs, and the element that they stand in; None where they are scattered."""

    texts: list[str]
    root: HtmlElement | None


def drop_unread(tree: HtmlElement) -> None:
    """Take scripts, styles and frames out of ``tree``."""
    strip_elements(tree, *_UNUSED, with_tail=False)


def story(tree: HtmlElement) -> Story:
    """The article in ``tree``, which may lose what nobody sees; no texts if there is none."""
    root, prose = prose_root(tree)
    if root is not None:
        found = _run(_only(root), _FAST)
        if letters(found) >= max(SHORT, PART * prose):
            return Story(found, root)
    drop_unseen(tree)
    found = _of_whole(tree)
    return Story(found, _around(tree, found))


def _around(tree: HtmlElement, found: Iterable[str]) -> HtmlElement | None:
    """The innermost element that most of ``found`` stands in."""
    names = {key(text) for text in found if len(text) >= PROSE}
    held: dict[HtmlElement, int] = {}
    whole = 0
    body = tree.find("body")
    for piece in pieces(body) if body is not None and names else []:
        if key(piece.text) in names:
            whole += len(piece.text)
            for above in piece.element.iterancestors():
                held[above] = held.get(above, 0) + len(piece.text)
    return _innermost(held, MOSTLY * whole) if whole else None


def _innermost(held: dict[HtmlElement, int], least: float) -> HtmlElement | None:
    """The first element with the smallest share of at least ``least``; ``held`` goes from the inside out."""
    root = None
    for element, size in held.items():
        if size >= least and (root is None or size < held[root]) and element.tag not in ("html", "body"):
            root = element
    return root


def _of_whole(tree: HtmlElement) -> list[str]:
    found = _run(_cleaned(tree), _FAST)
    if letters(found) < SHORT:
        found = _run(tree, _PRECISE)
    there = sum(len(" ".join(paragraph.text_content().split())) for paragraph in tree.iter("p"))
    if letters(found) < PART * there:
        found = _longer(found, _run(_joined(tree), _FAST), MORE)
    if letters(found) < LITTLE * there or not found:
        found = _longer(found, _run(tree, _BALANCED), MORE)
    return found


def prose_root(tree: HtmlElement) -> tuple[HtmlElement | None, int]:
    """The innermost element that holds nearly all prose of the page, and how much that is; none where there is little, or it is all over.

    Most of a tree is menus: trafilatura need not search them. F1 with it is 0.1 to 0.2 higher on four corpora of five.
    """
    held = _held(tree.iter("p"), _prose)
    whole = held.get(tree, 0)
    if whole < SHORT:  # some sites know no paragraphs
        held = _held(tree.iter("p", "div", "td", "section", "article"), _own_prose)
        whole = held.get(tree, 0)
    if whole < SHORT:
        return None, 0
    for share in ROOTED:
        root = _innermost(held, share * whole)
        if root is not None:
            return root, held[root]
    return None, 0


def _held(elements: Iterable[HtmlElement], prose: Callable[[HtmlElement], int]) -> dict[HtmlElement, int]:
    """How much ``prose`` of ``elements`` the elements around them hold, from the inside out."""
    held: dict[HtmlElement, int] = {}
    for element in elements:
        if size := prose(element):
            for above in element.iterancestors():
                held[above] = held.get(above, 0) + size
    return held


def _prose(paragraph: HtmlElement) -> int:
    """The characters of a paragraph that says something and is no list of links; else 0."""
    size = len("".join(paragraph.itertext()).strip())
    if size < PROSE:
        return 0
    linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
    return size if linked <= size / 2 else 0


def _own_prose(element: HtmlElement, least: int = PROSE) -> int:
    """The characters that stand in ``element`` itself, and in no element below it, if they say something."""
    size = sum(len(text.strip()) for text in (element.text, *(child.tail for child in element)) if text)
    return size if size >= least else 0


def _only(root: HtmlElement) -> HtmlElement:
    """A page with ``root`` alone. The elements around it stay, empty: trafilatura knows articles by their names."""
    page: HtmlElement = document_fromstring("<html><body></body></html>")
    at = page[-1]
    for above in reversed([above for above in root.iterancestors() if above.tag not in ("html", "body")]):
        outer = at.makeelement(above.tag, dict(above.attrib))
        at.append(outer)
        at = outer
    inner = deepcopy(root)
    inner.tail = None
    at.append(inner)
    strip_elements(page, *_CLEANED, with_tail=False)
    drop_unseen(page)
    _set_lines(page)
    return page


def _cleaned(tree: HtmlElement) -> HtmlElement:
    """A copy without what trafilatura would take out in any case, but only after it had copied and searched it."""
    copy = deepcopy(tree)
    strip_elements(copy, *_CLEANED, with_tail=False)
    _set_lines(copy)
    return copy


def _set_lines(page: HtmlElement) -> None:
    """Make paragraphs of lines with breaks between them, where the story stands in paragraphs: trafilatura (2.3.1) loses the first of them.

    Where whole stories are lines in divisions it does well, and to make paragraphs of some would lose it the others.
    """
    broken = dict.fromkeys(line_break.getparent() for line_break in page.iter("br"))
    lined = [around for around in broken if around is not None and around.tag in _DIVISIONS and _own_prose(around, 1)]
    if lined and sum(map(_prose, page.iter("p"))) > sum(map(_own_prose, page.iter(*_DIVISIONS))):
        for around in lined:
            _set(around)


def _set(around: HtmlElement) -> None:
    children, line = list(around), around.makeelement("p")
    line.text, around.text = around.text, None
    around.insert(0, line)
    for child in children:
        if child.tag == "br" or any(each.tag in BLOCKS for each in child.iter()):
            line = around.makeelement("p")
            line.text, child.tail = child.tail, None
            child.addnext(line)  # inserting by number would take the square of the lines
            if child.tag == "br":
                around.remove(child)
        else:
            line.append(child)  # with what follows it
    for line in list(around.iterchildren("p")):
        if len(line) == 0 and not (line.text and line.text.strip()):
            around.remove(line)


def _run(tree: HtmlElement | None, options: Extractor) -> list[str]:
    document = bare_extraction(tree, options=options) if tree is not None else None
    body = getattr(document, "body", None)
    return blocks(body) if body is not None else []


def _longer(one: list[str], other: list[str], factor: float) -> list[str]:
    return other if letters(other) > factor * letters(one) else one


def _joined(tree: HtmlElement) -> HtmlElement | None:
    """A copy of ``tree`` with the parts of a divided body in its first part; None if no body is divided."""
    groups: dict[tuple[str, str], list[HtmlElement]] = {}
    for element in tree.iter("div", "section", "article"):
        mark = element.get("class") or ""
        if _is_body(element, mark):
            groups.setdefault((element.tag, mark), []).append(element)
    parts = max((group for group in groups.values() if len(group) > 1), key=lambda group: sum(map(_text_length, group)), default=[])
    if not parts or any(part in set(parts[0].iterdescendants()) for part in parts):
        return None
    return page_of(parts)


def page_of(parts: Iterable[HtmlElement]) -> HtmlElement:
    """A page whose article is made of copies of ``parts``. Their names go: one such as "widget" would take them out again."""
    page = document_fromstring("<html><body><article></article></body></html>")
    for part in parts:
        inner = deepcopy(part)
        inner.tail = None
        inner.attrib.clear()
        page[-1][-1].append(inner)
    return page


def _is_body(element: HtmlElement, mark: str) -> bool:
    """Whether ``element`` is named a body and holds prose, not a card that links to an article."""
    if not _BODY.search(mark) or _NO_BODY.search(mark):
        return False
    return any(len(paragraph.text_content()) >= 80 for paragraph in element.iterchildren("p")) and _linked_share(element) < 0.3


def _text_length(element: HtmlElement) -> int:
    return sum(len(clean("".join(paragraph.itertext()))) for paragraph in element.iterchildren("p"))


def _linked_share(element: HtmlElement) -> float:
    whole = len(clean("".join(element.itertext())))
    return sum(len(clean("".join(link.itertext()))) for link in element.iter("a")) / whole if whole else 0.0


def taken(page: HtmlElement) -> list[str]:
    """What trafilatura takes of a page that is made of an article's body alone; elements that hold no story are gone from it."""
    strip_elements(page, *NO_STORY, with_tail=False)
    drop_unseen(page)
    _set_lines(page)
    return _run(page, _FAST)
