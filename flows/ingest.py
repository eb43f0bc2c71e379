"""Prefect around the steps: names, retries, what was done as artifacts and assets. Wiring and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows import learning, order, steps
from flows.choose import choose_outlets, in_shard, require_contact
from flows.progress import Reporter
from flows.settings import Settings
from flows.verbs import begun
from flows.watched import HOUR, Ended, as_asset_task, as_task, leave_artifacts, newest_report, told
from spiders.outlet import Outlet
from warehouse.query import ask_question

# The network may fail: try again. The rest is deterministic, and a retry would hide a bug.
STEPS = order.Steps(
    discover=as_task(steps.discover, retries=2),
    plan=as_task(steps.plan),
    fetch=as_task(steps.fetch, retries=2),
    read=as_task(steps.read),
    learn=as_task(learning.learn),
    load=as_task(steps.load),
    check=as_task(steps.check),
    publish=as_asset_task(steps.publish),
)
LONGEST = 3 * HOUR  # what was fetched until then is kept, and the next run goes on from there


def _run_name() -> str:
    names = flow_run.parameters.get("outlets") or [f"shard {shard}" if (shard := flow_run.parameters.get("shard")) else "all"]
    return f"{flow_run.flow_name} {', '.join(names[:3])}{' …' if len(names) > 3 else ''}"


@flow(name="ingest", flow_run_name=_run_name, timeout_seconds=LONGEST)
def ingest(
    outlets: list[str] | None = None,
    home: str | None = None,
    folders: list[str] | None = None,
    wait: bool = True,
    due: bool = False,
    shard: str | None = None,
    revisits: bool = True,
) -> State[dict[str, Any]]:
    """Collect what is new from ``outlets`` (all enabled ones if None) or those in ``shard``, from all of their sources or those ``due``.

    With ``revisits`` known articles are visited again, too. Fails when an outlet failed, after the others are done.
    """

    def work(place: Path, settings: Settings, tell: Reporter) -> Ended:
        return _collect("ingest", place, settings, _chosen(outlets, folders, shard), tell, wait, due, revisits)

    return told(home, work)


@flow(name="revisit", flow_run_name=_run_name, timeout_seconds=LONGEST)
def revisit(
    outlets: list[str] | None = None,
    home: str | None = None,
    folders: list[str] | None = None,
    wait: bool = True,
    shard: str | None = None,
) -> State[dict[str, Any]]:
    """Visit again the known articles of ``outlets`` whose time has come. No source is asked."""

    def work(place: Path, settings: Settings, tell: Reporter) -> Ended:
        return _collect("revisit", place, settings, _chosen(outlets, folders, shard), tell, wait)

    return told(home, work)


def _collect(
    verb: Literal["ingest", "revisit"],
    home: Path,
    settings: Settings,
    outlets: Mapping[str, Outlet],
    tell: Reporter,
    wait: bool,
    due: bool = False,
    revisits: bool = True,
) -> Ended:
    if not outlets:
        return Ended("Completed", "no outlet is in this shard")
    require_contact(outlets, settings)
    with begun(home, settings, verb, outlets, tell, wait, due, revisits) as run:
        findings = (order.revisit if verb == "revisit" else order.ingest)(run, STEPS)
        (counts,) = ask_question(run.home.published, "run_counts", {"run_id": run.id}).records()
        rows = ask_question(run.home.published, "run_outlets", {"run_id": run.id}).records()
    leave_artifacts(verb, rows, f"Run {run.id}: what it did, outlet by outlet.", findings, newest_report(home))
    errors = [f"{finding.outlet or ''} {finding.name}: {finding.detail}" for finding in findings if finding.severity == "error"]
    if errors:
        return Ended("Failed", "; ".join(errors), counts)
    return Ended("Completed", f"{counts['loaded']} articles loaded, {counts['requests']} requests, run {run.id}", counts)


def _chosen(outlets: list[str] | None, folders: list[str] | None, shard: str | None) -> dict[str, Outlet]:
    chosen = choose_outlets(outlets or [], [Path(folder) for folder in folders or []])
    return in_shard(chosen, shard) if shard else chosen
