"""Prefect around the daily report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.progress import Reporter
from flows.reports import write_report
from flows.settings import Settings
from flows.watched import HOUR, Ended, as_task, leave_artifacts, told


@flow(name="report", flow_run_name="report", timeout_seconds=HOUR)
def report(home: str | None = None) -> State[dict[str, Any]]:
    """Write the report of today."""

    def work(place: Path, settings: Settings, tell: Reporter) -> Ended:
        path = as_task(write_report)(place, settings, tell)
        leave_artifacts("report", [], "The daily report.", [], path)
        return Ended("Completed", str(path), {"report": str(path)})

    return told(home, work)
