"""WARC records out of any bytes: gzip or plain, with garbage between records, a torn member, a tail that is missing.

warcio's own iterator stops at the first of these (and at a file that is one gzip stream), and all that follows is lost.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from warcio.bufferedreaders import ChunkedDataReader

Headers = tuple[tuple[str, str], ...]

_CHUNK = 256 * 1024
_GZIP_MEMBER = b"\x1f\x8b\x08"
_RECORD = re.compile(rb"WARC/[01]\.\d+\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 128 * 1024
_STATUS = re.compile(rb"(HTTP/\d(?:\.\d)?)\s+(\d{3})")


@dataclass(frozen=True, slots=True)
class Record:
    """A record's own headers (names in lower case) and its block, cut at the limit or where the file broke off."""

    headers: Mapping[str, str]
    block: bytes
    whole: bool


@dataclass(frozen=True, slots=True)
class HttpMessage:
    """The answer that a response record's block holds, its chunks joined; its Content-Encoding is left as it is."""

    protocol: str
    status: int
    headers: Headers
    payload: bytes


def read_records(path: Path, limit: int) -> Iterator[Record]:
    """Every record of a file that can be made out. Blocks are kept up to ``limit`` bytes."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield from parse_records(_chunks(data) if _is_plain(data) else _members(data), limit)


def whole_length(path: Path) -> int:
    """Bytes up to the end of the last whole gzip member: what a killed writer left in order."""
    end = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                member.decompress(chunk)
                while not member.eof and (chunk := file.read(_CHUNK)):
                    member.decompress(chunk)
            except zlib.error:
                return end
            if not member.eof:
                return end
            end = file.tell() - len(member.unused_data)
            file.seek(end)
    return end


@dataclass(frozen=True, slots=True)
class Member:
    """A whole gzip member of a file, and the record in it; None where ``members`` was told that it need not look."""

    offset: int
    length: int
    record: Record | None


def members(path: Path, limit: int, known: Mapping[int, int] | None = None) -> Iterator[Member]:
    """The whole gzip members of a file with one record each, in order; what is torn or garbage is passed over.

    ``known``: offset → length of members that are taken as they are, without unpacking them.
    """
    known = known or {}
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(_GZIP_MEMBER)
        while start >= 0:
            found = (known[start], None) if start in known else _unpacked(data, start)
            length, content = found or (1, b"")
            record = next(parse_records([content], limit), None) if content else None
            if record is not None or content is None:
                yield Member(start, length, record)
            start = data.find(_GZIP_MEMBER, start + length)


def _unpacked(data: mmap.mmap, start: int) -> tuple[int, bytes | None] | None:
    """Length and content of the member at ``start``, or None if it is not whole."""
    member, at, pieces = zlib.decompressobj(zlib.MAX_WBITS | 16), start, list[bytes]()
    try:
        while not member.eof and at < len(data):
            piece = data[at : at + _CHUNK]
            at += len(piece)
            pieces.append(member.decompress(piece))
    except zlib.error:
        return None
    return (at - len(member.unused_data) - start, b"".join(pieces)) if member.eof else None


def parse_records(pieces: Iterable[bytes | None], limit: int) -> Iterator[Record]:
    """Records from uncompressed ``pieces``; None is a gap, after which what was begun is not continued."""
    tape = _Tape(pieces)
    while tape.find_record():
        head = tape.head()
        headers = _fields(head.partition(b"\n")[2].decode("utf-8", "replace"))
        by_name = {name.lower(): value for name, value in headers}
        length = by_name.get("content-length", "").strip()
        if length.isdecimal() and len(length) < 16:
            block, whole = tape.take(int(length), limit)
            yield Record(by_name, block, whole)


def parse_http(block: bytes) -> HttpMessage | None:
    """The HTTP answer in ``block``, or None if it is none."""
    found = _STATUS.match(block)
    end = _HEAD_END.search(block, 0, _LONGEST_HEAD)
    if not found or not end:
        return None
    headers = _fields(block[: end.start()].partition(b"\n")[2].decode("latin-1"))
    payload = block[end.end() :]
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        payload = ChunkedDataReader(BytesIO(payload)).read()  # takes what is not chunked after all as it is
        headers = tuple((name, value) for name, value in headers if name.lower() not in ("transfer-encoding", "content-length"))
    return HttpMessage(found[1].decode(), int(found[2]), headers, payload)


def _fields(text: str) -> Headers:
    """``Name: value`` lines, continuation lines joined."""
    found: list[tuple[str, str]] = []
    for line in text.replace("\r", "").split("\n"):
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return tuple(found)


def _is_plain(data: mmap.mmap) -> bool:
    head = data[:_LONGEST_HEAD]
    if head.startswith(_GZIP_MEMBER):
        with suppress(zlib.error):
            return not _RECORD.match(zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 64))
    return _RECORD.search(head) is not None


def _chunks(data: mmap.mmap) -> Iterator[bytes]:
    for start in range(0, len(data), _CHUNK):
        yield data[start : start + _CHUNK]


def _members(data: mmap.mmap) -> Iterator[bytes | None]:
    """What the gzip members hold. After a broken one, the search goes on just behind where it began."""
    start = data.find(_GZIP_MEMBER)
    while start >= 0:
        member, at = zlib.decompressobj(zlib.MAX_WBITS | 16), start
        try:
            while not member.eof and at < len(data):
                piece = data[at : at + _CHUNK]
                at += len(piece)
                while piece and not member.eof:
                    yield member.decompress(piece, _CHUNK)
                    piece = member.unconsumed_tail
        except zlib.error:
            pass
        if member.eof:
            start = at - len(member.unused_data)
        else:
            yield None
            start += 1
        start = data.find(_GZIP_MEMBER, start)


class _Tape:
    """Bytes that come in pieces, with gaps."""

    def __init__(self, pieces: Iterable[bytes | None]) -> None:
        self._pieces = iter(pieces)
        self._buffer = b""
        self._gap = False
        self._ended = False

    def find_record(self) -> bool:
        """Go to the next line that opens a record, over gaps and garbage. False at the end."""
        while True:
            found = _RECORD.search(self._buffer)
            if found:
                self._buffer = self._buffer[found.start() :]
                return True
            self._buffer = b"" if self._gap else self._buffer[-16:]
            self._gap = False
            if not self._more() and self._ended:
                return False

    def head(self) -> bytes:
        while True:
            found = _HEAD_END.search(self._buffer)
            if found:
                head, self._buffer = self._buffer[: found.start()], self._buffer[found.end() :]
                return head
            if len(self._buffer) > _LONGEST_HEAD or not self._more():
                self._buffer = self._buffer[5:]  # behind the word WARC/: this is no record
                return b""

    def take(self, count: int, keep: int) -> tuple[bytes, bool]:
        """The next ``count`` bytes, of which ``keep`` are kept; False if that is not all of them."""
        kept, left = bytearray(), count
        while left:
            part, self._buffer = self._buffer[:left], self._buffer[left:]
            kept += part[: max(0, keep - len(kept))]
            left -= len(part)
            if left and not self._more():
                break
        return bytes(kept), len(kept) == count

    def _more(self) -> bool:
        """Another piece into the buffer. False at a gap, until the gap is taken note of, and at the end."""
        if self._gap:
            return False
        for piece in self._pieces:
            if piece is None:
                self._gap = True
                return False
            if piece:
                self._buffer += piece
                return True
        self._ended = True
        return False
