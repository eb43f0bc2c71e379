"""Fences as a crawl meets them: nothing but public addresses is ever connected to, whatever pages, redirects and name servers say.

A server on loopback stands for what must not be reached. Every crawl here runs in `toy_internet`, whose log holds each connection tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.spiders.conftest import Serve
from tests.spiders.crawling import Run, order, outlet, plan, run
from tests.spiders.faulty_server import FaultyServer, answer, redirect
from tests.spiders.hostile_addresses import LYING_NAMES, SPELLINGS
from tests.spiders.toy import PUBLIC, Toy

NOT_ALLOWED = "address not allowed"
PAGE = answer("<html><body><p>The council met on Tuesday.</p></body></html>")
PATHS = {spelling: f"/to/{number}" for number, spelling in enumerate(SPELLINGS)}


def rss(*links: str) -> bytes:
    return answer(
        f"<rss><channel>{''.join(f'<item><link>{link}</link></item>' for link in links)}</channel></rss>", content_type="text/xml"
    )


@dataclass(frozen=True, slots=True)
class World:
    fetched: Run
    discovered: Run
    toy: Toy
    inside: FaultyServer

    def target(self, spelling: str) -> str:
        return f"http://{spelling}:{self.inside.port}/secret"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("fences")
    with ExitStack() as stack:
        inside = stack.enter_context(FaultyServer({}, default=PAGE))

        def target(host: str) -> str:
            return f"http://{host}:{inside.port}/secret"

        feeds = {f"/feed{path}": redirect(target(spelling)) for spelling, path in PATHS.items()}
        index = "".join(f"<sitemap><loc>{target(host)}</loc></sitemap>" for host in SPELLINGS)
        routes = {
            **{path: redirect(target(spelling)) for spelling, path in PATHS.items()},
            **feeds,
            "/a": PAGE,
            "/meta": answer(f'<html><head><meta http-equiv="refresh" content="0; url={target("127.0.0.1")}"></head><body>x</body></html>'),
            "/index.xml": answer(f"<sitemapindex>{index}</sitemapindex>", content_type="text/xml"),
            "/feed.xml": rss(*map(target, SPELLINGS)),
        }
        paper = stack.enter_context(FaultyServer(routes))
        lured = stack.enter_context(FaultyServer({"/robots.txt": redirect(target("169.254.169.254")), "/a": PAGE}))
        names = {"paper.example": [[PUBLIC[0]]], "lured.example": [[PUBLIC[1]]], "half.example": [["127.0.0.1", PUBLIC[0]]], **LYING_NAMES}
        hosts = {f"{address}:80": server for address, server in zip(PUBLIC, (paper, lured, paper), strict=True)}
        hosts[f"93.0.0.1:{inside.port}"] = inside
        toy = Toy(folder, names, hosts)
        of = outlet(
            "http://paper.example/",
            "paper",
            crawl={"concurrency": 8},
            articles={"hosts": [*LYING_NAMES, "lured.example", "half.example"]},
            feeds=[{"url": f"http://paper.example{path}"} for path in (*feeds, "/feed.xml")],
            sitemaps=[{"url": "http://paper.example/index.xml", "newest": 500}, {"url": "http://metadata.example/map.xml"}],
        )
        job = order(folder, of, run_id="fetch")
        own = [f"http://paper.example{path}" for path in (*PATHS.values(), "/a", "/meta")]
        others = [f"http://{host}/secret" for host in (*LYING_NAMES, "lured.example")]
        plan(job, [*own, *map(target, SPELLINGS), *others, "http://half.example/a"])
        fetched = run("fetch", job, toy.environment)
        discovered = run("discover", order(folder, of, run_id="discover"), toy.environment)
        yield World(fetched, discovered, toy, inside)


def test_the_crawls_are_done_and_quiet(world: World) -> None:
    assert [(crawl.code, crawl.told) for crawl in (world.fetched, world.discovered)] == [(0, "")] * 2


def test_nothing_but_public_addresses_was_ever_connected_to(world: World) -> None:
    assert set(world.toy.connected) <= set(PUBLIC)
    assert world.inside.visits == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_refused_as_a_link(world: World, spelling: str) -> None:
    row = world.fetched.failure(world.target(spelling))
    assert (row.state, row.reason) == ("failed", NOT_ALLOWED)
    assert " is " in row.detail


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_refused_at_a_redirect(world: World, spelling: str) -> None:
    assert world.fetched.failure(f"http://paper.example{PATHS[spelling]}").reason == NOT_ALLOWED


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_refused_at_a_feeds_redirect(world: World, spelling: str) -> None:
    row = next(row for row in world.discovered.sources if row.url == f"http://paper.example/feed{PATHS[spelling]}")
    assert (row.links, row.error) == (0, NOT_ALLOWED)


def test_the_ledger_has_a_line_for_what_was_refused(world: World) -> None:
    refused = [row for row in world.fetched.requests if row.error == NOT_ALLOWED]
    assert len(refused) >= 2 * len(SPELLINGS)
    assert all(row.status is None and row.bytes == 0 for row in refused)


@pytest.mark.parametrize("name", LYING_NAMES)
def test_a_name_that_leads_here_is_refused_after_its_look_up(world: World, name: str) -> None:
    row = world.fetched.failure(f"http://{name}/secret")
    assert (row.state, row.reason) == ("failed", NOT_ALLOWED)
    assert name in row.detail
    assert name in world.toy.asked


def test_of_a_name_with_both_kinds_of_addresses_the_public_one_is_connected_to(world: World) -> None:
    assert world.fetched.page("http://half.example/a").body


def test_robots_txt_that_leads_here_allows_nothing(world: World) -> None:
    row = world.fetched.failure("http://lured.example/secret")
    assert (row.state, row.reason) == ("waiting", "robots unreachable")
    assert NOT_ALLOWED in row.detail


def test_sitemaps_that_an_index_names_elsewhere_are_not_opened(world: World) -> None:
    index = next(row for row in world.discovered.sources if row.url.endswith("/index.xml"))
    assert index.warnings[0].startswith("sitemaps on other hosts: ")
    lying = next(row for row in world.discovered.sources if row.url == "http://metadata.example/map.xml")
    assert lying.error == NOT_ALLOWED


def test_links_of_a_feed_that_lead_here_are_skipped(world: World) -> None:
    links = [link for link in world.discovered.links if link.source_url.endswith("/feed.xml")]
    assert len(links) >= len(SPELLINGS) - 2
    assert all(link.skip for link in links)


def test_a_page_that_refreshes_itself_elsewhere_is_kept_and_not_followed(world: World) -> None:
    assert b"refresh" in world.fetched.page("http://paper.example/meta").body


def test_an_answer_that_changes_after_the_check_changes_nothing(serve: Serve, tmp_path: Path) -> None:
    """DNS rebinding: public when it is looked at, loopback when it is connected to. There is one look-up, and no second one."""
    paper, inside = serve({}, default=PAGE), serve({}, default=PAGE)
    toy = Toy(tmp_path, {"paper.example": [[PUBLIC[0]], ["127.0.0.1"]]}, {f"{PUBLIC[0]}:{inside.port}": paper})
    of = outlet(f"http://paper.example:{inside.port}/")
    job = order(tmp_path, of)
    plan(job, [f"http://paper.example:{inside.port}/{number}" for number in range(5)])
    crawl = run("fetch", job, toy.environment)
    assert len(crawl.captures) == 5
    assert (set(toy.connected), inside.visits) == ({PUBLIC[0]}, [])
    assert toy.asked == ["paper.example"]


def test_two_outlets_of_one_crawl_have_each_its_own_fence(serve: Serve, tmp_path: Path) -> None:
    here, paper = serve({}, default=PAGE), serve({}, default=PAGE)
    toy = Toy(tmp_path, {"paper.example": [[PUBLIC[0]]]}, {f"{PUBLIC[0]}:80": paper})
    job = order(tmp_path, outlet(here.url("/"), "here"), outlet("http://paper.example/", "paper", articles={"hosts": ["127.0.0.1"]}))
    plan(job, [("here", here.url("/a")), ("paper", here.url("/b")), ("paper", "http://paper.example/c")])
    crawl = run("fetch", job, toy.environment)
    assert {row.url for row in crawl.captures} == {here.url("/a"), "http://paper.example/c"}
    assert here.targets() == ["/robots.txt", "/a"]
    assert crawl.failure(here.url("/b")).reason == NOT_ALLOWED


def test_behind_a_proxy_names_are_its_matter_and_addresses_are_ours(serve: Serve, tmp_path: Path) -> None:
    proxy = serve({}, default=PAGE)
    toy = Toy(tmp_path, {}, {})
    job = order(tmp_path, outlet("http://paper.example/"))
    barred = [f"http://{host}/" for host in ("169.254.169.254", "127.1", "localhost", "[::1]")]
    plan(job, ["http://paper.example/a", *barred])
    crawl = run("fetch", job, {**toy.environment, "http_proxy": f"http://{proxy.host}"})
    assert [row.url for row in crawl.captures] == ["http://paper.example/a"]
    assert {visit.target.split("/")[2] for visit in proxy.visits} == {"paper.example"}
    assert toy.connected and set(toy.connected) == {"127.0.0.1"}
    assert {crawl.failure(url).reason for url in barred} == {NOT_ALLOWED}
