"""Hours under fire: ``.venv/bin/python -m tests.spiders.soak --minutes 60``. Is what newsmill holds flat, memory and open files?

One ``newsmill ingest`` asks every server of ``hostile_answers`` at once, each from a host of its own, again and again, with ordinary and
with heavy pages in between, and reads what it fetched; beside it others come and go: the built-in newspapers, whose edition changes each
time, and every source of ``hostile_sources``. Processes are looked at every few seconds. The last quarter of the
fetching is compared with the second: caches and pools have filled up by then.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import psutil

from spiders.demo.server import Newspapers
from tests.spiders.faulty_server import FaultyServer, Route, Visit, answer
from tests.spiders.hostile_answers import INPUTS, MOST_BYTES, Input
from tests.spiders.hostile_sources import SOURCES

NEWSMILL = Path(sys.executable).parent / "newsmill"
LINKS = 5_000  # of an outlet: as many as a feed may have
EVERY = 5.0  # seconds between two looks
ROWS = 10  # of the table
STEADY = 1.1  # times what was held before, at which something is called flat
SLACK = {"MiB": 16.0, "files": 8.0}
HEAVY = (
    "<p>" + "<br>" * 30_000,
    "<div>" * 2_000 + "deep",
    "<p " + " ".join(f"a{number}=1" for number in range(10_000)) + ">",
    "<table>" + "<tr><td>1<td>2" * 20_000,
)
WORDS = "The council of the town met on {day} to hear about bridge number {day}, and put off its decision until the next meeting. " * 12


@dataclass(frozen=True, slots=True)
class Sample:
    """What all processes of one part held at one moment."""

    at: float
    part: str  # run, crawler, readers, whole ingests
    mebibytes: float
    files: int
    process: int  # the part's first


def page(day: int) -> bytes:
    body = HEAVY[day // 50 % len(HEAVY)] if day % 50 == 49 else f"<h1>Bridge {day}</h1><p>{WORDS.format(day=day)}"
    return answer(f"<html><head><title>Bridge {day}</title></head><body><article>{body}</article></body></html>")


def host(one: Input) -> FaultyServer:
    """A server that has a feed, and behind every other of its links the hostile answer: a host that only fails is left alone."""

    def route(visit: Visit) -> bytes:
        _, kind, day = (*visit.target.split("/"), "", "")[:3]
        if kind == "hostile":
            return one.route if isinstance(one.route, bytes) else one.route(visit)
        return page(int(day)) if kind == "well" and day.isdecimal() else answer("no", 404)

    items = "".join(
        f"<item><title>The news of bridge {day}</title><link>/{'hostile' if day % 2 else 'well'}/{day}</link></item>"
        for day in range(LINKS)
    )
    feed: Route = answer(f"<rss><channel>{items}</channel></rss>", content_type="text/xml")
    return FaultyServer({"/feed.xml": feed, **one.more}, default=route)


def outlet_file(slug: str, home: str, delay: float, **sources: list[str]) -> str:
    listed = "".join(f'[[{kind}]]\nurl = "{url}"\n' for kind, urls in sources.items() for url in urls)
    return (
        f'title = "{slug}"\nhomepage = "{home}"\n{listed}\n[crawl]\ndelay = {delay}\ntimeout = 5\nmax_bytes = {MOST_BYTES}\n'
        f"budget = {LINKS}\n"
    )


def write_hosts(stack: ExitStack, folder: Path, delay: float) -> int:
    """Serve the hostile hosts and write their outlets. Returns how many there are."""
    folder.mkdir()
    for number, one in enumerate(INPUTS):
        server = stack.enter_context(host(one))
        text = outlet_file(f"host{number}", server.url("/"), delay, feeds=[server.url("/feed.xml")])
        (folder / f"host{number}.toml").write_text(text, encoding="utf-8")
    return len(INPUTS)


def write_sources(stack: ExitStack, folder: Path) -> None:
    """Serve the hostile sources and write the one outlet that has them all."""
    server = stack.enter_context(FaultyServer({f"/source/{number}": one.route for number, one in enumerate(SOURCES)}))
    urls: defaultdict[str, list[str]] = defaultdict(list)
    for number, one in enumerate(SOURCES):
        if one.kind != "wordpress":
            urls[f"{one.kind}s"].append(server.url(f"/source/{number}"))
    text = outlet_file("sources", server.url("/"), 0, **urls).replace(f"budget = {LINKS}", "budget = 50")
    (folder / "sources.toml").write_text(text, encoding="utf-8")


def ingest(home: Path, outlets: Path) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.upper().startswith("NEWSMILL_")}
    command = [str(NEWSMILL), "ingest", "--home", str(home), "--outlets", str(outlets)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)


class Loops:
    """Whole ingests, one after the other, until stopped."""

    def __init__(self, papers: Newspapers, home: Path, outlets: Path) -> None:
        self.count, self.failed = 0, list[str]()
        self.process: subprocess.Popen[bytes] | None = None
        self._papers, self._home, self._outlets = papers, home, outlets
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._turn)
        self._thread.start()

    def _turn(self) -> None:
        while not self._is_stopped.is_set():
            self._papers.edition = 1 + self.count % 2
            self.process = ingest(self._home, self._outlets)
            said, _ = self.process.communicate()
            self.count += 1
            if self.process.returncode not in (0, 1) or b"Traceback" in said:
                self.failed.append(f"ingest {self.count}: exit {self.process.returncode}: {said.decode()[-2000:]}")

    def stop(self) -> None:
        self._is_stopped.set()
        self._thread.join()


def look(at: float, run: subprocess.Popen[bytes], loops: Loops) -> Iterator[Sample]:
    """What the long run's processes, by part, and those of the other ingests hold."""
    with suppress(psutil.Error):
        mine = psutil.Process(run.pid)
        parts: defaultdict[str, list[psutil.Process]] = defaultdict(list)
        parts["run"].append(mine)
        for child in mine.children(recursive=True):
            with suppress(psutil.Error):
                parts["crawler" if "spiders" in child.cmdline() else "readers"].append(child)
        yield from (_sample(at, part, processes) for part, processes in parts.items())
    if loops.process is not None:
        with suppress(psutil.Error):
            other = psutil.Process(loops.process.pid)
            yield _sample(at, "whole ingests", [other, *other.children(recursive=True)])


def _sample(at: float, part: str, processes: list[psutil.Process]) -> Sample:
    memory, files = 0.0, 0
    for process in processes:
        with suppress(psutil.Error):
            memory += process.memory_info().rss / 2**20
            files += process.num_fds()
    return Sample(at, part, memory, files, processes[0].pid)


def soak(minutes: float, delay: float) -> tuple[list[Sample], list[str], str]:
    """Returns what was seen, what went wrong, and what was done."""
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        papers = stack.enter_context(Newspapers(datetime.now(UTC)))
        papers.outlet_files(scratch / "papers")
        write_sources(stack, scratch / "papers")
        hosts = write_hosts(stack, scratch / "hosts", delay)
        run = ingest(scratch / "long", scratch / "hosts")
        words: list[bytes] = []
        reader = threading.Thread(target=lambda: words.extend(run.stdout or ()))
        reader.start()
        loops = Loops(papers, scratch / "short", scratch / "papers")
        began, samples, clock = time.monotonic(), list[Sample](), threading.Event()
        while (at := time.monotonic() - began) < minutes * 60 and run.poll() is None:
            samples += look(at, run, loops)
            clock.wait(EVERY)
        loops.stop()
        run.send_signal(signal.SIGTERM)
        code = run.wait()
        reader.join()
        kept, refused, read = (_lines(scratch / "long", name) for name in ("captures", "failures", "articles"))
        wrong = [*loops.failed, *([] if code in (0, 1, 143) else [f"the long run: exit {code}: {b''.join(words).decode()[-2000:]}"])]
    return (
        samples,
        wrong,
        f"{hosts} hostile hosts: {kept} pages kept, {refused} refused, {read} read; {loops.count} other ingests",
    )


def _lines(home: Path, name: str) -> int:
    return sum(path.read_bytes().count(b"\n") for path in home.glob(f"runs/*/{name}.jsonl"))


def verdicts(samples: list[Sample]) -> Iterator[tuple[str, str, float, float, bool]]:
    """Part, unit, its mean in the second quarter of the fetching and in the last, and whether that is flat. The first quarter fills up."""
    crawlers = [sample for sample in samples if sample.part == "crawler"]
    began = min((sample.at for sample in crawlers if sample.process == crawlers[-1].process), default=0.0)
    end = max(sample.at for sample in samples) - began
    by_part: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.part != "whole ingests" and sample.at >= began:  # those come and go
            by_part[sample.part].append(sample)
    for part, mine in sorted(by_part.items()):
        for unit, slack in SLACK.items():
            early = [_figure(sample, unit) for sample in mine if end / 4 <= sample.at - began < end / 2]
            late = [_figure(sample, unit) for sample in mine if sample.at - began >= end * 3 / 4]
            if early and late:
                yield part, unit, mean(early), mean(late), mean(late) <= max(mean(early) * STEADY, mean(early) + slack)


def _figure(sample: Sample, unit: str) -> float:
    return sample.mebibytes if unit == "MiB" else sample.files


def table(samples: list[Sample]) -> Iterator[str]:
    """A line for each tenth of the time: means of each part."""
    end, parts = max(sample.at for sample in samples), sorted({sample.part for sample in samples})
    yield "minute  " + "  ".join(f"{part:>22}" for part in parts)
    for row in range(ROWS):
        mine = [sample for sample in samples if end * row / ROWS <= sample.at <= end * (row + 1) / ROWS]
        cells: Mapping[str, list[Sample]] = {part: [sample for sample in mine if sample.part == part] for part in parts}
        yield f"{end * (row + 1) / ROWS / 60:6.1f}  " + "  ".join(_cell(cells[part]) for part in parts)


def _cell(samples: list[Sample]) -> str:
    if not samples:
        return f"{'–':>22}"
    return f"{mean(each.mebibytes for each in samples):8.1f} MiB {mean(each.files for each in samples):4.0f} files"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--delay", type=float, default=2, help="seconds between two requests to a host")
    given = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    samples, wrong, done = soak(given.minutes, given.delay)
    print(*table(samples), sep="\n")
    flat = list(verdicts(samples))
    for part, unit, early, late, is_flat in flat:
        print(f"{part}: {early:.1f} → {late:.1f} {unit}: {'flat' if is_flat else 'NOT FLAT'}")
    peak = max(sample.mebibytes for sample in samples if sample.part == "crawler")
    print(f"the crawler's highest: {peak:.0f} MiB; {done}", *wrong, sep="\n")
    return 0 if all(verdict[-1] for verdict in flat) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
