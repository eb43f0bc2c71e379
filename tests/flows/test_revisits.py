"""Revisits alone, runs without them, and shards."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows import order
from flows.choose import choose_outlets, in_shard
from flows.errors import BadArgument
from flows.progress import Reporter
from flows.settings import Settings
from flows.verbs import begun
from tests.flows.conftest import Desk


def collect(desk: Desk, verb: str, revisits: bool = True) -> list[str]:
    """The paths that a run asks for."""
    settings, before = Settings(home=desk.home, warehouse="", workers=1), desk.asked()
    outlets = choose_outlets(["demo_gazette"], [desk.outlets])
    with begun(desk.home, settings, verb, outlets, Reporter(), wait=False, revisits=revisits) as run:
        assert (order.revisit if verb == "revisit" else order.ingest)(run) == []
    return [request.path for request in desk.papers.requests[before:] if request.path != "/robots.txt"]


def let_visits_be_due(desk: Desk) -> list[str]:
    with duckdb.connect(desk.home / "warehouse.duckdb") as db:
        db.execute(
            "UPDATE store.links SET next_visit_at = now() - INTERVAL 1 HOUR, row_version = nextval('store.row_versions') "
            "WHERE state IN ('loaded', 'unchanged') AND outlet = 'demo_gazette'"
        )
        rows = db.execute("SELECT url FROM store.links WHERE state IN ('loaded', 'unchanged') AND outlet = 'demo_gazette'").fetchall()
    return sorted("/" + url.split("/", 3)[3] for (url,) in rows)


def test_a_revisit_asks_known_articles_alone_and_finds_what_changed(desk: Desk) -> None:
    assert desk.run("ingest", "demo_gazette").returncode == 0
    known = let_visits_be_due(desk)
    desk.papers.edition = 2
    assert sorted(set(collect(desk, "revisit"))) == known
    assert desk.ask("SELECT count(*) > 0 FROM revisions WHERE revision = 2") == [(True,)]
    assert desk.ask("SELECT state, discovered, new FROM runs WHERE verb = 'revisit'") == [("done", 0, 0)]


def test_a_run_without_revisits_leaves_known_articles_to_the_other(desk: Desk) -> None:
    assert desk.run("ingest", "demo_gazette").returncode == 0
    known = let_visits_be_due(desk)
    assert not set(collect(desk, "ingest", revisits=False)) & set(known)
    assert set(collect(desk, "ingest")) >= set(known)


def test_shards_part_the_outlets_and_each_stays_in_its_own() -> None:
    outlets = choose_outlets([], [])
    parts = [set(in_shard(outlets, f"{number}/4")) for number in (1, 2, 3, 4)]
    assert set().union(*parts) == set(outlets) and sum(map(len, parts)) == len(outlets)
    (fewer,) = [{"southfront": outlets["southfront"]}]
    assert ["southfront" in part for part in parts] == [bool(in_shard(fewer, f"{number}/4")) for number in (1, 2, 3, 4)]
    assert set(in_shard(outlets, "1/1")) == set(outlets)


@pytest.mark.parametrize("wrong", ["", "4", "0/4", "5/4", "1/0", "a/b", "-1/4", "1/4/2"])
def test_a_shard_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(BadArgument, match="2/4"):
        in_shard({}, wrong)


def test_an_empty_shard_is_no_error(desk: Desk) -> None:
    Path(desk.outlets / "demo_herald.toml").unlink()
    Path(desk.outlets / "demo_courier.toml").unlink()
    said = [desk.run("ingest", "--shard", f"{number}/3") for number in (1, 2, 3)]
    assert [each.returncode for each in said] == [0, 0, 0]
    assert sum("no outlet is in shard" in each.stdout for each in said) == 2
