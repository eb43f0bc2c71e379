"""What a home remembers of the flow runs that a Prefect server should know the end of: a server may be away, a process may be killed.

A file a flow run, in ``prefect/flow-runs/``: which process it is, and how it ended once it has. The next one tells the server.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import psutil

Ending = Literal["Completed", "Failed", "Cancelled"]


@dataclass(frozen=True, slots=True)
class Note:
    """A flow run: the process ``pid`` on ``host`` that began at ``began``; how it ``ended``, and why."""

    flow_run: str
    host: str
    pid: int
    began: float
    ended: Ending | None = None
    message: str = ""

    @property
    def is_over(self) -> bool:
        """Whether its process is gone. Of a process on another machine nothing is known."""
        if self.host != socket.gethostname():
            return False
        try:
            return psutil.Process(self.pid).create_time() != self.began
        except psutil.NoSuchProcess:
            return True


def notes_folder(home: Path) -> Path:
    return home / "prefect" / "flow-runs"


def note_of_this_process(flow_run: str) -> Note:
    return Note(flow_run, socket.gethostname(), os.getpid(), psutil.Process().create_time())


def write_note(home: Path, note: Note) -> None:
    path = _path(home, note)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(note)))
    new.replace(path)


def drop_note(home: Path, note: Note) -> None:
    _path(home, note).unlink(missing_ok=True)


def notes_of_the_dead(home: Path) -> Iterator[Note]:
    """The notes whose processes are gone."""
    for path in sorted(notes_folder(home).glob("*.json")):
        try:
            note = Note(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            continue  # another one has just told it, or it is none of ours
        if note.is_over:
            yield note


def _path(home: Path, note: Note) -> Path:
    return notes_folder(home) / f"{note.flow_run}.json"
