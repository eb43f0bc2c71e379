"""One warehouse under two releases of DuckDB, in turns: what the version policy promises (docs/warehouse.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.warehouse.conftest import article
from tests.warehouse.press import Press
from warehouse.query import ask

PROJECT = Path(__file__).resolve().parents[2]
# Made by `make test`
OTHER = Path(os.environ.get("NEWSMILL_OTHER_DUCKDB", Path(sys.prefix) / "other-duckdb"))

TURN = """
import sys
from pathlib import Path
import duckdb
from tests.warehouse.conftest import article
from tests.warehouse.press import Press
from warehouse.query import ask
press, name = Press(Path(sys.argv[1])), sys.argv[2]
press.load(article("0", f"Changed by {name}.", at=article("0").captured_at.replace(year=int(sys.argv[3]))), article(name))
rows = press.publish().rows
print(duckdb.__version__, rows is not None, press.differences(), *ask(press.published, "SELECT count(*) FROM articles").rows[0])
"""
HOLD = """
import duckdb, sys
db = duckdb.connect(sys.argv[1], read_only=True)
print(duckdb.__version__, flush=True)
sys.stdin.readline()
print(db.execute("SELECT count(*) FROM articles").fetchall(), flush=True)
"""


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{OTHER}{os.pathsep}{PROJECT}"}


def other(script: str, *arguments: object) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment()
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_two_releases_take_turns_on_one_warehouse(tmp_path: Path) -> None:
    press = Press(tmp_path / "home")
    press.load(*(article(str(i)) for i in range(40)))
    for count in range(3):
        press.publish()
        version, brought_forward, differences, articles = other(TURN, press.home, f"theirs{count}", 2030 + 2 * count)
        assert version != duckdb.__version__ and (differences, int(articles)) == ("[]", 41 + 2 * count)
        press.load(
            article("0", f"Changed by us {count}.", at=article("0").captured_at.replace(year=2031 + 2 * count)), article(f"ours{count}")
        )
        assert count == 0 or brought_forward == "True"
        press.publish()
        assert press.differences() == []
        assert ask(press.published, "SELECT text FROM articles WHERE url = '0'").rows == [(f"Changed by us {count}.",)]


def test_a_warehouse_that_the_other_release_made_is_ours_too(tmp_path: Path) -> None:
    other(TURN, tmp_path / "home", "first", 2030)
    press = Press(tmp_path / "home")
    press.load(article("second"))
    press.publish()
    assert press.differences() == []
    assert ask(press.published, "SELECT count(*) FROM articles").rows == [(3,)]


def test_a_reader_of_the_other_release_keeps_what_it_opened(tmp_path: Path) -> None:
    press = Press(tmp_path / "home")
    press.load(article("first"))
    press.publish()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, press.published], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert holder.stdout and holder.stdout.readline().strip() != duckdb.__version__
    for turn in range(3):
        press.load(article(f"next{turn}"))
        press.publish()
    assert holder.communicate("\n")[0].strip() == "[(1,)]"
