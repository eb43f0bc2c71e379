"""Every source of ``hostile_sources`` in one discovery: what is taken from it, what its row says, and that it ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.spiders.crawling import Run, order, outlet, run
from tests.spiders.faulty_server import FaultyServer
from tests.spiders.hostile_sources import SOURCES, Hostile
from warehouse.contracts import Link, Source


@dataclass(frozen=True, slots=True)
class World:
    server: FaultyServer
    run: Run
    links: list[Link]

    def row(self, number: int) -> Source:
        return next(row for row in self.run.sources if row.url.partition("?")[0] == self.server.url(f"/source/{number}"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    routes = {f"/source/{number}": one.route for number, one in enumerate(SOURCES) if one.kind != "wordpress"}
    endless = next(one.route for one in SOURCES if one.name.startswith("indexes"))
    pages = next(one.route for one in SOURCES if one.pages > 1)
    api = next(one.route for one in SOURCES if one.kind == "wordpress")

    def other(visit):  # type: ignore[no-untyped-def]
        if visit.target.startswith("/map/"):
            return endless(visit)  # type: ignore[operator]
        if "per_page" in visit.target:
            return api
        return pages(visit)  # type: ignore[operator]

    with FaultyServer(routes, default=other) as server:

        def of_kind(kind: str) -> list[tuple[int, Hostile]]:
            return [(number, one) for number, one in enumerate(SOURCES) if one.kind == kind]

        def url(number: int, one: Hostile) -> str:
            return server.url(f"/source/{number}") + ("?page={page}" if one.pages > 1 else "")

        of = outlet(
            server.url("/"),
            timeout=20,
            crawl={"concurrency": 8},
            feeds=[{"url": url(*pair)} for pair in of_kind("feed")],
            sitemaps=[{"url": url(*pair), "newest": 4} for pair in of_kind("sitemap")],
            listings=[{"url": url(*pair), "pages": pair[1].pages} for pair in of_kind("listing")],
            wordpress={"url": url(*of_kind("wordpress")[0])},
        )
        crawl = run("discover", order(tmp_path_factory.mktemp("hostile"), of))
        yield World(server, crawl, crawl.links)


@pytest.mark.parametrize(("number", "one"), list(enumerate(SOURCES)), ids=lambda value: value.name if isinstance(value, Hostile) else "")
def test_a_hostile_source_gives(number: int, one: Hostile, world: World) -> None:
    row = world.row(number)
    said = "; ".join((row.error or "", *row.warnings))
    assert (row.links, one.says in said) == (one.links, True), said


def test_the_discovery_is_done_and_quiet(world: World) -> None:
    assert (world.run.code, world.run.told) == (0, "")


def test_every_link_has_one_row_and_none_that_will_be_fetched_leads_away(world: World) -> None:
    assert set(Counter(link.url for link in world.links).values()) == {1}
    assert all(link.skip or link.url.startswith(world.server.url("/")) for link in world.links)


def test_sitemaps_without_end_are_followed_to_a_depth_and_a_number(world: World) -> None:
    assert len({target for target in world.server.targets() if target.startswith("/map/")}) == 4 + 16 + 64


def test_pages_without_end_are_turned_until_they_bring_nothing_new(world: World) -> None:
    assert len([target for target in world.server.targets() if "page=" in target and "per_page" not in target]) == 2


def test_addresses_of_sessions_are_one_article(world: World) -> None:
    sessions = {link.article_id for link in world.links if "jsessionid" in link.url}
    assert len(sessions) == 1


def test_no_entity_was_expanded_and_no_file_was_read(world: World) -> None:
    titles = [link.title or "" for link in world.links]
    assert not any("root:" in title or "x" * 99 in title or "haha" in title for title in titles)


def test_names_are_given_once() -> None:
    assert len({one.name for one in SOURCES}) == len(SOURCES)
