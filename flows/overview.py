"""What stands: outlets, runs, links, and what needs a person."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.home import home_at
from flows.settings import Settings
from flows.show import as_table, print_json
from flows.standing import alarms_of, screen, standings
from spiders.outlet import Outlet
from spiders.registry import read_catalogue, read_outlets
from warehouse.query import Answer, ask_question

LONG = ("runs", "links", "reasons")
TIMED = ("outlets", "needs_a_person")
STATUS = (*LONG, *TIMED)


def list_outlets(home: Path, settings: Settings, folders: Sequence[Path]) -> Answer:
    """The outlets of ``folders`` (or the built-in ones), beside what the published tables hold of them."""
    published = home_at(home, settings.warehouse).published
    held: dict[str, tuple[Any, ...]] = {}
    ill: dict[str, str] = {}
    if published.exists():
        held = {row[0]: row[1:] for row in ask_question(published, "outlets_held").rows}
        ill = dict(ask_question(published, "outlets_ill").rows)
    names = ["outlet", "title", "language", "enabled", "articles", "newest", "last_seen", "health", "note"]
    rows = []
    for slug, outlet in sorted(read_outlets(folders or None).items()):
        articles, newest, last_seen = held.get(slug, (0, None, None))
        health = ill.get(slug) or ("well" if slug in held else "not asked yet")
        rows.append((slug, outlet.title, list(outlet.language), outlet.enabled, articles, newest, last_seen, health, outlet.note))
    return Answer(names, rows)


def list_catalogue() -> Answer:
    """The starter catalogue, with the grade of the evidence that an entry works."""
    names = ["outlet", "title", "country", "language", "grade", "sources", "note"]
    rows = [
        (
            slug,
            entry.outlet.title,
            entry.outlet.country,
            list(entry.outlet.language),
            entry.grade,
            _sources(entry.outlet),
            entry.outlet.note,
        )
        for slug, entry in sorted(read_catalogue().items())
    ]
    return Answer(names, rows)


def show_status(home: Path, settings: Settings, console: Console, as_json: bool, is_long: bool, now: datetime) -> bool:
    """How each outlet does and what its last run found, on one screen; ``is_long``: also runs, links and reasons.

    Returns whether that needs a person. Raises ``NothingPublished``."""
    published = home_at(home, settings.warehouse).published
    answers = {name: ask_question(published, f"status_{name}", {"now": now} if name in TIMED else None) for name in STATUS}
    alarms = alarms_of(answers["needs_a_person"].records())
    found = standings(answers["outlets"].records(), alarms)
    if as_json:
        told = {each.outlet: {"health": each.health, "requests_an_article": each.requests_an_article} for each in found}
        outlets = [row | told[row["outlet"]] for row in answers["outlets"].records()]
        print_json({name: answer.records() for name, answer in answers.items()} | {"outlets": outlets})
    else:
        runs = [row for row in answers["runs"].records() if row["verb"] in ("ingest", "backfill")]
        height = sys.maxsize if is_long else console.height - 1
        for line in screen(found, alarms, runs[0] if runs else None, now, height, console.width):
            console.print(line, markup=False, highlight=False, no_wrap=True, style=_style(line))
    if is_long and not as_json:
        for name in LONG:
            answer = answers[name]
            console.print(as_table(answer.names, answer.rows, answer.title) if answer.rows else f"{answer.title}: nothing")
    return any(alarm.severity == "error" for alarm in alarms)


def _style(line: str) -> str:
    return "bold" if line.startswith(("outlet ", "! ")) else ""


def _sources(outlet: Outlet) -> int:
    return len(outlet.feeds) + len(outlet.sitemaps) + len(outlet.listings) + (outlet.wordpress is not None)
