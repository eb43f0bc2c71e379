"""What the page for consumers says works: its statements, its Python, the notebook, the dbt project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from jinja2 import Environment

from tests.flows.conftest import Desk

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONSUMERS = Path(sys.prefix) / "consumers" / "bin"  # what consumers use, in an environment of its own: made by `make test`
PAGE = (DOCS / "consumers.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def there(printed: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the file where the page has it."""
    (tmp_path / "data" / "published").mkdir(parents=True)
    shutil.copy(printed.home / "published" / "newsmill.duckdb", tmp_path / "data" / "published")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_statements_of_the_page_run(there: Path) -> None:
    with duckdb.connect() as db:
        for block in blocks("sql"):
            for statement in db.extract_statements(block):
                db.execute(statement)
        assert db.execute("SELECT count(*) > 0 FROM my_articles").fetchall() == [(True,)]
    assert len(blocks("sql")) >= 6


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_the_python_of_the_page_runs(there: Path, number: int) -> None:
    code = blocks("python")[number]
    done = subprocess.run([CONSUMERS / "python", "-c", code], capture_output=True, text=True, check=False, cwd=there)
    assert done.returncode == 0, done.stderr


def test_the_statements_in_other_languages_prepare(there: Path) -> None:
    (query,) = re.findall(r'dbGetQuery\(mill, "(.*)"\)', PAGE)
    with duckdb.connect("data/published/newsmill.duckdb", read_only=True) as db:
        assert db.execute(query).fetchall()


def test_the_notebook_runs_from_top_to_bottom(there: Path) -> None:
    """Its cells as a kernel runs them, one after the other in one namespace; it needs duckdb alone."""
    notebook = json.loads((DOCS / "notebook.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], len({cell["id"] for cell in notebook["cells"]})) == (4, len(notebook["cells"]))
    assert all(not cell.get("outputs") for cell in notebook["cells"]), "outputs are not kept: they would hold articles"
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=there)
    assert done.returncode == 0 and "█" in done.stdout, done.stderr


def test_the_models_of_the_dbt_project_select_something(there: Path) -> None:
    """Rendered as dbt does it, so that each can be looked at."""
    with duckdb.connect() as db:
        db.execute("ATTACH 'data/published/newsmill.duckdb' AS newsmill (READ_ONLY)")
        names = {"source": lambda database, table: f"{database}.main.{table}", "ref": lambda model: model}
        for model in ("articles_per_day", "rewrites", "outlet_pulse"):
            text = (DOCS / "dbt" / "models" / f"{model}.sql").read_text(encoding="utf-8")
            db.execute(f"CREATE TABLE {model} AS {Environment().from_string(text).render(**names)}")
            assert db.execute(f"SELECT count(*) > 0 FROM {model}").fetchall() == [(True,)], model
    assert {path.stem for path in (DOCS / "dbt" / "models").glob("*.sql")} == {"articles_per_day", "rewrites", "outlet_pulse"}


def test_dbt_builds_the_project(there: Path) -> None:
    shutil.copytree(DOCS / "dbt", there / "dbt")
    published = there / "data" / "published" / "newsmill.duckdb"
    env = {**os.environ, "NEWSMILL_PUBLISHED": str(published), "ANALYTICS": str(there / "analytics.duckdb"), "DO_NOT_TRACK": "1"}
    command = [str(CONSUMERS / "dbt"), "build", "--project-dir", "dbt", "--profiles-dir", "dbt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=there, env=env)
    assert done.returncode == 0 and "ERROR=0" in done.stdout, done.stdout
