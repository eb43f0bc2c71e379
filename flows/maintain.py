"""Prefect around the upkeep of a home."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.choose import known_outlets
from flows.progress import Reporter
from flows.settings import Settings
from flows.upkeep import check_home, tidy
from flows.watched import HOUR, Ended, as_asset_task, as_task, leave_artifacts, newest_report, told
from warehouse.check import Finding


@flow(name="maintain", flow_run_name="maintain", timeout_seconds=6 * HOUR)
def maintain(home: str | None = None, folders: list[str] | None = None, wait: bool = True, force: bool = False) -> State[dict[str, Any]]:
    """Let go of what was kept for long enough, copy the database compact with its search index sorted if much of it is free, or ``force``,
    and look whether all is whole."""

    def work(place: Path, settings: Settings, tell: Reporter) -> Ended:
        known = known_outlets([Path(folder) for folder in folders or []])
        done = dataclasses.asdict(as_asset_task(tidy)(place, settings, known, tell, wait, force))
        now = datetime.now(UTC)
        flaws = as_task(check_home)(place, settings, False, tell).flaws
        findings = [Finding(flaw.where, None, "error", flaw.problem, now) for flaw in flaws]
        leave_artifacts("maintain", [done], "What went, and what the database weighs.", findings, newest_report(place))
        if flaws:
            return Ended("Failed", "; ".join(f"{flaw.where}: {flaw.problem}" for flaw in flaws), done)
        return Ended("Completed", f"{done['before']:,} → {done['after']:,} bytes, all whole", done)

    return told(home, work)
