"""The tables made anew from the captures alone: each run is replayed, in order, as it was first read, learned from and loaded."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from flows import learning, steps
from flows.home import Home, hold_outlets, hold_warehouse, open_home
from flows.progress import Reporter
from flows.run import Run, keep_folder
from flows.settings import Settings
from spiders.archive import archive_files, entries, run_of
from spiders.outlet import Outlet
from spiders.urls import article_id, rewritten
from warehouse.compact import swap_in
from warehouse.connect import writing
from warehouse.contracts import Capture, Link, write_rows
from warehouse.derive import derive
from warehouse.forget import forget_again, read_forgotten
from warehouse.load import end_run
from warehouse.publish import publish
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was made; ``strangers`` are outlets that no file describes: their pages were read by general rules."""

    runs: int
    captures: int
    articles: int
    strangers: tuple[str, ...]


def rebuild(home: Path, settings: Settings, known: Mapping[str, Outlet], tell: Reporter, wait: bool) -> Rebuilt:
    """Replace the warehouse at ``home`` by one made of its captures, by today's code. The old file is set aside as ``….old``.

    What only the old tables knew does not come back: requests, links that were never fetched, what the checks found. Raises ``OutletBusy``.
    """
    place = open_home(home, settings.warehouse)
    files = archive_files(place.captures)
    slugs = sorted({path.relative_to(place.captures).parts[0] for path in files})
    with hold_outlets(place, slugs, wait), hold_warehouse(place):
        inner = _scratch(place)
        strangers: set[str] = set()
        counts = [0, 0]
        with tell.stage("rebuild") as stage:
            for run_id, paths in groupby(files, run_of):
                captures = _captures(place.captures, list(paths), known)
                if captures:
                    outlets = {slug: known.get(slug) or _stranger(slug, captures) for slug in sorted({each.outlet for each in captures})}
                    strangers |= outlets.keys() - known.keys()
                    _replay(inner, run_id, captures, outlets, settings.workers)
                    counts = [counts[0] + 1, counts[1] + len(captures)]
                    stage.update(counts[1])
            articles = _finish(place, inner)
            stage.say(f"{articles} articles from {counts[1]} captures of {counts[0]} runs")
        with tell.stage("publish") as stage:
            swap_in(inner.database, place.database)
            publish(place.database, place.published, is_whole=True)
            shutil.rmtree(inner.folder)
            stage.say(str(place.published))
    return Rebuilt(counts[0], counts[1], articles, tuple(sorted(strangers)))


def _scratch(place: Home) -> Home:
    """An empty home whose captures are those of ``place``, on the same disk."""
    folder = place.folder / "rebuilding"
    shutil.rmtree(folder, ignore_errors=True)
    inner = open_home(folder)
    inner.captures.rmdir()
    inner.captures.symlink_to(place.captures, target_is_directory=True)
    return inner


def _captures(folder: Path, paths: Sequence[Path], known: Mapping[str, Outlet]) -> list[Capture]:
    """What the files of a run hold, each capture once, less what was forgotten."""
    barred = {row.article_id for row in read_forgotten(folder)} | {row.url for row in read_forgotten(folder)}
    found: dict[str, Capture] = {}
    for path in paths:
        for entry in entries(folder, path):
            if entry.capture is not None:
                capture = _named(entry.capture, known.get(entry.capture.outlet))
                if not barred & {capture.article_id, capture.url, capture.final_url}:
                    found.setdefault(capture.capture_id, capture)
    return sorted(found.values(), key=lambda capture: (capture.captured_at, capture.capture_id))


def _named(capture: Capture, outlet: Outlet | None) -> Capture:
    """With its article, also where the archive does not name it."""
    if capture.article_id:
        return capture
    if outlet is None:
        return dataclasses.replace(capture, article_id=f"{capture.outlet}:{capture.url}")
    url = rewritten(outlet, capture.url)
    return dataclasses.replace(capture, url=url, article_id=article_id(outlet, url))


def _replay(inner: Home, run_id: str, captures: Sequence[Capture], outlets: Mapping[str, Outlet], workers: int) -> None:
    verb = "backfill" if all(capture.link_source == "warc" for capture in captures) else "ingest"
    with keep_folder(Run(run_id, verb, inner, outlets, _began(run_id, captures), Reporter(), workers=workers)) as run:
        steps.begin(run)
        write_rows(run.file("captures.jsonl"), captures)
        write_rows(run.file("links.jsonl"), _links(captures, outlets))
        steps.take_links(run, [])
        steps.read(run)
        learning.learn(run)
        steps.load(run)
        with writing(inner.database) as db:
            end_run(db, run.id, "done", captures[-1].captured_at)


def _links(captures: Iterable[Capture], outlets: Mapping[str, Outlet]) -> Iterator[Link]:
    """The links that led to ``captures``, as far as these tell: not where they stood, nor when they were first seen there."""
    for capture in captures:
        is_direct = capture.url == capture.final_url  # else its page has told which article it is: to the link that was news
        yield Link(
            outlet=capture.outlet,
            url=capture.url,
            article_id=capture.article_id if is_direct else article_id(outlets[capture.outlet], capture.url),
            source=capture.link_source,
            source_url="",
            discovered_at=capture.captured_at,
            title=capture.link_title,
            published_at=capture.link_published_at,
            published_raw=capture.link_published_raw,
            published_precision=capture.link_published_precision,
            modified_at=capture.link_modified_at,
        )


def _began(run_id: str, captures: Sequence[Capture]) -> datetime:
    with suppress(ValueError):
        return datetime.strptime(run_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return captures[0].captured_at


def _stranger(slug: str, captures: Iterable[Capture]) -> Outlet:
    url = urlsplit(next(capture.final_url for capture in captures if capture.outlet == slug))
    return Outlet(slug=slug, title=slug, homepage=f"{url.scheme}://{url.netloc}/")


def _finish(place: Home, inner: Home) -> int:
    """What was forgotten stays so; stories and search index are made. Returns the number of articles."""
    with writing(inner.database) as db:
        with transaction(db):
            forget_again(db, read_forgotten(place.captures), inner.folder / "forgotten.jsonl", datetime.now(UTC))
        derive(db)
        row = db.execute("SELECT count(*) FROM store.articles").fetchone()
        return int(row[0]) if row else 0
