"""What a hostile or broken web server answers when a page is asked for: one row an input, with what becomes of it.

Each row has a server, and so a host, of its own. ``docs/reliability.md`` shows this table.
"""

from __future__ import annotations

import gzip
import random
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import brotli

from tests.spiders.faulty_server import Route, Visit, answer, in_turn, redirect

try:
    from compression import zstd
except ImportError:
    from backports import zstd

MOST_BYTES = 200_000  # of a page, in the outlet that meets them
PAGE = "<html><body><p>The council met on Tuesday.</p></body></html>"
_DICE = random.Random(7)
WORDS = " ".join(str(_DICE.random()) for _ in range(1000))  # packs badly, so that half of it is enough to read
LONG = f"<html><body><p>{WORDS}</p></body></html>".encode()
ZEROS = bytes(30_000_000)
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CAPTURED, PARTIAL = "captured", "kept as partial"  # what becomes of an input that is no failure


@dataclass(frozen=True, slots=True)
class Input:
    """One hostile input: what a server answers at "/", which class of fault it is, and what becomes of the page."""

    name: str
    fault: str
    route: Route
    becomes: str  # a failure's reason, CAPTURED or PARTIAL
    state: str = "failed"
    more: dict[str, Route] = field(default_factory=dict)


def endlessly(head: bytes, piece: bytes) -> Callable[[Visit], bytes]:
    """``head`` and then ``piece`` for as long as somebody listens."""

    def send(visit: Visit) -> bytes:
        visit.send(head)
        while not visit.server.stopping.is_set():
            visit.send(piece)
        return b""

    return send


def slowly(head: bytes, piece: bytes) -> Callable[[Visit], bytes]:
    """``head`` and then ``piece`` ten times a second: never silent for long."""

    def send(visit: Visit) -> bytes:
        visit.send(head)
        while not visit.server.stopping.is_set():
            visit.send(piece)
            time.sleep(0.1)
        return b""

    return send


def packed(body: bytes, coding: str) -> bytes:
    return answer(body, content_encoding=coding)


def short(body: bytes, length: object) -> bytes:
    return answer(body, content_length=str(length), connection="close")


def broken_off(body: bytes) -> Callable[[Visit], bytes]:
    def send(visit: Visit) -> bytes:
        visit.send(PLAIN + b"Content-Length: 90000\r\n\r\n" + body)
        return visit.reset()

    return send


def hang(visit: Visit) -> bytes:
    return visit.hang()


def reset(visit: Visit) -> bytes:
    return visit.reset()


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def with_head(*lines: bytes, body: bytes = PAGE.encode()) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(line + b"\r\n" for line in (*lines, b"Connection: close")) + b"\r\n" + body


HALF_GZIP, HALF_BR, HALF_ZSTD = gzip.compress(LONG)[:-3000], brotli.compress(LONG)[:-3000], zstd.compress(LONG)[:-1000]

INPUTS = (
    Input("a gzip bomb of 30 MB", "bomb", packed(gzip.compress(ZEROS), "gzip"), "too large"),
    Input("a deflate bomb", "bomb", packed(zlib.compress(ZEROS), "deflate"), "too large"),
    Input("a raw deflate bomb", "bomb", packed(raw_deflate(ZEROS), "deflate"), "too large"),
    Input("a brotli bomb", "bomb", packed(brotli.compress(ZEROS), "br"), "too large"),
    Input("a zstd bomb", "bomb", packed(zstd.compress(ZEROS), "zstd"), "too large"),
    Input("gzip in gzip", "bomb", packed(gzip.compress(gzip.compress(ZEROS)), "gzip, gzip"), "too large"),
    Input("zstd in brotli in gzip", "bomb", packed(gzip.compress(brotli.compress(zstd.compress(ZEROS))), "zstd, br, gzip"), "too large"),
    Input("four codings", "bomb", packed(gzip.compress(PAGE.encode()), "gzip, gzip, gzip, gzip"), "bad encoding"),
    Input("a bomb of many gzip members", "bomb", packed(gzip.compress(bytes(50_000)) * 50, "gzip"), "too large"),
    Input("twenty thousand empty gzip members", "bomb", packed(gzip.compress(b"", 9, mtime=0) * 9_000, "gzip"), CAPTURED),
    Input("garbage as gzip", "bad coding", packed(b"\x01\x02 no gzip", "gzip"), "bad encoding"),
    Input("garbage as deflate", "bad coding", packed(b"\xff\xff\xff\xff", "deflate"), "bad encoding"),
    Input("garbage as brotli", "bad coding", packed(b"\xff\xff no brotli", "br"), "bad encoding"),
    Input("garbage as zstd", "bad coding", packed(b"\xff\xff no zstd", "zstd"), "bad encoding"),
    Input("a coding that nobody knows", "bad coding", packed(b"\x00\x01\x02", "rot13"), "bad encoding"),
    Input("a page said to be packed that is not", "bad coding", packed(PAGE.encode(), "gzip"), CAPTURED),
    Input("gzip cut in its middle", "cut short", packed(HALF_GZIP, "gzip"), PARTIAL),
    Input("deflate cut in its middle", "cut short", packed(zlib.compress(LONG)[:-3000], "deflate"), PARTIAL),
    Input("brotli cut in its middle", "cut short", packed(HALF_BR, "br"), PARTIAL),
    Input("zstd cut in its middle", "cut short", packed(HALF_ZSTD, "zstd"), "cut short"),
    Input("a stream without end, chunked", "endless body", endlessly(CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n"), "too large"),
    Input("a stream without end, to the close", "endless body", endlessly(PLAIN + b"\r\n", b"x" * 0x4000), "too large"),
    Input("chunks of 32 bytes without end", "endless body", endlessly(CHUNKED, b"20\r\n" + b"x" * 32 + b"\r\n"), "too large"),
    Input("a length of 2 GB", "endless body", answer(b"x", content_length=str(2 << 30)), "too large"),
    Input("a body that drips", "slow", slowly(PLAIN + b"\r\n", b"x"), "timeout"),
    Input("a head that drips", "slow", slowly(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"), "timeout"),
    Input("a status line that drips", "slow", slowly(b"HTTP/1.1 2", b"0"), "timeout"),
    Input("chunks that drip", "slow", slowly(CHUNKED, b"1\r\nx\r\n"), "timeout"),
    Input("silence", "slow", hang, "timeout"),
    Input("silence after the head", "slow", lambda visit: visit.send(PLAIN + b"Content-Length: 9\r\n\r\n") or visit.hang(), "timeout"),
    Input("a little of a page", "cut short", short(LONG[:200], 5000), "cut short"),
    Input("half a page", "cut short", short(LONG[:9000], 90_000), PARTIAL),
    Input("half a page, to the close", "cut short", PLAIN + b"\r\n" + LONG[:9000], PARTIAL),
    Input("chunks that break off", "cut short", CHUNKED + b"%x\r\n" % 9000 + LONG[:9000] + b"\r\n", PARTIAL),
    Input("a chunk shorter than it says", "cut short", CHUNKED + b"ffff\r\n" + LONG[:9000], PARTIAL),
    Input("a chunk's size that is no number", "bad framing", CHUNKED + b"zz\r\nabc\r\n", "cut short"),
    Input("a chunk's size of a hundred digits", "bad framing", CHUNKED + b"f" * 100 + b"\r\nabc\r\n", "cut short"),
    Input("a page longer than its length", "bad framing", short(LONG, 9000), CAPTURED),
    Input("a page whose length is told wrongly", "bad framing", short(PAGE.encode(), 5000), CAPTURED),
    Input("a negative length", "bad framing", short(PAGE.encode(), -5), "not http"),
    Input("a length that is no number", "bad framing", short(PAGE.encode(), "many"), "not http"),
    Input("two lengths", "bad framing", with_head(b"Content-Length: 5", b"Content-Length: 60"), "not http"),
    Input(
        "a length and chunks", "bad framing", with_head(b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"), CAPTURED
    ),
    Input("a connection that is reset", "reset", reset, "reset"),
    Input("a connection that is reset in the body", "reset", broken_off(LONG[:100]), "cut short"),
    Input("a connection that is closed at once", "reset", lambda visit: b"", "reset"),
    Input("a header of 100 KB", "bad head", with_head(b"X-Long: " + b"x" * 100_000), "reset"),
    Input("50,000 headers", "bad head", with_head(*(b"X-%d: %d" % (number, number) for number in range(50_000))), "too large"),
    Input("headers without end", "bad head", endlessly(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 500), "too large"),
    Input("100 Continue without end", "bad head", endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 200), "too large"),
    Input("103 Early Hints without end", "bad head", endlessly(b"", b"HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n" * 100), "too large"),
    Input("a header without a colon", "bad head", with_head(b"nonsense", b"Content-Type: text/html"), CAPTURED),
    Input("a header with NUL and CR", "bad head", with_head(b"X-Odd: a\0b\rc", b"Content-Type: text/html"), CAPTURED),
    Input("a header over several lines", "bad head", with_head(b"X-Odd: a", b"\tb", b" c"), CAPTURED),
    Input("cookies of 150 KB", "bad head", with_head(*(b"Set-Cookie: c%d=%s" % (n, b"x" * 5000) for n in range(30))), CAPTURED),
    Input("a status line of nonsense", "not http", b"OK 200 fine\r\n\r\n", "not http"),
    Input("an SSH banner", "not http", b"SSH-2.0-OpenSSH_9.6\r\n", "not http"),
    Input("an FTP banner", "not http", b"220 FTP ready\r\n", "not http"),
    Input("a page without a head", "not http", b"<html><body>HTTP/0.9</body></html>\r\n", "not http"),
    Input("noise", "not http", bytes(range(256)) * 40 + b"\n", "not http"),
    Input("a TLS alert", "not http", b"\x15\x03\x01\x00\x02\x02\x28\n", "not http"),
    Input("no content", "odd status", answer(status=204), "http 204"),
    Input("part of a page that nobody asked for in parts", "odd status", answer(PAGE, 206), "http 206"),
    Input("not modified, though nobody asked whether", "odd status", b"HTTP/1.1 304 X\r\nConnection: close\r\n\r\n", "http 304"),
    Input("a choice", "odd status", answer(PAGE, 300), "http 300"),
    Input("a status of 999", "odd status", answer(PAGE, 999), "http 999"),
    Input("a status of 600", "odd status", answer(PAGE, 600), "http 600"),
    Input("log in", "refusal", answer("no", 401), "http 401"),
    Input("forbidden", "refusal", answer("no", 403), "http 403"),
    Input("not found", "refusal", answer("no", 404), "http 404"),
    Input("gone", "refusal", answer("no", 410), "http 410"),
    Input("barred by law", "refusal", answer("no", 451), "http 451"),
    Input("a teapot", "refusal", answer("no", 418), "http 418"),
    Input("too many requests, once", "asked to wait", in_turn(answer("no", 429, retry_after="0"), answer(PAGE)), CAPTURED),
    Input("too many requests for a week", "asked to wait", answer("no", 429, retry_after="604800"), "asked to wait", "waiting"),
    Input("unavailable for ever", "asked to wait", answer("no", 503, retry_after="9" * 30), "asked to wait", "waiting"),
    Input(
        "unavailable until 9999",
        "asked to wait",
        answer("no", 503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
        "asked to wait",
        "waiting",
    ),
    Input("an error for ever", "ill", answer("oops", 500), "http 500"),
    Input("an error, twice", "ill", in_turn(answer("oops", 500), answer("oops", 502), answer(PAGE)), CAPTURED),
    Input("a reset, once", "ill", in_turn(reset, answer(PAGE)), CAPTURED),
    Input("unavailable, without a word", "ill", answer("oops", 503), "http 503"),
    Input("a page that leads to itself", "redirects", redirect("/"), "redirect loop"),
    Input("two pages that lead to each other", "redirects", redirect("/b"), "redirect loop", more={"/b": redirect("/")}),
    Input("seven hops", "redirects", redirect("/1"), "redirect loop", more={f"/{n}": redirect(f"/{n + 1}") for n in range(1, 8)}),
    Input("a redirect to nowhere", "redirects", answer(status=302), "http 302"),
    Input("a redirect to an empty address", "redirects", answer(status=301, location=""), "http 301"),
    Input("a redirect of 10 KB", "redirects", redirect("/" + "x" * 10_000), "not a URL"),
    Input("a redirect to file:", "redirects", redirect("file:///etc/passwd"), "another host"),
    Input("a redirect to ftp:", "redirects", redirect("ftp://127.0.0.1/x"), "another host"),
    Input("a redirect to data:", "redirects", redirect("data:text/html,<p>x"), "another host"),
    Input("a redirect to gopher:", "redirects", redirect("gopher://127.0.0.1:70/x"), "another host"),
    Input("a redirect to javascript:", "redirects", redirect("javascript:alert(1)"), "another host"),
    Input("a redirect with a password", "redirects", redirect("http://user:secret@127.0.0.1/"), "another host"),
    Input("a redirect to another port", "redirects", redirect("http://127.0.0.1:1/"), "another host"),
    Input("a redirect to a broken address", "redirects", redirect("http://[broken"), "another host"),
    Input("a redirect to port 99999", "redirects", redirect("http://127.0.0.1:99999/"), "another host"),
    Input("a redirect to a label of 300 letters", "redirects", redirect(f"http://{'a' * 300}.example/"), "another host"),
    Input("a redirect to this machine", "redirects", redirect("http://127.1:22/"), "address not allowed"),
    Input("a redirect to a metadata service", "redirects", redirect("http://169.254.169.254/latest/"), "address not allowed"),
    Input(
        "a refresh to a metadata service",
        "redirects",
        answer('<meta http-equiv="refresh" content="0; url=http://169.254.169.254/">'),
        CAPTURED,
    ),
    Input("nothing at all", "odd page", answer(b""), CAPTURED),
    Input("100 KB of NUL", "odd page", answer(bytes(100_000)), CAPTURED),
    Input("a picture called a page", "odd page", answer(b"\x89PNG\r\n\x1a\n" + bytes(500)), CAPTURED),
    Input("20,000 attributes in one tag", "odd page", answer("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">"), CAPTURED),
    Input("10,000 links", "odd page", answer("".join(f'<a href="/{n}">' for n in range(10_000))), CAPTURED),
    Input("50,000 meta elements that do not end", "odd page", answer("<meta name=" * 15_000), CAPTURED),
    Input(
        "a page that reserves its mining",
        "reservation",
        answer('<meta name="tdm-reservation" content="1">' + PAGE),
        "tdm reserved",
        "skipped",
    ),
    Input("a header that reserves mining", "reservation", answer(PAGE, tdm_reservation="1"), "tdm reserved", "skipped"),
    Input(
        "a tdmrep.json that reserves all",
        "reservation",
        answer(PAGE),
        "tdm reserved",
        "skipped",
        {"/.well-known/tdmrep.json": answer('[{"location": "/", "tdm-reservation": 1}]')},
    ),
    Input(
        "a tdmrep.json of a hundred thousand brackets",
        "reservation",
        answer(PAGE),
        CAPTURED,
        more={"/.well-known/tdmrep.json": answer("[" * 100_000)},
    ),
    Input("a tdmrep.json that never comes", "reservation", answer(PAGE), CAPTURED, more={"/.well-known/tdmrep.json": hang}),
    Input(
        "a tdmrep.json of stars",
        "reservation",
        answer(PAGE),
        CAPTURED,
        more={"/.well-known/tdmrep.json": answer(f'[{{"location": "/{"*a" * 200}$", "tdm-reservation": 1}}]')},
    ),
    Input("a robots.txt that is ill", "robots.txt", answer(PAGE), "robots unreachable", "waiting", {"/robots.txt": answer("", 500)}),
    Input("a robots.txt that never comes", "robots.txt", answer(PAGE), "robots unreachable", "waiting", {"/robots.txt": hang}),
    Input("a robots.txt that is reset", "robots.txt", answer(PAGE), "robots unreachable", "waiting", {"/robots.txt": reset}),
    Input("a robots.txt of noise", "robots.txt", answer(PAGE), "robots unreachable", "waiting", {"/robots.txt": b"SSH-2.0-x\r\n"}),
    Input(
        "a robots.txt that is garbage as gzip",
        "robots.txt",
        answer(PAGE),
        "robots unreachable",
        "waiting",
        {"/robots.txt": packed(b"\1\2\3", "gzip")},
    ),
    Input(
        "a robots.txt that forbids all",
        "robots.txt",
        answer(PAGE),
        "robots",
        "skipped",
        {"/robots.txt": answer("User-agent: *\nDisallow: /")},
    ),
    Input(
        "a robots.txt that forbids all, not found",
        "robots.txt",
        answer(PAGE),
        CAPTURED,
        more={"/robots.txt": answer("User-agent: *\nDisallow: /", 404)},
    ),
    Input("a robots.txt that leads to itself", "robots.txt", answer(PAGE), CAPTURED, more={"/robots.txt": redirect("/robots.txt")}),
    Input(
        "a robots.txt without end",
        "robots.txt",
        answer(PAGE),
        CAPTURED,
        more={"/robots.txt": endlessly(PLAIN + b"\r\n", b"# filler\n" * 2000)},
    ),
    Input("a robots.txt that is a bomb", "robots.txt", answer(PAGE), CAPTURED, more={"/robots.txt": packed(gzip.compress(ZEROS), "gzip")}),
    Input(
        "a robots.txt of 20,000 wildcards",
        "robots.txt",
        answer(PAGE),
        CAPTURED,
        more={"/robots.txt": answer("User-agent: *\n" + "".join(f"Disallow: /*a{n}*b\n" for n in range(20_000)))},
    ),
)
