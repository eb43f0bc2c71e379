"""Feeds, sitemaps, listings and APIs that are broken, hostile or without end: one row an input, with what a run takes from it.

``docs/reliability.md`` shows this table.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Literal

from tests.spiders.faulty_server import Route, Visit, answer, redirect

Kind = Literal["feed", "sitemap", "listing", "wordpress"]


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile source: what it answers, how many links a run takes from it, and what its row says (a part of a warning, or an error)."""

    name: str
    fault: str
    kind: Kind
    route: Route
    links: int
    says: str = ""
    pages: int = 1  # of a listing


def xml(text: str | bytes, **headers: str) -> bytes:
    return answer(text, content_type="text/xml", **headers)


ITEMS = "".join(f"<item><title>T{number}</title><link>/story/{number}</link></item>" for number in range(3))
URLS = "".join(f"<url><loc>/story/{number}</loc></url>" for number in range(3))
FEED = f"<rss><channel>{ITEMS}</channel></rss>"
MAP = f"<urlset>{URLS}</urlset>"
LAUGHS = (
    "<!DOCTYPE rss [<!ENTITY a '"
    + "ha" * 50
    + "'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(8))
    + "]>"
)
OUTSIDE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:1/y.dtd">%y;]>'
HOSTILE_LINKS = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://user:secret@127.0.0.1/",
    "http://127.0.0.1:99999/",
    "http://[broken/",
    "data:text/html,x",
    "mailto:a@b.example",
    "http://169.254.169.254/latest",
    "//",
    "http:///x",
    "http://" + "a" * 300 + ".example/",
    "/" + "x" * 9_000,
)
NEVER_ENDING_INDEX = "".join(f"<sitemap><loc>/map/{{0}}-{n}.xml</loc></sitemap>" for n in range(9))


def index_of_indexes(visit: Visit) -> bytes:
    """Whatever sitemap is asked for names nine that nobody has seen."""
    return xml(f"<sitemapindex>{NEVER_ENDING_INDEX.format(visit.number + abs(hash(visit.target)))}</sitemapindex>")


def next_page(visit: Visit) -> bytes:
    """A listing that has a next page for every page, each with the same three stories."""
    return answer("".join(f'<a href="/story/{number}">Story number {number}</a>' for number in range(3)))


def links(count: int, href: str, text: str) -> bytes:
    return answer("".join(f'<a href="{href.format(n=n)}">{text.format(n=n)}</a> ' for n in range(count)))


def posts(*found: object) -> bytes:
    return answer(json.dumps(found), content_type="application/json")


SOURCES = (
    Hostile("billion laughs in a feed", "entities", "feed", xml(LAUGHS + FEED.replace("T1", "&h;")), 3),
    Hostile(
        "quadratic entities in a feed",
        "entities",
        "feed",
        xml(f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>" + FEED.replace("T1", "&a;" * 500)),
        3,
    ),
    Hostile("external entities in a feed", "entities", "feed", xml(OUTSIDE + FEED.replace("T1", "&x;")), 3),
    Hostile("a doctype of 80 KB", "entities", "feed", xml("<!DOCTYPE" + " /" * 40_000 + ">" + FEED), 3),
    Hostile("billion laughs in a sitemap", "entities", "sitemap", xml(LAUGHS + MAP), 3),
    Hostile("external entities in a sitemap", "entities", "sitemap", xml(OUTSIDE + MAP.replace("/story/1", "/story/1&x;")), 3),
    Hostile("a feed with a bare &", "not well-formed", "feed", xml(FEED.replace("T1", "T & T")), 3, "not well-formed"),
    Hostile("a feed with an unknown entity", "not well-formed", "feed", xml(FEED.replace("T1", "&nbsp;")), 3, "not well-formed"),
    Hostile("a feed with bad UTF-8", "not well-formed", "feed", xml(FEED.encode().replace(b"T1", b"\xff\xfe")), 3),
    Hostile("a feed with control characters", "not well-formed", "feed", xml(FEED.replace("T1", "\x01\x1b")), 3, "not well-formed"),
    Hostile("a feed in UTF-16", "not well-formed", "feed", xml(FEED.encode("utf-16")), 3),
    Hostile("a feed behind blank lines", "not well-formed", "feed", xml("\n\n \n<?xml version='1.0'?>" + FEED), 3),
    Hostile("a feed that breaks off", "not well-formed", "feed", xml(FEED[:-40]), 2, "truncated"),
    Hostile("a feed with a < in a title", "not well-formed", "feed", xml(FEED.replace("T1", "1 < 2")), 3, "not well-formed"),
    Hostile("a hundred thousand open elements", "deep", "feed", xml("<rss><x>" + "<a>" * 100_000 + ITEMS), 3, "not well-formed"),
    Hostile("a hundred thousand <", "deep", "feed", xml("<rss>" + "<" * 100_000 + ITEMS), 3, "not well-formed"),
    Hostile(
        "30,000 attributes in one tag", "deep", "feed", xml("<rss><x " + " ".join(f"a{n}='1'" for n in range(30_000)) + "/>" + ITEMS), 3
    ),
    Hostile("a comment that never ends", "deep", "feed", xml("<rss>" + "<!--" * 50_000), 0, "no items"),
    Hostile(
        "6,000 items",
        "too many",
        "feed",
        xml("<rss>" + "".join(f"<item><link>/many/{n}</link></item>" for n in range(6_000)) + "</rss>"),
        5_000,
        "over 5000 items",
    ),
    Hostile("3,000 links in one item", "too many", "feed", xml("<rss><item>" + "<link/>" * 3_000 + "</item>" + ITEMS + "</rss>"), 3),
    Hostile(
        "a hundred dates in one item",
        "too many",
        "feed",
        xml(FEED.replace("<title>", "<pubDate>Foo, 12 bar aa</pubDate>" * 100 + "<title>")),
        3,
        "unreadable dates",
    ),
    Hostile(
        "dates of the years 0, 9999 and 1995-13-45",
        "odd dates",
        "feed",
        xml(FEED.replace("<title>", "<pubDate>2025-13-45</pubDate><title>")),
        3,
        "unreadable dates",
    ),
    Hostile(
        "links that are no web addresses",
        "hostile links",
        "feed",
        xml(f"<rss>{''.join(f'<item><link>{link}</link></item>' for link in HOSTILE_LINKS)}</rss>"),
        11,
    ),
    Hostile("scripts in titles", "hostile links", "feed", xml(FEED.replace("T1", "&lt;script&gt;alert(1)&lt;/script&gt;")), 3),
    Hostile(
        "an HTML page called a feed", "no source", "feed", answer("<!doctype html><html><body>Not here</body></html>"), 0, "not a feed"
    ),
    Hostile("JSON called a feed", "no source", "feed", answer('{"error": "gone"}'), 0, "not a feed"),
    Hostile("JSON of a hundred thousand brackets", "no source", "feed", answer("[" * 100_000), 0, "not a feed"),
    Hostile("nothing called a feed", "no source", "feed", answer(b""), 0, "empty"),
    Hostile("noise called a feed", "no source", "feed", answer(bytes(range(256)) * 100), 0, "not a feed"),
    Hostile("a feed that is not there", "no source", "feed", answer("gone", 404), 0, "http 404"),
    Hostile("a feed that is ill", "no source", "feed", answer("ill", 500), 0, "http 500"),
    Hostile("a feed that leads to itself", "redirects", "feed", lambda visit: redirect(visit.target), 0, "redirect loop"),
    Hostile("a feed that leads to this machine", "redirects", "feed", redirect("http://localhost:22/"), 0, "address not allowed"),
    Hostile("a feed that leads to a file", "redirects", "feed", redirect("file:///etc/passwd"), 0, "another host"),
    Hostile("a feed that is a bomb", "bomb", "feed", answer(gzip.compress(bytes(60_000_000)), content_encoding="gzip"), 0, "too large"),
    Hostile("a sitemap that is a bomb", "bomb", "sitemap", xml(gzip.compress(b"<urlset>" + b" " * 60_000_000)), 0, "too large"),
    Hostile(
        "a sitemap packed three times",
        "bomb",
        "sitemap",
        xml(gzip.compress(gzip.compress(gzip.compress(MAP.encode())))),
        0,
        "not a sitemap",
    ),
    Hostile("a sitemap that is gzip by its bytes alone", "lying headers", "sitemap", xml(gzip.compress(MAP.encode())), 3),
    Hostile(
        "a sitemap of two gzip members",
        "lying headers",
        "sitemap",
        xml(gzip.compress(MAP[:40].encode()) + gzip.compress(MAP[40:].encode())),
        3,
    ),
    Hostile("a sitemap whose gzip breaks off", "lying headers", "sitemap", xml(gzip.compress(MAP.encode())[:-8]), 3, "truncated"),
    Hostile("a sitemap called text", "lying headers", "sitemap", answer(MAP, content_type="text/plain"), 3),
    Hostile("a feed called HTML", "lying headers", "feed", answer(FEED, content_type="text/html; charset=utf-16"), 3),
    Hostile(
        "a picture's address in place of a page's",
        "hostile links",
        "sitemap",
        xml(MAP.replace("<url>", '<url><i:loc xmlns:i="i">/p.jpg</i:loc>')),
        3,
    ),
    Hostile("an HTML page called a sitemap", "no source", "sitemap", answer("<html><body>x</body></html>"), 0, "not a sitemap"),
    Hostile("nothing called a sitemap", "no source", "sitemap", answer(b""), 0, "empty"),
    Hostile(
        "an index that names itself",
        "trap",
        "sitemap",
        lambda visit: xml(f"<sitemapindex><sitemap><loc>{visit.target}</loc></sitemap></sitemapindex>"),
        0,
    ),
    Hostile("indexes of indexes without end", "trap", "sitemap", index_of_indexes, 0),
    Hostile(
        "60,000 addresses in one sitemap",
        "too many",
        "sitemap",
        xml("<urlset>" + "".join(f"<url><loc>/s/{n}</loc></url>" for n in range(60_000)) + "</urlset>"),
        50_000,
        "over 50000 links",
    ),
    Hostile("a calendar", "trap", "listing", links(400, "/calendar?day={n}", "{n}"), 400, "trap: 340"),
    Hostile("a calendar of days by their names", "trap", "listing", links(200, "/agenda/2031/05/{n}", "Next day"), 200, "trap: 140"),
    Hostile("sorts and filters", "trap", "listing", links(300, "/list?sort={n}&amp;page=1", "Sort"), 300, "trap: 240"),
    Hostile("paths that grow on themselves", "trap", "listing", links(50, "/a/b/a/b/a/b/{n}", "Story {n} of the town"), 50, "trap: 50"),
    Hostile(
        "paths of thirty levels",
        "trap",
        "listing",
        links(20, "/" + "/".join(f"l{i}" for i in range(30)) + "/{n}", "Story {n}"),
        20,
        "trap: 20",
    ),
    Hostile(
        "sessions in addresses",
        "trap",
        "listing",
        links(50, "/story/7;jsessionid={n}?sid=0123456789abcdef0123456789abcd{n:02}", "The story"),
        50,
    ),
    Hostile("a last page that comes for every number", "trap", "listing", next_page, 3, pages=900),
    Hostile(
        "a hundred thousand links", "too many", "listing", links(100_000, "/l/{n}", "A headline, number {n}"), 5_000, "over 5000 links"
    ),
    Hostile(
        "a tag of 30,000 attributes",
        "deep",
        "listing",
        answer("<a " + " ".join(f"a{n}=1" for n in range(30_000)) + '><a href="/x">X</a>'),
        1,
    ),
    Hostile("a listing that is no page", "no source", "listing", answer(b"\x89PNG\r\n"), 0, "n"),
    Hostile("posts that are an error", "no source", "wordpress", answer('{"code": "rest_no_route"}', 200), 0, "wordpress: rest_no_route"),
)
