"""What a headline is once its markup is gone: feeds write them as text, as HTML, and as HTML escaped twice."""

from __future__ import annotations

import html
import re

LONGEST_TITLE = 1_000  # characters
_READ = 10_000  # characters of markup that are looked at for one title

# "[^<>]" keeps it linear; a "<" that opens no tag stays text
_TAG = re.compile(r"(</?[A-Za-z][^<>]*>|<!--[^<>]*>)")
_BREAKING = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr|td|th|blockquote|section|article)\b", re.IGNORECASE)
_HIDDEN = re.compile(r"<(/?)(?:script|style|template|noscript)\b", re.IGNORECASE)
# controls, and marks that turn the reading direction of whatever is printed after them; joiners stay: Persian needs them
_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain_text(markup: str) -> str | None:
    """The text of an HTML fragment in one line; None if there is none."""
    text, hidden = [], False
    for piece in _TAG.split(markup[:_READ]):
        if not piece.startswith("<") or not _TAG.fullmatch(piece):
            text.append("" if hidden else piece)
        elif tag := _HIDDEN.match(piece):
            hidden = not tag[1]
        else:
            text.append(" " if _BREAKING.match(piece) else "")
    return one_line(html.unescape("".join(text)))


def one_line(text: str) -> str | None:
    """``text`` without controls and double blanks, cut to a headline's length; None if nothing is left."""
    text = " ".join(_UNPRINTED.sub("", text[:_READ]).split())[:LONGEST_TITLE].strip()
    return text.encode("utf-8", "replace").decode() or None
