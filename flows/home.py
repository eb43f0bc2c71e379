"""The data folder: what lies where, and who may write it now."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from flows.errors import HomeUnusable, OutletBusy

WAIT = 24 * 3600  # seconds that --wait waits


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder, absolute. ``database`` is the writer's file, in the folder unless a setting puts it elsewhere."""

    folder: Path
    database: Path

    @property
    def published(self) -> Path:
        return self.folder / "published" / "newsmill.duckdb"

    @property
    def captures(self) -> Path:
        return self.folder / "captures"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def robots(self) -> Path:
        return self.folder / "robots"

    @property
    def locks(self) -> Path:
        return self.folder / "locks"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def demo_mark(self) -> Path:
        return self.folder / ".demo"


def home_at(folder: Path, warehouse: str = "") -> Home:
    """The home at ``folder``, for looking: nothing is made."""
    folder = folder.expanduser().absolute()
    return Home(folder, Path(warehouse).expanduser().absolute() if warehouse else folder / "warehouse.duckdb")


def open_home(folder: Path, warehouse: str = "") -> Home:
    """The home at ``folder``, made if need be, for writing. Raises ``HomeUnusable``."""
    home = home_at(folder, warehouse)
    try:
        for part in (home.captures, home.runs, home.robots, home.locks, home.published.parent):
            part.mkdir(parents=True, exist_ok=True)
        probe = home.locks / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise HomeUnusable(home.folder, error.strerror or str(error)) from error
    return home


@contextmanager
def hold_outlets(home: Home, slugs: Sequence[str], wait: bool) -> Iterator[None]:
    """Hold ``slugs`` for this process: all of them or none. The system frees them when the process dies, however it does.

    Raises ``OutletBusy`` at once, or after ``WAIT`` when ``wait``.
    """
    deadline = time.monotonic() + (WAIT if wait else 0)
    with ExitStack() as held:
        for slug in sorted(slugs):  # in one order everywhere, or two runs could wait for each other
            lock = FileLock(home.locks / f"outlet-{slug}.lock", mode=0o644)
            try:
                held.enter_context(lock.acquire(timeout=max(0.0, deadline - time.monotonic())))
            except Timeout as error:
                raise OutletBusy([slug], _holder(home, slug)) from error
            _holder_file(home, slug).write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}))
        yield


@contextmanager
def hold_warehouse(home: Home) -> Iterator[None]:
    """Hold the writer's file: runs of different outlets load one after the other."""
    with FileLock(home.locks / "warehouse.lock", mode=0o644):
        yield


def _holder_file(home: Home, slug: str) -> Path:
    return home.locks / f"outlet-{slug}.json"


def _holder(home: Home, slug: str) -> str:
    try:
        facts = json.loads(_holder_file(home, slug).read_text())
        return f"process {facts['pid']} on {facts['host']}, since {facts['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
