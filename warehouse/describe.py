"""The tables in words, from the comments that they carry: ``python -m warehouse.describe > docs/tables.md``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

from warehouse.connect import writing

HEAD = """# The tables

Made from the schema's own comments by `.venv/bin/python -m warehouse.describe > docs/tables.md`.
They stand in `published/newsmill.duckdb`, which any number of programs may open read-only at any time. All times are UTC.
"""


def describe(db: duckdb.DuckDBPyConnection) -> str:
    """Markdown of all consumer views of ``db``."""
    views = db.execute(
        "SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY view_oid"
    ).fetchall()
    return "\n".join([HEAD, *(_section(db, name, comment) for name, comment in views)])


def _section(db: duckdb.DuckDBPyConnection, view: str, comment: str) -> str:
    columns = db.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [view],
    ).fetchall()
    rows = "\n".join(f"| `{name}` | {kind.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')} | {words} |" for name, kind, words in columns)
    return f"## {view}\n\n{comment}\n\n| column | type | |\n|---|---|---|\n{rows}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch, writing(Path(scratch) / "empty.duckdb") as empty:
        sys.stdout.write(describe(empty))
