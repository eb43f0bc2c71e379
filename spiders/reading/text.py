"""Words as a reader sees them: characters cleaned, blocks in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

from lxml.etree import _Element

from spiders.reading.markup import unshielded

# Go: controls, soft hyphen, zero-width space, word joiner, byte order mark, direction marks, embeddings, overrides and isolates,
# icons of private fonts, the shields of ``markup``. Stay: ZWNJ and ZWJ (spelling), variation selectors and tags (emoji).
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\ud800-\udfff\U000e01ee\U000e01ef\U000f0000-\U0010ffff]"
)
_WORD = re.compile(r"\w+")
_END = re.compile(r"[.!?…:؟۔।。！？][\s\"'”’»«“)\]]*$|[”»\"’]$")
# A word never breaks at these: Persian, Kurdish and Hindi spell with them.
_JOINERS = re.compile("[\u200c\u200d]")

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "item", "li", "list",
        "main", "nav", "ol", "p", "pre", "quote", "row", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
    }
)  # fmt: skip
_BREAKS = frozenset({"br", "lb"})
_ITEMS = frozenset({"item", "li"})
_CELLS = frozenset({"cell", "td", "th"})
_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "graphic", "iframe", "object", "select", "textarea", "button"})


def clean(text: str) -> str:
    """One line: NFC, white space single, nothing invisible but the joiners that spell words."""
    text = " ".join(unshielded(text).split())
    if text.isascii() and text.isprintable():
        return text
    return " ".join(normalize("NFC", _INVISIBLE.sub("", text)).split())


def count_words(text: str) -> int:
    """Runs of letters and digits, over joiners."""
    return len(_WORD.findall(_JOINERS.sub("", text)))


def key(text: str) -> str:
    """Letters and digits alone, in one case: equal for texts that say the same."""
    return "".join(_WORD.findall(text)).replace("_", "").casefold()


def letters(paragraphs: Iterable[str]) -> int:
    """The characters of ``paragraphs``."""
    return sum(map(len, paragraphs))


def is_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return _END.search(text) is not None


def blocks(element: _Element) -> list[str]:
    """The paragraphs, headings, list items and rows under ``element``, cleaned, in order; those without a letter or digit left out."""
    page = _Blocks()
    stack: list[tuple[_Element, bool]] = [(element, False)]  # no recursion: pages nest up to 2,048 deep
    while stack:
        node, is_end = stack.pop()
        if is_end:
            page.leave(node.tag)
        elif _is_heard(node.tag):
            page.enter(node)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(node))
            continue
        if node is not element:
            page.add(node.tail)
    page.end()
    return page.found


def _is_heard(tag: object) -> bool:
    return isinstance(tag, str) and tag not in _SILENT  # the tag of a comment is a function


class _Blocks:
    """The blocks found, and the one that is being read."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._line: list[str] = []
        self._is_item = False

    def add(self, text: str | None) -> None:
        if text:
            self._line.append(text)

    def end(self) -> None:
        text = clean("".join(self._line)).strip("| ")
        self._line.clear()
        if _WORD.search(text):
            self.found.append(f"- {text}" if self._is_item else text)
            self._is_item = False

    def enter(self, node: _Element) -> None:
        if node.tag in _BREAKS or node.tag in BLOCKS:
            self.end()
        elif node.tag in _CELLS:
            self.add(" | ")
        if node.tag in _ITEMS:
            self._is_item = True
        self.add(node.text)

    def leave(self, tag: object) -> None:
        if tag in BLOCKS:
            self.end()
        if tag in _ITEMS:
            self._is_item = False
