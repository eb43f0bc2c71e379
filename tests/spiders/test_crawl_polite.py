"""Politeness as a server feels it: robots.txt first, waits that were asked for, one pace a host, an honest name.

Most of it is seen in one crawl of many hosts, an outlet each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from spiders.robots import RobotsCopy, keep_copy
from tests.spiders.conftest import Serve
from tests.spiders.crawling import Run, fetch, order, outlet, plan, run
from tests.spiders.faulty_server import FaultyServer, Route, answer, in_turn, redirect
from warehouse.contracts import Failure

PAGE = answer("<html><body><p>The council met on Tuesday.</p></body></html>")
NOW = datetime.now(UTC)  # what "yesterday" means to a process whose clock is not ours
WEEK = "604800"


@dataclass(frozen=True, slots=True)
class Scene:
    """A host's routes (all else is a page, and robots.txt a 404), and the paths that are planned there."""

    routes: dict[str, Route]
    paths: tuple[str, ...] = ("/a", "/private/b")
    crawl: dict[str, object] = field(default_factory=dict)
    other: Route = PAGE
    copy: RobotsCopy | None = None  # of its robots.txt, from an earlier run


def robots(text: str, status: int = 200, **headers: str) -> dict[str, Route]:
    return {"/robots.txt": answer(text, status, content_type="text/plain", **headers)}


def hours_ago(hours: int, text: str) -> RobotsCopy:
    return RobotsCopy(NOW - timedelta(hours=hours), 200, text)


FORBIDDEN = "User-agent: *\nDisallow: /private"
SCENES = {
    "obeyed": Scene(robots(FORBIDDEN), ("/a", "/b", "/c", "/private/b"), {"concurrency": 4}),
    "kept": Scene(robots("User-agent: *\nDisallow: /"), copy=hours_ago(20, FORBIDDEN)),
    "outdated": Scene(robots(FORBIDDEN), copy=hours_ago(25, "User-agent: *\nDisallow: /a")),
    "ill_500": Scene(robots("User-agent: *\nAllow: /", 500)),
    "ill_503": Scene(robots("User-agent: *\nAllow: /", 503)),
    "ill_429": Scene(robots("User-agent: *\nAllow: /", 429, retry_after="0")),
    "ill_and_known": Scene(robots("ill", 500), copy=hours_ago(30, FORBIDDEN)),
    "ill_and_forgotten": Scene(robots("ill", 500), copy=hours_ago(50, FORBIDDEN)),
    "looping": Scene({"/robots.txt": redirect("/robots.txt")}),
    "moved": Scene({"/robots.txt": redirect("/elsewhere.txt"), "/elsewhere.txt": answer(FORBIDDEN)}),
    "huge": Scene(robots(f"{FORBIDDEN}\n" + "# filler\n" * 300_000)),
    "leading_astray": Scene({**robots(FORBIDDEN), "/a": redirect("/private/x")}),
    "slow": Scene(robots("User-agent: *\nCrawl-delay: 0.4"), ("/a", "/b", "/c"), {"concurrency": 4}),
    "busy": Scene({"/a": in_turn(answer("busy", 429, retry_after="1"), PAGE)}, ("/a", "/b", "/c"), {"delay": 0.1}),
    "busy_for_a_week_429": Scene({"/b": answer("busy", 429, retry_after=WEEK)}, ("/a", "/b", "/c", "/d")),
    "busy_for_a_week_503": Scene({"/b": answer("busy", 503, retry_after=WEEK)}, ("/a", "/b", "/c", "/d")),
    "busy_until": Scene({"/a": answer("busy", 503, retry_after=format_datetime(NOW + timedelta(days=2), usegmt=True))}, ("/a",)),
    "robots_busy": Scene(robots("busy", 429, retry_after=WEEK)),
    "only_failing": Scene(robots("", 404), tuple(f"/{number}" for number in range(9)), other=lambda visit: visit.reset()),
    "hanging": Scene({"/a": lambda visit: visit.hang()}, ("/a",), {"timeout": 1}),
    "well": Scene({"/a": answer("a", set_cookie="id=1")}, tuple(f"/{letter}" for letter in "abcdefghij")),
}


@dataclass(frozen=True, slots=True)
class World:
    servers: dict[str, FaultyServer]
    run: Run

    def asked(self, scene: str) -> list[str]:
        """Paths as the server saw them."""
        return self.servers[scene].targets()

    def captured(self, scene: str) -> list[str]:
        return [row.url.removeprefix(self.servers[scene].url("")) for row in self.run.captures if row.outlet == scene]

    def failures(self, scene: str) -> list[Failure]:
        return [row for row in self.run.failures if row.outlet == scene]

    def ends(self, scene: str) -> list[tuple[str, str, str]]:
        """Path, state and reason of what was not had."""
        return sorted((row.url.removeprefix(self.servers[scene].url("")), row.state, row.reason) for row in self.failures(scene))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("polite")
    with ExitStack() as stack:
        servers = {}
        for name, scene in SCENES.items():
            routes = {"/robots.txt": answer("gone", 404), **scene.routes}
            servers[name] = stack.enter_context(FaultyServer(routes, default=scene.other))
            if scene.copy:
                keep_copy(folder / "robots", servers[name].url("/robots.txt"), scene.copy)
        outlets = [outlet(servers[name].url("/"), name, language=["ar", "en"], crawl=scene.crawl) for name, scene in SCENES.items()]
        job = order(folder, *outlets, contact="mailto:desk@demo.example")
        plan(job, [(name, servers[name].url(path)) for name, scene in SCENES.items() for path in scene.paths])
        yield World(servers, run("fetch", job))


def gaps(server: FaultyServer) -> list[float]:
    """Seconds between a server's requests."""
    # The server's clock: a request that arrives late, on a busy machine, shortens the gap behind it. Half a delay tells it from none.
    return [after.at - before.at for before, after in pairwise(server.asked())]


def test_robots_txt_is_asked_for_first_and_once_and_obeyed(world: World) -> None:
    assert world.asked("obeyed")[0] == "/robots.txt"
    assert sorted(world.asked("obeyed")[1:]) == ["/a", "/b", "/c"]
    assert world.ends("obeyed") == [("/private/b", "skipped", "robots")]
    assert world.failures("obeyed")[0].retry_at is None
    assert [(row.status, row.error) for row in world.run.requests if row.outlet == "obeyed" and row.url.endswith("/robots.txt")] == [
        (200, None)
    ]


def test_a_copy_serves_for_a_day(world: World) -> None:
    assert world.asked("kept") == ["/a"]
    assert world.ends("kept") == [("/private/b", "skipped", "robots")]


def test_an_older_copy_is_asked_for_anew(world: World) -> None:
    assert world.asked("outdated") == ["/robots.txt", "/a"]


@pytest.mark.parametrize("scene", ["ill_500", "ill_503", "ill_429", "ill_and_forgotten"])
def test_while_robots_txt_fails_nothing_is_asked(world: World, scene: str) -> None:
    assert set(world.asked(scene)) == {"/robots.txt"}
    assert {end[1:] for end in world.ends(scene)} <= {("waiting", "robots unreachable"), ("waiting", "asked to wait")}
    assert len(world.ends(scene)) == 2


def test_a_host_that_fails_is_judged_by_its_last_good_copy(world: World) -> None:
    assert world.captured("ill_and_known") == ["/a"]
    assert world.ends("ill_and_known") == [("/private/b", "skipped", "robots")]


def test_robots_txt_is_followed_over_redirects_and_its_rules_hold(world: World) -> None:
    assert world.captured("moved") == ["/a"]
    assert world.captured("looping") == ["/a", "/private/b"]  # there is none, then


def test_a_huge_robots_txt_is_read_in_part(world: World) -> None:
    assert world.captured("huge") == ["/a"]
    (row,) = world.run.asked(world.servers["huge"].url("/robots.txt"))
    assert row.bytes < 1_000_000


def test_a_redirect_into_a_forbidden_path_is_not_followed(world: World) -> None:
    assert world.asked("leading_astray") == ["/robots.txt", "/a"]
    assert ("/a", "skipped", "robots") in world.ends("leading_astray")


def test_a_crawl_delay_is_kept(world: World) -> None:
    assert len(world.captured("slow")) == 3
    assert min(gaps(world.servers["slow"])[1:]) >= 0.2


def test_the_whole_host_waits_when_one_answer_asks_for_it(world: World) -> None:
    assert len(world.captured("busy")) == 3
    assert world.asked("busy") == ["/robots.txt", "/a", "/a", "/b", "/c"]
    assert gaps(world.servers["busy"])[1] >= 0.5


@pytest.mark.parametrize("scene", ["busy_for_a_week_429", "busy_for_a_week_503"])
def test_who_asks_for_a_week_is_left_alone_for_a_week(world: World, scene: str) -> None:
    assert world.asked(scene) == ["/robots.txt", "/a", "/b"]
    assert world.ends(scene) == [(path, "waiting", "asked to wait") for path in ("/b", "/c", "/d")]
    assert all(row.retry_at and row.retry_at - row.failed_at == timedelta(days=7) for row in world.failures(scene))


def test_a_date_is_as_good_as_seconds(world: World) -> None:
    (row,) = world.failures("busy_until")
    assert row.retry_at is not None
    assert timedelta(days=1, hours=23) < row.retry_at - row.failed_at <= timedelta(days=2)


def test_robots_txt_too_can_ask_for_a_week(world: World) -> None:
    assert world.asked("robots_busy") == ["/robots.txt"]
    assert {end[1:] for end in world.ends("robots_busy")} == {("waiting", "asked to wait")}


def test_a_host_that_only_fails_is_given_up_for_this_run(world: World) -> None:
    assert [row.reason for row in world.failures("only_failing")] == ["reset"] * 5 + ["host unreachable"] * 4
    assert len(world.asked("only_failing")) == 1 + 5 * 3


def test_hosts_do_not_wait_for_each_other(world: World) -> None:
    assert len(world.captured("well")) == 10
    assert world.servers["well"].visits[-1].at < world.servers["hanging"].visits[-1].at


def test_we_say_who_we_are_and_send_nothing_else_of_note(world: World) -> None:
    sent = world.servers["well"].visits[-1].headers
    assert sent["user-agent"].startswith("newsmill/")
    assert sent["user-agent"].endswith(" (+mailto:desk@demo.example)")
    assert sent["accept-language"] == "ar, en"
    assert "br" in sent["accept-encoding"]
    assert not {"cookie", "referer"} & sent.keys()


def test_the_copy_on_disk_is_json_a_person_can_read(world: World) -> None:
    (file,) = world.run.job.robots.glob(f"*{world.servers['moved'].port}.json")
    assert json.loads(file.read_text(encoding="utf-8"))["body"] == FORBIDDEN


def test_the_next_run_asks_no_robots_txt_again(world: World) -> None:
    server = world.servers["obeyed"]
    before = len(server.targets())
    crawl = fetch(world.run.job.folder.parents[1], outlet(server.url("/")), server.url("/d"), run_id="run-2")
    assert [row.url for row in crawl.captures] == [server.url("/d")]
    assert server.targets()[before:] == ["/d"]


def test_the_strictest_outlet_sets_the_pace_of_a_shared_host(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=PAGE)
    hasty, gentle = outlet(server.url("/"), "hasty", crawl={"concurrency": 8}), outlet(server.url("/"), "gentle", crawl={"delay": 0.4})
    job = order(tmp_path, hasty, gentle)
    plan(job, [("hasty", server.url("/1")), ("hasty", server.url("/2")), ("gentle", server.url("/3"))])
    assert len(run("fetch", job).captures) == 3
    assert min(gaps(server)) >= 0.2


def test_half_a_second_is_the_shortest_delay_unless_the_job_is_fast(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=PAGE)
    fetch(tmp_path, outlet(server.url("/")), server.url("/a"), fast=False)
    assert min(gaps(server)) >= 0.25


def test_with_a_proxy_no_name_is_looked_up_here(serve: Serve, tmp_path: Path) -> None:
    """The host's name exists nowhere; the proxy knows it. Its password goes to the proxy and into no archive."""
    proxy = serve({"http://paper.invalid/a": PAGE, "http://paper.invalid/robots.txt": answer(status=404)})
    direct = serve({}, default=PAGE)
    job = order(tmp_path, outlet("http://paper.invalid/"), outlet(direct.url("/"), "direct"))
    plan(job, ["http://paper.invalid/a", ("direct", direct.url("/b"))])
    crawl = run("fetch", job, {"http_proxy": f"http://user:secret@{proxy.host}", "no_proxy": "127.0.0.1"})
    assert len(crawl.captures) == 2
    assert proxy.targets() == ["http://paper.invalid/robots.txt", "http://paper.invalid/a"]
    assert proxy.visits[-1].headers["proxy-authorization"].startswith("Basic ")
    assert direct.targets() == ["/robots.txt", "/b"]
    assert not crawl.page("http://paper.invalid/a").exchange.ip


def test_a_proxy_that_is_down_or_unwilling_is_told(serve: Serve, tmp_path: Path) -> None:
    down = FaultyServer({})
    down.__exit__()
    job = order(tmp_path, outlet("http://paper.invalid/"))
    plan(job, ["http://paper.invalid/a", "https://paper.invalid/a"])
    crawl = run("fetch", job, {"http_proxy": f"http://{down.host}", "https_proxy": f"http://{serve({}).host}"})
    assert {row.url[:5]: (row.state, row.reason) for row in crawl.failures} == {
        "http:": ("waiting", "refused"),
        "https": ("waiting", "proxy"),
    }
