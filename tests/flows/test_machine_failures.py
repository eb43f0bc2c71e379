"""What a machine without power, a full or read-only disk, a wrong clock or another program does to a home; then the next run."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import psutil
import pytest

from spiders.demo.server import Newspapers
from tests.flows.conftest import Desk, clean_env
from tests.flows.equal_tables import Tables, read_tables
from tests.flows.latch import Latch

OUTLET = "demo_gazette"


@dataclass(frozen=True, slots=True)
class Bench:
    """The newspapers; a home with one edition; one whose run was killed at the second's last page; and what an undisturbed run leaves."""

    papers: Newspapers
    folder: Path
    held: Path
    killed: Path
    expected: Tables

    def desk(self, template: Path, folder: Path) -> Desk:
        desk = Desk(self.papers, folder)
        shutil.copytree(template, desk.home)
        return desk

    def goes_on(self, desk: Desk) -> str:
        """The next run. Returns what it said."""
        done = desk.run("ingest", OUTLET)
        assert done.returncode == 0, done.stdout + done.stderr
        assert self.expected.differences(read_tables(desk.home / "published" / "newsmill.duckdb")) == []
        assert list((desk.home / "runs").iterdir()) == []
        return done.stdout


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("bench")
    with Newspapers(datetime.now(UTC)) as papers:
        held = Desk(papers, folder / "held")
        assert held.run("ingest", OUTLET).returncode == 0
        papers.edition = 2
        undisturbed, killed = Desk(papers, folder / "undisturbed"), Desk(papers, folder / "killed")
        for each in (undisturbed, killed):
            shutil.copytree(held.home, each.home)
        assert undisturbed.run("ingest", OUTLET).returncode == 0
        pages = [seen.path for seen in papers.requests if seen.path in papers.sites[OUTLET].pages]
        _kill_at(killed, pages[-1])
        expected = read_tables(undisturbed.home / "published" / "newsmill.duckdb")
        yield Bench(papers, folder, held.home, killed.home, expected)


def _kill_at(desk: Desk, path: str) -> None:
    """Kill a run when it asks for ``path``, and has read what came before."""
    latch = Latch(desk, path)
    run = subprocess.Popen(desk.command("ingest", OUTLET), stdout=subprocess.DEVNULL, env=clean_env(), cwd=desk.folder)
    assert latch.reached.wait(60)
    children = psutil.Process(run.pid).children(recursive=True)
    while not any(file.stat().st_size for file in desk.home.glob("runs/*/articles.jsonl")):
        assert run.poll() is None
    run.send_signal(signal.SIGKILL)
    run.wait()
    threading.Timer(0.2, latch.release).start()
    psutil.wait_procs(children, timeout=60)


def _run_file(desk: Desk, name: str) -> Path:
    (path,) = desk.home.glob(f"runs/*/{name}")
    return path


def _newest_warc(desk: Desk) -> Path:
    return max(desk.home.glob("captures/*/*/*.warc.gz"), key=lambda path: path.name)


def _unread(desk: Desk) -> None:
    for name in ("articles.jsonl", "rejections.jsonl"):
        for path in desk.home.glob(f"runs/*/{name}"):
            path.unlink()


def _tear(name: str) -> Callable[[Desk], None]:
    def do(desk: Desk) -> None:
        path = _run_file(desk, name)
        path.write_bytes(path.read_bytes()[:-20])

    return do


def _soil(name: str, what: bytes) -> Callable[[Desk], None]:
    def do(desk: Desk) -> None:
        path = _run_file(desk, name)
        first, *rest = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(first + what + b"".join(rest))

    return do


def _cut_member(desk: Desk) -> None:
    path = _newest_warc(desk)
    path.write_bytes(path.read_bytes()[:-1500])
    _unread(desk)


DAMAGE: dict[str, Callable[[Desk], None]] = {
    "links.jsonl torn": _tear("links.jsonl"),
    "captures.jsonl with zeros": _soil("captures.jsonl", b"\0" * 4096 + b"\n"),
    "articles.jsonl with half a line": _soil("articles.jsonl", b'{"article_id": "demo_ga\n'),
    "last WARC member torn": _cut_member,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_run_that_a_machine_without_power_left_is_finished(bench: Bench, tmp_path: Path, damage: str) -> None:
    desk = bench.desk(bench.killed, tmp_path)
    DAMAGE[damage](desk)
    said = bench.goes_on(desk)
    if "WARC" in damage:
        assert "did not reach the disk" in said
    elif "with" in damage:
        assert "no rows" in said


# A file system of our own holds one part of the home; it is full or read-only for the first run, and neither for the second.
SMALL_DISK = """
mount -t tmpfs none "$DISK" && cp -a "$PART/." "$DISK" && mount --bind "$DISK" "$PART" || exit 77
case "$FAULT" in
full) mount -o remount,size=$(( $(du -sk "$DISK" | cut -f 1) + 8 ))k "$DISK" ;;
read-only) mount -o remount,bind,ro "$PART" ;;
esac
"$@"
echo "exit $?"
mount -o remount,size=256m "$DISK" && mount -o remount,bind,rw "$PART"
"$@"
echo "exit $?"
umount "$PART" && cp -a "$DISK/." "$PART"
"""


@pytest.mark.parametrize(
    ("part", "fault"), [("captures", "full"), ("db", "full"), ("published", "full"), ("captures", "read-only"), ("db", "read-only")]
)
def test_a_disk_that_is_full_or_read_only_costs_nothing(bench: Bench, tmp_path: Path, part: str, fault: str) -> None:
    desk, disk = bench.desk(bench.held, tmp_path), tmp_path / "disk"
    disk.mkdir()
    (desk.home / "db").mkdir()
    (desk.home / "warehouse.duckdb").rename(desk.home / "db" / "warehouse.duckdb")
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", disk], check=False).returncode:
        pytest.skip("this machine allows no file system of one's own; test_faults.py limits the size of files instead")
    facts = {"DISK": str(disk), "PART": str(desk.home / part), "FAULT": fault}
    warehouse = {"NEWSMILL_WAREHOUSE": str(desk.home / "db" / "warehouse.duckdb")}
    done = subprocess.run(
        [unshare, "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", *desk.command("ingest", OUTLET)],
        capture_output=True,
        text=True,
        env=clean_env({**facts, **warehouse}),
        check=False,
    )
    codes = [line for line in done.stdout.splitlines() if line.startswith("exit ")]
    assert codes == ["exit 2", "exit 0"], done.stdout + done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("newsmill: ") == 1
    assert any(word in done.stderr for word in ("space", "Read-only", "read-only", "cannot be used")), done.stderr
    assert bench.expected.differences(read_tables(desk.home / "published" / "newsmill.duckdb")) == []


@pytest.mark.parametrize("off", [timedelta(days=2), timedelta(days=4000)], ids=["days", "years"])
def test_a_clock_that_was_wrong_is_got_over(bench: Bench, tmp_path: Path, off: timedelta) -> None:
    """All that an earlier run noted by its clock lies ahead of ours: it was wrong then, or was set back since."""
    desk = bench.desk(bench.held, tmp_path)
    stated = ("published_at", "modified_at", "published_on", "link_published_at", "link_modified_at", "value")
    with duckdb.connect(desk.home / "warehouse.duckdb") as db:
        columns = db.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'store' AND data_type = 'TIMESTAMP WITH TIME ZONE'"
        ).fetchall()
        tables = {name for (name,) in db.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store'").fetchall()}
        for table, column in columns:
            if table in tables and column not in stated and table != "publications":
                db.execute(f'UPDATE store.{table} SET "{column}" = "{column}" + to_days({off.days})')
    done = desk.run("ingest", OUTLET)
    assert done.returncode == 0, done.stdout + done.stderr
    now = read_tables(desk.home / "published" / "newsmill.duckdb")
    # A day of a clock's error may be a day of work: what was seen then is dated by that clock, so that revisits come at other times
    compared = ("articles", "revisions", "rejections", "links")
    assert {name: now.rows[name] for name in compared} == {name: bench.expected.rows[name] for name in compared}


HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_warehouse_that_another_program_holds_is_told_and_the_next_run_goes_on(bench: Bench, tmp_path: Path) -> None:
    desk = bench.desk(bench.held, tmp_path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, desk.home / "warehouse.duckdb"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        done = desk.run("ingest", OUTLET)
        assert done.returncode == 2 and f"PID {holder.pid}" in done.stderr and "Traceback" not in done.stderr, done.stderr
    finally:
        holder.communicate()
    bench.goes_on(desk)


CRASH = """
import os, sys, duckdb
db = duckdb.connect(sys.argv[1], config={"checkpoint_threshold": "1GB"})
db.execute("UPDATE store.links SET attempts = attempts + 1")
os._exit(0)
"""


@pytest.mark.parametrize("damage", ["wal", "block"])
def test_a_damaged_database_is_told_with_its_remedy_and_rebuilt(bench: Bench, tmp_path: Path, damage: str) -> None:
    desk = bench.desk(bench.held, tmp_path)
    path, wal = desk.home / "warehouse.duckdb", desk.home / "warehouse.duckdb.wal"
    if damage == "wal":
        subprocess.run([sys.executable, "-c", CRASH, path], check=True)
        assert wal.stat().st_size > 100
        path = wal
    data = bytearray(path.read_bytes())
    places = {"wal": range(len(data) // 4, len(data), 50), "block": range(20_000, len(data), 1000)}
    for place in places[damage]:
        data[place] ^= 0xFF
    path.write_bytes(data)
    done = desk.run("ingest", OUTLET)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert "newsmill warehouse restore" in done.stderr and "newsmill rebuild" in done.stderr
    rebuilt = desk.run("rebuild", "--yes")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    again = desk.run("ingest", OUTLET)
    assert again.returncode == 0, again.stdout + again.stderr
    now = read_tables(desk.home / "published" / "newsmill.duckdb")
    kept = ("articles", "revisions", "rejections", "date_evidence")
    assert {name: now.rows[name] for name in kept} == {name: bench.expected.rows[name] for name in kept}
