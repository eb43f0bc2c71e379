"""schema.org data in JSON-LD: parsed as far as it can be, and the object in it that is this page's article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

from spiders.reading.text import clean, key

Node = dict[str, object]

LARGEST = 4 * 1024 * 1024  # characters of a script; the largest seen on 587 pages of news has 190,000
MOST_NODES = 20_000

_DECODER = json.JSONDecoder(strict=False)  # line breaks inside strings are common
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_TAG = re.compile(r"</?(?:a|abbr|b|br|cite|div|em|font|h\d|i|mark|p|q|small|span|strong|sub|sup|u|wbr)\b[^<>]*>", re.IGNORECASE)
# The keys that lead from a page's object to what it is about, and never to another article.
_INWARD = ("@graph", "mainEntity", "mainEntityOfPage")


def parse_json_ld(text: str) -> list[Node]:
    """The objects on top of a JSON-LD script; those before the first fault that cannot be mended."""
    if len(text) > LARGEST:
        return []
    text = _WRAPPING.sub("", text).strip()
    for mended in (text, _TRAILING_COMMA.sub("", _BAD_ESCAPE.sub(r"\\\\", text)), unescape(text)):
        if found := list(_values(mended)):
            return [node for value in found for node in _dicts(value)]
    return []


def _values(text: str) -> Iterator[object]:
    """JSON values, one after the other, with nothing or a semicolon or comma between them."""
    at = 0
    while at < len(text):
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1


def _dicts(value: object) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        for item in value[:MOST_NODES]:
            if isinstance(item, dict | list):
                yield from _dicts(item)


def every(nodes: Iterable[Node]) -> list[Node]:
    """``nodes`` and all objects inside them."""
    found: list[Node] = []
    stack = list(reversed(list(nodes)))
    while stack and len(found) < MOST_NODES:
        node = stack.pop()
        found.append(node)
        for value in node.values():
            stack.extend(_dicts(value))
    return found


def main_nodes(nodes: Iterable[Node]) -> list[Node]:
    """Objects that speak of this page: on top, in ``@graph``, or their main entity. Lists of other articles are left aside."""
    found: list[Node] = []
    stack = list(reversed(list(nodes)))
    while stack and len(found) < MOST_NODES:
        node = stack.pop()
        found.append(node)
        for name in reversed(_INWARD):
            stack.extend(reversed(list(_dicts(node.get(name)))))
    return found


def article_of(nodes: Iterable[Node], urls: Iterable[str], titles: Iterable[str]) -> Node:
    """The object that describes the article at ``urls`` with one of ``titles``; else the first article; empty if there is none."""
    articles = [node for node in main_nodes(nodes) if is_article(node)]
    paths, names = {_path(url) for url in urls}, {key(title) for title in titles}

    def likeness(node: Node) -> tuple[bool, bool]:
        own = {_path(url) for name in ("url", "@id", "mainEntityOfPage") for url in texts(node, name)}
        return bool(own & paths), any(key(title) in names for title in texts(node, "headline", "name"))

    return max(articles, key=likeness, default={})  # the first of equals


def is_article(node: Node) -> bool:
    kinds = [kind.rsplit("/", 1)[-1].lower() for kind in texts(node, "@type")]
    return any(kind.endswith(("article", "blogposting", "mediaposting")) or kind in ("report", "newsitem") for kind in kinds)


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/") or "/"
    except ValueError:
        return ""


def texts(node: Node, *names: str) -> list[str]:
    """The strings under ``names``, also where they are lists of strings, or objects with a name, a value, a URL or an id."""
    found: list[str] = []
    for name in names:
        stack = [node.get(name)]
        while stack and len(found) < 200:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value))
            elif isinstance(value, dict):
                stack.append(next((value[k] for k in ("@value", "name", "url", "@id") if value.get(k)), None))
            elif isinstance(value, str) and value.strip():
                found.append(value)
            elif isinstance(value, int) and not isinstance(value, bool):
                found.append(str(value))
    return found


def plain(text: str) -> str:
    """A string of metadata as one line: markup and references, which do not belong there, undone once."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    return clean(unescape(text) if "&" in text else text)
