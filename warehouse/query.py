"""Questions to the published file: other people's SQL, and our own from ``questions/``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import reading
from warehouse.errors import NoSuchTable, QueryError
from warehouse.stage import run

BATCH = 1000  # rows handed on at once
_UNKNOWN_TABLE = re.compile(r"Table with name (\S+) does not exist")
_UNKNOWN_COLUMN = re.compile(r'Referenced (?:column|table) "([^"]+)" not found|does not have a column named "([^"]+)"')


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


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer that is still being read: names and types of the columns, and the rows as they come."""

    names: list[str]
    types: list[str]
    rows: Iterator[tuple[Any, ...]]


def ask(path: Path, query: str, parameters: Mapping[str, object] | None = None) -> Answer:
    """The answer of the published file at ``path``. Raises ``NothingPublished``, ``QueryError``, ``WarehouseUnreadable``."""
    with asking(path, query, parameters) as answer:
        return Answer(answer.names, list(answer.rows))


@contextmanager
def asking(path: Path, query: str, parameters: Mapping[str, object] | None = None) -> Iterator[Rows]:
    """As ``ask``, for answers of any length: within the context the rows are read on. What ends the asking ends the query."""
    with reading(path) as db:
        try:
            if not db.extract_statements(query):
                raise QueryError('there is no query: newsmill sql "FROM articles LIMIT 5"')
            answer = db.execute(query, dict(parameters or {}))
            types = [str(column[1]).replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") for column in answer.description]
            yield Rows([column[0] for column in answer.description], types, _rows(answer))
        except duckdb.Error as error:
            raise QueryError(_explained(db, str(error))) from error
        except RuntimeError as error:
            # Ctrl-C reaches us as the cause of DuckDB's "Query interrupted"; its threads work on until they are told
            db.interrupt()
            raise (error.__cause__ or error) from None
        except BaseException:
            db.interrupt()
            raise


def ask_question(path: Path, name: str, parameters: Mapping[str, object] | None = None) -> Answer:
    """The answer to ``questions/<name>.sql``, titled as that file is."""
    text = files("warehouse").joinpath("questions", f"{name}.sql").read_text(encoding="utf-8")
    answer = ask(path, text, parameters)
    return Answer(answer.names, answer.rows, text.splitlines()[0].removeprefix("-- "))


def tables(path: Path) -> Answer:
    """What there is to query: tables with their comments and numbers of rows. Raises ``NothingPublished``, ``WarehouseUnreadable``."""
    with reading(path) as db:
        found = run(db, "list_tables").fetchall()
        return Answer(["table", "rows", "columns", "about"], [(name, _count(db, name), columns, about) for name, columns, about in found])


def columns_of(path: Path, table: str) -> Answer:
    """The columns of ``table``, and what they mean. Raises ``NoSuchTable``."""
    with reading(path) as db:
        rows = run(db, "list_columns", {"table": table}).fetchall()
        if not rows:
            known = _tables(db)
            raise NoSuchTable(table, get_close_matches(table, known, 3, 0.5), known)
        return Answer(["column", "type", "about"], rows)


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    return chain.from_iterable(iter(lambda: answer.fetchmany(BATCH), []))


def _count(db: duckdb.DuckDBPyConnection, name: str) -> int:
    quoted = name.replace('"', '""')
    row = db.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()
    return int(row[0]) if row else 0


def _explained(db: duckdb.DuckDBPyConnection, problem: str) -> str:
    """DuckDB's words, with what there is instead of what is not: of its own tables it would suggest one at most."""
    known = _tables(db)
    if found := _UNKNOWN_TABLE.search(problem):
        problem = _without_guess(problem) + _near(found[1], known)
        return f"{problem}\nTables: {', '.join(known)}. `newsmill tables` says what is in them."
    if found := _UNKNOWN_COLUMN.search(problem):
        wanted = found[1] or found[2]
        named = [table for table in known if re.search(rf"\b{re.escape(table)}\b", problem)]
        problem = _without_guess(problem) + _near(wanted, sorted(_columns(db, named or known)))
        here = " ".join(["newsmill tables", *named[:1]])
        return f"{problem}\nTables: {', '.join(known)}. `{here}` lists the columns."
    return f"{problem}\nTables: {', '.join(known)}"


def _without_guess(problem: str) -> str:
    return re.sub(r"\n(?:Did you mean|Candidate bindings:).*", "", problem)


def _near(wanted: str, known: list[str]) -> str:
    near = get_close_matches(wanted, known, 3, 0.5) or [name for name in known if wanted.lower() in name.lower()][:3]
    return f"\nDid you mean {' or '.join(near)}?" if near else ""


def _columns(db: duckdb.DuckDBPyConnection, names: list[str]) -> set[str]:
    found = db.execute(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'main' AND list_contains($names, table_name)", {"names": names}
    )
    return {name for (name,) in found.fetchall()}


def _tables(db: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for name, *_ in run(db, "list_tables").fetchall()]
