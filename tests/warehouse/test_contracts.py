"""Rows on disk: what goes in comes back, and nothing torn or naive gets in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.conftest import article
from warehouse import contracts
from warehouse.contracts import Article, Link, Row, columns, cut_torn_line, from_json, read_rows, to_json, write_rows

ROWS = sorted((kind for kind in vars(contracts).values() if isinstance(kind, type) and issubclass(kind, Row) and kind is not Row), key=str)


@given(text=st.text(max_size=50), title=st.text(st.characters(), max_size=20), authors=st.lists(st.text(max_size=5), max_size=3))
def test_a_row_survives_the_disk(text: str, title: str, authors: list[str]) -> None:
    row = article("a", text, title=title, authors=tuple(authors))
    assert from_json(Article, to_json(row)) == row
    assert "\n" not in to_json(row)


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_any_text_can_be_stored(text: str) -> None:
    row = article("a", text)
    row.text.encode("utf-8")
    assert "\0" not in row.text


def test_times_are_kept_in_utc_and_naive_ones_refused() -> None:
    baghdad = timezone(timedelta(hours=3))
    assert article("a", at=datetime(2026, 5, 25, 15, tzinfo=baghdad)).captured_at == datetime(2026, 5, 25, 12, tzinfo=UTC)
    with pytest.raises(ValueError, match=r"Article.published_at: a time without a zone"):
        article("a", published_at=datetime(2026, 5, 25))  # noqa: DTZ001


def test_a_foreign_line_is_a_value_error() -> None:
    for line in ("", "[]", "{}", '{"outlet": 1}', "null", '"text"'):
        with pytest.raises(ValueError, match=r".*"):
            from_json(Link, line)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_a_torn_tail_is_cut_and_whole_lines_stay(tmp_path_factory: pytest.TempPathFactory, tail: bytes, whole: int) -> None:
    path: Path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    line = to_json(article("a")).encode() + b"\n"
    path.write_bytes(line * whole + tail.replace(b"\n", b""))
    assert len(list(read_rows(Article, path))) == whole
    cut_torn_line(path)
    assert path.read_bytes() == line * whole


def test_a_row_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    write_rows(path, [article("a")])
    with pytest.raises(ZeroDivisionError):
        write_rows(path, (article("b") if n else 1 // 0 for n in (1, 0)))  # type: ignore[misc]
    assert [row.url for row in read_rows(Article, path)] == ["a"]


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
def test_every_row_has_columns_that_duckdb_knows(kind: type[Row]) -> None:
    names = ", ".join(f'"{name}" {type_}' for name, type_ in columns(kind).items())
    assert duckdb.execute(f"CREATE OR REPLACE TEMP TABLE t ({names})") and len(columns(kind)) >= 2


def test_contracts_speak_of_no_place_but_the_standard_library() -> None:
    text = Path(contracts.__file__).read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))
    assert imported <= {"__future__", "collections", "dataclasses", "datetime", "json", "pathlib", "types", "typing"}
