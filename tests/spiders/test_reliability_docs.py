"""``docs/reliability.md`` tells every hostile input, and names tests that exist."""

from __future__ import annotations

import pytest

from tests.spiders.reliability_table import DOC, OPERATIONS, ROOT, count, written


def test_the_table_is_complete() -> None:
    text = DOC.read_text(encoding="utf-8")
    assert text == written(text), "run: .venv/bin/python -m tests.spiders.reliability_table"


@pytest.mark.parametrize("named", sorted({test for _, _, test in OPERATIONS}))
def test_a_test_that_is_named_exists(named: str) -> None:
    file, _, test = named.partition("::")
    (path,) = (ROOT / "tests").rglob(file)
    assert f"def {test}(" in path.read_text(encoding="utf-8")


def test_there_are_as_many_inputs_and_classes_as_we_set_out_to_try() -> None:
    inputs, classes = count()
    assert inputs > 150
    assert classes > 30
