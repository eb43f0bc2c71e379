"""An outlet's pages teach how they are read: by themselves in a run, on demand, and again over what is stored."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from spiders.demo.stories import gold
from spiders.outlet import Read
from tests.flows.conftest import Desk, clean_env

TEXTS = "SELECT article_id, title, text, revision FROM articles ORDER BY ALL"
LEARNED = "SELECT outlet, version, layout, pages, is_promoted, is_current FROM profiles ORDER BY ALL"


@pytest.fixture
def courier(desk: Desk) -> Desk:
    """The first edition of one newspaper, ingested."""
    done = desk.run("ingest", "demo_courier")
    assert done.returncode == 0, done.stdout + done.stderr
    desk.said = done
    return desk


def digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def rule(desk: Desk, slug: str, lines: str) -> None:
    """Add rules to the outlet's file, as a person would."""
    file = desk.outlets / f"{slug}.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"\n[read]\n{lines}\n", encoding="utf-8")


def test_the_first_run_of_an_outlet_learns_from_its_pages_and_reads_them_so(courier: Desk) -> None:
    assert courier.said and "1 new profiles from 1 outlets, 8 articles read again" in courier.said.stdout
    ((outlet, version, layout, pages, is_promoted, is_current),) = courier.ask(LEARNED)
    assert (outlet, layout, is_promoted, is_current) == ("demo_courier", "div.entry-content", True, True)
    assert 5 <= pages <= 8
    assert courier.ask("SELECT DISTINCT profile_version FROM articles") == [(version,)]
    stories = gold("demo_courier", 1, courier.papers.now).values()
    assert courier.ask("SELECT title, text FROM articles ORDER BY ALL") == sorted((story.title, story.text) for story in stories)
    assert courier.ask("SELECT max(revision) FROM articles") == [(1,)], "a second reading in the run is no revision"


def test_a_run_with_nothing_new_learns_nothing_and_says_nothing_of_it(courier: Desk) -> None:
    before = courier.ask(LEARNED)
    done = courier.run("ingest", "demo_courier")
    assert done.returncode == 0, done.stderr
    assert "learn" not in done.stdout
    assert courier.ask(LEARNED) == before


def test_an_outlet_whose_file_points_at_the_story_is_not_learned_by_a_run(printed: Desk) -> None:
    outlets = {outlet for (outlet,) in printed.ask("SELECT DISTINCT outlet FROM profiles")}
    assert outlets == {"demo_courier", "demo_gazette"}
    assert printed.ask("SELECT name FROM checks WHERE name = 'layout_changed'") == []


def test_a_backfill_of_the_same_pages_teaches_the_same(courier: Desk, tmp_path: Path) -> None:
    other = Desk(courier.papers, tmp_path / "other")
    words = [word for warc in (courier.home / "captures").rglob("*.warc.gz") for word in ("--warc", warc)]
    done = other.run("backfill", "demo_courier", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.ask(LEARNED) == courier.ask(LEARNED)
    assert other.ask(TEXTS) == courier.ask(TEXTS)


@pytest.mark.parametrize("file", ["profiles.jsonl", "articles_again.*"])
def test_a_run_killed_while_it_learns_is_finished_with_what_it_taught(desk: Desk, file: str) -> None:
    run = subprocess.Popen(
        desk.command("ingest", "demo_courier"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_env(), cwd=desk.folder
    )
    while not list(desk.home.glob(f"runs/[!.]*/{file}")):
        assert run.poll() is None, "the run ended before it could be killed"
    run.kill()
    run.wait(60)
    again = desk.run("ingest", "demo_courier")
    assert again.returncode == 0, again.stdout + again.stderr
    undisturbed = Desk(desk.papers, desk.folder / "undisturbed")
    assert undisturbed.run("ingest", "demo_courier").returncode == 0
    assert desk.ask(TEXTS) == undisturbed.ask(TEXTS)
    profiled = "SELECT count(*), count(profile_version), count(DISTINCT profile_version) FROM articles"
    assert desk.ask(profiled) == undisturbed.ask(profiled)
    assert desk.ask("SELECT count(*) FROM profiles") == [(1,)]
    assert list((desk.home / "runs").iterdir()) == []


def test_learning_on_demand_stores_and_publishes_and_leaves_what_was_read(desk: Desk) -> None:
    rule(desk, "demo_courier", 'body = ["div.entry-content"]')
    assert desk.run("ingest", "demo_courier").returncode == 0
    assert desk.ask(LEARNED) == []
    before = desk.ask(TEXTS)
    done = desk.run("learn", "demo_courier")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "div.entry-content" in done.stdout and "newsmill reread" in done.stdout
    assert len(desk.ask(LEARNED)) == 1 and desk.ask(TEXTS) == before
    assert desk.ask("SELECT verb, state FROM runs ORDER BY started_at") == [("ingest", "done"), ("learn", "done")]
    (again,) = json.loads(desk.run("learn", "demo_courier", "--json").stdout)
    assert [layout["is_new"] for layout in again["layouts"]] == [False]
    assert len(desk.ask(LEARNED)) == 1


def test_a_profile_is_told_with_its_evidence_and_as_toml_that_an_outlet_file_takes(printed: Desk) -> None:
    done = printed.run("profile", "demo_gazette")
    assert done.returncode == 0, done.stderr
    assert "article.story" in done.stdout and "in use" in done.stdout and "stand on several" in done.stdout
    table = tomllib.loads("[read]" + done.stdout.split("[read]", 1)[1])
    read = Read.model_validate(table["read"])
    assert read.body == ("article.story",) and "div.also" in read.drop
    (told,) = json.loads(printed.run("profile", "demo_gazette", "--json").stdout)
    assert told["is_current"] and told["body"][0]["rule"] == "article.story"


def test_what_the_outlets_file_overrules_is_marked(taken: Desk) -> None:
    assert "dropped there too" in taken.run("profile", "demo_gazette").stdout, "the file names .appeal, the pages taught div.appeal"
    assert taken.run("learn", "demo_herald").returncode == 0
    told = taken.run("profile", "demo_herald").stdout
    assert "overruled by body" in told and "[read]" not in told


def test_an_outlet_that_taught_nothing_says_so(printed: Desk, desk: Desk) -> None:
    (desk.outlets / "silent.toml").write_text('title = "S"\nhomepage = "http://127.0.0.1:9/"\nenabled = false\n')
    desk.home = printed.home
    done = desk.run("profile", "silent")
    assert done.returncode == 0 and "nothing learned yet" in done.stdout
    done = desk.run("learn", "silent")
    assert done.returncode == 0 and "0 pages of 0 outlets" in done.stdout


def test_a_dry_reading_tells_what_would_change_and_changes_nothing(courier: Desk) -> None:
    rule(courier, "demo_courier", 'drop = ["p:first-of-type"]')
    before = digests(courier.home)
    done = courier.run("reread", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing was changed" in done.stdout
    (told,) = json.loads(courier.run("reread", "demo_courier", "--dry-run", "--json").stdout)
    assert told["read"] == 8 and told["changed"] >= 1 and told["words_lost"] > told["words_gained"]
    assert told["examples"] and told["examples"][0]["words_lost"]
    assert digests(courier.home) == before


def test_a_reading_anew_replaces_what_was_read_and_twice_is_once(courier: Desk) -> None:
    cut = courier.ask("SELECT text FROM articles ORDER BY article_id LIMIT 1")[0][0].split("\n\n")[-1]
    rule(courier, "demo_courier", f"drop_texts = ['{cut}']")
    first = courier.ask(
        "SELECT article_id, url, first_seen_at, last_seen_at, last_changed_at, revision, capture_id FROM articles ORDER BY ALL"
    )
    done = courier.run("reread", "demo_courier", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    (told,) = json.loads(done.stdout)
    assert (told["read"], told["changed"], told["rejected"]) == (8, 1, 0)
    assert courier.ask(f"SELECT count(*) FROM articles WHERE contains(text, '{cut}')") == [(0,)]
    assert courier.ask(
        "SELECT count(*) FROM articles JOIN revisions USING (article_id, revision) WHERE articles.text <> revisions.text"
    ) == [(0,)]
    assert courier.ask("SELECT count(*), max(revision) FROM revisions") == [(8, 1)]
    assert courier.ask("SELECT count(*) FROM removed_blocks WHERE reason = 'outlet'") == [(1,)]
    assert (
        courier.ask("SELECT article_id, url, first_seen_at, last_seen_at, last_changed_at, revision, capture_id FROM articles ORDER BY ALL")
        == first
    )
    assert courier.ask("SELECT verb, state, loaded, unchanged FROM runs ORDER BY started_at DESC LIMIT 1") == [("reread", "done", 1, 7)]
    tables = ("articles", "revisions", "removed_blocks", "date_evidence", "translations", "profiles")
    once = {table: courier.ask(f"SELECT * FROM {table} ORDER BY ALL") for table in tables}
    (again,) = json.loads(courier.run("reread", "demo_courier", "--json").stdout)
    assert again["changed"] == 0
    assert {table: courier.ask(f"SELECT * FROM {table} ORDER BY ALL") for table in tables} == once
    assert list((courier.home / "runs").iterdir()) == []


def test_an_article_that_would_be_none_any_more_is_kept_and_named(courier: Desk) -> None:
    before = courier.ask(TEXTS)
    for warc in (courier.home / "captures").rglob("*.warc.gz"):
        warc.write_bytes(b"")
    done = courier.run("reread", "demo_courier")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kept as it was read" in done.stdout and "unreadable" in done.stdout
    assert courier.ask(TEXTS) == before
    (told,) = json.loads(courier.run("reread", "demo_courier", "--dry-run", "--json").stdout)
    assert (told["read"], told["rejected"], len(told["refused"])) == (0, 8, 8)


def test_a_reading_anew_that_is_killed_has_changed_nothing(courier: Desk) -> None:
    rule(courier, "demo_courier", 'drop = ["p:first-of-type"]')
    before = courier.ask(TEXTS)
    run = subprocess.Popen(
        courier.command("reread", "demo_courier"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean_env(), cwd=courier.folder
    )
    while not list(courier.home.glob("runs/[!.]*/articles-*.jsonl")):
        assert run.poll() is None, "it ended before it could be killed"
    run.kill()
    run.wait(60)
    assert courier.run("ingest", "demo_courier").returncode == 0
    assert courier.ask(TEXTS) == before
    assert courier.ask("SELECT state FROM runs WHERE verb = 'reread'") == [("stopped",)]


def test_only_what_was_fetched_since_a_day_is_read_anew(courier: Desk) -> None:
    (none,) = json.loads(courier.run("reread", "demo_courier", "--since", "2999-01-01", "--dry-run", "--json").stdout)
    (every,) = json.loads(courier.run("reread", "demo_courier", "--since", "2020-01-01", "--dry-run", "--json").stdout)
    assert (none["read"], every["read"]) == (0, 8)


def test_a_next_run_finds_no_revision_in_what_was_reread(courier: Desk) -> None:
    rule(courier, "demo_courier", 'drop = ["p:first-of-type"]')
    assert courier.run("reread", "demo_courier").returncode == 0
    courier.papers.edition = 2
    assert courier.run("ingest", "demo_courier").returncode == 0
    unchanged = gold("demo_courier", 1, courier.papers.now).keys() & gold("demo_courier", 2, courier.papers.now).keys()
    assert courier.ask("SELECT count(*) FROM articles WHERE revision > 1")[0][0] < len(unchanged)
    assert courier.ask("SELECT count(*) FROM revisions WHERE revision > 1 AND words_added + words_removed = 0 AND change = 'body'") == [
        (0,)
    ]


def test_an_outlet_that_reads_well_is_told_so(printed: Desk) -> None:
    done = printed.run("outlet check", "demo_gazette")
    assert done.returncode == 0, done.stdout + done.stderr
    for part in ("article.story", "div.also", "median", "wrong"):
        assert (part in done.stdout) == (part != "wrong"), part
    told = json.loads(printed.run("outlet check", "demo_gazette", "--json").stdout)
    assert told["wrong"] == [] and told["pages"][0]["profile"] == 100.0 and len(told["newest"]) == 3


def test_what_is_plainly_wrong_with_an_outlet_is_named_with_exit_code_1(printed: Desk, desk: Desk) -> None:
    (desk.outlets / "silent.toml").write_text('title = "S"\nhomepage = "http://127.0.0.1:9/"\nenabled = false\n')
    desk.home = printed.home
    done = desk.run("outlet check", "silent")
    assert done.returncode == 1 and "wrong: there are no articles" in done.stdout
