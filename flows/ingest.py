"""Prefect around the steps: names, retries, a table of the counts. Wiring and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows import learning, order, steps
from flows.choose import choose_outlets, require_contact
from flows.progress import Lines, Reporter
from flows.settings import read_settings
from flows.verbs import begun
from warehouse.query import ask_question

P = ParamSpec("P")
R = TypeVar("R")


def _task(step: Callable[P, R], retries: int = 0) -> Callable[P, R]:
    # Prefect's own NO_CACHE is not of the type that its signature asks for
    return task(name=step.__name__, retries=retries, retry_delay_seconds=60, cache_policy=NO_CACHE)(step)


# The network may fail: try again. The rest is deterministic, and a retry would hide a bug.
STEPS = order.Steps(
    discover=_task(steps.discover, retries=2),
    plan=_task(steps.plan),
    fetch=_task(steps.fetch, retries=2),
    read=_task(steps.read),
    learn=_task(learning.learn),
    load=_task(steps.load),
    check=_task(steps.check),
    publish=_task(steps.publish),
)


def _run_name() -> str:
    names = flow_run.parameters.get("outlets") or ["all"]
    return f"ingest {', '.join(names[:3])}{' …' if len(names) > 3 else ''}"


@flow(name="ingest", flow_run_name=_run_name)
def ingest(
    outlets: list[str] | None = None, home: str | None = None, folders: list[str] | None = None, wait: bool = True, due: bool = False
) -> dict[str, object]:
    """Collect what is new from ``outlets`` (all enabled ones if None), from all of their sources or those that are ``due``.

    Fails when an outlet failed, after the others are done.
    """
    settings = read_settings()
    chosen = choose_outlets(outlets or [], [Path(folder) for folder in folders or []])
    require_contact(chosen, settings)
    with begun(Path(home) if home else settings.home, settings, "ingest", chosen, _reporter(), wait, due) as run:
        findings = order.ingest(run, STEPS)
        (counts,) = ask_question(run.home.published, "run_counts", {"run_id": run.id}).records()
    create_table_artifact(key="ingest-counts", table=[counts], description=f"Run {counts['run_id']}: what each stage did.")
    errors = [f"{finding.outlet or ''} {finding.name}: {finding.detail}" for finding in findings if finding.severity == "error"]
    if errors:
        raise RuntimeError("; ".join(errors))
    return counts


def _reporter() -> Reporter:
    logger = get_run_logger()

    class Logged(Lines):
        def note(self, text: str) -> None:
            logger.info(text)

    return Logged()
