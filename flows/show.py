"""Answers on the screen: tables by rich, CSV and JSON for other programs."""

from __future__ import annotations

import csv
import json
import math
import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from warehouse.spreadsheet import safe_cell

if TYPE_CHECKING:
    from warehouse.query import Rows

Form = Literal["table", "csv", "json"]

SHORT = 24  # letters of a cell that is not broken over lines
WIDEST = 120  # letters of a cell on the screen, where there are more than FEW rows; --csv and --json give all
FEW = 3
NARROWEST = 16  # letters of a column below which a table is no longer read but guessed
MOST_REFUSED = 20


def show(console: Console, names: Sequence[str], rows: Iterable[Sequence[Any]], form: Form, title: str | None = None) -> None:
    """Print ``rows`` under ``names``."""
    if form == "json":
        write_json(sys.stdout, names, rows)
    elif form == "csv":
        write_csv(sys.stdout, names, rows)
    else:
        console.print(as_table(names, rows, title))


def show_rows(console: Console, found: Rows, form: Form, limit: int, began: float) -> None:
    """Print an answer that is still being read; of a table ``limit`` rows (0: all), then what was left out. ``began``: monotonic."""
    if form != "table":
        show(console, found.names, islice(found.rows, limit) if limit else found.rows, form)
        return
    rows = list(islice(found.rows, limit + 1)) if limit else list(found.rows)
    more = bool(limit) and len(rows) > limit
    rows = rows[:limit] if more else rows
    places, widths = _fitting(console.width, found.names, rows)
    if len(places) < len(found.names) and len(rows) <= FEW:
        for row in rows:
            console.print(as_record(found.names, row))
        places = list(range(len(found.names)))
    else:
        names, types = [found.names[at] for at in places], [found.types[at] for at in places]
        console.print(as_table(names, [[row[at] for at in places] for row in rows], types=types, widths=widths))
    console.print(Text("\n".join(_notes(found.names, rows, places, widths, more, time.monotonic() - began))), style="dim", highlight=False)


def print_json(value: object) -> None:
    print(json.dumps(value, default=_jsonable, ensure_ascii=False, indent=2))


def write_json(out: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A JSON array of one object a row, written as the rows come."""
    keys, opened = _unlike(names), False
    for row in rows:
        record = {
            key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in zip(keys, row, strict=True)
        }
        text = json.dumps(record, default=_jsonable, ensure_ascii=False, indent=2)
        out.write((",\n" if opened else "[\n") + textwrap.indent(text, "  "))
        opened = True
    out.write("\n]\n" if opened else "[]\n")


def write_csv(out: TextIO, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV that a spreadsheet opens without running anything: text cells that look like formulas get a leading apostrophe."""
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)


def as_table(
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    title: str | None = None,
    types: Sequence[str] = (),
    widths: Sequence[int] = (),
) -> Table:
    """``rows`` as a table; numbers to the right, ``types`` under the names. With ``widths``, many rows get a line each."""
    table = Table(title=title, title_justify="left", header_style="bold")
    values = [list(row) for row in rows]
    widest = WIDEST if len(values) > FEW else sys.maxsize
    cells = [[_cell(value, widest) for value in row] for row in values]
    one_line = bool(widths) and len(values) > FEW
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], int | float | Decimal) and not isinstance(row[index], bool) for row in values)
        short = one_line or all(len(row[index]) <= SHORT for row in cells)
        header = escape(name) + (f"\n[not bold dim]{escape(_short_type(types[index]))}[/]" if types else "")
        side: Literal["left", "right"] = "right" if numeric else "left"
        fixed = widths[index] if one_line else None
        table.add_column(header, justify=side, overflow="ellipsis" if one_line else "fold", no_wrap=short, width=fixed)
    for row in cells:
        table.add_row(*map(escape, row))
    return table


def as_record(names: Sequence[str], row: Sequence[Any]) -> Table:
    """One row of many columns, from top to bottom."""
    table = Table(show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in zip(names, row, strict=True):
        table.add_row(escape(name), escape(_cell(value, sys.maxsize)))
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


def _fitting(width: int, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[int], list[int]]:
    """Places of the columns that can be read side by side in ``width`` letters, from the left, and the letters that each gets."""
    places, widths, wanted, left = list[int](), list[int](), list[int](), width - 1
    for place, name in enumerate(names):
        longest = max((len(_cell(row[place], WIDEST)) for row in rows), default=0)
        least = max(len(name), min(longest, NARROWEST), 3)
        if least + 3 > left and places:
            break
        places.append(place)
        widths.append(least)
        wanted.append(max(least, longest))
        left -= least + 3
    for index in sorted(range(len(places)), key=lambda index: wanted[index]):  # the modest first: what they leave the others share
        asking = sum(want > have for want, have in zip(wanted, widths, strict=True))
        more = min(wanted[index] - widths[index], max(0, left) // max(1, asking))
        widths[index] += more
        left -= more
    return places, widths


def _notes(
    names: Sequence[str], rows: Sequence[Sequence[Any]], places: Sequence[int], widths: Sequence[int], more: bool, seconds: float
) -> list[str]:
    count = f"the first {len(rows)} rows, and there are more: --limit 0 shows all" if more else f"{len(rows)} row{'s' * (len(rows) != 1)}"
    notes = [f"{count} ({seconds:.2f} s)"]
    if hidden := [name for place, name in enumerate(names) if place not in places]:
        notes.append(f"not shown, for want of width: {', '.join(hidden)}")
    if len(rows) > FEW and any(len(_cell(row[at], WIDEST + 1)) > width for row in rows for at, width in zip(places, widths, strict=False)):
        notes.append("a cell that ends in … is cut: --csv and --json give all of it")
    return notes


def _short_type(kind: str) -> str:
    return kind if len(kind) <= SHORT else f"{kind.partition('(')[0]}{'[]' * kind.endswith('[]')}"


def _unlike(names: Sequence[str]) -> list[str]:
    """Keys of an object: the second column of a name gets a number."""
    seen: dict[str, int] = {}
    keys = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return keys


def _cell(value: Any, widest: int) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return repr(value) if not math.isfinite(value) or 0 < abs(value) < 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item, widest) for item in value)
    text = plain(str(value))
    return text if len(text) <= widest else text[: widest - 1] + "…"


def _csv_cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | dict):
        value = json.dumps(value, default=_jsonable, ensure_ascii=False)
    return safe_cell(value) if isinstance(value, str) else value


def _jsonable(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return str(value)
