"""Answers on the screen: tables by rich, CSV and JSON for other programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Form = Literal["table", "csv", "json"]

# A cell that a spreadsheet would run as a formula (and tab and return, which smuggle one in)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHORT = 24  # letters of a cell that is not broken over lines
WIDEST = 120  # letters of a cell on the screen, where there are more than FEW rows; --csv and --json give all
FEW = 3

MOST_REFUSED = 20


def show(console: Console, names: Sequence[str], rows: Iterable[Sequence[Any]], form: Form, title: str | None = None) -> None:
    """Print ``rows`` under ``names``."""
    if form == "json":
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif form == "csv":
        write_csv(sys.stdout, names, rows)
    else:
        console.print(as_table(names, rows, title))


def print_json(value: object) -> None:
    print(json.dumps(value, default=_jsonable, ensure_ascii=False, indent=2))


def write_csv(out: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV that a spreadsheet opens without running anything: text cells that look like formulas get a leading apostrophe."""
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)


def as_table(names: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    values = [list(row) for row in rows]
    widest = WIDEST if len(values) > FEW else sys.maxsize
    cells = [[_cell(value, widest) for value in row] for row in values]
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], int | float | Decimal) and not isinstance(row[index], bool) for row in values)
        short = all(len(row[index]) <= SHORT for row in cells)
        table.add_column(escape(name), justify="right" if numeric else "left", overflow="fold", no_wrap=short)
    for row in cells:
        table.add_row(*map(escape, row))
    return table


def show_rereading(console: Console, found: Sequence[dict[str, Any]], is_dry: bool) -> None:
    """What a reading anew changes, by outlet, with examples and what would be no article any more."""
    names = ["outlet", "articles", "changed", "words +", "words −", "titles", "dates", "kept though rejected"]
    keys = ("outlet", "read", "changed", "words_gained", "words_lost", "titles", "dates", "rejected")
    console.print(as_table(names, [[each[key] for key in keys] for each in found], "would change" if is_dry else "changed"))
    examples = [[one[key] for key in ("article_id", "words_lost", "words_gained")] for each in found for one in each["examples"]]
    if examples:
        console.print(as_table(["article", "before", "after"], examples, "where most words differ"))
    refused = [[one[key] for key in ("article_id", "reason", "detail")] for each in found for one in each["refused"]]
    if refused:
        console.print(as_table(["article", "reason", "detail"], refused[:MOST_REFUSED], "no article by today's code: kept as it was read"))
        if len(refused) > MOST_REFUSED:
            console.print(f"and more: --json tells {len(refused)}", highlight=False)
    if is_dry:
        console.print("Nothing was changed. Without --dry-run it will be.", highlight=False)


def plain(text: str) -> str:
    """``text`` without control characters: a page's title must not drive the terminal."""
    return "".join(character if character.isprintable() or character in "\n\u200c\u200d" else "\ufffd" for character in text)


def _cell(value: Any, widest: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item, widest) for item in value)
    text = plain(str(value))
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, default=_jsonable, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _jsonable(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value)
