"""The demo: newspapers of our own on loopback, the whole pipeline twice, and the tables a user will query."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from flows.choose import choose_outlets
from flows.errors import NotADemoHome
from flows.home import Home, open_home
from flows.progress import reporter_for
from flows.settings import Settings
from flows.show import as_table
from flows.verbs import ingest_now
from spiders.demo.server import Newspapers
from warehouse.query import ask_question

QUESTIONS = ("articles", "revisions", "profiles", "removed_blocks", "rejections", "links", "runs")


def run_demo(folder: Path, console: Console, quiet: bool) -> int:
    """Serve the newspapers, ingest them in two editions, print the tables. Raises ``NotADemoHome``."""
    home = _empty_demo_home(folder)
    tell = reporter_for(console, quiet)
    settings = Settings(home=folder, contact="the demo asks nobody but itself", warehouse="")
    with Newspapers(datetime.now(UTC)) as papers:
        files = home.folder / "outlets"
        papers.outlet_files(files)
        outlets = choose_outlets([], [files])
        for edition in (1, 2):
            papers.edition = edition
            tell.note(f"\nedition {edition} of {len(outlets)} newspapers on " + ", ".join(papers.origins.values()))
            ingest_now(folder, settings, outlets, tell)
    if not quiet:
        for question in QUESTIONS:
            answer = ask_question(home.published, f"demo_{question}")
            console.print()
            console.print(as_table(answer.names, answer.rows, answer.title))
        console.print(_next_steps(home, folder), markup=False, highlight=False)
    return 0


def _empty_demo_home(folder: Path) -> Home:
    """The demo's own folder, emptied of an earlier demo; never anyone else's data."""
    home = open_home(folder)
    if home.demo_mark.exists():
        shutil.rmtree(home.folder)
        home = open_home(folder)
    elif home.database.exists():
        raise NotADemoHome(home.folder)
    home.demo_mark.write_text("made by `newsmill demo`, and emptied by the next one\n")
    return home


def _next_steps(home: Home, folder: Path) -> str:
    flag = "" if folder == Path("data") else f" --home {folder}"
    return (
        f"\nThe data is in {home.folder}. Ask it:\n"
        f'  newsmill sql{flag} "SELECT title, text FROM articles LIMIT 1"\n'
        f"  newsmill status{flag}\n"
        f"  duckdb -readonly {home.published}\n"
    )
