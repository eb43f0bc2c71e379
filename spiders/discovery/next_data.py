"""What a Next.js page carries for its scripts: the pieces of ``self.__next_f``, and the objects of articles in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from string import Formatter
from urllib.parse import quote

from spiders.discovery.dates import UNSTATED, Stated, parse_date
from spiders.discovery.found import FoundLink, absolute, found_link
from spiders.discovery.titles import plain_text

# A regular expression, since a decoder that fails counts the lines before its failure: quadratic over a page of broken pushes.
_PUSH = re.compile(r'__next_f[^<>()\[\]]{0,20}(?:\[\]\))?\.push\(\s*+\[\s*+1\s*+,\s*+("(?:[^"\\]|\\.)*+")', re.DOTALL)
_TEXT_ROW = re.compile(rb"[0-9a-f]{0,8}:T([0-9a-f]{1,8}),")
# Strings end at the latest with their line: rows of other kinds may hold a single quotation mark.
_TOKEN = re.compile(r'"(?P<string>(?:[^"\\\n]|\\.)*+)"?(?P<colon>\s*+:)?|(?P<brace>[{}])')
_SCALAR = re.compile(r'\s*+("(?:[^"\\\n]|\\.)*+"|-?\d{1,30}(?:\.\d{1,30})?(?![\d.eE]))')
_TITLES = ("title", "headline", "name")
_PUBLISHED = (
    "publishdate", "publisheddate", "publishedat", "published_at", "datepublished", "date_published", "publicationdate", "pubdate",
    "published", "displaydate", "date", "createdat", "created_at", "createddate", "creationdate",
)  # fmt: skip
_MODIFIED = (
    "modifiedat",
    "modified_at",
    "datemodified",
    "modifieddate",
    "lastmodified",
    "updatedat",
    "updated_at",
    "updatedate",
    "updateddate",
)
_WANTED = frozenset((*_TITLES, *_PUBLISHED, *_MODIFIED))
_Scalars = dict[str, str]


def embedded_links(text: str, url: str, template: str, limit: int) -> list[FoundLink]:
    """The objects that have all fields of ``template``, at most ``limit``, as links: "/english/categories/{categorySlug}/{ID}"."""
    fields = _fields(template)
    links: list[FoundLink] = []
    for scalars in _objects(flight_data(text), fields):
        links.append(_link(scalars, url, template, fields))
        if len(links) >= limit:
            break
    return links


def flight_data(text: str) -> str:
    """The pieces of ``self.__next_f.push([1,"…"])`` joined; the whole text where there are none, as an answer to a script has it."""
    return "".join(_string(push[1]) for push in _PUSH.finditer(text)) or text


def _fields(template: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)
    except ValueError:  # a brace too many
        return frozenset()


def _link(scalars: _Scalars, url: str, template: str, fields: frozenset[str]) -> FoundLink:
    href = template
    for field in fields:
        href = href.replace(f"{{{field}}}", quote(scalars[field], safe="/-._~%"))
    by_name = {name.lower(): value for name, value in scalars.items()}
    title = next((by_name[name] for name in _TITLES if name in by_name), "")
    return found_link(absolute(href, url), plain_text(title), _date(by_name, _PUBLISHED), _date(by_name, _MODIFIED))


def _date(scalars: _Scalars, names: tuple[str, ...]) -> Stated:
    """React writes its dates as "$D2026-05-25T18:17:00.000Z"."""
    dates = (parse_date(scalars[name].removeprefix("$D")) for name in names if name in scalars)
    return next((date for date in dates if date.at is not None), UNSTATED)


def _objects(text: str, fields: frozenset[str]) -> Iterator[_Scalars]:
    """The own scalars of each object that has all of ``fields``, in one pass: nothing is decoded twice, however deep it lies."""
    if not fields:
        return
    wanted = fields | _WANTED
    open_objects: list[_Scalars | None] = []
    for row in _rows(text):
        for token in _TOKEN.finditer(row):
            if token["brace"] == "{":
                open_objects.append(None)  # most objects hold nothing that is wanted
            elif token["brace"]:
                closed = open_objects.pop() if open_objects else None
                if closed and fields <= closed.keys():
                    yield closed
            elif token["colon"] and open_objects and (token["string"] in wanted or token["string"].lower() in wanted):
                open_objects[-1] = _noted(open_objects[-1], token["string"], _SCALAR.match(row, token.end()))


def _noted(scalars: _Scalars | None, name: str, scalar: re.Match[str] | None) -> _Scalars | None:
    value = _string(scalar[1]) if scalar is not None else ""
    return {name: value, **(scalars or {})} if value else scalars


def _string(scalar: str) -> str:
    """What a JSON string holds, a number as it is written."""
    try:
        return str(json.loads(scalar, strict=False)) if scalar[0] == '"' else scalar
    except ValueError:  # a bad escape
        return ""


def _rows(text: str) -> Iterator[str]:
    """React's rows are lines, but for text rows: they say how many bytes they have, and may hold anything."""
    data = text.encode("utf-8", "replace")
    position = 0
    while position < len(data):
        text_row = _TEXT_ROW.match(data, position)
        if text_row is not None:
            position = text_row.end() + int(text_row[1], 16)
            continue
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        if end > position:
            yield data[position:end].decode("utf-8", "replace")
        position = end + 1
