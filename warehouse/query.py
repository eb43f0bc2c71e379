"""Questions to the published file: other people's SQL, and our own from ``questions/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import reading
from warehouse.errors import QueryError


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and rows, under the words that the question opens with."""

    names: list[str]
    rows: list[tuple[Any, ...]]
    title: str = ""

    def records(self) -> list[dict[str, Any]]:
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def without(self, name: str) -> Answer:
        """All columns but ``name``."""
        at = self.names.index(name)
        return Answer([*self.names[:at], *self.names[at + 1 :]], [(*row[:at], *row[at + 1 :]) for row in self.rows], self.title)


def ask(path: Path, query: str, parameters: Mapping[str, object] | None = None) -> Answer:
    """The answer of the published file at ``path``. Raises ``NothingPublished``, ``QueryError``, ``WarehouseUnreadable``."""
    with reading(path) as db:
        try:
            if not db.extract_statements(query):
                raise QueryError('there is no query: newsmill sql "FROM articles LIMIT 5"')
            answer = db.execute(query, dict(parameters or {}))
            return Answer([column[0] for column in answer.description], answer.fetchall())
        except duckdb.Error as error:
            raise QueryError(f"{error}\nTables: {', '.join(_tables(db))}") from error


def ask_question(path: Path, name: str, parameters: Mapping[str, object] | None = None) -> Answer:
    """The answer to ``questions/<name>.sql``, titled as that file is."""
    text = files("warehouse").joinpath("questions", f"{name}.sql").read_text(encoding="utf-8")
    answer = ask(path, text, parameters)
    return Answer(answer.names, answer.rows, text.splitlines()[0].removeprefix("-- "))


def _tables(db: duckdb.DuckDBPyConnection) -> list[str]:
    return [
        name
        for (name,) in db.execute("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal ORDER BY 1").fetchall()
    ]
