"""What the verbs that change something do, from an open home to the words about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import order
from flows.backfill import require_warcs, take_in
from flows.choose import distant_hosts
from flows.home import hold_outlets, open_home
from flows.progress import Reporter
from flows.run import Run, keep_folder, new_id
from flows.settings import Settings
from spiders.outlet import Outlet
from warehouse.check import Finding

Outcome = dict[str, Any]


def ingest_now(home: Path, settings: Settings, outlets: Mapping[str, Outlet], tell: Reporter, wait: bool = False) -> Outcome:
    """Run the steps over ``outlets``. Raises ``OutletBusy`` and what the steps raise."""
    with begun(home, settings, "ingest", outlets, tell, wait) as run:
        return _outcome(run, order.ingest(run))


def backfill_now(home: Path, settings: Settings, outlet: Outlet, warcs: Sequence[Path], tell: Reporter, wait: bool = False) -> Outcome:
    """Take the pages of ``outlet`` in ``warcs`` through the same steps, from reading on. Raises ``BadArgument``."""
    require_warcs(warcs)
    with begun(home, settings, "backfill", {outlet.slug: outlet}, tell, wait) as run:
        return _outcome(run, order.backfill(run, lambda: take_in(run, outlet, warcs)))


@contextmanager
def begun(home: Path, settings: Settings, verb: str, outlets: Mapping[str, Outlet], tell: Reporter, wait: bool) -> Iterator[Run]:
    """A run that holds its outlets and its folder."""
    opened, now = open_home(home, settings.warehouse), datetime.now(UTC)
    run = Run(new_id(now), verb, opened, outlets, now, tell, settings.contact, not distant_hosts(outlets), settings.workers)
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
