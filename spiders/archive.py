"""The captures folder as a whole: what its WARC files hold, found without any table, and files written anew without some of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dateutil.parser import isoparse

from spiders.captures import LINK_FACTS, MOST_BYTES
from spiders.ledger import blamed
from spiders.warc import Member, Record, members, parse_http
from warehouse.contracts import Capture, from_json

SUFFIX = ".warc.gz"
_UUID = re.compile(r"<urn:uuid:([^>]+)>")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A capture as its file holds it: the row that it was, and the spans of all of its records."""

    capture: Capture | None  # None where the caller knows it: see ``entries``
    capture_id: str
    spans: tuple[tuple[int, int], ...]  # offset and length; the response's first
    is_linked: bool = True  # whether the file tells of the link that led to it


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file written anew: where it lies (None, if nothing is left), and where its captures are now."""

    path: Path | None
    offsets: Mapping[str, int]


def archive_files(captures: Path, outlets: Collection[str] | None = None) -> list[Path]:
    """The WARC files of ``outlets`` (None: of all), in the order of the runs that wrote them."""
    found = (path for path in captures.glob(f"*/*/*{SUFFIX}") if not path.name.startswith("."))
    mine = (path for path in found if outlets is None or path.relative_to(captures).parts[0] in outlets)
    return sorted(mine, key=lambda path: (run_of(path), path))


def run_of(path: Path) -> str:
    """The run that wrote a file: its name, less what a rewriting added."""
    return path.name.removesuffix(SUFFIX).partition("~")[0]


def entries(captures: Path, path: Path, known: Mapping[int, tuple[str, int]] | None = None) -> Iterator[Entry]:
    """What the file at ``path``, below ``captures``, holds. ``known``: offset → id and length of captures that need not be unpacked."""
    known = known or {}
    response: Member | None = None
    capture_id, followers, facts = "", list[Member](), dict[str, object]()
    for member in members(path, MOST_BYTES, {offset: length for offset, (_, length) in known.items()}):
        kind = "response" if member.record is None else member.record.headers.get("warc-type", "")
        if kind == "response":
            if response is not None:
                yield _entry(captures, path, response, capture_id, followers, facts)
            response, followers, facts = member, [], {}
            capture_id = known[member.offset][0] if member.record is None else _id(member.record, "warc-record-id")
        elif member.record is not None and response is not None and _id(member.record, "warc-concurrent-to") == capture_id:
            followers.append(member)
            if kind == "metadata":
                facts = _facts(member.record)
    if response is not None:
        yield _entry(captures, path, response, capture_id, followers, facts)


def rewrite_without(
    captures: Path,
    path: Path,
    known: Mapping[int, tuple[str, int]],
    is_gone: Callable[[Capture], bool],
    announce: Callable[[Path | None], None],
) -> Rewritten | None:
    """Write the file at ``path`` anew, beside it, less the captures that are gone; None if there are none in it.

    ``known`` are captures that stay, by their rows. What is torn or garbage, and no row's, is left out: it may be part of what goes.
    ``announce`` is told the new file's name before it is begun.
    """
    found = list(entries(captures, path, known))
    kept = [entry for entry in found if entry.capture is None or not is_gone(entry.capture)]
    if len(kept) == len(found):
        return None
    fresh = next_name(path) if kept else None
    announce(fresh)
    return Rewritten(fresh, _write(path, fresh, _heads(path, known), kept) if fresh else {})


def _write(path: Path, fresh: Path, heads: Iterable[tuple[int, int]], kept: Iterable[Entry]) -> dict[str, int]:
    """The spans of ``path`` that are kept, in ``fresh``. Returns where each capture is now."""
    offsets: dict[str, int] = {}
    with blamed(fresh), path.open("rb") as old, fresh.open("wb") as new:
        for offset, length in heads:
            _copy(old, new, offset, length)
        for entry in kept:
            offsets[entry.capture_id] = new.tell()
            for offset, length in entry.spans:
                _copy(old, new, offset, length)
        new.flush()
        os.fsync(new.fileno())
    return offsets


def next_name(path: Path) -> Path:
    """``<run>.warc.gz``, ``<run>~2.warc.gz``, ``<run>~3.warc.gz`` …"""
    number = path.name.removesuffix(SUFFIX).partition("~")[2]
    return path.with_name(f"{run_of(path)}~{int(number or 1) + 1}{SUFFIX}")


def _heads(path: Path, known: Mapping[int, tuple[str, int]]) -> list[tuple[int, int]]:
    """The spans of the records that tell of the file itself."""
    walk = members(path, MOST_BYTES, {offset: length for offset, (_, length) in known.items()})
    return [(each.offset, each.length) for each in walk if each.record and each.record.headers.get("warc-type") == "warcinfo"]


def _entry(captures: Path, path: Path, response: Member, capture_id: str, followers: list[Member], facts: dict[str, object]) -> Entry:
    spans = tuple((member.offset, member.length) for member in (response, *followers))
    capture = None if response.record is None else _capture(captures, path, response, response.record, facts)
    return Entry(capture, capture_id, spans, bool(facts))


def _capture(captures: Path, path: Path, member: Member, record: Record, facts: Mapping[str, object]) -> Capture | None:
    """The row of a response record. Without ``facts``, which our first releases did not store, its URL is the one that answered, and it
    names no article."""
    message, at = parse_http(record.block), _moment(record)
    url = record.headers.get("warc-target-uri", "").strip("<> ")
    if message is None or at is None or not url:
        return None
    file = path.relative_to(captures)
    told = record.headers.get("warc-payload-digest", "")
    row = {
        "url": url,
        "article_id": "",
        **facts,
        "capture_id": _id(record, "warc-record-id"),
        "outlet": file.parts[0],
        "final_url": url,
        "captured_at": at.isoformat(),
        "status": message.status,
        "content_type": ", ".join(value for name, value in message.headers if name.lower() == "content-type"),
        "file": file.as_posix(),
        "offset": member.offset,
        "length": member.length,
        "sha256": told.removeprefix("sha256:") if told.startswith("sha256:") else hashlib.sha256(message.payload).hexdigest(),
    }
    return from_json(Capture, json.dumps(row))


def _facts(record: Record) -> dict[str, object]:
    with suppress(ValueError):
        found = json.loads(record.block)
        if isinstance(found, dict):
            return {name: value for name, value in found.items() if name in LINK_FACTS}
    return {}


def _id(record: Record, field: str) -> str:
    found = _UUID.search(record.headers.get(field, ""))
    return found[1] if found else ""


def _moment(record: Record) -> datetime | None:
    with suppress(ValueError, OverflowError):
        return isoparse(record.headers.get("warc-date", ""))
    return None


def _copy(old: BinaryIO, new: BinaryIO, offset: int, length: int) -> None:
    old.seek(offset)
    while length and (piece := old.read(min(length, _PIECE))):
        new.write(piece)
        length -= len(piece)
