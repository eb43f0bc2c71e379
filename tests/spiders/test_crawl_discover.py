"""Discovery as a crawl: every source asked once, in good manners, its links each once, its row whatever happened.

Most of it is seen in one crawl of many outlets, a host each.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from spiders.job import KnownSource
from tests.spiders.conftest import Serve
from tests.spiders.crawling import Run, discover, order, outlet, run
from tests.spiders.faulty_server import FaultyServer, Route, Visit, answer, redirect
from warehouse.contracts import Link, Source

DAY = "Sun, 01 Mar 2026 12:00:00 GMT"


def rss(*links: str, date: str = DAY) -> bytes:
    items = "".join(f"<item><title>About {link}</title><link>{link}</link><pubDate>{date}</pubDate></item>" for link in links)
    return answer(f"<rss version='2.0'><channel><title>Demo</title>{items}</channel></rss>", content_type="application/rss+xml")


def urlset(*links: str, kind: str = "urlset", row: str = "url", lastmod: str = "") -> str:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    rows = "".join(f"<{row}><loc>{link}</loc>{stamp}</{row}>" for link in links)
    return f"<?xml version='1.0'?><{kind} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</{kind}>"


def index(*links: str) -> bytes:
    return answer(urlset(*links, kind="sitemapindex", row="sitemap"), content_type="text/xml")


def sitemap(*links: str) -> bytes:
    return answer(urlset(*links), content_type="text/xml")


FEEDS_OF_ALL_SORTS: dict[str, Route] = {
    "/robots.txt": answer("User-agent: *\nDisallow: /forbidden"),
    "/gone": answer("gone", 404),
    "/hang": lambda visit: visit.hang(),
    "/reset": lambda visit: visit.reset(),
    "/moved": redirect("/feed"),
    "/html": answer("<html><body>Not a feed</body></html>"),
    "/empty": answer(""),
    "/cut": answer(rss("/2", "/3").partition(b"\r\n\r\n")[2][:-60], content_length="9999", connection="close"),
    "/feed": rss("/1"),
    "/forbidden": rss("/4"),
}
WORDPRESS = "per_page=50&_fields=link,title,date,date_gmt,modified,modified_gmt"


def post(url: str) -> bytes:
    body = f'[{{"link": "{url}", "title": {{"rendered": "T"}}, "date_gmt": "2026-03-01T12:00:00"}}]'
    return answer(body, content_type="application/json")


def story(path: str) -> bytes:
    return answer(f"<a href='{path}'>A headline that is long enough</a>")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a host answers, given how to name its URLs, and where its outlet looks."""

    routes: Callable[[Callable[[str], str]], dict[str, Route]]
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    wordpress: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


SCENES = {
    "all_kinds": Scene(
        lambda url: {
            "/feed": rss("/1"),
            "/map.xml": sitemap(url("/2")),
            "/news?page=1": story("/3"),
            f"/wp?{WORDPRESS}": post(url("/4")),
        },
        feeds=("/feed",),
        sitemaps=("/map.xml",),
        listings=("/news?page={page}",),
        wordpress="/wp",
    ),
    "twice": Scene(
        lambda url: {"/map.xml": sitemap(url("/1"), url("/2")), "/feed": rss("/1"), "/other-feed": rss("/1", "/3")},
        feeds=("/feed", "/other-feed"),
        sitemaps=("/map.xml",),
    ),
    "skipped": Scene(
        lambda url: {"/feed": rss("/news/1", "/tag/2", "http://elsewhere.example/3", "mailto:desk@demo.example")},
        feeds=("/feed",),
        more={"articles": {"patterns": [r"/news/\d+"]}},
    ),
    "rewritten": Scene(
        lambda url: {"/feed": rss("http://old.example/1")},
        feeds=("/feed",),
        more={"articles": {"rewrite_hosts": {"old.example": "new.example"}}},
    ),
    "deep": Scene(
        lambda url: {
            **{f"/{level}.xml": index(url(f"/{level + 1}.xml"), url("/0.xml")) for level in range(6)},
            "/1.xml": index(url("/2.xml"), url("/leaf.xml")),
            "/leaf.xml": sitemap(url("/news/1")),
        },
        sitemaps=("/0.xml",),
    ),
    "strange": Scene(
        lambda url: {"/map.xml": index(url("/map-2.xml").replace("127.0.0.1", "localhost"), "ftp://127.0.0.1/map.xml")},
        sitemaps=("/map.xml",),
    ),
    "packed": Scene(
        lambda url: {
            "/map.xml.gz": answer(gzip.compress(urlset(url("/1")).encode()), content_type="application/x-gzip"),
            "/twice.xml.gz": answer(gzip.compress(gzip.compress(urlset(url("/2")).encode())), content_encoding="gzip"),
        },
        sitemaps=("/map.xml.gz", "/twice.xml.gz"),
    ),
    "paged": Scene(lambda url: {f"/news?page={page}": story(f"/{page}") for page in (1, 2)}, listings=("/news?page={page}",)),
    "large": Scene(lambda url: {"/map.xml": sitemap(*(url(f"/news/{number}") for number in range(5_000)))}, sitemaps=("/map.xml",)),
    "all_sorts": Scene(
        lambda url: {**FEEDS_OF_ALL_SORTS, "/away": redirect(url("/feed").replace("127.0.0.1", "localhost"))},
        feeds=("/away", *(path for path in FEEDS_OF_ALL_SORTS if path != "/robots.txt")),
        more={"timeout": 0.5, "crawl": {"concurrency": 4}},
    ),
}


@dataclass(frozen=True, slots=True)
class World:
    servers: dict[str, FaultyServer]
    run: Run

    def links(self, scene: str) -> dict[str, Link]:
        """By path; a URL that stands twice would be seen by its count."""
        rows = [row for row in self.run.links if row.outlet == scene]
        assert len({row.url for row in rows}) == len(rows)
        return {row.url.removeprefix(self.servers[scene].url("")): row for row in rows}

    def sources(self, scene: str) -> list[Source]:
        return [row for row in self.run.sources if row.outlet == scene]

    def rows(self, scene: str) -> dict[str, tuple[int | None, int, str | None]]:
        """Path of a source → status, links, error."""
        return {urlsplit(row.url).path: (row.status, row.links, row.error) for row in self.sources(scene)}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        servers, outlets = {}, [outlet("http://host.invalid/", "lost", feeds=[{"url": "http://host.invalid/feed"}])]
        for name, scene in SCENES.items():
            server = servers[name] = stack.enter_context(FaultyServer({}))
            server.routes = scene.routes(server.url)
            sources = {
                "feeds": [{"url": server.url(path)} for path in scene.feeds],
                "sitemaps": [{"url": server.url(path)} for path in scene.sitemaps],
                "listings": [{"url": server.url(path), "pages": 9} for path in scene.listings],
                "wordpress": {"url": server.url(scene.wordpress)} if scene.wordpress else None,
            }
            outlets.append(outlet(server.url("/"), name, **sources, **scene.more))
        host = servers["a_feed_elsewhere"] = stack.enter_context(
            FaultyServer({"/feed": redirect("/feed/now"), "/feed/now": rss("http://localhost/1")})
        )
        outlets.append(outlet("http://localhost/", "a_feed_elsewhere", feeds=[{"url": host.url("/feed")}]))
        yield World(servers, run("discover", order(tmp_path_factory.mktemp("discover"), *outlets)))


def test_the_crawl_is_done_and_quiet(world: World) -> None:
    assert (world.run.code, world.run.told) == (0, "")


def test_all_kinds_of_sources_bring_links_that_say_where_they_stood(world: World) -> None:
    links = world.links("all_kinds")
    assert {path: row.source for path, row in links.items()} == {"/1": "feed", "/2": "sitemap", "/3": "listing", "/4": "wordpress"}
    assert (links["/1"].title, links["/1"].published_raw) == ("About /1", DAY)
    assert links["/1"].source_url == world.servers["all_kinds"].url("/feed")
    assert links["/1"].article_id.startswith("all_kinds:")
    kinds = [row.kind for row in world.run.requests if row.outlet == "all_kinds"]
    assert sorted(kinds) == ["feed", "listing", "listing", "listing", "robots", "sitemap"]


def test_a_url_that_two_sources_name_is_one_link_and_the_dated_one(world: World) -> None:
    links = world.links("twice")
    assert sorted(links) == ["/1", "/2", "/3"]
    assert links["/1"].published_at is not None
    assert links["/2"].published_at is None


def test_what_will_not_be_fetched_is_a_link_with_a_reason(world: World) -> None:
    assert {path.rpartition("/")[2]: row.skip for path, row in world.links("skipped").items()} == {
        "1": None,
        "2": "not an article URL",
        "3": "another host",
        "mailto:desk@demo.example": "not http",
    }


def test_a_dead_host_is_rewritten(world: World) -> None:
    assert [(url, row.skip) for url, row in world.links("rewritten").items()] == [("http://new.example/1", None)]


def test_an_index_is_followed_three_levels_down_and_no_sitemap_twice(world: World) -> None:
    assert world.servers["deep"].targets() == ["/robots.txt", "/0.xml", "/1.xml", "/2.xml", "/leaf.xml", "/3.xml"]
    assert sorted(world.links("deep")) == ["/news/1"]


def test_a_sitemap_on_a_strangers_host_is_not_opened(world: World) -> None:
    assert world.servers["strange"].targets() == ["/robots.txt", "/map.xml"]
    assert "sitemaps on other hosts: 2" in world.sources("strange")[0].warnings


def test_a_packed_sitemap_is_read(world: World) -> None:
    assert world.rows("packed") == {"/map.xml.gz": (200, 1, None), "/twice.xml.gz": (200, 1, None)}


def test_a_listing_is_turned_until_a_page_brings_nothing(world: World) -> None:
    assert world.servers["paged"].targets()[1:] == ["/news?page=1", "/news?page=2", "/news?page=3"]
    assert sorted(world.links("paged")) == ["/1", "/2"]


def test_a_large_source_is_parsed_apart_and_nothing_is_lost(world: World) -> None:
    assert world.rows("large") == {"/map.xml": (200, 5_000, None)}
    assert len(world.links("large")) == 5_000


def test_what_is_wrong_with_a_source_is_in_its_row_and_the_others_go_on(world: World) -> None:
    assert world.rows("all_sorts") == {
        "/gone": (404, 0, "http 404"),
        "/hang": (None, 0, "timeout"),
        "/reset": (None, 0, "reset"),
        "/away": (None, 0, "address not allowed"),
        "/moved": (200, 1, None),
        "/html": (200, 0, None),
        "/empty": (200, 0, None),
        "/cut": (200, 2, None),
        "/feed": (200, 1, None),
        "/forbidden": (None, 0, "robots"),
    }
    assert {"/html", "/empty", "/cut"} <= {urlsplit(row.url).path for row in world.sources("all_sorts") if row.warnings}


def test_a_source_may_lie_on_a_host_that_is_not_its_outlets(world: World) -> None:
    assert [(row.url, row.skip) for row in world.links("a_feed_elsewhere").values()] == [("http://localhost/1", None)]


def test_an_outlet_that_cannot_be_reached_leaves_its_row(world: World) -> None:
    assert [(row.status, row.error) for row in world.sources("lost")] == [(None, "dns")]


def test_a_source_that_has_nothing_new_says_so_and_is_believed(serve: Serve, tmp_path: Path) -> None:
    def conditional(visit: Visit) -> bytes:
        if visit.headers.get("if-none-match") == '"v1"' and visit.headers.get("if-modified-since") == DAY:
            return answer(status=304)
        return answer("<rss><channel><item><link>/1</link></item></channel></rss>", etag='"v1"', last_modified=DAY)

    server = serve({"/feed": conditional})
    demo = outlet(server.url("/"), feeds=[{"url": server.url("/feed")}])
    first = discover(tmp_path, demo).sources[0]
    assert (first.etag, first.last_modified) == ('"v1"', DAY)
    known = [KnownSource(outlet="demo", url=first.url, etag=first.etag, last_modified=first.last_modified)]
    crawl = discover(tmp_path, demo, run_id="run-2", known=known)
    (row,) = crawl.sources
    assert (row.status, row.links, row.error, row.etag, row.last_modified) == (304, 0, None, '"v1"', DAY)
    assert crawl.links == []


def test_a_source_that_failed_the_last_time_is_knocked_at_once(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/feed": answer("", 503), "/robots.txt": answer("", 404)})
    demo = outlet(server.url("/"), feeds=[{"url": server.url("/feed")}])
    assert discover(tmp_path, demo).sources[0].error == "http 503"
    known = [KnownSource(outlet="demo", url=server.url("/feed"), is_failing=True)]
    assert discover(tmp_path, demo, run_id="run-2", known=known).sources[0].error == "http 503"
    assert [path for path in server.targets() if path == "/feed"] == 4 * ["/feed"], "three times, and once"


def test_a_discovery_begun_again_begins_anew_but_for_the_ledger(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/feed": rss("/1")})
    demo = outlet(server.url("/"), feeds=[{"url": server.url("/feed")}])
    both = (demo, demo.model_copy(update={"slug": "other"}))
    run("discover", order(tmp_path, *both))
    crawl = run("discover", order(tmp_path, *both))
    assert sorted(row.outlet for row in crawl.links) == ["demo", "other"]  # outlets share no links
    assert len(crawl.sources) == 2
    assert sorted(row.kind for row in crawl.requests) == ["feed"] * 4 + ["robots"]
    assert sorted(path.name for path in crawl.job.folder.iterdir()) == ["job.json", "links.jsonl", "requests.jsonl", "sources.jsonl"]
