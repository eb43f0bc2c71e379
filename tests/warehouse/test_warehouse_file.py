"""The file itself: made, migrated, locked, damaged, published."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import NOON, Mill, article
from warehouse import pace
from warehouse.connect import reading, writing
from warehouse.contracts import Article, Capture, Failure, Learning, Link, Profile, Rejection, Request, Source
from warehouse.describe import describe
from warehouse.errors import (
    NothingPublished,
    QueryError,
    WarehouseBusy,
    WarehouseEdited,
    WarehouseNewer,
    WarehouseUnreadable,
)
from warehouse.forget import Forgotten
from warehouse.habits import GAP, HABITS
from warehouse.migrate import schema_version, sql_files
from warehouse.publish import publish
from warehouse.query import ask, ask_question
from warehouse.stage import run_sql, stage
from warehouse.stories import WINDOW

STAGED = {
    "links": Link,
    "sources": Source,
    "captures": Capture,
    "articles": Article,
    "rejections": Rejection,
    "failures": Failure,
    "requests": Request,
    "readings": Article,
    "again": Article,
    "profiles": Profile,
    "learnings": Learning,
    "forgotten": Forgotten,
}
PARAMETERS = {
    **HABITS,
    "gap": GAP,
    **{"token": "t", "schema_version": 1, "kept": 100},
    **{"now": NOON, "since": NOON, "outlets": ["demo"], "outlet": "demo", "attempts": 5, "run_id": "run", "sample": 40, "is_every": False},
    **{"fewest": 3, "more": 5, "most": 50, "few_unread": 3, "examples": 3, "loaded": 0, "unchanged": 0, "rejected": 0},
    **{"targets": "[]", "keeping": "[]", "offsets": "{}", "file": "f", "table": "articles", "most": None, "seed": "", "verb": "forget"},
    **{
        "after": 0,
        "until": 0,
        "words": "[]",
        "signed": "[]",
        "alike": "[]",
        "founders": "[]",
        "readings": "[]",
        "scheme": "",
        "low": 0,
        "high": 9,
    },
    "window": WINDOW,
    **pace.PLAN,
    **pace.LOAD,
    **{
        "grace": pace.GRACE,
        "probe_after": pace.PROBE_AFTER,
        "probe_every": pace.PROBE_EVERY,
        "probes": 2,
        "revisits": 5,
        "with_news": True,
        "slugs": "demo",
    },
}

LEARNED = "LEARNED"
PROMISED = {  # the contract: a name or type that changes here breaks someone's query
    "articles": "article_id outlet url canonical_url title authors:VARCHAR[] published_at:T published_precision published_source "
    "modified_at:T language section tags:VARCHAR[] summary image_url text word_count:BIGINT is_paywalled:BOOLEAN first_seen_at:T "
    "last_seen_at:T last_changed_at:T revision:BIGINT story_id duplicate_of extractor profile_version capture_id kind kind_rule "
    "dates_disagree:BOOLEAN published_on:DATE",
    "revisions": "article_id revision:BIGINT captured_at:T title text text_sha256 change words_added:BIGINT "
    "words_removed:BIGINT capture_id",
    "removed_blocks": "article_id revision:BIGINT position:BIGINT text reason rule",
    "date_evidence": "article_id source raw value:T precision chosen:BOOLEAN about",
    "translations": "article_id language url translated_id",
    "profiles": "outlet version layout learned_at:T since:T pages:BIGINT is_promoted:BOOLEAN is_current:BOOLEAN verdict "
    + " ".join(f"{part}:{LEARNED}" for part in ("body", "lead", "drop", "furniture", "names")),
    "rejections": "url outlet captured_at:T reason detail capture_id",
    "links": "url outlet source discovered_at:T state reason next_visit_at:T attempts:BIGINT",
    "requests": "run_id outlet url kind status:BIGINT error started_at:T duration_ms:BIGINT bytes:BIGINT",
    "stories": "story_id title first_published_at:T article_count:BIGINT outlet_count:BIGINT",
    "captures": "capture_id url captured_at:T file offset:BIGINT length:BIGINT sha256",
    "outlets": "outlet title",
    "runs": "run_id state",
    "checks": "run_id name outlet severity detail",
    "meta": "schema_version:BIGINT published_at:T duckdb_version",
}


KINDS = {
    "": "VARCHAR",
    "T": "TIMESTAMP WITH TIME ZONE",
    LEARNED: 'STRUCT("rule" VARCHAR, pages BIGINT, reason VARCHAR, first_seen TIMESTAMP WITH TIME ZONE, '
    "last_seen TIMESTAMP WITH TIME ZONE, example VARCHAR)[]",
}


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_are_there(db: duckdb.DuckDBPyConnection, table: str) -> None:
    have = {name: kind for name, kind, *_ in db.execute(f"DESCRIBE {table}").fetchall()}
    for promise in PROMISED[table].split():
        name, _, kind = promise.partition(":")
        assert have.get(name) == KINDS.get(kind, kind), (table, name)


def test_every_statement_and_check_runs_before_any_data_exists(db: duckdb.DuckDBPyConnection) -> None:
    for name, kind in STAGED.items():
        stage(db, f"staged_{name}", kind, [])
    order = [
        "plan_merge",
        "merge_sources",
        "plan_due",
        "known_sources",
        "find_links",
        "merge_captures",
        "merge_articles",
        "merge_rejections",
        "settle_links",
    ]
    order += ["compare_readings", "select_articles", "forget_find", "expire_find"]
    order += [
        "number_readings",
        "search_spoken",
        "search_learn_words",
        "search_add",
        "stories_sign",
        "stories_part",
        "stories_join",
        "learn_habits",
    ]
    files = {entry.name.removesuffix(".sql"): entry for entry in sql_files("statements")}
    for name in [*order, *sorted(set(files) - set(order))]:
        run_sql(db, files[name].read_text(encoding="utf-8"), PARAMETERS)
    for entry in sql_files("checks"):
        assert run_sql(db, entry.read_text(encoding="utf-8"), PARAMETERS).fetchall() == []


def test_every_question_can_be_asked_of_an_empty_warehouse(tmp_path: Path) -> None:
    with writing(tmp_path / "w.duckdb"):
        pass
    for entry in sql_files("questions"):
        text = entry.read_text(encoding="utf-8")
        parameters = dict.fromkeys(re.findall(r"\$(\w+)", text))
        answer = ask_question(tmp_path / "w.duckdb", entry.name.removesuffix(".sql"), parameters)
        assert answer.names and answer.rows == [] and answer.title


@pytest.mark.parametrize(
    "entry",
    [*sql_files("statements"), *sql_files("checks"), *sql_files("views"), *sql_files("migrations"), *sql_files("questions")],
    ids=lambda e: e.name,
)
def test_every_sql_file_opens_with_what_it_is_for(entry) -> None:
    first = entry.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("-- ")
    if "checks" in str(entry):
        assert first.startswith(("-- error: ", "-- warning: "))


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with writing(path) as db:
        history = db.execute("FROM schema_history.migrations ORDER BY ALL").fetchall()
    with writing(path) as db:
        assert db.execute("FROM schema_history.migrations ORDER BY ALL").fetchall() == history


def test_a_warehouse_from_the_future_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with writing(path) as db:
        db.execute("INSERT INTO schema_history.migrations VALUES (9999, 'later', 'x', now())")
    before = path.read_bytes()
    with pytest.raises(WarehouseNewer, match=rf"has schema 9999, this release knows {schema_version()}: upgrade newsmill"), writing(path):
        pass
    assert path.read_bytes() == before


def test_an_edited_migration_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with writing(path) as db:
        db.execute("UPDATE schema_history.migrations SET sha256 = 'other' WHERE version = 1")
    with pytest.raises(WarehouseEdited, match="0001_tables"), writing(path):
        pass


def test_a_file_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(WarehouseUnreadable, match=r"w\.duckdb cannot be read"), writing(path):
        pass
    assert path.read_bytes().startswith(b"this is not")


HOLD = "import duckdb, sys; db = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'r'); print('held', flush=True); sys.stdin.read()"


def test_a_warehouse_held_by_another_process_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with writing(path):
        pass
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path, "w"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseBusy, match="in use by another process"), writing(path):
            pass
    finally:
        holder.communicate()


def test_what_memory_cannot_hold_lies_beside_the_warehouse_and_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    with writing(home / "w.duckdb"):
        pass
    left = home / ".w.duckdb.spill" / "duckdb_temp_storage_DEFAULT-0.tmp"
    left.parent.mkdir()
    left.write_text("of a process that was killed")
    with writing(home / "w.duckdb") as db:
        assert not left.exists()
        db.execute("SET memory_limit = '64MB'; SET threads = 1")
        db.execute("CREATE TEMP TABLE large AS SELECT i, md5(i::VARCHAR) || md5((i + 1)::VARCHAR) AS word FROM range(3_000_000) AS n(i)")
        assert sum(file.stat().st_size for file in left.parent.iterdir()) > 2**20
    assert not left.parent.exists() or not any(left.parent.iterdir())
    assert list(elsewhere.iterdir()) == []


def test_readers_keep_what_they_opened_while_the_file_is_replaced(tmp_path: Path) -> None:
    database, published = tmp_path / "warehouse.duckdb", tmp_path / "published" / "newsmill.duckdb"
    with writing(database) as db:
        Mill(db, tmp_path).load(article("a"))
    publish(database, published)
    with reading(published) as reader:
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        with writing(database) as db:
            Mill(db, tmp_path / "published").load(article("b"))
        publish(database, published)
        assert reader.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
    assert ask(published, "SELECT count(*) FROM articles").rows == [(2,)]
    assert [entry.name for entry in published.parent.glob("*.duckdb*")] == ["newsmill.duckdb"]


def test_a_question_before_the_first_run_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="run `newsmill ingest`"):
        ask(tmp_path / "none.duckdb", "FROM articles")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT titel FROM articles", r"titel[\s\S]*Tables: articles, captures"),
        ("FROM nothing", r"nothing[\s\S]*Tables:"),
        ("SELEC 1", r"syntax error"),
        ("", "there is no query"),
        ("DELETE FROM store.links", r"read-only"),
        ("SELECT * FROM read_text('/etc/hostname')", r"disabled by configuration"),
        ("SET enable_external_access = true", r"locked|Cannot"),
    ],
)
def test_a_bad_question_gets_a_reason(tmp_path: Path, query: str, problem: str) -> None:
    with writing(tmp_path / "w.duckdb"):
        pass
    with pytest.raises(QueryError, match=problem):
        ask(tmp_path / "w.duckdb", query)


FULL = """
import resource, sys
from pathlib import Path
from warehouse.connect import writing
from warehouse.describe import describe
from warehouse.errors import WarehouseFull
from warehouse.publish import publish
home = Path(sys.argv[1])
with writing(home / "w.duckdb") as db:
    db.execute("CREATE TABLE store.filler AS SELECT md5(i::VARCHAR) AS word FROM range(100000) AS r(i)")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    publish(home / "w.duckdb", home / "p.duckdb")
except WarehouseFull as error:
    print("publish:", error)
try:
    with writing(home / "w.duckdb") as db:
        db.execute("CREATE TABLE store.more AS SELECT md5(i::VARCHAR) AS word FROM range(3000000) AS r(i)")
except WarehouseFull as error:
    print("load:", error)
"""


def test_no_space_is_said_and_nothing_committed_is_lost(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=False)
    said = done.stdout.splitlines()
    assert [line.split(":")[0] for line in said] == ["publish", "load"], done.stdout + done.stderr
    assert all("no space to write" in line and "make room" in line for line in said)
    assert not (tmp_path / "p.duckdb").exists()
    with writing(tmp_path / "w.duckdb") as db:
        assert db.execute("SELECT count(*) FROM store.filler").fetchall() == [(100000,)]


def test_every_table_and_column_is_described_and_the_page_of_tables_is_current(db: duckdb.DuckDBPyConnection) -> None:
    page = describe(db)
    assert "None" not in page
    written = (Path(__file__).resolve().parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == written, "mend it: .venv/bin/python -m warehouse.describe > docs/tables.md"
