"""Whether a database can be read to its last block, and says of itself what its checks ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.connect import explained
from warehouse.contracts import Capture, Failure, Source
from warehouse.errors import WarehouseError
from warehouse.habits import HABITS
from warehouse.migrate import sql_files
from warehouse.stage import run, run_sql, stage

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is wrong, and with what."""

    where: str
    problem: str


def read_everything(db: duckdb.DuckDBPyConnection, path: Path) -> list[Flaw]:
    """Read each value of each table: a block's checksum is looked at when it is read, and `count(*)` reads none."""
    flaws = []
    tables = db.execute("SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT internal")
    for schema, table in tables.fetchall():
        try:
            db.execute(f'SELECT count(*), bit_xor(hash(line)) FROM "{schema}"."{table}" AS line').fetchall()
        except duckdb.Error as error:
            flaws.append(Flaw(f"{path.name}: {schema}.{table}", str(explained(error, path)).splitlines()[0]))
    return flaws


def failed_checks(db: duckdb.DuckDBPyConnection, now: datetime) -> list[Flaw]:
    """What the checks call an error that do not look at a run."""
    for table, kind in (("staged_sources", Source), ("staged_captures", Capture), ("staged_failures", Failure)):
        stage(db, table, kind, [])
    told = {"now": now, "outlets": [], **HABITS}
    run(db, "learn_habits", told)
    flaws = []
    for entry in sql_files("checks"):
        sql = entry.read_text(encoding="utf-8")
        if sql.startswith("-- error"):
            rows = run_sql(db, sql, told).fetchmany(SHOWN)
            flaws += [Flaw(entry.name.removesuffix(".sql"), f"{outlet or ''} {detail}".strip()) for outlet, detail in rows]
    return flaws


def captures_to_check(db: duckdb.DuckDBPyConnection, most: int | None, seed: str) -> list[Capture]:
    """The captures of the tables, or ``most`` of them, chosen by ``seed``."""
    answer = run(db, "captures_to_check", {"most": most, "seed": seed})
    names = [column[0] for column in answer.description]
    return [Capture(**dict(zip(names, row, strict=True))) for row in answer.fetchall()]


def open_for_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """The database at ``path``. Raises ``WarehouseUnreadable``, ``WarehouseBusy``."""
    try:
        db = duckdb.connect()
        quoted = str(path).replace("'", "''")
        db.execute(f"ATTACH '{quoted}' AS warehouse (READ_ONLY)")
        db.execute("USE warehouse")
        return db
    except duckdb.Error as error:
        found = explained(error, path)
        raise (found if isinstance(found, WarehouseError) else error) from error
