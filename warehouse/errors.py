"""What can go wrong with the warehouse, and who acts.

WarehouseError
├── WarehouseBusy       try later: another process holds the file
├── WarehouseNewer      the operator upgrades newsmill: the file was written by a later release
├── WarehouseEdited     the developer restores a migration that was changed after it had been applied
├── WarehouseUnreadable the operator restores a backup or rebuilds from the captures
├── WarehouseFull       the operator makes room: nothing was lost, the run goes on from its files
├── NothingPublished    the operator runs an ingest first
└── QueryError          the asker mends the SQL
"""

from __future__ import annotations

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
            f"{path} cannot be read: {reason}. The captures are untouched; restore a backup of this file or move it away and run again"
        )


class WarehouseFull(WarehouseError):
    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"no space to write {path}: {reason}. What was fetched is kept; make room and run again")


class NothingPublished(WarehouseError):
    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} does not exist yet: run `newsmill ingest` (or `newsmill demo`) first")


class QueryError(WarehouseError):
    def __init__(self, problem: str) -> None:
        super().__init__(problem)
