"""The cases of ``robots_cases.toml``: one assertion a path."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from spiders.robots import allowed, parse_robots

CASES = tomllib.loads((Path(__file__).parent / "robots_cases.toml").read_text(encoding="utf-8"))["case"]
ROWS = [
    pytest.param(case["robots"], path, verdict == "allowed", id=f"{case['source']}: {path}")
    for case in CASES
    for verdict in ("allowed", "forbidden")
    for path in case.get(verdict, [])
]


@pytest.mark.parametrize(("robots", "path", "expected"), ROWS)
def test_a_path_is_judged_as_the_rfc_has_it(robots: str, path: str, expected: bool) -> None:
    assert allowed(parse_robots(200, robots.encode()), f"https://foo.bar{path}") is expected
