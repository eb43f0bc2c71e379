"""What the verbs that change something do, from an open home to the words about it."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import order
from flows.backfill import require_warcs, take_in
from flows.choose import distant_hosts
from flows.forgetting import finish as finish_removal
from flows.home import hold_outlets, home_at, open_home
from flows.learning import Lesson, learn_stored
from flows.progress import Reporter
from flows.rereading import Again, reread, reread_dry
from flows.run import Run, keep_folder, new_id
from flows.settings import Settings
from spiders.outlet import Outlet
from warehouse.check import Finding
from warehouse.errors import NothingPublished
from warehouse.reread import Comparison

Outcome = dict[str, Any]


def ingest_now(
    home: Path, settings: Settings, outlets: Mapping[str, Outlet], tell: Reporter, wait: bool = False, due: bool = False
) -> Outcome:
    """Run the steps over ``outlets``; ask all of their sources, or those ``due``. Raises ``OutletBusy`` and what the steps raise."""
    with begun(home, settings, "ingest", outlets, tell, wait, due) as run:
        return _outcome(run, order.ingest(run))


def backfill_now(home: Path, settings: Settings, outlet: Outlet, warcs: Sequence[Path], tell: Reporter, wait: bool = False) -> Outcome:
    """Take the pages of ``outlet`` in ``warcs`` through the same steps, from reading on. Raises ``BadArgument``."""
    require_warcs(warcs)
    with begun(home, settings, "backfill", {outlet.slug: outlet}, tell, wait) as run:
        return _outcome(run, order.backfill(run, lambda: take_in(run, outlet, warcs)))


def learn_now(home: Path, settings: Settings, outlets: Mapping[str, Outlet], tell: Reporter, wait: bool = False) -> list[Lesson]:
    """Learn ``outlets`` from their stored captures. Raises ``NothingPublished``, ``OutletBusy``."""
    _require_tables(home, settings)
    with begun(home, settings, "learn", outlets, tell, wait) as run:
        return learn_stored(run)


def reread_now(
    home: Path, settings: Settings, outlets: Mapping[str, Outlet], since: datetime | None, tell: Reporter, wait: bool = False
) -> list[Comparison]:
    """Read the stored captures of ``outlets`` again and keep that. Raises ``NothingPublished``, ``OutletBusy``."""
    _require_tables(home, settings)
    with begun(home, settings, "reread", outlets, tell, wait) as run:
        return reread(run, since)


def reread_dry_now(
    home: Path, settings: Settings, outlets: Mapping[str, Outlet], since: datetime | None, tell: Reporter
) -> list[Comparison]:
    """What ``reread_now`` would do, by the published tables; no lock is taken and no data touched. Raises ``NothingPublished``."""
    place = home_at(home, settings.warehouse)
    with tempfile.TemporaryDirectory(prefix="newsmill-") as scratch:
        return reread_dry(place, Again(outlets, since, place.captures, Path(scratch), settings.workers), tell)


def _require_tables(home: Path, settings: Settings) -> None:
    place = home_at(home, settings.warehouse)
    if not place.database.exists():
        raise NothingPublished(place.published)


@contextmanager
def begun(
    home: Path,
    settings: Settings,
    verb: str,
    outlets: Mapping[str, Outlet],
    tell: Reporter,
    wait: bool,
    due: bool = False,
    revisits: bool = True,
) -> Iterator[Run]:
    """A run that holds its outlets and its folder."""
    opened, now = open_home(home, settings.warehouse), datetime.now(UTC)
    finish_removal(opened, tell)
    run = Run(new_id(now), verb, opened, outlets, now, tell, settings.contact, not distant_hosts(outlets), settings.workers, due, revisits)
    with hold_outlets(opened, run.slugs, wait), keep_folder(run) as kept:
        yield kept


def _outcome(run: Run, findings: list[Finding]) -> Outcome:
    failed = any(finding.severity == "error" for finding in findings)
    return {
        "run_id": run.id,
        "state": "failed" if failed else "done",
        "outlets": list(run.slugs),
        "findings": [dataclasses.asdict(finding) for finding in findings],
    }
