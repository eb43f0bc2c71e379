"""Every answer of ``hostile_answers`` in one crawl, each from a host of its own: what becomes of it, and of everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.spiders.crawling import Run, order, outlet, plan, run
from tests.spiders.faulty_server import FaultyServer, answer
from tests.spiders.hostile_answers import CAPTURED, INPUTS, MOST_BYTES, PARTIAL, Input, hang


@dataclass(frozen=True, slots=True)
class World:
    servers: dict[str, FaultyServer]
    run: Run


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        servers = {one.name: stack.enter_context(FaultyServer({"/": one.route, **one.more})) for one in INPUTS}
        well = stack.enter_context(FaultyServer({}, default=answer("<p>The council met.</p>")))
        patient = outlet(well.url("/"), "patient", timeout=15, crawl={"max_bytes": MOST_BYTES})
        hasty = outlet(well.url("/"), "hasty", timeout=1, crawl={"max_bytes": MOST_BYTES})
        job = order(tmp_path_factory.mktemp("hostile"), patient, hasty)
        silent = {one.name for one in INPUTS if one.fault == "slow" or hang in one.more.values()}
        plan(
            job,
            [("hasty" if name in silent else "patient", server.url("/")) for name, server in servers.items()]
            + [("patient", well.url("/last"))],
        )
        yield World({**servers, "well": well}, run("fetch", job))


@pytest.mark.parametrize("one", INPUTS, ids=lambda one: one.name)
def test_a_hostile_answer_becomes(one: Input, world: World) -> None:
    url = world.servers[one.name].url("/")
    captured = {row.url: PARTIAL if row.partial else CAPTURED for row in world.run.captures}
    failed = {row.url: row for row in world.run.failures}
    assert captured.get(url) or failed[url].reason == one.becomes, failed
    if url in failed:
        assert (failed[url].reason, failed[url].state) == (one.becomes, one.state)
    else:
        assert captured[url] == one.becomes


def test_the_crawl_is_done_and_quiet_and_everybody_else_was_served(world: World) -> None:
    assert (world.run.code, world.run.told) == (0, "")
    assert world.run.page(world.servers["well"].url("/last")).body


def test_every_page_ends_in_exactly_one_row(world: World) -> None:
    ends = Counter([row.url for row in world.run.captures] + [row.url for row in world.run.failures])
    assert len(ends) == len(INPUTS) + 1
    assert set(ends.values()) == {1}


def test_names_are_given_once() -> None:
    assert len({one.name for one in INPUTS}) == len(INPUTS)
