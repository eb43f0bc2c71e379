"""A crawl in an Internet of our own: names that lead where a test says, and a log of every look-up and connection."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.spiders.crawling import Run, run
from tests.spiders.faulty_server import FaultyServer

HERE = Path(__file__).resolve().parent
# Addresses that belong to the public Internet as far as a fence can know; nothing leaves this machine.
PUBLIC = ("93.0.0.1", "93.0.0.2", "93.0.0.3")


@dataclass(slots=True)
class Toy:
    """``names``: what each look-up of a name answers, the last answer staying. ``hosts``: "address:port" → the server behind it."""

    folder: Path
    names: Mapping[str, Sequence[Sequence[str]]]
    hosts: Mapping[str, FaultyServer]
    log: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        table = {
            "names": self.names,
            "hosts": {place: server.port for place, server in self.hosts.items()},
            "log": str(self._log_file),
        }
        return {"PYTHONPATH": str(HERE / "toy_internet"), "TOY_INTERNET": json.dumps(table)}

    @property
    def connected(self) -> list[str]:
        """The addresses of all connections that were tried, in their order."""
        lines = self._log_file.read_text(encoding="utf-8").splitlines() if self._log_file.exists() else []
        return [line.split()[1] for line in lines if line.startswith("connected")]

    @property
    def asked(self) -> list[str]:
        """The names that were looked up."""
        return [line.split()[1] for line in self._log_file.read_text(encoding="utf-8").splitlines() if line.startswith("asked")]

    @property
    def _log_file(self) -> Path:
        return self.folder / "toy.log"


def crawl(verb: str, run_of: Run, toy: Toy) -> Run:
    """The crawl of ``run_of``'s job in that Internet."""
    return run(verb, run_of.job, toy.environment)
