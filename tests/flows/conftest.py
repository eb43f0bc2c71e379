from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from spiders.demo.server import Newspapers, Seen

NEWSMILL = Path(sys.executable).parent / "newsmill"


class Desk:
    """The built-in newspapers, their outlet files, and a home; ``newsmill`` is run as a person would."""

    def __init__(self, papers: Newspapers, folder: Path) -> None:
        self.papers, self.folder = papers, folder
        self.home, self.outlets = folder / "home", folder / "outlets"
        self.seen: tuple[Seen, ...] = ()  # the requests of a fixture's runs
        self.said: subprocess.CompletedProcess[str] | None = None  # what a fixture's run said
        papers.outlet_files(self.outlets)

    def command(self, verb: str, *words: object, outlets: bool = True) -> list[str]:
        files = ["--outlets", self.outlets] if outlets else []
        return [str(word) for word in (NEWSMILL, *verb.split(), *words, "--home", self.home, *files)]

    def run(self, verb: str, *words: object, env: dict[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(verb, *words, **options),
            capture_output=True,
            text=True,
            env=clean_env(env),
            cwd=self.folder,
            check=False,
            timeout=120,
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.home / "published" / "newsmill.duckdb", read_only=True) as db:
            db.execute("SET TimeZone = 'UTC'")
            return db.execute(query).fetchall()

    def asked(self) -> int:
        return len(self.papers.requests)


def clean_env(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment without what would change newsmill's mind."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("NEWSMILL_") and not name.lower().endswith("_proxy")
    }
    return {**kept, **(more or {})}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Newspapers(datetime.now(UTC)) as papers:
        yield Desk(papers, tmp_path)


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on which both editions have been ingested; for tests that only look: who runs something that writes takes ``taken``."""
    with Newspapers(datetime.now(UTC)) as papers:
        desk = Desk(papers, tmp_path_factory.mktemp("printed"))
        first = desk.run("ingest")
        assert first.returncode == 0, first.stdout + first.stderr
        papers.edition = 2
        second = desk.run("ingest")
        assert second.returncode == 0, second.stdout + second.stderr
        desk.seen = tuple(papers.requests)
        yield desk


@pytest.fixture
def taken(printed: Desk, tmp_path: Path) -> Desk:
    """A copy of that home and its outlet files, to be changed at will."""
    mine = copy.copy(printed)
    mine.folder, mine.home, mine.outlets = tmp_path, tmp_path / "home", tmp_path / "outlets"
    shutil.copytree(printed.home, mine.home)
    shutil.copytree(printed.outlets, mine.outlets)
    return mine
