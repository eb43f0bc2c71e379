"""A copy of database and captures that was whole when it was made, and says how to tell that it still is."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from warehouse.connect import writing
from warehouse.errors import InTheWay, NotABackup, WarehouseFull
from warehouse.migrate import schema_version

MANIFEST = "manifest.json"
DATABASE = "warehouse.duckdb"
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A file of a backup, by its path in it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    made_at: str
    schema: int
    has_captures: bool  # else the manifest alone names them: they lie where they lay
    files: tuple[BackedUp, ...]


def back_up(database: Path, captures: Path, files: Iterable[Path], path: Path, now: datetime, has_captures: bool) -> Backup:
    """Copy the warehouse and ``files`` of ``captures`` into the new folder ``path``, whole or not at all, while the caller holds both.

    Raises ``InTheWay``, ``WarehouseFull``.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise InTheWay(path, "it exists")
    if not path.absolute().parent.is_dir():
        raise InTheWay(path, "its folder does not exist")
    fresh = path.with_name(f".{path.name}.partial")
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        with writing(database):
            pass  # nothing is left in the log
        done = [_copied(database, fresh / DATABASE, DATABASE)]
        for file in files:
            name = f"captures/{file.relative_to(captures).as_posix()}"
            done.append(_copied(file, fresh / name, name) if has_captures else _measured(file, name))
        backup = Backup(now.isoformat(), schema_version(), has_captures, tuple(done))
        (fresh / MANIFEST).write_text(json.dumps(asdict(backup), indent=1), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise WarehouseFull(path, error.strerror or str(error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return backup


def read_backup(path: Path) -> Backup:
    """The backup at ``path``, each byte of it looked at. Raises ``NotABackup``."""
    try:
        facts = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(BackedUp(**each) for each in facts["files"])
        backup = Backup(facts["made_at"], facts["schema"], facts["has_captures"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotABackup(path, f"its {MANIFEST} cannot be read ({error})") from error
    if backup.schema > schema_version():
        raise NotABackup(path, f"it has schema {backup.schema}, this release knows {schema_version()}: upgrade newsmill")
    for file in _stored(backup):
        if not (path / file.path).resolve().is_relative_to(path.resolve()):
            raise NotABackup(path, f"{file.path} lies outside of it")
        try:
            found = _measured(path / file.path, file.path)
        except OSError as error:
            raise NotABackup(path, f"{file.path}: {error.strerror}") from error
        if found != file:
            raise NotABackup(path, f"{file.path} is not what it was: {found.bytes} bytes of {file.bytes}, another digest")
    return backup


def restore_captures(path: Path, backup: Backup, captures: Path) -> int:
    """Copy the captures of a backup that ``captures`` lacks. Returns how many files that were."""
    count = 0
    for file in _stored(backup):
        target = captures / file.path.removeprefix("captures/") if file.path != DATABASE else None
        # WARC files only grow: one that is longer here has what the backup has
        if target and target.suffix == ".gz" and not (target.exists() and target.stat().st_size >= file.bytes):
            fresh = target.with_name(f".{target.name}.restored")
            _copied(path / file.path, fresh, file.path)
            fresh.replace(target)
            count += 1
    return count


def restore_database(path: Path, database: Path) -> Path:
    """A copy of the backup's database beside ``database``, to be swapped in."""
    fresh = database.with_name(f".{database.name}.restored")
    _copied(path / DATABASE, fresh, DATABASE)
    return fresh


def _stored(backup: Backup) -> Iterator[BackedUp]:
    return (file for file in backup.files if backup.has_captures or file.path == DATABASE)


def _copied(source: Path, target: Path, name: str) -> BackedUp:
    """Copy as much of ``source`` as there is now: the file of a run under way grows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as old, target.open("wb") as new:
        left = os.fstat(old.fileno()).st_size
        while left and (piece := old.read(min(left, _PIECE))):
            new.write(piece)
            digest.update(piece)
            size, left = size + len(piece), left - len(piece)
        new.flush()
        os.fsync(new.fileno())
    return BackedUp(name, size, digest.hexdigest())


def _measured(file: Path, name: str) -> BackedUp:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
        return BackedUp(name, stream.tell(), digest.hexdigest())
