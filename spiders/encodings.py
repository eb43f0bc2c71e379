"""How bodies are packed for the wire: gzip, deflate, br, zstd; unpacked under a limit, and as far as they go."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]  # comes with Scrapy, as does zstd

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
except ImportError:
    from backports import zstd

# What we tell servers that we take.
ACCEPTED = "gzip, deflate, br, zstd"

_CHUNK = 64 * 1024
_FIRST_SLICE = 512
_MOST_CODINGS = 3  # "gzip, gzip" is seen in the wild; a longer chain is an attack
_PLAIN = frozenset({"", "identity", "none"})

# Yields what comes out, returns whether the stream was whole.
_Unpacking = Generator[bytes, None, bool]


class BadEncoding(ValueError):
    """A body that is not in the coding its header names."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A body without its codings. Cut at the limit (``over``), or where the stream broke off (not ``whole``)."""

    body: bytes
    whole: bool = True
    over: bool = False


def unpack(payload: bytes, codings: str, limit: int) -> Unpacked:
    """``payload`` without the ``codings`` of its Content-Encoding header. ``BadEncoding`` if nothing comes out of it."""
    names = [name.strip().lower() for name in codings.split(",")]
    names = [name for name in names if name not in _PLAIN]
    if len(names) > _MOST_CODINGS:
        raise BadEncoding(codings)
    unpacked = Unpacked(payload)
    for name in reversed(names):
        step = _unpack_one(unpacked.body, name, limit)
        unpacked = Unpacked(step.body, unpacked.whole and step.whole, step.over)
        if step.over:
            return unpacked
    return unpacked if len(unpacked.body) <= limit else Unpacked(unpacked.body[:limit], unpacked.whole, over=True)


def _unpack_one(body: bytes, name: str, limit: int) -> Unpacked:
    if not body:
        return Unpacked(b"")
    try:
        if name not in _UNPACKERS:
            raise BadEncoding(name)
        return _collected(_UNPACKERS[name](body), limit)
    except BadEncoding:
        if body[:64].lstrip()[:1] in (b"<", b"{"):
            return Unpacked(body)  # a proxy unpacked it and left the header, or the header names a charset
        raise


def _collected(unpacking: _Unpacking, limit: int) -> Unpacked:
    out = bytearray()
    while True:
        try:
            out += next(unpacking)
        except StopIteration as end:
            return Unpacked(bytes(out), whole=end.value)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            if not out:
                raise BadEncoding(str(error)) from error
            return Unpacked(bytes(out), whole=False)
        if len(out) > limit:
            return Unpacked(bytes(out[:limit]), over=True)


def _gunzip(body: bytes) -> _Unpacking:
    """Every member; what follows the last one is ignored, as browsers do."""
    at = 0
    while True:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        # zlib copies what follows a member: in growing slices, or half a million empty members (10 MB) take 73 s
        size = _FIRST_SLICE
        while at < len(body) and not member.eof:
            piece = body[at : at + size]
            at, size = at + len(piece), min(2 * size, _CHUNK)
            yield from _inflated(member, piece)
        if not member.eof:
            yield member.flush(_CHUNK)
            return False
        at -= len(member.unused_data)
        if not body.startswith(b"\x1f\x8b", at):
            return True


def _inflate(body: bytes) -> _Unpacking:
    """zlib's format, as the standard says, or raw deflate, as some servers send. Two bytes tell them apart."""
    zlib_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
    member = zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
    yield from _inflated(member, body)
    yield member.flush(_CHUNK) if not member.eof else b""
    return member.eof


def _inflated(member: zlib._Decompress, body: bytes) -> Generator[bytes, None, None]:
    while body and not member.eof:
        yield member.decompress(body, _CHUNK)
        body = member.unconsumed_tail


def _unbrotli(body: bytes) -> _Unpacking:
    stream = brotli.Decompressor()
    chunk = stream.process(body, output_buffer_limit=_CHUNK)
    while chunk:
        yield chunk
        chunk = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=_CHUNK)
    return bool(stream.is_finished())


def _unzstd(body: bytes) -> _Unpacking:
    while body:
        frame = zstd.ZstdDecompressor()
        yield frame.decompress(body, _CHUNK)
        while not frame.eof and not frame.needs_input:
            yield frame.decompress(b"", _CHUNK)
        if not frame.eof:
            return False
        body = frame.unused_data
    return True


_UNPACKERS: dict[str, Callable[[bytes], _Unpacking]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
