"""Loading and publishing as `newsmill` does it, and what of the two files differs."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tests.warehouse.conftest import NOON, capture
from warehouse.connect import writing
from warehouse.contracts import Article, Capture, Rejection, Row, write_rows
from warehouse.load import begin_run, load
from warehouse.publish import Published, publish


class Press:
    """A home: the writer's file, opened and closed for every deed, and the published one."""

    def __init__(self, home: Path) -> None:
        self.home, self.warehouse, self.published = home, home / "warehouse.duckdb", home / "published" / "newsmill.duckdb"
        home.mkdir(parents=True, exist_ok=True)

    def load(self, *rows: Row) -> None:
        self.load_run(self.write_run(*rows))

    def write_run(self, *rows: Row) -> Path:
        """The files of a run, not yet loaded."""
        folder = self.home / f"run{len(list(self.home.glob('run*')))}"
        folder.mkdir()
        captures = [capture(row.url, row.captured_at) for row in rows if isinstance(row, Article | Rejection)]
        for kind, name in ((Article, "articles"), (Rejection, "rejections"), (Capture, "captures")):
            write_rows(folder / f"{name}.jsonl", [row for row in [*rows, *captures] if type(row) is kind])
        return folder

    def load_run(self, folder: Path) -> None:
        with writing(self.warehouse) as db:
            begin_run(db, folder.name, "ingest", [], NOON)
            load(db, folder, folder.name)

    def run(self, sql: str) -> None:
        with writing(self.warehouse) as db:
            db.execute(sql)

    def publish(self, is_whole: bool = False) -> Published:
        return publish(self.warehouse, self.published, NOON, is_whole)

    def differences(self) -> list[str]:
        """Tables of which the published file has not exactly the warehouse's rows."""
        with duckdb.connect() as db:
            db.execute(f"ATTACH '{self.warehouse}' AS w (READ_ONLY)")
            db.execute(f"ATTACH '{self.published}' AS p (READ_ONLY)")
            names = {
                database: db.execute(
                    "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal", [database]
                ).fetchall()
                for database in ("w", "p")
            }
            assert sorted(names["w"]) == sorted(names["p"])
            return [name for (name,) in names["w"] if _differ(db, name)]


def _differ(db: duckdb.DuckDBPyConnection, table: str) -> bool:
    one, other = f"(FROM w.{table} EXCEPT ALL FROM p.{table})", f"(FROM p.{table} EXCEPT ALL FROM w.{table})"
    row = db.execute(f"SELECT (SELECT count(*) FROM {one}) + (SELECT count(*) FROM {other})").fetchone()
    return bool(row and row[0])
