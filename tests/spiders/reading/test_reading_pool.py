import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from spiders.captures import CaptureWriter, Exchange
from spiders.reading import Page, read
from spiders.reading.learning import learn
from spiders.reading.pool import Limits, read_pages, sketch_pages
from spiders.reading.sketch import sketch
from tests.spiders.reading.gazette import CAPTURED, SENTENCES, article_page, outlet, paragraphs
from warehouse.contracts import Article, Capture, Planned, Rejection

OUTLETS = {"gazette": outlet()}
SLOW = "<html><body><table><tr>" + "<td>a</td>" * 400_000  # over a minute in trafilatura, most of it inside libxml2
FAT = "<html><body>" + "<p>word</p>" * 1_500_000  # several hundred megabytes as a tree
QUICK = Limits(seconds=2, memory=2**30)


class Archive:
    """Captures of pages in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writer = CaptureWriter(folder, "run")
        self._count = 0

    def add(self, markup: str) -> Capture:
        self._count += 1
        url = f"https://gazette.org/{self._count}"
        answer = Exchange(url, CAPTURED, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode())
        return self._writer.write(Planned("gazette", url, f"gazette:{self._count}", "feed"), answer)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path)


def reasons(readings: list[Article | Rejection]) -> dict[str, str]:
    return {one.article_id: one.reason if isinstance(one, Rejection) else "article" for one in readings}


def test_every_capture_has_one_reading_the_same_as_in_this_process(archive):
    pages = [article_page(paragraphs(f"Number {number}: {SENTENCES[0]}", *SENTENCES[1:])) for number in range(30)]
    captures = [archive.add(markup) for markup in pages]
    readings = list(read_pages(captures, archive.folder, OUTLETS, 2))
    expected = {read(Page(capture, markup.encode()), OUTLETS["gazette"]) for capture, markup in zip(captures, pages, strict=True)}
    assert set(readings) == expected
    assert len(readings) == 30


def test_pages_are_read_by_the_profiles_of_their_outlet(archive):
    pages = [article_page(paragraphs(f"Number {number}: {SENTENCES[0]}", *SENTENCES[1:])) for number in range(6)]
    captures = [archive.add(markup) for markup in pages]
    profiles = learn("gazette", list(sketch_pages(captures, archive.folder, OUTLETS, 2)))
    readings = list(read_pages(captures, archive.folder, OUTLETS, 2, profiles={"gazette": profiles, "other": ()}))
    expected = {read(Page(capture, markup.encode()), OUTLETS["gazette"], profiles) for capture, markup in zip(captures, pages, strict=True)}
    assert set(readings) == expected


def test_sketches_are_those_of_this_process_and_pages_that_cannot_teach_are_passed_over(archive):
    pages = [article_page(paragraphs(f"Number {number}: {SENTENCES[0]}", *SENTENCES[1:])) for number in range(6)]
    good = [archive.add(markup) for markup in pages]
    bad = [archive.add(SLOW), replace(archive.add(article_page()), file="gone.warc.gz"), archive.add("<html><body>nothing")]
    found = {one.capture_id: one for one in sketch_pages([bad[0], *good, *bad[1:]], archive.folder, OUTLETS, 2, QUICK)}
    expected = [sketch(Page(capture, markup.encode()), OUTLETS["gazette"]) for capture, markup in zip(good, pages, strict=True)]
    assert set(found) == {capture.capture_id for capture in good}
    assert [found[capture.capture_id] for capture in good] == expected
    assert learn("gazette", list(found.values())) == learn("gazette", list(found.values())[::-1])


def test_no_captures_are_no_work(archive):
    before = {child.pid for child in psutil.Process().children()}
    assert list(read_pages([], archive.folder, OUTLETS, 2)) == []
    assert {child.pid for child in psutil.Process().children()} <= before


def test_a_page_that_takes_too_long_is_given_up_and_the_others_are_read(archive):
    captures = [archive.add(SLOW), *(archive.add(article_page()) for _ in range(6))]
    found = reasons(list(read_pages(captures, archive.folder, OUTLETS, 2, QUICK)))
    assert found == {"gazette:1": "too slow", **{f"gazette:{number}": "article" for number in range(2, 8)}}


def test_a_page_that_takes_too_much_memory_is_given_up_and_the_others_are_read(archive):
    captures = [archive.add(FAT), *(archive.add(article_page()) for _ in range(3))]
    limits = Limits(seconds=30, memory=220 * 2**20)
    assert reasons(list(read_pages(captures, archive.folder, OUTLETS, 1, limits)))["gazette:1"] == "out of memory"


def test_a_capture_that_is_not_there_is_a_rejection(archive):
    gone = replace(archive.add(article_page()), file="gone.warc.gz")
    torn = replace(archive.add(article_page()), length=40)
    stranger = replace(archive.add(article_page()), outlet="nobody")
    found = list(read_pages([gone, torn, stranger], archive.folder, OUTLETS, 1))
    assert set(reasons(found).values()) == {"unreadable"}
    assert any("gone.warc.gz" in one.detail for one in found if isinstance(one, Rejection))


def test_readings_come_while_the_captures_are_still_being_made(archive):
    was_read = threading.Event()

    def crawl() -> Iterator[Capture]:
        yield archive.add(article_page())
        assert was_read.wait(30), "the first reading waits for the second capture"
        yield archive.add(article_page())

    readings = read_pages(crawl(), archive.folder, OUTLETS, 2)
    first = next(readings)
    was_read.set()
    assert [first.article_id, *(one.article_id for one in readings)] == ["gazette:1", "gazette:2"]


def test_captures_are_taken_only_as_pages_are_done(archive):
    taken = 0

    def million() -> Iterator[Capture]:
        nonlocal taken
        capture = archive.add(article_page())
        while True:
            taken += 1
            yield capture

    readings = read_pages(million(), archive.folder, OUTLETS, 2)
    for _ in range(20):
        next(readings)
    readings.close()
    assert taken < 60


def test_an_error_of_the_captures_reaches_the_caller(archive):
    def broken() -> Iterator[Capture]:
        yield archive.add(article_page())
        raise ValueError("torn line")

    with pytest.raises(ValueError, match="torn line"):
        list(read_pages(broken(), archive.folder, OUTLETS, 1))


def workers() -> list[psutil.Process]:
    """Reading processes: children of the server that the pool forks from."""
    return [process for child in psutil.Process().children() for process in child.children()]


def test_workers_that_are_killed_cost_no_page(archive):
    captures = [archive.add(article_page()) for _ in range(40)]
    readings = read_pages(captures, archive.folder, OUTLETS, 2)
    found = [next(readings)]
    for worker in workers():
        worker.kill()
    found.extend(readings)
    assert sorted(one.article_id for one in found) == sorted(capture.article_id for capture in captures)
    assert set(reasons(found).values()) == {"article"}


def test_closing_ends_the_workers(archive):
    readings = read_pages((archive.add(markup) for markup in [article_page(), SLOW, SLOW]), archive.folder, OUTLETS, 2)
    next(readings)
    running = workers()
    assert running
    readings.close()
    assert not psutil.wait_procs(running, timeout=10)[1]


PARENT = """
import sys
from pathlib import Path
from spiders.reading.pool import read_pages
from tests.spiders.reading.gazette import outlet
from warehouse.contracts import Capture, read_rows

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for reading in read_pages(read_rows(Capture, folder / "captures.jsonl"), folder, {"gazette": outlet()}, 2):
        print(reading.article_id, flush=True)
"""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_process_that_owns_them(archive, tmp_path, sent):
    from warehouse.contracts import write_rows

    write_rows(archive.folder / "captures.jsonl", [archive.add(markup) for markup in [article_page(), SLOW, SLOW, SLOW]])
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(
        [sys.executable, str(script), str(archive.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": str(root)},
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "gazette:1"
        below = psutil.Process(parent.pid).children(recursive=True)
        assert len(below) >= 3
        os.kill(parent.pid, sent)
        assert not psutil.wait_procs(below, timeout=15)[1]


def test_a_crawl_that_takes_its_time_is_not_taken_for_a_dead_pool(archive):
    """Ten times the stall pass between two pages: more than the renewals that a pool may have."""
    first, second = archive.add(article_page(paragraphs(*SENTENCES))), archive.add(article_page(paragraphs(*SENTENCES)))

    def polite() -> Iterator[Capture]:
        yield first
        threading.Event().wait(2.0)
        yield second

    readings = list(read_pages(polite(), archive.folder, OUTLETS, 1, Limits(seconds=0.1, stall=0.1)))
    assert len(readings) == 2
