"""A few rounds of ``python -m tests.flows.killing``, whose hundreds are measured by hand."""

from __future__ import annotations

from tests.flows.killing import rounds


def test_whatever_is_killed_in_whatever_stage_the_next_run_makes_the_tables_whole() -> None:
    hits, wrong = rounds(2, 7, starts=("old",))
    assert wrong == []
    assert hits.total() >= 2
