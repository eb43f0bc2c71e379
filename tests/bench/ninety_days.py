"""Ninety days of fifty outlets, by a simulated clock: ``python -m tests.bench.ninety_days [--days 90] [--outlets 50] [--seed 1] …``.

The web is a model (``papers``, ``model_web``), since 8,640 crawls take as long as they take. All that decides is newsmill's own: which
source is due, what is planned, what a failure means, what is loaded as what, what is alarmed about. Left out: the crawler's process,
reading of HTML, learning (a layout that changes stays unread), stories and search, publishing.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from rich.console import Console

from flows.steps import _outlet_row
from tests.bench.figures import show
from tests.bench.model_web import Web
from tests.bench.papers import BEGAN, DAY, Paper, papers
from warehouse import pace
from warehouse.check import check
from warehouse.connect import writing
from warehouse.contracts import Capture, write_rows
from warehouse.load import begin_run, count_plan, end_run, load
from warehouse.plan import known_sources, plan, refusing

_FILES = ("captures", "articles", "rejections", "failures", "requests")
_STAGES = ("begin", "discover", "plan", "fetch", "load", "check")


@dataclass(slots=True)
class Life:
    """What came of it: figures that the tables do not hold."""

    now: datetime
    runs: int = 0
    rows_at: dict[tuple[str, str], datetime] = field(default_factory=dict)  # outlet and path → when its row stood first
    revisits: int = 0  # pages asked for again that were articles already
    first_visits: int = 0
    unchecked: list[Capture] = field(default_factory=list)  # of the runs since the last that was checked
    alarms: dict[tuple[str, str, str, datetime], datetime] = field(default_factory=dict)  # outlet, name, severity, since → first found
    stages: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    walls: list[float] = field(default_factory=list)


def live(
    db: duckdb.DuckDBPyConnection, folder: Path, made: Sequence[Paper], until: datetime, every: timedelta, checks: int, console: Console
) -> Life:
    """Run after run, from the first day on."""
    web, life = Web(made), Life(BEGAN)
    slugs = [paper.slug for paper in made]
    for slug in slugs:
        db.execute("INSERT INTO store.profiles SELECT $1, 'v', 'article', $2, $2, 8, TRUE, 'model', [], [], [], [], []", [slug, BEGAN])
    while life.now < until:
        began = time.perf_counter()
        _run(db, folder, web, life, slugs, checks)
        life.walls.append(time.perf_counter() - began)
        life.now, life.runs = life.now + every, life.runs + 1
        if (life.now - BEGAN) % (5 * DAY) < every and life.now < until:
            show(db, made, life, until, every, console)
    return life


def _run(db: duckdb.DuckDBPyConnection, folder: Path, web: Web, life: Life, slugs: Sequence[str], checks: int) -> None:
    now, run_id = life.now, f"run{life.runs:05}"
    watch = _Watch(life.stages)
    web.begin(run_id, now)
    begin_run(db, run_id, "ingest", [_outlet_row(site.outlet) for site in web.sites.values()], now)
    known, refused = known_sources(db, slugs, now), refusing(db, slugs, now)
    watch.lap("begin")
    web.discover(known, refused)
    web.rows.write(folder, ("links", "sources"))
    watch.lap("discover")
    planned = plan(db, [folder / "links.jsonl"], [folder / "sources.jsonl"], slugs, now + timedelta(minutes=1), pace.REVISITS)
    count_plan(db, run_id, planned.discovered, planned.new, len(planned.due))
    watch.lap("plan")
    for link in planned.due:
        if (link.outlet, _path(link.url)) in life.rows_at:
            life.revisits += 1
        else:
            life.first_visits += 1
    web.fetch(planned.due)
    web.rows.write(folder, _FILES)
    end = max((site.clock for site in web.sites.values()), default=now)
    for article in web.rows.articles:
        life.rows_at.setdefault((article.outlet, _path(article.url)), end)
    watch.lap("fetch")
    load(db, folder, run_id)
    watch.lap("load")
    life.unchecked += web.rows.captures
    if life.runs % checks == 0:
        write_rows(folder / "captures.jsonl", life.unchecked)  # outlets are judged that brought pages: in any of these runs
        life.unchecked.clear()
        for finding in check(db, folder, run_id, slugs, end):
            life.alarms.setdefault((finding.outlet or "", finding.name, finding.severity, finding.since), end)
    end_run(db, run_id, "done", end)
    watch.lap("check")


def _path(url: str) -> str:
    return url.partition("?")[0].partition(".example")[2]


class _Watch:
    def __init__(self, stages: dict[str, float]) -> None:
        self._stages, self._last = stages, time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._stages[name] += now - self._last
        self._last = now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--outlets", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=15, help="minutes between two runs")
    parser.add_argument("--checks", type=int, default=1, help="of so many runs one is checked")
    parser.add_argument("--keep", type=Path, help="a folder to leave the warehouse in")
    told = parser.parse_args()
    console, every = Console(width=150), timedelta(minutes=told.every)
    made, until = papers(told.outlets, told.days, told.seed), BEGAN + told.days * DAY
    with tempfile.TemporaryDirectory(prefix="newsmill-bench-") as temporary:
        home = told.keep or Path(temporary)
        folder = home / "run"
        folder.mkdir(parents=True, exist_ok=True)
        with writing(home / "warehouse.duckdb") as db:
            db.execute("SET threads = 1")  # statements of a few milliseconds: a second thread costs more than it brings
            life = live(db, folder, made, until, every, told.checks, console)
            show(db, made, life, until, every, console)
        console.print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
