"""What stands: outlets, runs, links, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.home import home_at
from flows.settings import Settings
from flows.show import as_table, print_json
from spiders.outlet import Outlet
from spiders.registry import read_catalogue, read_outlets
from warehouse.query import Answer, ask_question

STATUS = ("runs", "links", "reasons", "needs_a_person")


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


def show_status(home: Path, settings: Settings, console: Console, as_json: bool) -> bool:
    """The last runs, every link's state, and what the last run's checks found. Returns whether that needs a person."""
    published = home_at(home, settings.warehouse).published
    answers = {name: ask_question(published, f"status_{name}") for name in STATUS}
    if as_json:
        print_json({name: answer.records() for name, answer in answers.items()})
    else:
        for answer in answers.values():
            console.print(as_table(answer.names, answer.rows, answer.title) if answer.rows else f"{answer.title}: nothing")
    return any(row["severity"] == "error" for row in answers["needs_a_person"].records())


def _sources(outlet: Outlet) -> int:
    return len(outlet.feeds) + len(outlet.sitemaps) + len(outlet.listings) + (outlet.wordpress is not None)
