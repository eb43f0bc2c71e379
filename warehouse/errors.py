"""What can go wrong with the warehouse, and who acts.

WarehouseError
├── WarehouseBusy       try later: another process holds the file
├── WarehouseNewer      the operator upgrades newsmill: the file was written by a later release
├── WarehouseEdited     the developer restores a migration that was changed after it had been applied
├── WarehouseUnreadable the operator restores a backup or rebuilds from the captures
├── WarehouseFull       the operator makes room: nothing was lost, the run goes on from its files
├── NothingPublished    the operator runs an ingest first
├── PublishedOlder      the operator runs an ingest first: the file was published by an earlier release
├── QueryError          the asker mends the SQL
│   └── NoSuchTable     the asker names another table
├── InTheWay            the operator names another path: what is there is not ours to replace
├── NotABackup          the operator names a backup that is whole
├── UnknownTarget       the operator names a URL or an outlet that the warehouse knows
└── WorkUnfinished      the operator repeats the verb that was cut short
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class WarehouseError(Exception):
    """A warehouse cannot do what was asked."""


class WarehouseBusy(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} is in use by another process: {reason}")


class WarehouseNewer(WarehouseError):
    def __init__(self, path: Path, found: int, known: int) -> None:
        self.path, self.found, self.known = path, found, known
        super().__init__(f"{path} has schema {found}, this release knows {known}: upgrade newsmill. Nothing was changed.")


class WarehouseEdited(WarehouseError):
    def __init__(self, path: Path, migration: str) -> None:
        self.path, self.migration = path, migration
        super().__init__(f"{path} was made with another text of migration {migration}: migrations are never edited, add a new one")


class WarehouseUnreadable(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(
            f"{path} cannot be read: {reason}. The captures are untouched: `newsmill warehouse restore` brings back a backup, "
            "`newsmill rebuild` makes the tables anew from the captures"
        )


class WarehouseFull(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        is_read_only = "read-only file system" in reason.lower()
        problem = f"{path} cannot be written: {reason}" if is_read_only else f"no space to write {path}: {reason}"
        super().__init__(f"{problem}. What was fetched is kept; make room and run again")


class NothingPublished(WarehouseError):
    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} does not exist yet: run `newsmill ingest` (or `newsmill demo`) first")


class PublishedOlder(WarehouseError):
    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} was published by an earlier release: run `newsmill ingest` or `newsmill learn` first, and ask again")


class QueryError(WarehouseError):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)


class NoSuchTable(QueryError):
    def __init__(self, table: str, near: Sequence[str], known: Sequence[str]) -> None:
        self.table = table
        hint = f"did you mean {' or '.join(near)}? " if near else ""
        super().__init__(f"no such table: {table}; {hint}Tables: {', '.join(known)}")


class InTheWay(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} is not overwritten: {reason}. Name another path, or move it away")


class NotABackup(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be restored: {reason}. Nothing was changed")


class UnknownTarget(WarehouseError):
    def __init__(self, target: str, near: Sequence[str] = ()) -> None:
        self.target = target
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"nothing is known of {target}, so there is nothing to forget.{hint}")


class WorkUnfinished(WarehouseError):
    def __init__(self, path: Path, verb: str) -> None:
        self.path = path
        super().__init__(f"{path}: an earlier `newsmill {verb}` was cut short. Run it again, and it will be finished")
