"""The order of the steps, told once: for cron as they are, for Prefect with each step wrapped as a task."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flows import learning, steps
from flows.mending import mend
from flows.run import Run, left_behind
from warehouse.check import Finding


@dataclass(frozen=True, slots=True)
class Steps:
    """What is called for each step."""

    discover: Callable[[Run], None] = steps.discover
    plan: Callable[[Run], int] = steps.plan
    fetch: Callable[[Run], None] = steps.fetch
    read: Callable[[Run, Callable[[], bool]], steps.Counts] = steps.read
    learn: Callable[[Run], None] = learning.learn
    load: Callable[[Run], None] = steps.load
    check: Callable[[Run, str], list[Finding]] = steps.check
    publish: Callable[[Run], None] = steps.publish


def ingest(run: Run, do: Steps = Steps()) -> list[Finding]:
    """A whole run: what earlier runs left is finished first. Returns what the checks found."""
    finish_left(run)
    do.discover(run)
    return _go_on(run, do)


def revisit(run: Run, do: Steps = Steps()) -> list[Finding]:
    """Visit again the known articles whose time has come, and nothing else: no source is asked. Returns what the checks found."""
    finish_left(run)
    steps.begin(run)
    return _go_on(run, do)


def _go_on(run: Run, do: Steps) -> list[Finding]:
    trouble = collect(run, do) if do.plan(run) else None
    if not trouble:
        do.learn(run)
    do.load(run)
    findings = do.check(run, "failed" if trouble else "done")
    do.publish(run)
    if trouble:
        raise trouble
    return findings


def collect(run: Run, do: Steps) -> BaseException | None:
    """Fetch and read at once: the pages of a slow host must not keep the processors waiting.

    Returns what went wrong with the fetching as a whole, a full disk for one: what was fetched before is read all the same.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="fetch") as thread:
        # Prefect knows the flow that a task belongs to by context variables
        fetching = thread.submit(contextvars.copy_context().run, do.fetch, run)
        try:
            do.read(run, fetching.done)
        except BaseException:
            run.stop.set()
            raise
        return fetching.exception()


def finish_left(run: Run) -> None:
    """Load what runs that died had fetched: their files say how far they had come."""
    with left_behind(run.home, run.tell, run.workers) as dead:
        for left in dead:
            run.tell.note(f"finishing run {left.id}, which had ended early")
            recover(left)


def recover(run: Run) -> None:
    """Finish a run whose process died: its links become links, its captures are read and loaded. What it had not fetched is due again.

    Of its sources nothing is taken: one may have answered whose links were not yet on disk, and would say "not modified" from then on.
    What looks at stored pages alone had changed nothing: it is done again by whoever wants it.
    """
    if run.verb in ("ingest", "revisit", "backfill"):
        mend(run)
        steps.begin(run)
        steps.take_links(run, [])
        steps.read(run)
        learning.learn(run)
        steps.load(run)
    steps.stop(run)


def backfill(run: Run, take_in: Callable[[], None], do: Steps = Steps()) -> list[Finding]:
    """``take_in`` leaves captures in the run's folder, as fetching would; the rest is the same."""
    finish_left(run)
    take_in()
    do.read(run, lambda: True)
    do.learn(run)
    do.load(run)
    findings = do.check(run, "done")
    do.publish(run)
    return findings
