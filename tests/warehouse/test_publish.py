"""The consumers' file: the writer's state, made from what changed, while readers come and stay."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import NOON, article, capture, rejection
from tests.warehouse.press import Press
from warehouse import reread
from warehouse.connect import reading, writing
from warehouse.contracts import Rejection, write_rows
from warehouse.errors import WarehouseBusy, WarehouseNewer, WarehouseUnreadable
from warehouse.load import load
from warehouse.migrate import schema_version, sql_files
from warehouse.query import ask

HOUR = timedelta(hours=1)


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return Press(tmp_path / "home")


@pytest.fixture
def running(press: Press) -> Press:
    """A press in its usual state: some articles, the published copy and a spare one."""
    for hour in range(3):
        press.load(*(article(f"{hour}-{i}", f"Text {hour} {i} of many words.", at=NOON + hour * HOUR) for i in range(40)))
        press.publish()
    return press


def replicas(press: Press) -> list[Path]:
    return sorted((press.published.parent / ".replicas").iterdir())


def spare(press: Press) -> Path:
    return next(path for path in replicas(press) if not path.samefile(press.published))


# --- what changed, and nothing else


def test_a_third_publication_writes_what_changed_and_no_more(running: Press) -> None:
    running.publish()
    running.load(article("fresh"))
    assert running.publish().rows in range(1, 20)
    assert running.differences() == []
    assert ask(running.published, "SELECT count(*) FROM articles").rows == [(121,)]


def test_the_published_file_says_what_it_is(running: Press) -> None:
    (row,) = ask(running.published, "SELECT schema_version, published_at, duckdb_version FROM meta").rows
    assert row == (schema_version(), NOON, f"v{duckdb.__version__}")


def test_the_published_file_stands_alone(running: Press, tmp_path: Path) -> None:
    shutil.copy(running.published, tmp_path / "elsewhere.duckdb")
    shutil.rmtree(running.home)
    assert ask(tmp_path / "elsewhere.duckdb", "SELECT count(*) FROM articles").rows == [(120,)]


def test_a_copy_of_the_published_file_goes_on_as_a_warehouse(running: Press) -> None:
    running.load(article("last"))
    running.publish()
    shutil.copy(running.published, running.warehouse)
    running.load(article("later"))
    running.publish()
    assert running.differences() == []
    with writing(running.warehouse) as db:
        for table in ("articles", "revisions", "sightings", "captures"):
            assert db.execute(f"SELECT count(*) - count(DISTINCT row_version) FROM store.{table}").fetchall() == [(0,)]


def load_new(press: Press, dice: random.Random) -> None:
    press.load(*(article(f"new{dice.random()}", f"Words {dice.random()}", at=NOON + dice.randint(0, 99) * HOUR) for _ in range(5)))


def load_again(press: Press, dice: random.Random) -> None:
    known = dice.sample(range(40), 6)
    press.load(*(article(f"0-{i}", f"Words {dice.random()}", at=NOON + dice.randint(1, 999) * HOUR) for i in known))


def reject(press: Press, dice: random.Random) -> None:
    press.load(*(rejection(f"none{dice.random()}") for _ in range(3)))


def read_anew(press: Press, dice: random.Random) -> None:
    """Rows are replaced in place, without a new revision."""
    with writing(press.warehouse) as db:
        rows = db.execute("SELECT url, capture_id, last_changed_at FROM store.articles ORDER BY ALL").fetchall()
        fresh = [
            article(url, f"Read anew {dice.random()}", at=at)
            for url, name, at in dice.sample(rows, 10)
            if name == capture(url, at).capture_id
        ]
        write_rows(press.home / "articles.jsonl", fresh)
        reread.compare(db, "demo", press.home / "articles.jsonl", press.home / "none.jsonl")
        reread.replace(db)


def forget(press: Press, dice: random.Random) -> None:
    with writing(press.warehouse) as db:
        for table in ("articles", "revisions", "removed_blocks", "sightings", "date_evidence"):
            db.execute(f"DELETE FROM store.{table} WHERE hash(article_id) % 29 = $rest", {"rest": dice.randrange(29)})


def restate(press: Press, dice: random.Random) -> None:
    press.run(f"INSERT INTO store.sources BY NAME SELECT 'demo' AS outlet, '{dice.random()}' AS url, 'feed' AS kind, now() AS seen_at, "
              "0 AS links, []::VARCHAR[] AS warnings")  # fmt: skip
    press.run(f"UPDATE store.runs SET fetched = {dice.randrange(99)}")


def lose_a_copy(press: Press, dice: random.Random) -> None:
    dice.choice(replicas(press)).unlink()


def lose_the_published(press: Press, dice: random.Random) -> None:
    press.published.unlink()


def publish_twice(press: Press, dice: random.Random) -> None:
    press.publish()


DEEDS: list[Callable[[Press, random.Random], None]] = [
    *(load_new, load_again, reject, read_anew, forget, restate, lose_a_copy, lose_the_published, publish_twice)
]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_the_published_file_is_the_warehouse(running: Press, seed: int) -> None:
    dice, ways = random.Random(seed), []
    for _ in range(8):
        for deed in dice.choices(DEEDS, [5, 5, 1, 3, 2, 2, 1, 1, 2], k=dice.randint(1, 3)):
            deed(running, dice)
        ways.append(running.publish().rows is None)
        assert running.differences() == []
    assert not all(ways)


def test_every_update_of_a_versioned_table_draws_a_new_version(running: Press) -> None:
    with writing(running.warehouse) as db:
        versioned = {name for (name,) in db.execute("SELECT table_name FROM duckdb_columns() WHERE column_name = 'row_version'").fetchall()}
    package = Path(__file__).resolve().parents[2] / "warehouse"
    texts = [entry.read_text(encoding="utf-8") for entry in [*sql_files("statements"), *package.glob("*.py")]]
    updates = [found for text in texts for found in re.findall(r"UPDATE store\.(\w+)([^;]*)", text)]
    assert {table for table, _ in updates} & versioned
    for table, rest in updates:
        assert table not in versioned or "row_version = nextval('store.row_versions')" in rest, (table, rest)


# --- readers


def test_a_reader_in_this_process_keeps_what_it_opened(running: Press) -> None:
    with reading(running.published) as reader:
        before = reader.execute("SELECT article_id, text FROM articles ORDER BY ALL").fetchall()
        for turn in range(4):
            running.load(article(f"fresh{turn}"), article("0-1", f"Changed {turn}", at=NOON + (5 + turn) * HOUR))
            running.publish()
            assert reader.execute("SELECT article_id, text FROM articles ORDER BY ALL").fetchall() == before
            assert running.differences() == []


HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    print(db.execute("SELECT count(*), min(text), max(text), count(DISTINCT article_id) FROM articles").fetchall(), flush=True)
"""


def test_readers_in_other_processes_keep_what_they_opened(running: Press) -> None:
    holders = []
    for turn in range(6):  # one more of them holds each new state, so that there is never a free copy
        holder = subprocess.Popen([sys.executable, "-c", HOLD, running.published], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        holders.append((holder, said(holder)))
        running.load(article(f"fresh{turn}"))
        running.publish()
        assert all(said(each) == first for each, first in holders)
    assert running.differences() == []
    assert len(replicas(running)) <= 6
    for holder, _ in holders:
        holder.communicate()
    for _ in range(3):
        running.publish()
    assert len(replicas(running)) == 2
    assert running.publish().rows is not None


def said(holder: subprocess.Popen[str]) -> str:
    assert holder.stdin and holder.stdout
    holder.stdin.write("\n")
    holder.stdin.flush()
    return holder.stdout.readline()


def test_a_slow_copy_of_the_published_file_is_whole(running: Press, tmp_path: Path) -> None:
    with running.published.open("rb") as slow, (tmp_path / "copy.duckdb").open("wb") as copy:
        copy.write(slow.read(100_000))
        for turn in range(3):
            running.load(article(f"fresh{turn}"))
            running.publish()
        copy.write(slow.read())
    assert ask(tmp_path / "copy.duckdb", "SELECT count(*), count(text) FROM articles").rows == [(120, 120)]


def test_a_file_system_without_hard_links_gets_whole_copies(running: Press) -> None:
    for path in replicas(running):
        path.unlink()  # as it is there: the published file has no other name
    running.load(article("fresh"))
    assert running.publish().rows is None
    assert running.differences() == []


# --- damage


def flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        piece = file.read(4096)
        file.seek(path.stat().st_size // 2)
        file.write(bytes(byte ^ 0xFF for byte in piece))


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def scribble(path: Path) -> None:
    path.write_bytes(b"this is no database" * 10_000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def stray_log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(b"nonsense" * 1000)


@pytest.mark.parametrize("harm", [flip, cut, scribble, empty, stray_log, Path.unlink], ids=lambda harm: harm.__name__)
def test_a_damaged_spare_copy_is_made_anew(running: Press, harm: Callable[[Path], None]) -> None:
    harm(spare(running))
    for turn in range(3):
        running.load(article(f"fresh{turn}"))
        running.publish()
        assert running.differences() == []
    assert running.publish().rows is not None


def test_copies_out_of_a_backup_of_the_folder_are_not_trusted(running: Press, tmp_path: Path) -> None:
    shutil.copytree(running.home, tmp_path / "restored")
    restored = Press(tmp_path / "restored")
    restored.load(article("fresh"))
    assert restored.publish().rows is None
    assert restored.differences() == []


def test_a_restored_older_warehouse_is_published_as_it_is(running: Press, tmp_path: Path) -> None:
    shutil.copy(running.warehouse, tmp_path / "backup.duckdb")
    for turn in range(3):
        running.load(article(f"lost{turn}", "Lost words."))
        running.publish()
    shutil.copy(tmp_path / "backup.duckdb", running.warehouse)
    running.load(*(article(f"other{turn}", "Other words.") for turn in range(4)))  # versions given a second time, to other rows
    running.publish()
    assert running.differences() == []
    assert ask(running.published, "SELECT count(*) FROM articles WHERE text = 'Lost words.'").rows == [(0,)]


def test_a_damaged_warehouse_is_named_and_not_published(running: Press) -> None:
    running.load(article("fresh"))
    before = running.published.read_bytes()
    scribble(running.warehouse)
    with pytest.raises(WarehouseUnreadable, match=r"warehouse\.duckdb cannot be read.*captures are untouched"):
        running.publish()
    assert running.published.read_bytes() == before


def test_a_damaged_block_of_the_warehouse_is_not_published(running: Press) -> None:
    running.load(article("fresh", "Fresh words. " * 2000))
    before = running.published.read_bytes()
    for place in range(1, running.warehouse.stat().st_size // 262_144):  # all blocks but the first few that opening reads
        with running.warehouse.open("r+b") as file:
            file.seek(12_288 + place * 262_144 + 5000)
            file.write(b"\xff" * 64)
    with pytest.raises(WarehouseUnreadable, match=r"warehouse\.duckdb cannot be read"):
        running.publish()
    assert running.published.read_bytes() == before


def test_a_warehouse_from_the_future_is_refused_and_nothing_is_touched(running: Press) -> None:
    running.run("INSERT INTO schema_history.migrations VALUES (9999, 'later', 'x', now())")
    before = (running.warehouse.read_bytes(), running.published.read_bytes())
    with pytest.raises(WarehouseNewer, match="has schema 9999"):
        running.publish()
    assert (running.warehouse.read_bytes(), running.published.read_bytes()) == before


def test_a_warehouse_that_another_process_writes_is_busy(running: Press) -> None:
    script = "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    writer = subprocess.Popen([sys.executable, "-c", script, running.warehouse], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout and writer.stdout.readline() == b"held\n"
    with pytest.raises(WarehouseBusy):
        running.publish()
    writer.communicate()


def test_what_is_gone_is_gone_from_the_disk_after_a_whole_publication(running: Press) -> None:
    running.load(article("secret", "Quotationmarkless secret words."))
    running.publish()
    running.publish()
    with writing(running.warehouse) as db:  # as forgetting does it: a file without the rows takes the place of the old one
        for table in ("articles", "revisions", "sightings", "removed_blocks", "date_evidence", "captures"):
            db.execute(f"DELETE FROM store.{table}")
        fresh = running.home / "fresh.duckdb"
        db.execute(f"ATTACH '{fresh}' AS fresh (STORAGE_VERSION 'v1.5.0')")
        db.execute("COPY FROM DATABASE warehouse TO fresh")
        db.execute("DETACH fresh")
    fresh.replace(running.warehouse)
    running.publish(is_whole=True)
    assert running.differences() == []
    assert all(path.samefile(running.published) for path in replicas(running))
    running.load(article("next"))
    running.publish()
    assert running.differences() == []


def test_after_a_migration_the_copies_are_made_anew(running: Press) -> None:
    running.run("ALTER TABLE store.sources ADD COLUMN later VARCHAR DEFAULT 'x'; CREATE TABLE store.new AS SELECT 1 AS one")
    assert running.publish().rows is None
    assert running.differences() == []


def test_numbers_that_are_drawn_again_are_noticed(running: Press) -> None:
    """As after somebody has put the rows into another file by hand, which draws its numbers from 1 again."""
    other = running.home / "other.duckdb"
    with writing(other) as db:
        db.execute(f"ATTACH '{running.warehouse}' AS old (READ_ONLY)")
        for (table,) in db.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' AND schema_name = 'store'"
        ).fetchall():
            db.execute(f"INSERT INTO store.{table} BY NAME FROM old.store.{table}")
        db.execute("DELETE FROM store.articles WHERE url = '0-7'; DELETE FROM store.revisions WHERE article_id = 'demo:0-7'")
    other.replace(running.warehouse)
    running.load(article("low", "A row with a number that was another's."))
    for _ in range(3):
        running.publish()
        assert running.differences() == []
    assert ask(running.published, "SELECT count(*) FROM articles WHERE url = 'low'").rows == [(1,)]


# --- bad rows


def test_rows_as_bad_as_they_come_are_published(press: Press) -> None:
    long, odd = "A long word. " * 800_000, "lone \ud83d surrogate, NUL \0, bidi \u202e, joiner \u200d"
    times = [NOON.replace(year=1), NOON.replace(year=9999), NOON.replace(year=1970)]
    press.load(
        article("long", long),
        article("odd", odd, title=odd, section=odd, authors=(odd,)),
        article("bare", title="", published_at=None, language=None, summary=None, removed_blocks=(), date_evidence=()),
        *(article(f"year{time.year}", published_at=time, modified_at=time) for time in times),
        Rejection("demo:x", "demo", "x", "x", NOON, "too long", "x" * 1_000_000),
    )
    press.publish()
    press.load(article("next"))
    press.publish()
    press.publish()
    assert press.differences() == []
    rows = dict(ask(press.published, "SELECT url, text FROM articles").rows)
    assert rows["long"] == long and rows["odd"] == "lone ? surrogate, NUL , bidi \u202e, joiner \u200d"
    years = ask(press.published, "SELECT year(published_at) FROM articles WHERE url LIKE 'year%' ORDER BY 1").rows
    assert years == [(1,), (1970,), (9999,)]


def test_a_row_without_what_it_must_have_is_left_out(running: Press) -> None:
    folder = running.home / "bad"
    folder.mkdir()
    write_rows(folder / "articles.jsonl", [article("good")])
    with (folder / "articles.jsonl").open("a") as file:
        file.write('{"article_id":"demo:bad","outlet":"demo","url":"bad","capture_id":"c","captured_at":"2026-11-01T12:00:00Z"}\n')
    write_rows(folder / "captures.jsonl", [capture("good"), replace(capture("bad"), capture_id="c")])
    with writing(running.warehouse) as db:
        load(db, folder, "bad")
    running.publish()
    assert ask(running.published, "SELECT url FROM articles WHERE url IN ('good', 'bad')").rows == [("good",)]


def test_a_warehouse_on_another_file_system_is_published(tmp_path: Path) -> None:
    shared_memory = Path("/dev/shm")
    if not shared_memory.is_dir() or shared_memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is but one file system here")
    with tempfile.TemporaryDirectory(dir=shared_memory) as elsewhere:
        press = Press(tmp_path)
        press.warehouse = Path(elsewhere) / "warehouse.duckdb"
        press.load(article("here"))
        press.publish()
        assert press.differences() == []
