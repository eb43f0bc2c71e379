"""From a page's text to its tree, once, with the constructs defused that make parsers and regexes run for minutes."""

from __future__ import annotations

import re
from typing import cast

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

# Attributes are compared pair by pair: 40,000 in one tag, 450 KB, held libxml2 for over 30 s.
LONGEST_TAG = 64 * 1024  # bytes
HEAD = 4096  # bytes in which a page's first tags stand
LONGEST_VALUE = 1024  # bytes of a value that an overlong tag may keep

# ZWNJ and ZWJ spell Persian, Kurdish and Hindi, and trafilatura strips them with all that cannot be printed. Until the text is
# out they are these two, which count as printable, join no letters and are assigned to nothing.
_SHIELDED = {"\u200c": "\U000e01ee", "\u200d": "\U000e01ef"}
_JOINER_REFERENCE = re.compile(r"&(?:zwn?j;?|#0*820[45];?|#[xX]0*200[cCdD];?)")
_NON_JOINER = re.compile(r"&zwnj|8204|200c", re.IGNORECASE)

_CONTROLS = bytes({*range(32)} - {9, 10, 13}) + b"\x7f"
_NON_CHARACTERS = re.compile(b"\xef\xbf[\xbe\xbf]")
_OVERLONG_TAG = re.compile(rb"<([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]{%d,})" % LONGEST_TAG)
_LONG_VALUE = re.compile(rb"=\s*(\"[^\"]{%d,}\"|'[^']{%d,}')" % (LONGEST_VALUE, LONGEST_VALUE))
_CLOSED_HTML = re.compile(rb"(<[hH][tT][mM][lL][^<>]{0,2000}?)\s*/>")  # with IGNORECASE it would try every character, not "<" alone

# As trafilatura parses, but without libxml2's limits of 256 levels and 10 MB a node: it drops what lies behind them and says nothing.
_PARSER = HTMLParser(collect_ids=False, encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
# lxml.html asks a Python function for the class of every element that is touched: a tenth of all reading.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))


def parse(text: str) -> HtmlElement | None:
    """The tree of a page, ``<html>`` on top; None where there is nothing to parse."""
    if not text or text.isspace():
        return None
    try:
        return document_fromstring(defused(_as_xml_takes_it(shielded(text))), parser=_PARSER)
    except etree.ParserError:  # nothing but comments
        return None


def _as_xml_takes_it(text: str) -> bytes:
    """UTF-8 without controls and non-characters, which a tree refuses when trafilatura sets them as text."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # lone surrogates; to expect them costs every page half as much again
        data = text.encode("utf-8", "replace")
    data = data.translate(None, _CONTROLS)
    return _NON_CHARACTERS.sub(b"", data) if "\ufffe" in text or "\uffff" in text else data


_MAYBE_UNSEEN = etree.XPath(
    "descendant::*[contains(@class, 'sr-only') or contains(@class, 'isually') or contains(@class, 'reader') or contains(@class, 'print')"
    " or contains(@style, 'clip')]"
)
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-?only|print-?(?:only|warning)|only-?print|(?:is-|u-)?visually-?hidden|hidden-?visually|screen-?reader(?:-?text|-?only)?)(?:\s|$)"
    r"|\bclip(?:-path)?\s*:\s*(?:rect\(\s*[01]|inset\()",
    re.IGNORECASE,
)
_MAY_BE_UNSEEN = frozenset({"span", "em", "small", "b", "i", "a", "p", "div", "h2", "h3", "h4", "legend", "label"})
LONGEST_UNSEEN = 200  # characters of a text for screen readers or printers; a story that waits for a click is longer


def drop_unseen(tree: HtmlElement) -> None:
    """Take out of ``tree`` what pages say to screen readers or printers alone: ", opens new tab" in the middle of a sentence."""
    for element in found(_MAYBE_UNSEEN, tree):
        names = f"{element.get('class') or ''} {element.get('style') or ''}"
        is_unseen = element.tag in _MAY_BE_UNSEEN and _UNSEEN.search(names) and len(element.text_content()) <= LONGEST_UNSEEN
        if is_unseen and element.getparent() is not None:
            element.drop_tree()


def found(path: etree.XPath, tree: HtmlElement, **variables: str) -> list[HtmlElement]:
    """The elements that ``path`` finds in ``tree``."""
    return cast(list[HtmlElement], path(tree, **variables))


def defused(page: bytes) -> bytes:
    """``page`` without what only attacks and broken generators hold."""
    start, end = _doctype(page)
    head, rest = page[:start] + page[end : end + HEAD], page[end + HEAD :]
    if b"/>" in head:
        head = _CLOSED_HTML.sub(rb"\1>", head, count=1)  # <html/> ends the page before it began
    page = head + rest
    return _OVERLONG_TAG.sub(_shortened, page) if has_overlong_tag(page) else page


def has_overlong_tag(page: bytes) -> bool:
    """Quicker than the pattern that mends it: a tag so long stands over one of a few places in the page. A long script is none."""
    for place in range(LONGEST_TAG, len(page), LONGEST_TAG):
        start = page.rfind(b"<", place - LONGEST_TAG, place)
        end = start + 1 + LONGEST_TAG
        if (
            start >= 0
            and end <= len(page)
            and page[start + 1 : start + 2].isalpha()
            and all(page.find(mark, start + 1, end) < 0 for mark in b"<>")
        ):
            return True
    return False


def _doctype(page: bytes) -> tuple[int, int]:
    """Where its DOCTYPE begins and ends: it says nothing to us, and one of 80 KB held trafilatura's pattern for it for 21 s."""
    start = page[:1024].lower().find(b"<!doctype")
    end = page.find(b">", start) if start >= 0 else -1
    return (0, 0) if end < 0 else (start, end + 1)


def _shortened(tag: re.Match[bytes]) -> bytes:
    attributes = _LONG_VALUE.sub(b'=""', tag[2])  # a picture or a page's state in one attribute is common, and harmless
    return b"<" + tag[1] + (attributes if len(attributes) < LONGEST_TAG else b" ")


def shielded(text: str) -> str:
    """``text`` with its joiners, written out or as references, in the shape that survives extraction."""
    if _JOINER_REFERENCE.search(text):
        text = _JOINER_REFERENCE.sub(lambda found: "\u200c" if _NON_JOINER.search(found[0]) else "\u200d", text)
    for joiner, shield in _SHIELDED.items():
        text = text.replace(joiner, shield)
    return text


def unshielded(text: str) -> str:
    if text.isascii():
        return text
    for joiner, shield in _SHIELDED.items():
        text = text.replace(shield, joiner)
    return text
