"""The numbers of row states: each is drawn once, for one row and one state of it, wherever the rows are copied to."""

from __future__ import annotations

import duckdb

_LAST = "SELECT coalesce(last_value, 0) FROM duckdb_sequences() WHERE database_name = $database AND sequence_name = 'row_versions'"


def carry_versions(db: duckdb.DuckDBPyConnection, old: str, new: str) -> None:
    """Let the attached database ``new``, which took over rows of ``old``, draw numbers that ``old`` has not drawn."""
    db.execute(f"SELECT count(nextval('{new}.store.row_versions')) FROM range({_last(db, new)}, {_last(db, old)})")


def _last(db: duckdb.DuckDBPyConnection, database: str) -> int:
    row = db.execute(_LAST, {"database": database}).fetchone()
    return int(row[0]) if row else 0
