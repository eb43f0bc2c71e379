"""`newsmill search`, as a person types it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import NEWSMILL, clean_env
from tests.warehouse.conftest import NOON, Mill, article
from warehouse import search
from warehouse.connect import writing
from warehouse.publish import publish


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with writing(home / "warehouse.duckdb") as db:
        Mill(db, home).load(
            article(
                "a",
                "The river fell again. Farmers say that the drought has taken their harvest.",
                title="Dry\x1b[31m fields",
                published_at=NOON,
            ),
            article("b", "A drought that was not foreseen.", title="Markets", language="en-GB"),
            article("c", "Seçimlerde altmış milyon kişi oy kullanacak.", title="Yerel seçimler", language="tr"),
        )
        search.update(db)
    publish(home / "warehouse.duckdb", home / "published" / "newsmill.duckdb")
    return home


def newsmill(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(NEWSMILL), "search", *words, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, env=clean_env(), check=False, timeout=120)


def records(home: Path, *words: str) -> list[dict[str, Any]]:
    done = newsmill(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_headline_place_and_the_sentence_that_answers_are_shown(home: Path) -> None:
    done = newsmill(home, "droughts", "harvest")
    assert done.returncode == 0 and "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Dry") and lines[1] == "demo · 2026-11-01 12:00 · a"
    assert lines[2] == "Farmers say that the drought has taken their harvest."
    assert "Markets" in done.stdout


def test_filters_and_json(home: Path) -> None:
    assert [each["article_id"] for each in records(home, "seçim", "--language", "tr")] == ["demo:c"]
    assert {each["article_id"] for each in records(home, "drought")} == {"demo:a", "demo:b"}
    assert [each["article_id"] for each in records(home, "drought", "--since", "2026-11-02")] == []
    assert len(records(home, "drought", "--limit", "1")) == 1
    assert records(home, "drought", "--outlet", "other") == []
    assert records(home, "zebra") == []


def test_nothing_found_is_said_and_nothing_published_too(home: Path, tmp_path: Path) -> None:
    assert newsmill(home, "zebra").stdout == "nothing found for 'zebra'\n"
    done = newsmill(tmp_path, "zebra")
    assert done.returncode == 2 and "run `newsmill ingest`" in done.stderr
