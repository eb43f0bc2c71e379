"""Whatever bytes come, parsers answer, in time that grows with their length. A few dozen examples in every run; ``make fuzz`` tries many.

Examples are built from the pieces that such documents are made of, broken at random: pure noise stops at the first tag.
"""

from __future__ import annotations

import gzip
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.captures import pages_of
from spiders.discovery import parse_feed, parse_listing, parse_sitemap, parse_wordpress
from spiders.encodings import BadEncoding, unpack
from spiders.errors import OutletFileError
from spiders.outlet import Listing, Outlet
from spiders.registry import read_outlets
from spiders.robots import allowed, parse_robots
from spiders.traps import digest_of, shape_of
from spiders.urls import LONGEST_URL, article_id, skip_reason
from spiders.wishes import parse_tdmrep, reserved_by_file, wishes_of
from tests.spiders.reading.gazette import read_page
from warehouse.contracts import Article, Rejection, from_json, to_json

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "25"))
URL = "https://paper.example/source"
OUTLET = Outlet.model_validate({"slug": "paper", "title": "Paper", "homepage": "https://paper.example/"})
LISTING = Listing(url=URL)
EMBEDDED = Listing(url=URL, embedded="next_f", template="/{slug}/{ID}")

fuzzed = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 100, suppress_health_check=list(HealthCheck))

XML = (
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]>",
    b"<rss>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<link>",
    b"</link>",
    b"<title>",
    b"<pubDate>",
    b"Mon, 01 Jan 2026 10:00:00 GMT",
    b"<entry xmlns='http://www.w3.org/2005/Atom'>",
    b"<link href='/a'/>",
    b"<urlset>",
    b"<url>",
    b"<loc>",
    b"https://paper.example/a",
    b"</loc>",
    b"</url>",
    b"<sitemapindex>",
    b"<sitemap>",
    b"<lastmod>2026-01-01",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"&amp;",
    b"&a;",
    b"&#xD800;",
    b"&",
    b"<",
    b">",
    b"\xff\xfe",
    b"\x00",
    b"\n",
    b"'",
    b'"',
    b"xmlns:a=",
)
HTML = (
    b"<!doctype html>",
    b"<html><head>",
    b"<meta charset=utf-16>",
    b"<meta name='robots' content='",
    b"<title>",
    b"<body>",
    b"<article>",
    b"<h1>",
    b"<p>",
    b"The council met on Tuesday and adopted its budget for the coming year, the mayor said. " * 4,
    b"</p>",
    b"<div class='",
    b"<br>",
    b"<table><tr><td>",
    b"<script type='application/ld+json'>",
    b'{"@type": "NewsArticle", "headline": "',
    b'"datePublished": "2026-01-',
    b"}",
    b"[",
    b"</script>",
    b"<time datetime='",
    b"<a href='/x'>",
    b"<base href='",
    b'self.__next_f.push([1,"',
    b"<svg>",
    b"<template>",
    b"<select>",
    b"</",
    b"<!--",
    b"&nbsp;",
    b"\xff",
    b"\x00",
    b"\xe2\x80\xae",
    b"<p " + b"a=1 " * 50,
    b"'>",
    b'">',
)
JSON = (
    b"[",
    b"]",
    b"{",
    b"}",
    b'"items":',
    b'"link":',
    b'"url":',
    b'"https://paper.example/a"',
    b'"title":{"rendered":',
    b",",
    b"1e999",
    b"null",
    b'"\\ud800"',
    b"\\",
    b'"',
    b"9" * 500,
)
LINES = (
    b"User-agent: *",
    b"User-agent: newsmill",
    b"Disallow: /*a*b$",
    b"Allow:",
    b"Crawl-delay: 1e99",
    b"\r",
    b"\n",
    b"\x00",
    b"#",
    b":",
    b"Sitemap: x",
)
WARC = (
    b"WARC/1.0\r\n",
    b"WARC/1.1\n",
    b"WARC-Type: response\r\n",
    b"WARC-Target-URI: <https://paper.example/a>\r\n",
    b"Content-Length: 60\r\n",
    b"WARC-Date: 2026-01-01T00:00:00Z\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999\r\n",
    b"\r\n\r\n",
    b"\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Hello</p>",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"5\r\nabcde\r\n",
    b"ffffffffff\r\n",
    b"\x1f\x8b\x08",
    b"\x00" * 20,
)
TOML = (
    b"title = ",
    b"homepage = ",
    b"'https://paper.example/'",
    b"feeds = ",
    b"[[feeds]]\n",
    b"url = ",
    b"[crawl]\n",
    b"delay = ",
    b"1e999",
    b"nan",
    b"[articles]\n",
    b"patterns = ['",
    b"(a+)+$",
    b"(?P<year>",
    b"']",
    b"[",
    b"]",
    b"{",
    b"}",
    b"\n",
    b'"""',
    b"\xff",
    b"language = 'no'\n",
    b"1979-05-27",
    b"true",
    b"[read]\nbody = ['",
    b"div > p",
)


def made_of(pieces: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Documents of up to eighty pieces, some of them noise, some repeated a few hundred times."""
    piece = st.sampled_from(pieces) | st.binary(max_size=12)
    repeated = st.builds(lambda one, times: one * times, piece, st.integers(2, 300))
    return st.lists(piece | piece | repeated, max_size=80).map(b"".join)


@fuzzed
@given(made_of(XML) | made_of(JSON), st.sampled_from(["", "text/xml; charset=utf-16", "text/html; charset=\x00"]), st.booleans())
def test_any_feed_or_sitemap_is_answered(body: bytes, content_type: str, packed: bool) -> None:
    body = gzip.compress(body) if packed else body
    feed, sitemap, posts = parse_feed(body, URL, content_type), parse_sitemap(body, URL), parse_wordpress(body, URL)
    assert all(link.url for found in (feed, sitemap, posts) for link in found.links)
    assert all(found.links or found.follow or found.warnings for found in (feed, sitemap))  # never silently nothing
    assert posts.links or posts.warnings or b"[" in body  # "[]": no posts today


@fuzzed
@given(made_of(HTML))
def test_any_listing_is_answered(body: bytes) -> None:
    for listing in (LISTING, EMBEDDED):
        assert all(link.url.startswith("http") for link in parse_listing(body, URL, listing).links)


@fuzzed
@given(made_of(HTML))
def test_any_page_has_its_wishes_and_its_digest(body: bytes) -> None:
    wishes_of([("X-Robots-Tag", body[:99].decode("latin-1"))], body)
    assert digest_of(body, URL) == digest_of(body, URL)


@fuzzed
@given(made_of(HTML))
def test_any_page_is_an_article_or_a_rejection_that_a_table_takes(body: bytes) -> None:
    found = read_page(body)
    assert from_json(Article if isinstance(found, Article) else Rejection, to_json(found)) == found
    assert not isinstance(found, Rejection) or found.reason != "unreadable", found


@fuzzed
@given(made_of(LINES), made_of(JSON))
def test_any_robots_txt_and_tdmrep_is_judged(robots: bytes, tdm: bytes) -> None:
    assert isinstance(allowed(parse_robots(200, robots), URL), bool)
    assert isinstance(reserved_by_file(parse_tdmrep(tdm), URL), bool)


@fuzzed
@given(st.text(max_size=300))
def test_any_url_has_a_key_and_a_fate(text: str) -> None:
    for url in (text, f"https://paper.example/{text}", f"http://{text}/a"):
        assert article_id(OUTLET, url).startswith("paper:")
        assert skip_reason(OUTLET, url) is not None or len(url) <= 2 * LONGEST_URL
    shape_of(f"https://paper.example/{text.replace('[', '').replace(']', '')}")


@fuzzed
@given(st.binary(max_size=2_000), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", "x", "gzip,gzip,gzip,gzip"]))
def test_any_body_is_unpacked_or_refused(body: bytes, codings: str) -> None:
    with suppress(BadEncoding):
        assert len(unpack(body, codings, 10_000).body) <= max(10_000, len(body))


@fuzzed
@given(made_of(WARC), st.sampled_from(["plain", "one stream", "members"]))
def test_any_archive_is_read(body: bytes, packing: str) -> None:
    half = len(body) // 2
    data = {"plain": body, "one stream": gzip.compress(body), "members": gzip.compress(body[:half]) + gzip.compress(body[half:])[:-3]}[
        packing
    ]
    with tempfile.NamedTemporaryFile(suffix=".warc.gz") as file:
        file.write(data)
        file.flush()
        for page in pages_of(Path(file.name), 10_000):
            assert len(page.body) <= 10_000


@fuzzed
@given(made_of(TOML))
def test_any_outlet_file_is_read_or_refused_with_a_remedy(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paper.toml").write_bytes(text)
        with suppress(OutletFileError):  # whose message is the remedy
            assert "paper" in read_outlets([Path(folder)])
