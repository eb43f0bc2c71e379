"""One run: what it is about, where its files lie, and what was left by runs that died."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil

from flows.home import Home
from flows.progress import Reporter
from spiders.outlet import Outlet

_ORPHANS = 30.0  # seconds that a crawler may live on without its run: it is still starting, or requests are under way
_MAKING = 60  # seconds in which a run makes its folder or removes it


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
    is_scheduled: bool = False  # only the sources are asked whose time has come
    revisits: bool = True  # known articles are visited again; a run that does nothing else has the verb `revisit`
    stop: threading.Event = field(default_factory=threading.Event)
    lock: int | None = None  # the descriptor that locks the folder

    @property
    def folder(self) -> Path:
        return self.home.runs / self.id

    @property
    def reads_old_pages(self) -> bool:
        """Whether its pages may be of any time, so that profiles of all times are asked."""
        return self.verb in ("backfill", "reread")

    @property
    def slugs(self) -> Sequence[str]:
        return sorted(self.outlets)

    def file(self, name: str) -> Path:
        return self.folder / name


def new_id(now: datetime) -> str:
    """Sorts by time; unlike any other run's."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


@contextmanager
def keep_folder(run: Run) -> Iterator[Run]:
    """``run`` with its folder, while it lives. The folder goes when the run has ended well; one that stays is finished by a later run."""
    making = run.folder.with_name(f".{run.id}")
    making.mkdir(parents=True)
    lock = _lock(making)
    assert lock is not None
    try:
        facts = {
            "owner": _this_process(),
            "verb": run.verb,
            "started_at": run.started_at.isoformat(),
            "outlets": [outlet.model_dump(mode="json") for outlet in run.outlets.values()],
        }
        (making / "run.json").write_text(json.dumps(facts))
        making.rename(run.folder)  # nobody meets a folder that is not yet locked, or does not yet say what it is about
        yield replace(run, lock=lock)
        _remove(run.folder)
    finally:
        os.close(lock)


@contextmanager
def left_behind(home: Home, tell: Reporter, workers: int) -> Iterator[list[Run]]:
    """The runs in ``home`` that died before they had loaded what they fetched. They are held while the context lasts, and gone after it."""
    held: list[int] = []
    runs: list[Run] = []
    try:
        for folder in sorted(home.runs.iterdir()):
            lock = _lock(folder) or _lock_when_orphans_end(folder)
            if lock is None:
                continue  # it lives
            held.append(lock)
            if folder.name.startswith("."):
                _remove_old(folder)
            elif run := _read_run(home, folder, tell, workers):
                runs.append(run)
        yield runs
        for run in runs:
            _remove(run.folder)
    finally:
        for lock in held:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """A descriptor that locks ``folder``, or None if another holds it. It is handed on to the crawler, so that a run lives for as long as
    any process of it writes; a lock of the library ``filelock`` cannot be handed on."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None  # it went away while we looked
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _lock_when_orphans_end(folder: Path) -> int | None:
    """As ``_lock``, when it is only the crawler of a dead run that still holds ``folder``: it ends by itself, once it has looked up."""
    deadline = time.monotonic() + _ORPHANS
    while _owner_is_dead(folder) and time.monotonic() < deadline:
        if lock := _lock(folder):
            return lock
        time.sleep(0.05)
    return None


def _owner_is_dead(folder: Path) -> bool:
    """Whether the process that made ``folder`` ran on this machine, and runs no more."""
    try:
        host, pid, began = json.loads((folder / "run.json").read_text())["owner"]
        return bool(host == socket.gethostname()) and (not psutil.pid_exists(pid) or psutil.Process(pid).create_time() != began)
    except (OSError, ValueError, KeyError, psutil.Error):
        return False


def _this_process() -> tuple[str, int, float]:
    return socket.gethostname(), os.getpid(), psutil.Process().create_time()


def _remove(folder: Path) -> None:
    """In one step for everyone who looks, whenever this process dies."""
    going = folder.with_name(f".{folder.name}")
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def _remove_old(folder: Path) -> None:
    """What a run that died while it began or ended has left; not what one is just making."""
    if folder.exists() and time.time() - folder.stat().st_mtime > _MAKING:
        shutil.rmtree(folder, ignore_errors=True)


def _read_run(home: Home, folder: Path, tell: Reporter, workers: int) -> Run | None:
    """The run that left ``folder``; None, and a word about it, if that cannot be made out."""
    try:
        facts = json.loads((folder / "run.json").read_text())
        outlets = {outlet["slug"]: Outlet.model_validate(outlet) for outlet in facts["outlets"]}
        return Run(folder.name, facts["verb"], home, outlets, datetime.fromisoformat(facts["started_at"]), tell, workers=workers)
    except (OSError, ValueError, KeyError) as error:
        tell.note(f"{folder} is left alone: it is not a run's folder ({error})")
        return None
