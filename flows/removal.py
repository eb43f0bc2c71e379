"""Pages taken out of a home for good: rows, WARC records, free blocks, published copies; begun once, it is finished whatever dies."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows.home import Home
from flows.progress import Reporter
from spiders.archive import archive_files, rewrite_without
from warehouse.compact import compact
from warehouse.connect import writing
from warehouse.contracts import Capture
from warehouse.derive import derive, sweep
from warehouse.forget import Target, kept_in, move, write_forgotten
from warehouse.publish import publish
from warehouse.stage import run as run_statement
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes: ``find`` lays out the temporary tables (gone_captures at least), ``is_gone`` judges what WARC files hold."""

    find: Callable[[duckdb.DuckDBPyConnection], object]
    is_gone: Callable[[duckdb.DuckDBPyConnection], Callable[[Capture], bool]]
    delete: Callable[[duckdb.DuckDBPyConnection, datetime], None]


@dataclass(frozen=True, slots=True)
class Journal:
    """A removal under way, in ``removing.json``: enough to end it. ``replaced`` are WARC files, the old one and the new one (or none)."""

    run_id: str
    verb: str
    outlets: tuple[str, ...]
    targets: tuple[Target, ...] = ()
    replaced: tuple[tuple[str, str | None], ...] = ()

    @staticmethod
    def at(home: Home) -> Path:
        return home.folder / "removing.json"

    def write(self, home: Home) -> None:
        path = self.at(home)
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(dataclasses.asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    @classmethod
    def read(cls, home: Home) -> Journal | None:
        if not cls.at(home).exists():
            return None
        facts = json.loads(cls.at(home).read_text(encoding="utf-8"))
        replaced = tuple((old, new) for old, new in facts["replaced"])
        targets = tuple(Target(**each) for each in facts["targets"])
        return cls(facts["run_id"], facts["verb"], tuple(facts["outlets"]), targets, replaced)


def remove(home: Home, journal: Journal, plan: Plan, tell: Reporter) -> int:
    """Carry ``plan`` out, while the caller holds the warehouse and the journal's outlets. Returns the number of WARC files that changed.

    In this order, so that a death at any moment leaves either all or the means to end it: new WARC files beside the old ones, rows and
    places in one transaction, then a compact database, the published copy, and last the old WARC files.
    """
    now = datetime.now(UTC)
    journal.write(home)
    with tell.stage(journal.verb) as stage, writing(home.database) as db:
        plan.find(db)
        journal, places = _rewrite(home, db, journal, plan.is_gone(db), stage.update)
        with transaction(db):
            for file, offsets in places:
                move(db, file, offsets)
            plan.delete(db, now)
            sweep(db)
            facts = {"run_id": journal.run_id, "verb": journal.verb, "outlets": list(journal.outlets), "now": now}
            run_statement(db, "record_removal", facts)
        derive(db)
        stage.say(f"{len(journal.replaced)} WARC files written anew")
    settle(home, journal, tell)
    return len(journal.replaced)


def settle(home: Home, journal: Journal, tell: Reporter) -> None:
    """End a removal whose rows are gone: no byte of them stays in any file of the home."""
    with tell.stage("compact") as stage:
        with writing(home.database) as db:
            write_forgotten(db, home.captures)
        done = compact(home.database)
        stage.say(f"{done.before:,} → {done.after:,} bytes")
    with tell.stage("publish") as stage:
        _drop_copies(home)
        publish(home.database, home.published, is_whole=True)
        stage.say(str(home.published))
    for old, _ in journal.replaced:
        (home.captures / old).unlink(missing_ok=True)
    _drop_empty(home.captures, journal)
    if journal.verb == "forget":
        for report in home.reports.glob("*.html"):  # they hold headlines; `newsmill report --date` makes them anew
            report.unlink()
    Journal.at(home).unlink()


def unfinished(home: Home) -> tuple[Journal, bool] | None:
    """The removal that died in ``home``, if any, and whether its rows are gone already. The caller holds the warehouse."""
    journal = Journal.read(home)
    if journal is None:
        return None
    with writing(home.database) as db:
        row = db.execute("SELECT count(*) FROM store.runs WHERE run_id = ?", [journal.run_id]).fetchone()
    return journal, bool(row and row[0])


def undo_files(home: Home, journal: Journal) -> None:
    """Take back the WARC files of a removal whose rows are all still there."""
    for _, new in journal.replaced:
        if new:
            (home.captures / new).unlink(missing_ok=True)


def _rewrite(
    home: Home,
    db: duckdb.DuckDBPyConnection,
    journal: Journal,
    is_gone: Callable[[Capture], bool],
    update: Callable[[int], None],
) -> tuple[Journal, list[tuple[str, dict[str, int]]]]:
    """Write the WARC files of the journal's outlets that hold what goes anew. The journal names each new file before it is begun."""
    places = []
    for count, path in enumerate(archive_files(home.captures, set(journal.outlets))):
        file = path.relative_to(home.captures).as_posix()

        def announce(new: Path | None, file: str = file) -> None:
            nonlocal journal
            name = new.relative_to(home.captures).as_posix() if new else None
            journal = dataclasses.replace(journal, replaced=(*journal.replaced, (file, name)))
            journal.write(home)

        written = rewrite_without(home.captures, path, kept_in(db, file), is_gone, announce)
        if written and written.path:
            places.append((written.path.relative_to(home.captures).as_posix(), dict(written.offsets)))
        update(count + 1)
    return journal, places


def _drop_copies(home: Home) -> None:
    """Databases beside the two: what a rebuild set aside, what did not fit into memory, or a copying that died has left."""
    for path in (home.database, home.published):
        for left in (path.with_name(f"{path.name}.old"), *path.parent.glob(f".{path.name}.*")):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _drop_empty(captures: Path, journal: Journal) -> None:
    for folder in sorted({(captures / old).parent for old, _ in journal.replaced}):
        for each in (folder, folder.parent):
            if each != captures and each.is_dir() and not any(each.iterdir()):
                each.rmdir()
