"""The steps of a run, as plain functions: cron, Prefect and the tests call these same ones.

Each takes the run, leaves files in its folder or rows in the warehouse, and can be called again: what is done is not done twice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from flows.errors import CapturesFull, CrawlerDied
from flows.home import hold_warehouse
from flows.run import Run
from spiders.ledger import RowFile
from spiders.outlet import Outlet
from spiders.outlet_values import parse_duration
from warehouse import pace
from warehouse.check import Finding
from warehouse.check import check as run_checks
from warehouse.connect import writing
from warehouse.contracts import Article, Capture, Profile, Rejection, from_json, read_rows, write_rows
from warehouse.derive import derive
from warehouse.forget import forgotten
from warehouse.learned import known_profiles
from warehouse.load import OutletRow, begin_run, count_plan, end_run
from warehouse.load import load as merge
from warehouse.plan import KnownSource, Plan, known_sources, refusing
from warehouse.plan import plan as merge_links
from warehouse.publish import publish as replace_published

STOP_SECONDS = 25  # that the crawler has to end by itself: requests in flight finish, then it is killed
POLL_SECONDS = 0.05
STORE_FAILED = 3  # the crawler's exit code when the disk takes no more


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages were read as articles, and how many were none."""

    articles: int = 0
    rejections: int = 0


def begin(run: Run) -> tuple[list[KnownSource], set[str]]:
    """Record the run and its outlets. Returns what their sources said last, and which outlets are not to be asked yet."""
    with hold_warehouse(run.home), writing(run.home.database) as db:
        begin_run(db, run.id, run.verb, map(_outlet_row, run.outlets.values()), run.started_at)
        return known_sources(db, run.slugs, run.started_at), refusing(db, run.slugs, run.started_at)


def discover(run: Run) -> None:
    """Ask the outlets' feeds, sitemaps and listings: ``links.jsonl``, ``sources.jsonl``, ``requests.jsonl``."""
    with run.tell.stage("discover") as stage:
        known, refused = begin(run)
        resting = {(source.outlet, source.url) for source in known if source.is_resting} if run.is_scheduled else set()
        told = [
            {"outlet": each.outlet, "url": each.url, "etag": each.etag, "last_modified": each.last_modified, "is_failing": each.is_failing}
            for each in known
            if each.etag or each.last_modified or each.is_failing
        ]
        willing = [outlet for slug, outlet in run.outlets.items() if slug not in refused]
        asked = [outlet for outlet in willing if any((outlet.slug, url) not in resting for url in outlet.source_urls)]
        if asked:  # a crawler takes two seconds to start, and a quiet quarter of an hour asks nobody
            files = [outlet.model_dump(mode="json") for outlet in asked]
            _crawl(run, "discover", {"known_sources": told, "resting": sorted(resting), "outlets": files})
        links, sources = Lines(run.file("links.jsonl")).count(), Lines(run.file("sources.jsonl")).count()
        stage.update(sources, sources)
        left = f"; {len(resting)} are not due yet" * bool(resting) + f"; {', '.join(sorted(refused))} not asked: see status" * bool(refused)
        stage.say(f"{links} links from {sources} sources of {len(asked)} outlets{left}")


def plan(run: Run) -> int:
    """Take the links in and write what is new or due into ``plan.jsonl``. Returns how many that are."""
    with run.tell.stage("plan") as stage:
        planned = take_links(run)
        write_rows(run.file("plan.jsonl"), planned.due)
        stage.update(len(planned.due), planned.discovered)
        stage.say(f"{planned.new} new links, {len(planned.due)} pages to fetch")
        return len(planned.due)


def take_links(run: Run, sources: Sequence[str] = ("sources.jsonl",)) -> Plan:
    """Merge ``links.jsonl``, and the validators in ``sources``, into the warehouse."""
    with hold_warehouse(run.home), writing(run.home.database) as db:
        links, files, now = [run.file("links.jsonl")], map(run.file, sources), datetime.now(UTC)
        planned = merge_links(db, links, files, run.slugs, now, _revisits(run), with_news=run.verb != "revisit")
        count_plan(db, run.id, planned.discovered, planned.new, len(planned.due))
        return planned


def _revisits(run: Run) -> int:
    if not run.revisits:
        return 0
    return pace.REVISITS_ALONE if run.verb == "revisit" else pace.REVISITS


def fetch(run: Run) -> None:
    """Fetch what ``plan.jsonl`` lists: WARC files, ``captures.jsonl``, ``failures.jsonl``."""
    with run.tell.stage("fetch") as stage:
        total, barred = Lines(run.file("plan.jsonl")).count(), _forgotten(run)
        fetched, failed = Lines(run.file("captures.jsonl")), Lines(run.file("failures.jsonl"))
        _crawl(run, "fetch", {"forgotten": barred}, lambda: stage.update(fetched.count() + failed.count(), total))
        stage.update(fetched.count() + failed.count(), total)
        stage.say(f"{total} pages: {fetched.count()} fetched, {failed.count()} not")


def read(run: Run, is_fetched: Callable[[], bool] = lambda: True) -> Counts:
    """Read the captures as they come, until ``is_fetched``: ``articles.jsonl``, ``rejections.jsonl``."""
    from spiders.reading.pool import Limits, read_pages  # trafilatura takes a second to import, and most runs of a quiet hour read nothing

    articles, rejections = run.file("articles.jsonl"), run.file("rejections.jsonl")
    done = {row.capture_id for row in read_rows(Article, articles)} | {row.capture_id for row in read_rows(Rejection, rejections)}
    captures = (capture for capture in _follow(run, is_fetched) if capture.capture_id not in done)
    counts = [0, 0]
    good, bad = RowFile(articles), RowFile(rejections)
    with run.tell.stage("read") as stage:
        for reading in read_pages(captures, run.home.captures, run.outlets, run.workers, Limits(), _profiles(run)):
            is_article = isinstance(reading, Article)
            (good if is_article else bad).append(reading)
            counts[0 if is_article else 1] += 1
            stage.update(sum(counts))
        stage.say(f"{counts[0]} articles, {counts[1]} pages that are none")
    return Counts(*counts)


def load(run: Run) -> None:
    """Merge the run's files into the tables, in one transaction; group what is new into stories, and index it."""
    with run.tell.stage("load") as stage, hold_warehouse(run.home), writing(run.home.database) as db:
        loaded, unchanged = merge(db, run.folder, run.id)
        derive(db)
        stage.say(f"{loaded} new or changed articles, {unchanged} unchanged")


def check(run: Run, state: str = "done") -> list[Finding]:
    """Run the checks, and close the run's record: ``state``, or ``failed`` when a check found an error."""
    with run.tell.stage("check") as stage, hold_warehouse(run.home), writing(run.home.database) as db:
        findings = run_checks(db, run.folder, run.id, run.slugs, datetime.now(UTC))
        errors = [finding for finding in findings if finding.severity == "error"]
        end_run(db, run.id, "failed" if errors else state, datetime.now(UTC))
        stage.say(f"{len(errors)} errors, {len(findings) - len(errors)} warnings")
        return findings


def publish(run: Run) -> None:
    """Replace the consumers' file, in one step."""
    with run.tell.stage("publish") as stage, hold_warehouse(run.home):
        replace_published(run.home.database, run.home.published)
        stage.say(str(run.home.published))


def stop(run: Run) -> None:
    """Close the record of a run that died."""
    with hold_warehouse(run.home), writing(run.home.database) as db:
        end_run(db, run.id, "stopped", datetime.now(UTC))


def _profiles(run: Run) -> dict[str, list[Profile]]:
    with hold_warehouse(run.home), writing(run.home.database) as db:
        return known_profiles(db, run.slugs, run.reads_old_pages)


def _forgotten(run: Run) -> list[str]:
    """The articles that no redirect may lead to either."""
    with hold_warehouse(run.home), writing(run.home.database) as db:
        return sorted({row.article_id for row in forgotten(db, run.slugs)})


def _crawl(run: Run, what: str, extra: dict[str, object], watch: Callable[[], None] = lambda: None) -> None:
    """Run the crawler in a child process of its own: Twisted's reactor starts once a process, and a crash stays there."""
    job = {
        "run_id": run.id,
        "parent": os.getpid(),
        "folder": str(run.folder),
        "captures": str(run.home.captures),
        "robots": str(run.home.robots),
        "contact": run.contact,
        "outlets": [outlet.model_dump(mode="json") for outlet in run.outlets.values()],
        "known_sources": [],
        "fast": run.fast,
        **extra,
    }
    run.file(f"{what}.json").write_text(json.dumps(job))
    log = run.file(f"{what}.log")
    command = [sys.executable, "-m", "spiders", what, str(run.file(f"{what}.json"))]
    with log.open("wb") as words, _started(command, words, run) as crawler:
        code = _await(crawler, run, watch)
    if code != 0 and not run.stop.is_set():
        last = log.read_text(errors="replace")[-2000:]
        raise CapturesFull(last) if code == STORE_FAILED else CrawlerDied(what, code, last)


def _started(command: list[str], words: IO[bytes], run: Run) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches this process alone, which then asks the crawler to end in good order."""
    kept = [run.lock] if run.lock is not None else []
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True, pass_fds=kept)


def _await(crawler: subprocess.Popen[bytes], run: Run, watch: Callable[[], None]) -> int:
    try:
        while not run.stop.is_set():
            try:
                return crawler.wait(0.2)
            except subprocess.TimeoutExpired:
                watch()
        crawler.terminate()
        return crawler.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        return -9
    finally:
        if crawler.poll() is None:
            crawler.kill()


def _follow(run: Run, is_fetched: Callable[[], bool]) -> Iterator[Capture]:
    """The captures of the run, also those that the crawler is still writing."""
    path, position = run.file("captures.jsonl"), 0
    while True:
        last_look = is_fetched() or run.stop.is_set()
        if path.exists():
            with path.open("rb") as lines:
                lines.seek(position)
                for line in lines:
                    if not line.endswith(b"\n"):
                        break
                    position += len(line)
                    yield from_json(Capture, line)
        if last_look:
            return
        time.sleep(POLL_SECONDS)


class Lines:
    """The lines of a file that grows, counted without reading any of them twice."""

    def __init__(self, path: Path) -> None:
        self._path, self._position, self._count = path, 0, 0

    def count(self) -> int:
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._position)
                while piece := file.read(1 << 20):
                    self._position += len(piece)
                    self._count += piece.count(b"\n")
        return self._count


def _outlet_row(outlet: Outlet) -> OutletRow:
    expect = outlet.expect
    return OutletRow(
        outlet.slug,
        outlet.title,
        outlet.homepage,
        list(outlet.language),
        outlet.country,
        outlet.timezone,
        outlet.enabled,
        outlet.note,
        parse_duration(expect.newest_within) if expect.newest_within else None,
        expect.articles_per_run,
        expect.min_words,
        bool(outlet.read.body),
    )
