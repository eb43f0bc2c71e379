"""What a person types, and what comes back: words, exit codes, and no traceback."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.conftest import NEWSMILL, Desk, clean_env

DATA_VERBS = ("tables", "export", "forget", "rebuild", *(f"warehouse {verb}" for verb in ("backup", "restore", "check", "compact")))
VERBS = ("demo", "ingest", "outlets", "status", "report", "sql", "backfill", "learn", "profile", "reread", "outlet check", *DATA_VERBS)


def newsmill(*words: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NEWSMILL, *map(str, words)], capture_output=True, text=True, env=clean_env(env), cwd=cwd, check=False, timeout=120
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(tmp_path: Path, verb: str) -> None:
    done = newsmill(*verb.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"newsmill {verb}" in done.stdout.split("Options:")[0].split("\n", 1)[1]
    for option in ("--home", "--outlets", "--json", "--quiet", "--verbose"):
        assert option in done.stdout


def test_ingest_needs_neither_prefect_nor_trafilatura_to_start(tmp_path: Path) -> None:
    code = "import sys, flows.cli, flows.verbs, flows.choose; print(sorted({'prefect', 'trafilatura', 'scrapy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ingest", "rudaw_englisch"), "rudaw_english"),
        (("ingest", "nothing-like-it"), "no such outlet"),
        (("ingest", "southfront"), "NEWSMILL_CONTACT is not set"),
        (("ingest", "--outlets", "nowhere"), "nowhere"),
        (("sql", "FROM articles"), "run `newsmill ingest`"),
        (("status",), "run `newsmill ingest`"),
        (("report",), "run `newsmill ingest`"),
        (("learn",), "run `newsmill ingest`"),
        (("profile", "southfront"), "run `newsmill ingest`"),
        (("profile", "southfrond"), "southfront"),
        (("reread", "southfront"), "run `newsmill ingest`"),
        (("reread", "--dry-run"), "run `newsmill ingest`"),
        (("reread", "--since", "yesterday"), "yesterday"),
        (("outlet", "check", "southfront"), "run `newsmill ingest`"),
        (("backfill", "southfront", "--warc", "missing.warc.gz"), "missing.warc.gz"),
        (("backfill", "southfront"), "--warc"),
        (("unknown",), "No such command"),
    ],
)
def test_a_mistake_is_told_in_words_with_exit_code_2(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = newsmill(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.toml", 'title = "A"\nhomepage = "http://127.0.0.1:1/"\nhomepagge = "x"\n', "homepagge"),
        ("a.toml", 'title = "A"\nhomepage = "ftp://example.org/"\n', "homepage"),
        ("a.toml", 'title = "A\n', "line 1"),
        ("A B.toml", 'title = "A"\nhomepage = "http://127.0.0.1:1/"\n', "A B.toml"),
    ],
)
def test_a_bad_outlet_file_is_named_before_anything_is_fetched(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / name).write_text(text)
    done = newsmill("ingest", "--outlets", "files", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and name in done.stderr
    assert not (tmp_path / "data" / "warehouse.duckdb").exists()


def test_a_data_folder_that_cannot_be_made_is_named(desk: Desk) -> None:
    desk.home = Path("/proc/nothing")
    done = desk.run("ingest", "demo_gazette")
    assert done.returncode == 2 and "the data folder /proc/nothing cannot be used" in done.stderr and "Traceback" not in done.stderr


def test_settings_come_from_the_environment_and_from_a_file(tmp_path: Path) -> None:
    assert "two lines" not in newsmill("outlets", cwd=tmp_path).stderr
    assert newsmill("ingest", "southfront", cwd=tmp_path, NEWSMILL_CONTACT="two\nlines").returncode == 2
    (tmp_path / ".env").write_text("NEWSMILL_HOME=elsewhere\n")
    assert newsmill("outlets", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "elsewhere").exists(), "to look makes no folder"
    assert str(tmp_path / "elsewhere") in newsmill("status", cwd=tmp_path).stderr
    assert "DuckLake" in newsmill("outlets", cwd=tmp_path, NEWSMILL_WAREHOUSE="ducklake:postgres").stderr


def test_outlets_and_catalogue_are_listed(tmp_path: Path) -> None:
    built_in = json.loads(newsmill("outlets", "--json", cwd=tmp_path).stdout)
    assert {"rudaw_english", "rudaw_sorani", "southfront", "fort_russ"} <= {row["outlet"] for row in built_in}
    assert [row["outlet"] for row in built_in if not row["enabled"]] == ["fort_russ"]
    catalogue = json.loads(newsmill("outlets", "--catalogue", "--json", cwd=tmp_path).stdout)
    assert len(catalogue) == 54 and {row["grade"] for row in catalogue} == {"A", "B", "C", "D"}
    assert "rudaw_english" in newsmill("outlets", cwd=tmp_path).stdout


def test_sql_answers_as_a_table_as_csv_and_as_json(printed: Desk) -> None:
    query = "SELECT outlet, title, '=1+1' AS formula, published_at FROM articles ORDER BY ALL LIMIT 2"
    table = printed.run("sql", query, outlets=False)
    assert "demo_courier" in table.stdout and table.returncode == 0
    rows = list(csv.DictReader(io.StringIO(printed.run("sql", query, "--csv", outlets=False).stdout)))
    assert rows[0]["formula"] == "'=1+1"
    assert json.loads(printed.run("sql", query, "--json", outlets=False).stdout)[0]["formula"] == "=1+1"


def test_a_bad_query_is_told_with_the_tables_that_there_are(printed: Desk) -> None:
    done = printed.run("sql", "SELECT titel FROM articles", outlets=False)
    assert done.returncode == 2 and "titel" in done.stderr and "Tables: articles" in done.stderr


def test_status_tells_runs_states_and_reasons(printed: Desk) -> None:
    done = printed.run("status", "--json", outlets=False)
    assert done.returncode == 0, done.stdout
    said = json.loads(done.stdout)
    assert len(said["runs"]) >= 2 and {row["outlet"] for row in said["links"]} == {"demo_courier", "demo_gazette", "demo_herald"}
    assert any(row["reason"] == "robots" for row in said["reasons"])
    assert {row["outlet"]: row["health"] for row in said["outlets"]} == dict.fromkeys(
        ("demo_courier", "demo_gazette", "demo_herald"), "well"
    )
    screen = printed.run("status", outlets=False).stdout
    assert "3 outlets: 0 need a person" in screen and len(screen.splitlines()) < 24
    assert "reasons, the most frequent" in printed.run("status", "-v", outlets=False).stdout


def test_a_report_is_written_and_its_path_told(printed: Desk) -> None:
    done = printed.run("report", "--json", outlets=False)
    path = Path(json.loads(done.stdout)["path"])
    assert path.parent == printed.home / "reports" and "demo_gazette" in path.read_text(encoding="utf-8")
    assert printed.run("report", "--date", "2999-01-01", outlets=False).returncode == 2


def test_a_run_is_told_in_plain_lines_where_no_terminal_is(desk: Desk) -> None:
    done = desk.run("ingest", "demo_gazette")
    stages = [line.split()[0] for line in done.stdout.splitlines() if line and not line.startswith("warning")]
    assert stages == ["discover", "plan", "fetch", "read", "learn", "load", "check", "publish"] or sorted(stages) == sorted(
        ["discover", "plan", "fetch", "read", "learn", "load", "check", "publish"]
    )
    assert "\x1b" not in done.stdout
    quiet = desk.run("ingest", "demo_gazette", "-q")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert json.loads(desk.run("ingest", "demo_gazette", "--json").stdout)["state"] == "done"


def test_an_outlet_that_fails_is_told_by_exit_code_1_and_the_others_finish(desk: Desk) -> None:
    (desk.outlets / "dead.toml").write_text(
        'title = "Dead"\nhomepage = "http://127.0.0.1:9/"\n[[feeds]]\nurl = "http://127.0.0.1:9/feed"\n[crawl]\ndelay = 0\ntimeout = 5\n'
    )
    done = desk.run("ingest")
    assert done.returncode == 1 and "outlet_silent" in done.stdout and "dead" in done.stdout
    assert desk.ask("SELECT count(DISTINCT outlet) FROM articles") == [(3,)]
    assert desk.ask("SELECT state FROM runs") == [("failed",)]
    assert desk.run("status", outlets=False).returncode == 1


def test_demo_runs_both_editions_and_shows_the_tables(tmp_path: Path) -> None:
    done = newsmill("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    for part in ("edition 1", "edition 2", "articles:", "revisions:", "profiles:", "removed_blocks:", "links:", "newsmill sql"):
        assert part in done.stdout
    assert newsmill("sql", "SELECT count(*) AS n FROM articles", "--json", cwd=tmp_path).returncode == 0
    assert newsmill("demo", "-q", cwd=tmp_path).returncode == 0, "a demo home can be used again"


def test_demo_keeps_its_hands_off_other_data(desk: Desk) -> None:
    desk.run("ingest", "demo_gazette")
    done = desk.run("demo", outlets=False)
    assert done.returncode == 2 and "folder of its own" in done.stderr
