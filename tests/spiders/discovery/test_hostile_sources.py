"""Sources made to keep a parser busy: each is read in time that grows with its length. A test that hangs here is the failure."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from spiders.discovery import parse_feed, parse_listing, parse_sitemap, parse_wordpress
from spiders.outlet import Listing

URL = "https://gazette.example/source"
SIZE = 100_000
ITEMS = "".join(f"<item><title>T</title><link>/{number}</link></item>" for number in range(3))
ANY_LINK = Listing(url=URL)
EMBEDDED = Listing(url=URL, embedded="next_f", template="/{slug}/{ID}")


@pytest.mark.parametrize(
    "body",
    [
        "<rss>" + "<" * SIZE + ITEMS,
        "<rss></x>" + "&" * SIZE + ITEMS,
        "<rss></x>" + "&#1" * SIZE + ITEMS,
        "<rss>" + '<a "' * SIZE + ITEMS,
        "<rss></x>" + "<a:" * SIZE + ITEMS,
        "<rss><x>" + "<a>" * SIZE + ITEMS,
        "<rss>" + "\n" * SIZE + ITEMS,
        "<!DOCTYPE" + " /" * SIZE + "><rss>" + ITEMS,
        "<!DOCTYPE rss [" + "[" * SIZE + "]><rss>" + ITEMS,
        "<?x " * SIZE + "?><rss>" + ITEMS,
        "<rss><x " + " ".join(f"a{number}='1'" for number in range(SIZE // 3)) + "/>" + ITEMS,
        "<rss><x " + " ".join(f"xmlns:a{number}='1'" for number in range(SIZE // 3)) + "/>" + ITEMS,
        "<rss><item>" + "<link/>" * SIZE + "</item>" + ITEMS,
        "<rss><item>" + "<pubDate>Foo, 12 bar 2024 aa</pubDate>" * (SIZE // 10) + "</item>" + ITEMS,
        "<rss><item><title>" + "&lt;!--" * SIZE + "</title></item>" + ITEMS,
        "<rss><item><title>" + "&lt;script" * SIZE + "</title></item>" + ITEMS,
    ],
    ids=lambda body: str(body)[:20],
)
def test_a_feed_behind_rubbish_is_still_read(body: str) -> None:
    assert len(parse_feed(body.encode(), URL).links) == 3


@pytest.mark.parametrize(
    "body",
    [
        b"[" * SIZE,
        b'{"items":[' + b'{"a":' * SIZE,
        b'{"items":["' + b'\\"' * SIZE,
        b'{"' * SIZE,
        b'{"items":[{"id":' + b"9" * SIZE + b"}]}",
        b"<![CDATA[" * SIZE,
        b"<rss>" + b"<![CDATA[" * SIZE,
        b"<rss>" + b"<!--" * SIZE,
        b"<rss>" + b"<item>" * SIZE,
        bytes(SIZE),
        random.Random(1).randbytes(SIZE),
    ],
    ids=lambda body: repr(body[:15]),
)
def test_rubbish_alone_gives_no_link_and_a_warning(body: bytes) -> None:
    for found in (parse_feed(body, URL), parse_sitemap(body, URL), parse_wordpress(body, URL)):
        assert not found.links
        assert found.warnings


@pytest.mark.parametrize(
    "body",
    [
        b"http://" + b"a" * SIZE,
        b"<sitemapindex><sitemap><loc>/" + b"2024-" * SIZE,
        b"<urlset><url><news>" + b"<news>" * SIZE,
        b"<urlset><url>" + b"<loc/>" * SIZE,
        b"Sitemap: \n" * SIZE,
        gzip.compress(gzip.compress(gzip.compress(bytes(SIZE), mtime=0), mtime=0), mtime=0),
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_sitemap_of_rubbish_ends(body: bytes) -> None:
    assert not parse_sitemap(body, URL).links


@pytest.mark.parametrize("body", ["<b ", "<b/x=", "<b x='", '<a x="<b ', "<select><option>", "<div>", "<script", "<!--", "<a href=", "< "])
def test_a_listing_of_rubbish_ends(body: str) -> None:
    assert parse_listing((body * SIZE).encode(), URL, ANY_LINK).warnings


@pytest.mark.parametrize(
    "text",
    [
        "{" * SIZE,
        '"' * SIZE,
        '\\"' * SIZE,
        '{"ID":1,"slug":{' * SIZE,
        '{"ID":' + "1" * SIZE,
        '"ID"' + " " * SIZE,
        "1:T5,abcde" * SIZE,
        "1:Tffffffff,",
        "\n" * SIZE,
    ],
    ids=lambda text: str(text)[:15],
)
def test_embedded_rubbish_ends(text: str) -> None:
    page = f"self.__next_f.push({json.dumps([1, text])})"
    assert "no embedded data" in parse_listing(page.encode(), URL, EMBEDDED).warnings


@pytest.mark.parametrize(
    "push", ['self.__next_f.push([1,"', "self.__next_f.push(", 'self.__next_f.push([1,"x"])', '"x __next_f.push([1,1,1', "__next_f["]
)
def test_pushes_of_rubbish_end(push: str) -> None:
    assert "no embedded data" in parse_listing((push * (SIZE // 4)).encode(), URL, EMBEDDED).warnings
