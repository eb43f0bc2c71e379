"""One run: what it is about, where its files lie, and what was left by runs that died."""

from __future__ import annotations

import json
import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flows.home import Home
from flows.progress import Reporter
from spiders.outlet import Outlet


@dataclass(frozen=True, slots=True)
class Run:
    """A run of ``outlets``. ``stop`` is set when the user wants it to end; ``fast`` allows delays below half a second."""

    id: str
    verb: str
    home: Home
    outlets: Mapping[str, Outlet]
    started_at: datetime
    tell: Reporter
    contact: str = ""
    fast: bool = False
    workers: int = 2
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def folder(self) -> Path:
        return self.home.runs / self.id

    @property
    def slugs(self) -> Sequence[str]:
        return sorted(self.outlets)

    def file(self, name: str) -> Path:
        return self.folder / name


def new_id(now: datetime) -> str:
    """Sorts by time; unlike any other run's."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


@contextmanager
def keep_folder(run: Run) -> Iterator[None]:
    """The run's folder, while the run lives. It goes when the run has ended well; one that stays is finished by a later run."""
    run.folder.mkdir(parents=True, exist_ok=True)
    with FileLock(run.folder / "lock", mode=0o644):
        facts = {
            "verb": run.verb,
            "started_at": run.started_at.isoformat(),
            "outlets": [outlet.model_dump(mode="json") for outlet in run.outlets.values()],
        }
        run.file("run.json").write_text(json.dumps(facts))
        yield
    shutil.rmtree(run.folder, ignore_errors=True)


@contextmanager
def left_behind(home: Home, tell: Reporter, workers: int) -> Iterator[list[Run]]:
    """The runs in ``home`` whose process died before it had loaded what it fetched. They are held while the context lasts."""
    held: list[FileLock] = []
    runs: list[Run] = []
    try:
        for folder in sorted(home.runs.iterdir()):
            lock = FileLock(folder / "lock", mode=0o644)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue  # it lives
            held.append(lock)
            runs.append(_read_run(home, folder, tell, workers))
        yield runs
        for run in runs:
            shutil.rmtree(run.folder, ignore_errors=True)
    finally:
        for lock in held:
            lock.release()


def _read_run(home: Home, folder: Path, tell: Reporter, workers: int) -> Run:
    """The run that left ``folder``; one that died before it had written what it was about has nothing to finish."""
    try:
        facts = json.loads((folder / "run.json").read_text())
        outlets = {outlet["slug"]: Outlet.model_validate(outlet) for outlet in facts["outlets"]}
        return Run(folder.name, facts["verb"], home, outlets, datetime.fromisoformat(facts["started_at"]), tell, workers=workers)
    except (OSError, ValueError, KeyError):
        return Run(folder.name, "unknown", home, {}, datetime.now(UTC), tell, workers=workers)
