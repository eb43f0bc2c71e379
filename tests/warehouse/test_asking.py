"""Questions by people: types, long answers, what there is, and nothing that reaches beyond the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.conftest import Mill, article
from warehouse.connect import writing
from warehouse.errors import NoSuchTable, QueryError
from warehouse.query import ask, asking, columns_of, tables


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    with writing(folder / "p.duckdb") as db:
        Mill(db, folder).load(article("a"), article("b"))
    return folder / "p.duckdb"


def test_types_are_told_and_rows_come_as_they_are_read(published: Path) -> None:
    with asking(published, "SELECT range AS n, now() AS t, ['x'] AS l FROM range(100000)") as answer:
        assert (answer.names, answer.types) == (["n", "t", "l"], ["BIGINT", "TIMESTAMPTZ", "VARCHAR[]"])
        assert next(answer.rows)[0] == 0
    assert len(ask(published, "FROM range(5000)").rows) == 5000


def test_the_tables_are_told_with_their_rows_and_meaning(published: Path) -> None:
    found = {row[0]: row for row in tables(published).rows}
    assert found["articles"][1] == 2 and found["articles"][3].startswith("One row an article")
    columns = {row[0]: row for row in columns_of(published, "articles").rows}
    assert columns["published_at"][1] == "TIMESTAMPTZ" and columns["text"][2].startswith("The story")


def test_a_table_that_is_not_there_is_answered_with_those_that_are(published: Path) -> None:
    with pytest.raises(NoSuchTable, match=r"no such table: artcles; did you mean articles"):
        columns_of(published, "artcles")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT titel FROM articles", ["titel", "Did you mean title?", "newsmill tables articles"]),
        ("SELECT a.publishd_at FROM articles AS a", ["publishd_at", "published_at"]),
        ("FROM article", ["article does not exist", "Did you mean articles", "newsmill tables"]),
        ("SELECT count(* FROM articles", ["syntax error", "Tables: articles"]),
        ("SELECT CAST(title AS INTEGER) FROM articles", ["Could not convert"]),
        ("  ;  ", ["there is no query"]),
    ],
)
def test_a_mistake_is_answered_with_what_there_is(published: Path, query: str, words: list[str]) -> None:
    with pytest.raises(QueryError) as caught:
        ask(published, query)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH '{folder}/x.duckdb'",
        "COPY articles TO '{folder}/x.csv'",
        "EXPORT DATABASE '{folder}/x'",
        "INSTALL fts",
        "LOAD '{folder}/x.so'",
        "CREATE TABLE x (i INTEGER)",
        "DROP VIEW articles",
        "UPDATE store.articles SET title = ''",
        "FROM read_csv('/etc/passwd')",
        "FROM read_text('{folder}/*')",
        "FROM glob('/etc/*')",
        "FROM 'http://127.0.0.1:9/x.parquet'",
        "SET enable_external_access = true",
        "SET memory_limit = '1GB'",
        "RESET lock_configuration",
        "PRAGMA enable_profiling = 'json'; SET profiling_output = '{folder}/x'",
        "SELECT getenv('HOME')",
    ],
)
def test_no_query_reaches_beyond_the_published_tables(published: Path, query: str) -> None:
    before = sorted(entry.name for entry in published.parent.iterdir())
    with pytest.raises(QueryError):
        ask(published, query.format(folder=published.parent))
    assert sorted(entry.name for entry in published.parent.iterdir()) == before


LONG = "SELECT count(*) FROM range(100000000) AS a, range(100000) AS b WHERE a.range * b.range % 7 = 3"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_long_query_ends_when_it_is_told_to(published: Path, number: signal.Signals, tmp_path: Path) -> None:
    """A query computes in DuckDB's threads: it is ended there, or the process would go on for minutes."""
    home = tmp_path / "home"
    (home / "published").mkdir(parents=True)
    (home / "published" / "newsmill.duckdb").hardlink_to(published)
    command = [Path(sys.executable).parent / "newsmill", "sql", "-", "--home", home]
    run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdin
    run.stdin.write(LONG)
    run.stdin.close()
    run.stdin = None
    wait_until_it_computes(run.pid)
    run.send_signal(number)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 128 + number and "stopped" in said and "Traceback" not in said


def wait_until_it_computes(pid: int) -> None:
    """Once it has used three seconds of processors it has left importing behind."""
    while processor_seconds(pid) < 3:
        os.sched_yield()


def processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
