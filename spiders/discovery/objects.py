"""Lists of JSON objects, such as JSON Feed and WordPress give them: whole, or as many as arrived."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, Any]

_LENIENT = json.JSONDecoder(strict=False)  # control characters within strings are common
_BEGINNING = re.compile(r"\{\s*[\"}]|\[\s*[{\]]")  # past what PHP printed before it
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a list; ``answer`` is the object around it, or the one that came instead."""

    rows: tuple[Fields, ...] = ()
    answer: Fields | None = None
    warnings: tuple[str, ...] = ()


def read_objects(text: str, key: str | None, limit: int) -> Objects:
    """The list itself, or the one under ``key``; at most ``limit`` objects."""
    beginning = _BEGINNING.search(text)
    start = beginning.start() if beginning else 0
    try:
        value, _ = _LENIENT.raw_decode(text, start)
    except (ValueError, RecursionError):
        return _salvaged(text, start, key, limit)
    if isinstance(value, dict):
        rows = value.get(key) if key else None
        return Objects(_objects(rows, limit), value)
    return Objects(_objects(value, limit))


def text_field(fields: Fields, *names: str) -> str:
    """The first of the named fields that holds text."""
    return next((value.strip() for name in names if isinstance(value := fields.get(name), str) and value.strip()), "")


def _objects(rows: object, limit: int) -> tuple[Fields, ...]:
    return tuple(row for row in rows if isinstance(row, dict))[:limit] if isinstance(rows, list) else ()


def _salvaged(text: str, start: int, key: str | None, limit: int) -> Objects:
    beginning = re.compile(rf'"{key}"\s*:\s*\[' if key else r"\[").search(text, start)
    if beginning is None:
        return Objects(warnings=("not json",))
    rows = tuple(row for row, _ in zip(_whole(text, beginning.end()), range(limit), strict=False))
    return Objects(rows, None, ("truncated",))


def _whole(text: str, position: int) -> Iterator[Fields]:
    """The objects that follow one another from ``position``, up to the one that breaks off."""
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        try:
            value, position = _LENIENT.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        if isinstance(value, dict):
            yield value
