"""What all flows share: tasks around steps, a reporter that logs, artifacts, and an end that the server learns of, if need be later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import httpx
from prefect import get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.runtime import flow_run

from flows.errors import OutletBusy
from flows.flow_notes import Ending, Note, drop_note, note_of_this_process, notes_of_the_dead, write_note
from flows.progress import Lines, Reporter
from flows.settings import Settings, read_settings
from warehouse.check import Finding

P = ParamSpec("P")
R = TypeVar("R")

HOUR = 3600.0
ASSETS = tuple(f"duckdb://newsmill/{table}" for table in ("articles", "revisions", "links", "outlets", "stories"))


@dataclass(frozen=True, slots=True)
class Ended:
    """How a flow run ended, in a sentence, with what it returns."""

    how: Ending
    message: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> State[Any]:
        data = self.data if self.how == "Completed" else self.message  # what whoever calls the flow is given, or has raised
        return State(type=StateType(self.how.upper()), name=self.how, message=self.message, data=data)


Work = Callable[[Path, Settings, Reporter], Ended]


def as_task(step: Callable[P, R], retries: int = 0) -> Callable[P, R]:
    """``step`` as a task of its name, tried again a minute later so many times."""
    # Prefect's own NO_CACHE is not of the type that its signature asks for
    return task(name=step.__name__, retries=retries, retry_delay_seconds=60, cache_policy=NO_CACHE)(step)


def as_asset_task(step: Callable[P, R]) -> Callable[P, R]:
    """``step`` as a task that makes the published tables anew."""
    return materialize(*ASSETS, by="newsmill", name=step.__name__, cache_policy=NO_CACHE)(step)


def told(home: str | None, work: Work) -> State[dict[str, Any]]:
    """Do ``work`` in ``home``, and end in a state that says why.

    An outlet that is busy ends in Cancelled, as Prefect's own limit does: nothing was done, and nothing is wrong. How it ended is noted
    in the home first: when the server cannot be told, a later flow run there tells it.
    """
    settings = read_settings()
    folder = (Path(home) if home else settings.home).expanduser().absolute()
    with suppress(httpx.HTTPError):  # a server that has just gone away is told by the next one
        tell_late(folder)
    note = note_of_this_process(str(flow_run.id))
    write_note(folder, note)
    try:
        ended = work(folder, settings, _reporter())
    except OutletBusy as busy:
        ended = Ended("Cancelled", str(busy))
    except Exception as error:
        write_note(folder, replace(note, ended="Failed", message=f"{type(error).__name__}: {error}"))
        raise
    write_note(folder, replace(note, ended=ended.how, message=ended.message))
    return ended.state


def tell_late(home: Path) -> None:
    """Tell the server how the flow runs of ``home`` ended whose processes are gone, where it does not know."""
    notes = list(notes_of_the_dead(home))
    if not notes:
        return
    with get_client(sync_client=True) as client:
        for note in notes:
            _tell_end(client, note)
            drop_note(home, note)


def _tell_end(client: SyncPrefectClient, note: Note) -> None:
    try:
        known = client.read_flow_run(UUID(note.flow_run)).state
    except ObjectNotFound:
        return
    is_guess = known is not None and known.is_crashed() and note.ended is not None  # its worker could not know better
    if known is not None and known.is_final() and not is_guess:
        return
    if note.ended:
        state: State[Any] = State(
            type=StateType(note.ended.upper()), name=note.ended, message=f"{note.message} (told later: the server was away)"
        )
    else:
        state = State(type=StateType.CRASHED, message=f"its process {note.pid} was killed; the next run finishes what it had fetched")
    client.set_flow_run_state(UUID(note.flow_run), state, force=True)


def leave_artifacts(key: str, rows: Sequence[dict[str, Any]], words: str, findings: Sequence[Finding], report: Path | None) -> None:
    """A table of what was done, the findings, and a link to the newest report, if there is one. A server that is away gets none of it."""
    try:
        create_table_artifact(table=list(rows), key=f"{key}-counts", description=words)
        create_markdown_artifact(markdown=as_markdown(findings), key=f"{key}-findings", description="What the checks found.")
        if report:
            create_link_artifact(link=report.as_uri(), link_text=report.name, key="report", description="The newest report.")
    except httpx.HTTPError as error:
        get_run_logger().warning("the server takes no artifacts: %s", error)


def newest_report(home: Path) -> Path | None:
    return max((home / "reports").glob("*.html"), default=None)


def as_markdown(findings: Sequence[Finding]) -> str:
    if not findings:
        return "Nothing was found."
    lines = [f"| {each.severity} | {each.outlet or ''} | {each.name} | {_cell(each.detail)} |" for each in findings]
    return "\n".join(("| | outlet | check | what |", "|---|---|---|---|", *lines))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _reporter() -> Reporter:
    logger = get_run_logger()

    class Logged(Lines):
        def note(self, text: str) -> None:
            logger.info(text)

    return Logged()
