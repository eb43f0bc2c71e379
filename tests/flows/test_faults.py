"""Killed, stopped, doubled, out of space: nothing that was fetched is lost, and the next run goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from flows.home import hold_outlets, open_home
from spiders.demo.stories import gold
from tests.flows.conftest import Desk, clean_env
from tests.flows.latch import Latch


def begin(desk: Desk, *words: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        desk.command("ingest", *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_env(), cwd=desk.folder
    )


@pytest.mark.parametrize(("number", "where"), [(signal.SIGKILL, "feed"), (signal.SIGTERM, "page"), (signal.SIGINT, "page")])
def test_a_run_that_is_stopped_is_finished_by_the_next(desk: Desk, number: signal.Signals, where: str) -> None:
    last = (
        sorted(story for story in desk.papers.sites["demo_gazette"].pages if "/feed" not in story)[-1] if where == "page" else "/feed.xml"
    )
    latch = Latch(desk, last)
    run = begin(desk, "demo_gazette")
    assert latch.reached.wait(60)
    children = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(number)
    threading.Timer(0.5, latch.release).start()
    out, err = run.communicate(timeout=60)
    assert run.returncode == (-number if number == signal.SIGKILL else 128 + number), out + err
    assert "Traceback" not in err
    psutil.wait_procs(children, timeout=30)
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    latch.release()
    again = desk.run("ingest", "demo_gazette")
    assert again.returncode == 0, again.stdout + again.stderr
    undisturbed = Desk(desk.papers, desk.folder / "undisturbed")
    assert undisturbed.run("ingest", "demo_gazette").returncode == 0
    query = "SELECT url, title, text, published_at, revision FROM articles ORDER BY ALL"
    assert desk.ask(query) == undisturbed.ask(query)
    states = "SELECT url, state, reason FROM links ORDER BY ALL"
    assert desk.ask(states) == undisturbed.ask(states)
    assert list((desk.home / "runs").iterdir()) == []


@pytest.mark.parametrize("file", ["discover.json", "fetch.json", "articles.jsonl"])
def test_a_run_killed_while_its_crawler_starts_or_its_readers_read_is_finished_at_once(desk: Desk, file: str) -> None:
    """The crawler of a killed run may still be importing Scrapy: the next run, begun at once, must neither lose nor double its pages."""
    run = begin(desk, "demo_gazette")
    while not list(desk.home.glob(f"runs/[!.]*/{file}")):
        assert run.poll() is None, "the run ended before it could be killed"
    run.kill()
    run.communicate(timeout=60)
    again = desk.run("ingest", "demo_gazette")
    assert again.returncode == 0, again.stdout + again.stderr
    assert list((desk.home / "runs").iterdir()) == []
    stories = gold("demo_gazette", 1, desk.papers.now).values()
    assert desk.ask("SELECT title, text FROM articles ORDER BY ALL") == sorted((story.title, story.text) for story in stories)
    assert desk.ask("SELECT count(*) FROM rejections") == [(1,)]
    assert desk.ask("SELECT max(revision) FROM articles") == [(1,)]


@pytest.mark.parametrize("child", ["spiders fetch", "forkserver"])
def test_ctrl_c_on_a_terminal_ends_all_processes_in_good_order(desk: Desk, child: str) -> None:
    """A terminal sends it to every process of the group, also to one that is just starting and ignores nothing yet."""
    run = subprocess.Popen(
        desk.command("ingest", "demo_gazette"), stderr=subprocess.PIPE, text=True, env=clean_env(), cwd=desk.folder, start_new_session=True
    )
    while not any(child in words for words in children_of(run)):
        assert run.poll() is None, "the run ended before it could be stopped"
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert said == "newsmill: stopped; what was fetched is kept, the next run goes on from there\n"


def children_of(run: subprocess.Popen[str]) -> list[str]:
    try:
        return [" ".join(child.cmdline()) for child in psutil.Process(run.pid).children(recursive=True)]
    except psutil.Error:  # one of them ended while we looked
        return []


def test_a_source_whose_links_died_with_the_run_is_asked_again_in_full(desk: Desk) -> None:
    """Its validators must not be kept without its links: it would say "not modified", and they would never be found."""
    latch = Latch(desk, "archive-sitemap")
    run = begin(desk, "demo_courier")
    assert latch.reached.wait(60)
    run.kill()
    latch.release()
    run.communicate(timeout=60)
    again = desk.run("ingest", "demo_courier")
    assert again.returncode == 0, again.stdout + again.stderr
    stories = gold("demo_courier", 1, desk.papers.now).values()
    assert desk.ask("SELECT title, text FROM articles ORDER BY ALL") == sorted((story.title, story.text) for story in stories)


def test_two_runs_of_one_outlet_do_not_meet(desk: Desk) -> None:
    latch = Latch(desk, "/feed.xml")
    first = begin(desk, "demo_gazette")
    assert latch.reached.wait(60)
    second = desk.run("ingest", "demo_gazette")
    assert second.returncode == 2
    assert "demo_gazette: a run is under way" in second.stderr and str(first.pid) in second.stderr
    other = desk.run("ingest", "demo_courier")
    assert other.returncode == 0, other.stdout + other.stderr
    waiting = begin(desk, "demo_gazette", "--wait")
    latch.release()
    assert first.wait(60) == 0
    out, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0, out + err
    assert desk.ask("SELECT count(*) FROM runs WHERE list_contains(outlets, 'demo_gazette')") == [(2,)]


def test_a_dead_process_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from flows.home import open_home, hold_outlets\n"
        "with hold_outlets(open_home(Path(sys.argv[1])), ['a'], False): os.kill(os.getpid(), 9)"
    )
    dead = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert dead.returncode == -9
    with hold_outlets(open_home(tmp_path), ["a"], False):
        assert json.loads((tmp_path / "locks" / "outlet-a.json").read_text())["pid"] == os.getpid()


def test_a_full_disk_is_told_and_the_next_run_goes_on(desk: Desk) -> None:
    """RLIMIT_FSIZE stands for the full disk: neither captures nor tables get beyond twenty kilobytes."""
    command = f"ulimit -f 40; exec {' '.join(desk.command('ingest', 'demo_gazette'))}"
    full = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=clean_env(), cwd=desk.folder, check=False)
    assert full.returncode == 2, full.stdout + full.stderr
    assert "space" in full.stderr and "Traceback" not in full.stderr
    again = desk.run("ingest", "demo_gazette")
    assert again.returncode == 0, again.stdout + again.stderr
    assert desk.ask("SELECT count(*) FROM links WHERE outlet = 'demo_gazette' AND state = 'waiting'") == [(0,)]


def test_captures_that_cannot_be_written_end_the_fetching_and_what_came_before_is_loaded(desk: Desk) -> None:
    blocked = desk.home / "captures" / "demo_gazette"
    blocked.parent.mkdir(parents=True)
    blocked.write_text("a file where the folder should be")
    done = desk.run("ingest")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "demo_gazette" in done.stderr and "Traceback" not in done.stderr
    assert desk.ask("SELECT state FROM runs") == [("failed",)]
    assert desk.ask("SELECT count(*) FROM links WHERE state = 'waiting' AND outlet = 'demo_gazette'") != [(0,)]
    blocked.unlink()
    again = desk.run("ingest")
    assert again.returncode == 0, again.stdout + again.stderr
    assert desk.ask("SELECT count(*) FROM links WHERE state = 'waiting'") == [(0,)]
    assert desk.ask("SELECT count(DISTINCT outlet) FROM articles") == [(3,)]
