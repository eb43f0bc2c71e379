"""What a host sees of a whole run: robots.txt first, then one request at a time, never sooner than its delay."""

from __future__ import annotations

from itertools import pairwise

from tests.flows.conftest import Desk
from tests.flows.test_bad_outlets import PAGE, rss
from tests.spiders.faulty_server import FaultyServer, answer


def test_the_delay_holds_over_all_stages_of_a_run(desk: Desk) -> None:
    routes = {"/feed.xml": answer(rss("/1", "/2"), content_type="application/rss+xml"), "/1": answer(PAGE), "/2": answer(PAGE)}
    with FaultyServer(routes) as server:
        file = f'title = "T"\nhomepage = "{server.url("/")}"\n[[feeds]]\nurl = "{server.url("/feed.xml")}"\n[crawl]\ndelay = 1.5\n'
        (desk.outlets / "slow.toml").write_text(file)
        done = desk.run("ingest", "slow")
        assert done.returncode == 0, done.stdout + done.stderr
        assert server.targets()[:2] == ["/robots.txt", "/feed.xml"] and sorted(server.targets()[2:]) == ["/1", "/2"]
        times = [visit.at for visit in server.visits]
        assert (
            min(later - earlier for earlier, later in pairwise(times)) > 0.75
        )  # half of it: a request that arrives late shortens the gap behind it
