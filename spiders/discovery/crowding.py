"""Tags with so many attributes (500 and more) that libxml2 stands still over them, found in linear time and cut out.

libxml2 compares each attribute of an HTML tag with all before it: 40,000 of them take 1.6 s, 200,000 over 40 s, and nothing can
interrupt it in the process that crawls (faults 29). Every "<" is looked at by itself, so that no quoting hides a tag from this.
"""

from __future__ import annotations

import re

_LOOKED_AT = 200_000_000  # characters, about two seconds: each exact count may cross the whole page
_FEWEST_LOOKS = 20
_MOST_ROUNDS = 5

# A "<" that may open a tag, and whose ">" does not come soon: after 40 stretches of 60 characters or "=value" at most.
_LONG_TAG = re.compile(
    r"""<(?=[a-zA-Z/])(?!(?:[^>=]{1,60}+|=\s*+(?:"[^"]{0,3000}+"|'[^']{0,3000}+')|=(?!\s*+["'])){0,40}+>)""",
)
# As the HTML standard reads attributes: quotes count behind "=" alone, and a quoted value needs no blank behind it.
_CROWDED_TAG = re.compile(
    r"""<[a-zA-Z/][^\s/>]*+(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+){500,}+"""
)


# In scripts "a<b" opens no tag, and nothing there is looked for. An unclosed one goes on to the end, as in a browser.
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\b[^>]{0,100}>|\Z)", re.DOTALL | re.IGNORECASE)


def thinned(text: str) -> str | None:
    """``text`` without such tags and without scripts; None if it is made of them."""
    text = _SCRIPT.sub("", text)
    for _ in range(_MOST_ROUNDS):
        spans = _crowded(text)
        if not spans:
            return None if spans is None else text
        text = "".join(_between(text, spans))
    return None


def _crowded(text: str) -> list[tuple[int, int]] | None:
    """Where such tags stand, in order; None if that takes too long to find out."""
    spans: list[tuple[int, int]] = []
    position = 0
    for _ in range(max(_FEWEST_LOOKS, _LOOKED_AT // max(len(text), 1))):
        start = _LONG_TAG.search(text, position)
        if start is None:
            return spans
        tag = _CROWDED_TAG.match(text, start.start())
        if tag is not None:
            spans.append(tag.span())
        position = start.end() if tag is None else tag.end()
    return None


def _between(text: str, spans: list[tuple[int, int]]) -> list[str]:
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]
