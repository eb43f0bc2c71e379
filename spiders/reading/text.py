"""Words as a reader sees them: characters cleaned, blocks in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from lxml.etree import _Element, iterwalk

from spiders.reading.markup import unshielded

# Go: controls, soft hyphen, zero-width space, word joiner, byte order mark, direction marks, embeddings, overrides and isolates,
# icons of private fonts, the shields of ``markup``. Stay: ZWNJ and ZWJ (spelling), variation selectors and tags (emoji).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\u034f\u115f\u1160\u3164\uffa0\ufffc\ue000-\uf8ff\ud800-\udfff\U000e01ee\U000e01ef\U000f0000-\U0010ffff]"
)
_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?…:؟۔।。！？][\s\"'”’»«“)\]]*$|[”»\"’]$")
# A word never breaks at these: Persian, Kurdish and Hindi spell with the first two; the third, tatweel, only stretches a line. It stays
# in texts, where it may stand for a word ("1445 هـ", "القاهرة ـ رويترز"), and counts for nothing.
_JOINERS = re.compile("[\u200c\u200d\u0640]")
_NO_LETTERS = re.compile("[\\W_\u0640]+")
_SMALL = bytes(range(128)).lower() + bytes(range(128, 256))
_NO_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
# Arabic letters as old software prints them, in the shape that their neighbours ask for: nobody finds a word that is written so.
_GLYPHS = re.compile("[\ufb50-\ufbff\ufe80-\ufefc]+")

LONGEST_KEPT = 1000  # characters

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "item", "li", "list",
        "main", "nav", "ol", "p", "pre", "quote", "row", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_BLOCK, _BREAK, _ITEM, _CELL, _LINK, _SILENT = 1, 2, 4, 8, 16, 32
_SORTS = {
    **dict.fromkeys(BLOCKS, _BLOCK),
    **dict.fromkeys(("br", "lb"), _BREAK),
    **dict.fromkeys(("item", "li"), _BLOCK | _ITEM),
    **dict.fromkeys(("cell", "td", "th"), _CELL),
    "a": _LINK,
    **dict.fromkeys(
        ("script", "style", "template", "noscript", "svg", "graphic", "iframe", "object", "select", "textarea", "button"), _SILENT
    ),
}


def clean(text: str) -> str:
    """One line: NFC, white space single, nothing invisible but the joiners that spell words."""
    text = " ".join(unshielded(text).split())
    if text.isascii() and text.isprintable():
        return text
    text = _GLYPHS.sub(lambda glyphs: normalize("NFKC", glyphs[0]), _INVISIBLE.sub("", text))
    return " ".join(normalize("NFC", text).split())


def count_words(text: str) -> int:
    """Runs of letters and digits, over joiners."""
    return len(_WORD.findall(_JOINERS.sub("", text)))


def key(text: str) -> str:
    """Letters and digits alone, in one case: equal for texts that say the same."""
    return _kept_key(text) if len(text) <= LONGEST_KEPT else _key(text)


def _key(text: str) -> str:
    if text.isascii():  # six times as fast, and most text of half the world's papers
        return text.encode().translate(_SMALL, _NO_ASCII_LETTERS).decode()
    return _NO_LETTERS.sub("", text).casefold()


_kept_key = lru_cache(2048)(_key)  # of a page's texts: each is asked for some three times, and that was a fifth of all reading


def letters(paragraphs: Iterable[str]) -> int:
    """The characters of ``paragraphs``."""
    return sum(map(len, paragraphs))


def is_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return _END.search(text) is not None


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph as it stands in a tree: the innermost block element that its first letter is in, and how many characters are links'."""

    text: str
    element: _Element
    linked: int = 0


def blocks(element: _Element) -> list[str]:
    """The paragraphs, headings, list items and rows under ``element``, cleaned, in order; those without a letter or digit left out."""
    return [piece.text for piece in pieces(element)]


def pieces(element: _Element, until: _Element | None = None) -> list[Piece]:
    """As ``blocks``, with their places; those before the element ``until``, if one is given."""
    page = _Pieces(element)
    walk = iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is until:
            break
        sort = _SORTS.get(node.tag, 0) if isinstance(node.tag, str) else _SILENT  # the tag of a comment is a function
        if event == "start":
            if sort & _SILENT and node is not element:
                walk.skip_subtree()
            elif sort:
                page.enter(node, sort)
            if not sort & _SILENT and node.text:
                page.add(node.text)
        else:
            if sort and not sort & _SILENT:
                page.leave(sort)
            if node is not element and node.tail:
                page.add(node.tail)
    page.end()
    return page.found


class _Pieces:
    """The pieces found, and the one that is being read."""

    def __init__(self, root: _Element) -> None:
        self.found: list[Piece] = []
        self._line: list[str] = []
        self._at: list[_Element] = [root]  # block elements that are open
        self._place = root
        self._linked, self._links = 0, 0
        self._has_word = False
        self._is_item = False

    def add(self, text: str) -> None:
        if not self._has_word:
            if not _WORD.search(text):
                if self._line or not text.isspace():
                    self._line.append(text)
                return
            self._place, self._has_word = self._at[-1], True
        self._line.append(text)
        if self._links:
            self._linked += len(text.strip())

    def end(self) -> None:
        if self._has_word:
            text = clean("".join(self._line)).strip("| ")
            if _WORD.search(text):
                self.found.append(Piece(f"- {text}" if self._is_item else text, self._place, min(self._linked, len(text))))
                self._is_item = False
            self._has_word = False
        self._linked = 0
        self._line.clear()

    def enter(self, node: _Element, sort: int) -> None:
        if sort & _BLOCK:
            self.end()
            self._at.append(node)
        elif sort & _BREAK:
            self.end()
        elif sort & _CELL:
            self.add(" | ")
        elif sort & _LINK:
            self._links += 1
        if sort & _ITEM:
            self._is_item = True

    def leave(self, sort: int) -> None:
        if sort & _BLOCK:
            self.end()
            self._at.pop()
        elif sort & _LINK:
            self._links -= 1
        if sort & _ITEM:
            self._is_item = False
