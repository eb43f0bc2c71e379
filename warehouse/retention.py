"""How long pages and texts are kept, outlet by outlet; and what has been kept for long enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import duckdb

from warehouse.contracts import Capture
from warehouse.stage import run


@dataclass(frozen=True, slots=True)
class Keeping:
    """Before which moment an outlet's captures, and its texts, are let go; None: never. A page goes with its text at the latest."""

    outlet: str
    captures_before: datetime | None
    text_before: datetime | None


def find(db: duckdb.DuckDBPyConnection, keeping: Sequence[Keeping]) -> tuple[int, int]:
    """Lay out what goes, for ``delete``. Returns how many captures and how many readings that is."""
    run(db, "expire_find", {"keeping": json.dumps([asdict(each) for each in keeping], default=datetime.isoformat)})
    row = db.execute("SELECT (SELECT count(*) FROM gone_captures), (SELECT count(*) FROM stale)").fetchone()
    return (row[0], row[1]) if row else (0, 0)


def delete(db: duckdb.DuckDBPyConnection, now: datetime) -> None:
    """Empty the texts and delete the captures' rows; within the caller's transaction."""
    run(db, "expire_rows", {"now": now})


def is_gone(db: duckdb.DuckDBPyConnection, keeping: Sequence[Keeping]) -> Callable[[Capture], bool]:
    """Whether a capture that a WARC file holds goes, also where no table knows it."""
    ids = {key for (key,) in db.execute("SELECT capture_id FROM gone_captures").fetchall()}
    before = {each.outlet: max(filter(None, (each.captures_before, each.text_before))) for each in keeping}
    return lambda capture: capture.capture_id in ids or capture.captured_at < before.get(capture.outlet, capture.captured_at)
