"""The consumers' file: whole, closed, and replaced in one step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from warehouse.errors import WarehouseFull


def publish(warehouse: Path, published: Path) -> None:
    """Put a copy of the closed ``warehouse`` in the place of ``published``.

    Readers of the old file keep it for as long as they hold it open. The copy must not be made while this process has the
    warehouse open: closing any descriptor of a file gives up the process's POSIX lock on it. Raises ``WarehouseFull``.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    fresh = published.with_name(f".{published.name}.new")
    try:
        shutil.copyfile(warehouse, fresh)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(published)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise WarehouseFull(published, error.strerror or str(error)) from error
