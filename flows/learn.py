"""Prefect around learning from stored pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.choose import choose_outlets
from flows.layouts import lesson_rows
from flows.progress import Reporter
from flows.settings import Settings
from flows.verbs import learn_now
from flows.watched import HOUR, Ended, as_asset_task, leave_artifacts, newest_report, told


@flow(name="learn", flow_run_name="learn", timeout_seconds=3 * HOUR)
def learn(
    outlets: list[str] | None = None, home: str | None = None, folders: list[str] | None = None, wait: bool = True
) -> State[dict[str, Any]]:
    """Learn from stored pages how the pages of ``outlets`` are read (all enabled ones if None)."""

    def work(place: Path, settings: Settings, tell: Reporter) -> Ended:
        chosen = choose_outlets(outlets or [], [Path(folder) for folder in folders or []], are_asked=False)
        found = as_asset_task(learn_now)(place, settings, chosen, tell, wait)
        names, rows = lesson_rows(found)
        leave_artifacts(
            "learn", [dict(zip(names, map(str, row), strict=True)) for row in rows], "What was learned.", [], newest_report(place)
        )
        new = sum(len(lesson.new) for lesson in found)
        return Ended("Completed", f"{new} new profiles from {len(found)} outlets", {"new": new, "outlets": len(found)})

    return told(home, work)
