"""Other people's SQL, over the published file alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import reading
from warehouse.errors import QueryError


def ask_published(path: Path, query: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of ``query``. Raises ``NothingPublished``, ``QueryError``, ``WarehouseUnreadable``."""
    with reading(path) as db:
        try:
            if not db.extract_statements(query):
                raise QueryError('there is no query: newsmill sql "FROM articles LIMIT 5"')
            answer = db.execute(query)
            return [column[0] for column in answer.description], answer.fetchall()
        except duckdb.Error as error:
            raise QueryError(f"{error}\nTables: {', '.join(_tables(db))}") from error


def _tables(db: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        name
        for (name,) in db.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY 1").fetchall()
    ]
