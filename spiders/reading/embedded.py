"""Stories that the visible page lacks and its data hold: JSON-LD's articleBody, the state of Next.js and its kin."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from html import unescape

from lxml.etree import ParserError
from lxml.html import HtmlElement, fragment_fromstring

from spiders.reading.json_ld import main_nodes
from spiders.reading.metadata import Facts
from spiders.reading.text import blocks, clean, key, letters

LONG = 400  # characters of a text in data that can be a story
LARGEST = 8 * 1024 * 1024
_PUSH = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)", re.DOTALL)
_PARAGRAPHS = re.compile(r"<p[\s>].{40,}?</p>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"</?(?:p|br|div|h[2-6]|ul|li|blockquote|figure|a|em|strong|b|i)\b[^<>]*>", re.IGNORECASE)
_LINES = re.compile(r"\s*\n\s*")
_STRING = re.compile(r'"((?:[^"\\]|\\.){400,})"', re.DOTALL)
# The standfirst's own field in the object that holds the story.
_LEAD = re.compile(
    r'"(?:sub_?(?:title|headline|heading)|standfirst|lead|lede|leadtext|deck?|teaser|intro(?:duction|text)?|chapo|abstract|excerpt)"'
    r'\s*:\s*"((?:[^"\\]|\\.){12,900})"',
    re.IGNORECASE | re.DOTALL,
)
NEAR = 4000  # characters of data before a story in which its other fields stand


def article_body(facts: Facts) -> list[str]:
    """The paragraphs of JSON-LD's ``articleBody``; none if it is absent."""
    own = facts.article.get("articleBody")
    if isinstance(own, str) and own.strip():
        return paragraphs(own)
    bodies = [node["articleBody"] for node in main_nodes(facts.nodes) if isinstance(node.get("articleBody"), str)]
    return paragraphs(max((str(body) for body in bodies), key=len, default=""))


def paragraphs(text: str) -> list[str]:
    """``text`` of data, plain or HTML, escaped or not, as paragraphs."""
    if "&lt;" in text or "&amp;" in text or "&#" in text or "&quot;" in text or "&nbsp;" in text:
        text = unescape(text)
    if _MARKUP.search(text):
        with suppress(ParserError, ValueError):
            return blocks(fragment_fromstring(text.replace("\0", ""), create_parent="div"))
    return [line for line in map(clean, _LINES.split(text)) if key(line)]


def state_story(tree: HtmlElement) -> list[str]:
    """The longest run of HTML paragraphs in the page's scripts; none if there is none worth a story."""
    found = (paragraphs(html) for script in tree.iter("script") for html in _html_in(script))
    best = max(found, key=letters, default=[])
    return best if letters(best) >= LONG else []


def _html_in(script: HtmlElement) -> Iterator[str]:
    text = script.text or ""
    if len(text) > LARGEST or "ld+json" in (script.get("type") or ""):
        return
    if pushed := _PUSH.search(text):
        with suppress(ValueError, RecursionError):
            text = " ".join(part for part in json.loads(pushed[1]) if isinstance(part, str))
    if text.lstrip().startswith("<"):  # a template
        yield text
    for value in _STRING.finditer(text):
        html = _unquoted(value[1])
        if len(_PARAGRAPHS.findall(html)) >= 2:
            fields = [_unquoted(lead[1]) for lead in _LEAD.finditer(text, max(0, value.start() - NEAR), value.start())]
            lead = fields[-1] if fields else ""
            yield html if key(lead) in key(html) else f"<p>{lead}</p>{html}"


def _unquoted(value: str) -> str:
    """What the inside of a JSON string says; nothing if it is none."""
    with suppress(ValueError, RecursionError):
        return str(json.loads(f'"{value}"', strict=False))
    return ""


def tail_of(found: Sequence[str], body: Sequence[str]) -> int:
    """How many paragraphs of ``found`` follow the last one that ``body`` has too; 0 where ``body`` is a teaser, or not what was found."""
    told, whole = key(" ".join(body)), letters(body)
    shared = [key(paragraph) in told for paragraph in found]
    if whole < LONG or not any(shared):
        return 0
    held = letters(paragraph for paragraph, is_shared in zip(found, shared, strict=True) if is_shared)
    tail = shared[::-1].index(True)
    return tail if held >= 0.9 * whole and letters(found[len(found) - tail :]) < held / 2 else 0
