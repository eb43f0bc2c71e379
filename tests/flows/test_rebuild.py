"""The tables made anew from the captures alone are the tables that were there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb

from spiders.archive import archive_files, entries, run_of
from spiders.captures import read_body
from tests.flows.conftest import Desk

# What captures tell, wholly; and what of the others
WHOLE = (
    *("articles", "revisions", "sightings", "removed_blocks", "date_evidence", "translations"),
    *("rejections", "captures", "profiles", "learnings", "outlets"),
)
LINKS = "url, outlet, article_id, source, title, published_at, published_raw, published_precision, state, reason"
RUNS = "run_id, verb, outlets, fetched, loaded, unchanged, rejected"


def differing(one: Path, other: Path, what: str) -> int:
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{one}' AS one (READ_ONLY); ATTACH '{other}' AS other (READ_ONLY)")
        left, right = what.format("one.store"), what.format("other.store")
        return db.execute(f"SELECT count(*) FROM (({left} EXCEPT ALL {right}) UNION ALL ({right} EXCEPT ALL {left}))").fetchall()[0][0]


def test_rebuilt_tables_equal_those_that_were_there(taken: Desk) -> None:
    before = taken.folder / "before.duckdb"
    shutil.copy(taken.home / "warehouse.duckdb", before)
    (taken.home / "warehouse.duckdb").write_bytes(b"no database any more" * 1000)
    refused = taken.run("ingest", "demo_gazette")
    assert refused.returncode == 2 and "newsmill rebuild" in refused.stderr, refused.stderr
    done = taken.run("rebuild", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["runs"] == 2 and said["strangers"] == []
    after = taken.home / "warehouse.duckdb"
    # numbers by which search, stories and publishing know what is new are their own affair
    assert {table: differing(before, after, _all_of(before, table)) for table in WHOLE} == dict.fromkeys(WHOLE, 0)
    fetched = f"SELECT {LINKS} FROM {{0}}.links WHERE url IN (SELECT url FROM {{0}}.captures)"
    assert differing(before, after, fetched) == 0
    assert differing(before, after, f"SELECT {RUNS} FROM {{0}}.runs") == 0
    assert (taken.home / "warehouse.duckdb.old").read_bytes().startswith(b"no database")
    assert taken.ask("SELECT count(*) FROM articles")[0][0] == said["articles"] and not (taken.home / "rebuilding").exists()
    again = taken.run("ingest", "demo_courier")
    assert again.returncode == 0, again.stdout + again.stderr
    assert taken.ask("SELECT count(*) FROM articles")[0][0] == said["articles"], "what is there is not fetched again"


def _all_of(database: Path, table: str) -> str:
    with duckdb.connect(database, read_only=True) as db:
        names = [name for name, *_ in db.execute(f"DESCRIBE store.{table}").fetchall() if name not in ("reading", "row_version")]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"SELECT {quoted} FROM {{0}}.{table}"


def test_what_was_forgotten_stays_so_in_rebuilt_tables(taken: Desk) -> None:
    (url,) = taken.ask("SELECT url FROM articles WHERE outlet = 'demo_gazette' ORDER BY url LIMIT 1")[0]
    assert taken.run("forget", url, "--yes").returncode == 0
    assert taken.run("rebuild", "--yes").returncode == 0
    assert taken.ask(f"SELECT state FROM links WHERE url = '{url}'") == [("forgotten",)]
    assert taken.ask(f"SELECT * FROM articles WHERE url = '{url}'") == []


def test_pages_of_an_outlet_that_no_file_describes_are_read_by_general_rules(taken: Desk) -> None:
    (taken.outlets / "demo_herald.toml").rename(taken.folder / "kept.toml")
    done = taken.run("rebuild", "--yes")
    (taken.folder / "kept.toml").rename(taken.outlets / "demo_herald.toml")
    assert done.returncode == 0 and "no file describes demo_herald" in done.stderr
    assert taken.ask("SELECT count(*) > 5 FROM articles WHERE outlet = 'demo_herald'") == [(True,)]


def test_the_archive_alone_tells_every_capture_as_its_row_does(printed: Desk) -> None:
    captures = printed.home / "captures"
    found = [entry.capture for path in archive_files(captures) for entry in entries(captures, path)]
    with duckdb.connect(printed.home / "warehouse.duckdb", read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        rows = db.execute("SELECT * EXCLUDE (row_version) FROM store.captures").fetchall()
        names = [column[0] for column in db.description]
    known = {row["capture_id"]: row for row in (dict(zip(names, row, strict=True)) for row in rows)}
    assert len(found) == len(known)
    for capture in found:
        assert capture is not None
        row = known[capture.capture_id]
        assert {name: getattr(capture, name) for name in names} == {**row, "wishes": tuple(row["wishes"])}
        assert read_body(captures, capture).body and run_of(captures / capture.file) in capture.file
