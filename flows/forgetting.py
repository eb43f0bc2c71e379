"""Takedown: what a person asks to be forgotten goes, and is not fetched again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.choose import known_outlets
from flows.errors import BadArgument
from flows.home import Home, hold_outlets, hold_warehouse, home_at, open_home
from flows.order import finish_left
from flows.progress import Reporter
from flows.removal import Journal, Plan, remove, settle, undo_files, unfinished
from flows.run import Run, new_id
from flows.settings import Settings
from spiders.urls import NotAWebURL, article_id, belongs, canonical_url, rewritten
from warehouse import forget as tables
from warehouse.connect import writing
from warehouse.errors import NothingPublished, UnknownTarget
from warehouse.forget import Forgotten, Found, Target


@dataclass(frozen=True, slots=True)
class Takedown:
    """What was asked for, and what it comes to."""

    target: str
    found: Found
    files: int = 0


def look(home: Path, settings: Settings, url: str | None, outlet: str | None, folders: Sequence[Path]) -> Takedown:
    """What forgetting ``url``, or all of ``outlet``, comes to. Nothing is changed. Raises ``UnknownTarget``, ``NothingPublished``."""
    place = _opened(home, settings)
    with hold_warehouse(place), writing(place.database) as db:
        return Takedown(url or outlet or "", _found(db, _targets(url, outlet, folders), url or outlet or ""))


def forget(
    home: Path, settings: Settings, url: str | None, outlet: str | None, folders: Sequence[Path], tell: Reporter, wait: bool
) -> Takedown:
    """Take ``url``, or all of ``outlet``, out of the home for good. Raises what ``look`` raises, and ``OutletBusy``."""
    name, place, targets = url or outlet or "", _opened(home, settings), _targets(url, outlet, folders)
    finish(place, tell)
    now = datetime.now(UTC)
    with hold_outlets(place, look(home, settings, url, outlet, folders).found.outlets, wait):
        finish_left(Run(new_id(now), "forget", place, {}, now, tell, workers=settings.workers))  # its files may hold what goes
        with hold_warehouse(place):
            with writing(place.database) as db:
                found = _found(db, targets, name)
            journal = Journal(new_id(now), "forget", found.outlets, tuple(targets))
            return Takedown(name, found, remove(place, journal, _plan(targets), tell))


def finish(home: Home, tell: Reporter) -> None:
    """End a removal that died. One whose rows are all there is begun anew, unless a run holds its outlets: then later."""
    if not Journal.at(home).exists():
        return
    with hold_warehouse(home):
        dead = unfinished(home)
        if dead is None:
            return
        journal, is_deleted = dead
        tell.note(f"finishing `newsmill {journal.verb}`, which had ended early")
        if is_deleted:
            settle(home, journal, tell)
            return
        undo_files(home, journal)
        if journal.verb != "forget":
            Journal.at(home).unlink()  # what has been kept for long enough is found again by the next look
            return
        fresh = Journal(new_id(datetime.now(UTC)), journal.verb, journal.outlets, journal.targets)
        with hold_outlets(home, fresh.outlets, wait=False):
            remove(home, fresh, _plan(fresh.targets), tell)


def forget_once_more(place: Home, known: Sequence[Forgotten], tell: Reporter) -> bool:
    """Take out what was forgotten before, where an older copy has brought it back, while the caller holds all. Returns whether it had."""
    targets = [Target(each.outlet, each.url, each.article_id) for each in known]
    with writing(place.database) as db:
        now_known = {(row.outlet, row.url) for row in tables.forgotten(db)}
        missing = [each for each in targets if (each.outlet, each.url) not in now_known]
        found = tables.find(db, missing) if missing else None
    if found is None:
        return False
    remove(place, Journal(new_id(datetime.now(UTC)), "forget", found.outlets, tuple(missing)), _plan(missing), tell)
    return True


def _plan(targets: Sequence[Target]) -> Plan:
    return Plan(lambda db: tables.find(db, targets), lambda db: tables.is_gone(db, targets), tables.delete)


def _found(db: duckdb.DuckDBPyConnection, targets: Sequence[Target], name: str) -> Found:
    found = tables.find(db, targets)
    if not (found.articles or found.captures or found.links or any(each.outlet and each.url for each in targets)):
        raise UnknownTarget(name)
    return found


def _targets(url: str | None, outlet: str | None, folders: Sequence[Path]) -> list[Target]:
    """``url`` in all of its spellings, as each outlet that it may belong to would know it; or ``outlet``."""
    if (url is None) == (outlet is None):
        raise BadArgument("name either a URL or --outlet SLUG: newsmill forget https://outlet.example/article")
    if url is None:
        return [Target(outlet=outlet)]
    spellings = [url]
    try:
        spellings.append(canonical_url(url))
    except NotAWebURL as error:
        raise BadArgument(f"{url} is no web address: {error.reason}") from error
    targets = [Target(url=each) for each in dict.fromkeys(spellings)]
    for slug, known in known_outlets(folders).items():
        if belongs(known, url):
            targets.append(Target(slug, rewritten(known, url), article_id(known, url)))
    return targets


def _opened(home: Path, settings: Settings) -> Home:
    place = home_at(home, settings.warehouse)
    if not place.database.exists():
        raise NothingPublished(place.published)
    return open_home(home, settings.warehouse)
