"""What a publisher asks of those who keep or mine its pages, beyond robots.txt: robots directives, and TDM reservations (W3C TDMRep).

A reservation is said three ways, the nearer one winning: in a meta element, in a header, in ``/.well-known/tdmrep.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from spiders.robots import TOKEN

TDM_PATH = "/.well-known/tdmrep.json"
RESERVED = "tdm-reservation"
# What may be said, of which we keep the record; all else ("max-snippet:50", "follow") asks for nothing that we do.
DIRECTIVES = frozenset({"noarchive", "noindex", "nosnippet", "nocache", "noai", "noimageai", "none"})
NO_COPY = frozenset({"noarchive", "nocache"})
_MOST_RULES = 1_000
_LONGEST_LOCATION = 500
_HEAD = 128 * 1024  # bytes of a page in which its meta elements stand
_META = re.compile(rb"<meta\s([^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z][a-z-]{0,20})\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_AGENT = re.compile(r"\s*([a-z][a-z0-9_-]*)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})  # "name: value", and no agent's name
_ABOUT_US = frozenset({"robots", TOKEN})


@dataclass(frozen=True, slots=True)
class TdmRule:
    """A line of a tdmrep.json: which paths, and whether their mining is reserved."""

    location: re.Pattern[str]
    reserved: bool


def parse_tdmrep(body: bytes) -> tuple[TdmRule, ...]:
    """The rules of a tdmrep.json, in its order. What is no rule is passed over: nothing is reserved by a mistake. Never raises."""
    try:
        rules = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found = (_rule(rule) for rule in (rules if isinstance(rules, list) else ())[:_MOST_RULES])
    return tuple(rule for rule in found if rule is not None)


def reserved_by_file(rules: Iterable[TdmRule], url: str) -> bool:
    """Whether the first rule for the path of ``url`` reserves it."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return next((rule.reserved for rule in rules if rule.location.match(path)), False)


def wishes_of(headers: Iterable[tuple[str, str]], body: bytes, reserved_by_file: bool = False) -> tuple[str, ...]:
    """The directives of a page, sorted: of `DIRECTIVES`, and `RESERVED`. ``body`` is the page, unpacked."""
    headers = [(name.lower(), value) for name, value in headers]
    metas = list(_metas(body))
    directives = {word for name, value in headers if name == "x-robots-tag" for word in _directives(value)}
    directives |= {word for name, value in metas if name in _ABOUT_US for word in _directives(value)}
    said = [value for name, value in (*metas, *headers) if name == RESERVED and value.strip() in ("0", "1")]
    reserved = said[0].strip() == "1" if said else reserved_by_file
    return tuple(sorted(directives & DIRECTIVES)) + ((RESERVED,) if reserved else ())


def _rule(rule: Any) -> TdmRule | None:
    if not isinstance(rule, dict) or not isinstance(location := rule.get("location"), str):
        return None
    said = rule.get(RESERVED)
    if isinstance(said, bool) or said not in (0, 1, "0", "1") or not location.startswith(("/", "*")) or len(location) > _LONGEST_LOCATION:
        return None
    return TdmRule(_pattern(location), int(said) == 1)


def _pattern(location: str) -> re.Pattern[str]:
    """A path as robots.txt has them: "*" is anything, "$" the end. Possessive, or a line of stars would take for ever."""
    stars = re.sub(r"\*+", "*", location.removesuffix("$")).split("*")
    first, *rest = (re.escape(piece) for piece in stars)
    gaps = "".join(f"(?>.*?{piece})" for piece in rest if piece)
    end = "$" if location.endswith("$") and not location.endswith("*$") else ""
    if end and gaps:  # the last piece must be the one that ends the path
        last = next(piece for piece in reversed(rest) if piece)
        gaps = "".join(f"(?>.*?{piece})" for piece in [piece for piece in rest if piece][:-1]) + f".*{last}"
    return re.compile(first + gaps + end, re.DOTALL)


def _metas(body: bytes) -> Iterator[tuple[str, str]]:
    """Names (lower case) and contents of the meta elements in a page's head."""
    for match in _META.finditer(body[:_HEAD]):
        text = match[1].decode("utf-8", "replace")
        attributes = {name.lower(): double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(text)}
        if "name" in attributes:
            yield attributes["name"].strip().lower(), unescape(attributes.get("content", ""))


def _directives(value: str) -> Iterator[str]:
    """The words of a directive list; of one that begins with an agent's name, only if it is ours."""
    agent = _AGENT.match(value)
    if agent and agent[1].lower() not in _VALUED:
        if agent[1].lower() not in _ABOUT_US:
            return
        value = agent[2]
    for word in value.split(","):
        yield word.strip().lower()
