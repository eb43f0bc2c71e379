"""Signs that a site has no end: one page for every address, listings of links without headlines. Pure, and in little memory."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import unquote, urlsplit

from spiders.discovery.dates import parse_date

SAME_PAGE = "same page"
TRAP = "trap"
OVER_BUDGET = "over budget"

SAME_AT_MOST = 25  # addresses that may answer with one page: copies of a story under several sections are seen in the wild
GIVE_UP = 20  # same pages in a row: what answers is no newspaper now
CROWD = 60  # links of one shape from which on their headlines are counted
_FRESH = 5  # one headline of its own in so many links, or they are no stories
_LOOKED_AT = 256 * 1024  # bytes
# Nonces, seconds since 1970, times of day: what differs between two copies of one page. Shorter numbers may tell two stories apart.
_CHANGING = re.compile(rb"[0-9a-fA-F]{16,}|[A-Za-z0-9+/_-]{24,}={0,2}|\d{9,}(?:\.\d+)?|\d\d:\d\d(?::\d\d(?:\.\d+)?)?")
_DIGITS = re.compile(r"\d+")
_LONGEST_DAY = 30  # characters of a date


def digest_of(body: bytes, url: str) -> bytes:
    """A digest that two answers share if they differ only in times, in tokens, and in the address that they were asked under."""
    text = body[:_LOOKED_AT]
    for piece in _pieces(url):
        text = text.replace(piece, b"")
    return blake2b(_CHANGING.sub(b"", text), digest_size=12).digest()


@dataclass(slots=True)
class SamePages:
    """The pages of one outlet in one run: which of them came under how many addresses."""

    _seen: Counter[bytes] = field(default_factory=Counter)
    in_a_row: int = 0

    def add(self, body: bytes, url: str) -> int:
        """Note a page; returns under how many addresses it has come, this one included."""
        digest = digest_of(body, url)
        self._seen[digest] += 1
        self.in_a_row = self.in_a_row + 1 if self._seen[digest] > SAME_AT_MOST else 0
        return self._seen[digest]


@dataclass(slots=True)
class Crowds:
    """The links of one outlet's listings. Stories of one shape have each its headline; days of a calendar, filters and sorts do not."""

    _links: Counter[str] = field(default_factory=Counter)
    _titles: dict[str, set[int]] = field(default_factory=dict)

    def is_trap(self, url: str, title: str | None) -> bool:
        """Note a link; whether it is one of a crowd without headlines. Links without any text say nothing."""
        if not title:
            return False
        shape = shape_of(url)
        self._links[shape] += 1
        titles = self._titles.setdefault(shape, set())
        if len(titles) < CROWD * _FRESH:
            titles.add(hash(_headline(title)))
        return self._links[shape] > CROWD and len(titles) * _FRESH < min(self._links[shape], CROWD * _FRESH)


def shape_of(url: str) -> str:
    """``url`` without its numbers and the values of its query."""
    parts = urlsplit(url)
    names = sorted({pair.partition("=")[0] for pair in parts.query.split("&")})
    return _DIGITS.sub("0", f"{parts.netloc}{parts.path}?{'&'.join(names)}")


def _headline(title: str) -> str:
    """``title``, or nothing where it is a number or a day."""
    title = title.strip()
    is_none = not any(letter.isalpha() for letter in title) or (len(title) <= _LONGEST_DAY and parse_date(title).at is not None)
    return "" if is_none else title


def _pieces(url: str) -> list[bytes]:
    """How an answer may repeat the address it was asked under, the longest first."""
    parts = urlsplit(url)
    whole = [url, f"{parts.path}?{parts.query}" if parts.query else "", parts.path, parts.query]
    names = [name for name in (*parts.path.split("/"), *re.split("[&=]", parts.query)) if len(name) > 3]
    spelt = {form for text in (*whole, *names) if len(text) > 3 for form in (text, unquote(text), text.replace("&", "&amp;"))}
    return sorted((text.encode("utf-8", "replace") for text in spelt), key=len, reverse=True)[:40]
