"""The documentation is complete: what can be typed, set and raised stands where a reader looks for it."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from flows.cli import main
from flows.settings import Settings
from spiders.registry import read_catalogue, read_outlets

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_every_verb_and_its_options_stand_in_the_readme() -> None:
    for name, command in main.commands.items():
        row = next((line for line in README.splitlines() if line.startswith(f"| `newsmill {name}")), None)
        assert row, f"README.md: the table of verbs lacks `newsmill {name}`"
        own = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        shared = {"--home", "--outlets", "--json", "--quiet", "--verbose"}
        assert {option for option in own - shared if option not in row} == set()


def test_every_setting_stands_in_the_readme() -> None:
    for name in Settings.model_fields:
        assert f"| `NEWSMILL_{name.upper()}` |" in README


@pytest.mark.parametrize("room", ["spiders", "flows", "warehouse"])
def test_every_error_stands_in_the_tree_of_its_room(room: str) -> None:
    module = importlib.import_module(f"{room}.errors")
    base = {"spiders": "SpidersError", "flows": "FlowsError", "warehouse": "WarehouseError"}[room]
    raised = _leaves(getattr(module, base))
    drawn = set(re.findall(r"[├└]── (?:\w+\.)?(\w+)", module.__doc__ or ""))
    assert {kind.__name__ for kind in raised} == drawn


def _leaves(kind: type[Exception]) -> set[type[Exception]]:
    for name in ("captures", "job", "ledger", "urls"):
        importlib.import_module(f"spiders.{name}")
    found = {sub for sub in kind.__subclasses__() if sub.__module__.split(".")[0] == kind.__module__.split(".")[0]}
    return found | {deeper for sub in found for deeper in _leaves(sub)}


def test_the_numbers_in_the_readme_are_those_of_the_files() -> None:
    assert len(read_outlets()) == 10 and "ten built-in ones" in README
    assert f"{len(read_catalogue())} more" in README


def test_the_changelog_speaks_of_this_version() -> None:
    assert "## Unreleased" in (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
