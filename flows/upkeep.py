"""Looking after a home: what was kept for long enough goes, waste goes, copies are made, and everything is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flows.forgetting import finish, forget_once_more
from flows.home import Home, hold_outlets, hold_warehouse, home_at, open_home
from flows.progress import Reporter
from flows.removal import Journal, Plan, remove
from flows.run import new_id
from flows.settings import Settings
from spiders.archive import archive_files
from spiders.captures import UnreadableCapture, read_body
from spiders.outlet import Outlet
from spiders.outlet_values import parse_duration
from warehouse import backup as copies
from warehouse import retention, search
from warehouse.backup import Backup
from warehouse.compact import WASTEFUL, compact, free_share, swap_in
from warehouse.connect import writing
from warehouse.contracts import Capture
from warehouse.errors import NotABackup, NothingPublished, WarehouseError
from warehouse.forget import forgotten_file, read_forgotten, write_forgotten
from warehouse.integrity import Flaw, captures_to_check, failed_checks, open_for_reading, read_everything
from warehouse.publish import publish
from warehouse.retention import Keeping

SAMPLE = 500  # captures that a check reads if it is not told to read all: some seconds


@dataclass(frozen=True, slots=True)
class Tidied:
    """What went because it was kept for long enough, and what the file weighs."""

    captures: int
    texts: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Checked:
    captures: int
    flaws: tuple[Flaw, ...]


def tidy(home: Path, settings: Settings, known: Mapping[str, Outlet], tell: Reporter, wait: bool, force: bool = False) -> Tidied:
    """Let go of what the outlets' files ask to keep no longer; copy the database compact if much of it is free, or ``force``."""
    place = _opened(home, settings)
    finish(place, tell)
    keeping = [each for outlet in known.values() if (each := _keeping(outlet, datetime.now(UTC)))]
    with hold_outlets(place, [each.outlet for each in keeping], wait), hold_warehouse(place):
        with writing(place.database) as db:
            captures, texts = retention.find(db, keeping)
        before = place.database.stat().st_size
        if captures or texts:
            outlets = tuple(sorted(each.outlet for each in keeping))
            plan = Plan(lambda db: retention.find(db, keeping), lambda db: retention.is_gone(db, keeping), retention.delete)
            remove(place, Journal(new_id(datetime.now(UTC)), "keep", outlets), plan, tell)
        elif force or free_share(place.database) > WASTEFUL:
            with tell.stage("compact") as stage:
                with writing(place.database) as db:
                    search.sort(db)
                done = compact(place.database)
                stage.say(f"{done.before:,} → {done.after:,} bytes")
        return Tidied(captures, texts, before, place.database.stat().st_size)


def back_up(home: Path, settings: Settings, path: Path, with_captures: bool, tell: Reporter) -> Backup:
    """Copy database and captures into the new folder ``path``. Runs may go on; what they load comes into the next backup."""
    place = _opened(home, settings)
    with tell.stage("backup") as stage, hold_warehouse(place):
        listed = [*archive_files(place.captures), *filter(Path.exists, [forgotten_file(place.captures)])]
        done = copies.back_up(place.database, place.captures, listed, path.absolute(), datetime.now(UTC), with_captures)
        stage.say(f"{sum(file.bytes for file in done.files):,} bytes in {len(done.files)} files")
        return done


def restore(home: Path, settings: Settings, path: Path, tell: Reporter, wait: bool) -> Backup:
    """Put the backup at ``path`` in the place of the database, and the captures that are missing in theirs; what was forgotten stays so.

    Everything is looked at before anything is changed. The old database is set aside as ``….old``. Raises ``NotABackup``.
    """
    with tell.stage("look") as stage:
        backup = copies.read_backup(path)
        with open_for_reading(path / copies.DATABASE) as db:
            if flaws := read_everything(db, path / copies.DATABASE):
                raise NotABackup(path, flaws[0].problem)
        stage.say(f"of {backup.made_at}, {len(backup.files)} files")
    place = open_home(home, settings.warehouse)
    slugs = {file.path.split("/")[1] for file in backup.files if file.path.endswith(".warc.gz")}
    slugs |= {folder.name for folder in place.captures.iterdir() if folder.is_dir()}
    with hold_outlets(place, sorted(slugs), wait), hold_warehouse(place):
        with tell.stage("restore") as stage:
            count = copies.restore_captures(path, backup, place.captures)
            swap_in(copies.restore_database(path, place.database), place.database)
            stage.say(f"{count} WARC files were missing")
        if not forget_once_more(place, read_forgotten(place.captures), tell):
            with writing(place.database) as db:
                write_forgotten(db, place.captures)
            publish(place.database, place.published, is_whole=True)
    return backup


def check_home(home: Path, settings: Settings, is_every: bool, tell: Reporter) -> Checked:
    """Read the database to its last block, run its checks, and look whether stored pages lie where their rows say, as they came."""
    place = _opened(home, settings)
    now = datetime.now(UTC)
    flaws: list[Flaw] = []
    if Journal.at(place).exists():
        flaws.append(Flaw("removing.json", "an earlier `newsmill forget` was cut short: any `newsmill forget` or `ingest` ends it"))
    with tell.stage("tables") as stage, hold_warehouse(place):
        captures = _checked_tables(place.database, now, None if is_every else SAMPLE, flaws)
        if place.published.exists():
            flaws += _readable(place.published)
        stage.say(f"{len(flaws)} flaws")
    with tell.stage("captures") as stage:
        for count, capture in enumerate(captures):
            flaws += _wrong_with(place.captures, capture)
            stage.update(count + 1, len(captures))
        stage.say(f"{len(captures)} looked at")
    return Checked(len(captures), tuple(flaws))


def _checked_tables(path: Path, now: datetime, most: int | None, flaws: list[Flaw]) -> list[Capture]:
    """The captures to look at; to ``flaws`` what is wrong with the tables."""
    flaws += _readable(path)
    if flaws:
        return []
    with writing(path) as db:
        flaws += failed_checks(db, now)
        return captures_to_check(db, most, f"{now:%Y-%m-%d}")


def _readable(path: Path) -> list[Flaw]:
    try:
        with open_for_reading(path) as db:
            return read_everything(db, path)
    except WarehouseError as error:
        return [Flaw(path.name, str(error))]


def _wrong_with(folder: Path, capture: Capture) -> list[Flaw]:
    try:
        body = read_body(folder, capture)
    except UnreadableCapture as error:
        return [Flaw(f"capture {capture.capture_id}", str(error))]
    digest = hashlib.sha256(body.exchange.payload).hexdigest()
    if digest == capture.sha256:
        return []
    return [Flaw(f"capture {capture.capture_id}", f"{capture.file}: its digest is {digest[:12]}…, its row says {capture.sha256[:12]}…")]


def _keeping(outlet: Outlet, now: datetime) -> Keeping | None:
    captures, text = outlet.keep.captures, outlet.keep.text
    if captures is None and text is None:
        return None
    return Keeping(outlet.slug, now - parse_duration(captures) if captures else None, now - parse_duration(text) if text else None)


def _opened(home: Path, settings: Settings) -> Home:
    place = home_at(home, settings.warehouse)
    if not place.database.exists():
        raise NothingPublished(place.published)
    return open_home(home, settings.warehouse)
