"""How an article changed between two readings: word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from flows.errors import BadArgument
from flows.home import home_at
from flows.settings import Settings
from flows.show import plain, print_json
from warehouse.query import ask_question

_PIECES = re.compile(r"[\w\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u200c\u200d]+|\s+|.", re.DOTALL)
_ALIKE = 0.3  # paragraphs less alike than this are told as one gone and one come
_STYLES = {"same": "", "removed": "red strike", "added": "green underline"}
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed, went or came."""

    what: Literal["same", "removed", "added"]
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """One revision beside the one before it. ``paragraphs`` that are alike hold one piece."""

    article_id: str
    revision: int
    change: str
    seen_at: tuple[str, str]  # of the two readings
    words_added: int
    words_removed: int
    title: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]


def show_diff(home: Path, settings: Settings, wanted: str, revision: int | None, console: Console, as_json: bool) -> None:
    """Print what ``revision`` (or else the newest) of the article ``wanted``, a key or URL, changed. Raises ``BadArgument``."""
    rows = ask_question(home_at(home, settings.warehouse).published, "diff_revisions", {"wanted": wanted}).records()
    found = change_of(wanted, rows, revision)
    if as_json:
        print_json(asdict(found))
        return
    newest = rows[-1]
    when = " → ".join(found.seen_at)
    console.print(f"{found.article_id}  revision {found.revision}: {found.change}, {when}", style="bold", markup=False, highlight=False)
    console.print(f"{found.words_added} words added, {found.words_removed} removed; {_dates(newest)}", markup=False, highlight=False)
    for line in _lines(found, console.is_terminal):
        console.print()
        console.print(line, soft_wrap=not console.is_terminal, highlight=False)


def change_of(wanted: str, rows: Sequence[dict[str, Any]], revision: int | None) -> Change:
    """The change that the readings ``rows``, in order, show at ``revision``. Raises ``BadArgument``."""
    if not rows:
        raise BadArgument(f"no article has the key or URL {wanted!r}; `newsmill status --url URL` says what became of it")
    if len({row["article_id"] for row in rows}) > 1:
        keys = ", ".join(sorted({row["article_id"] for row in rows})[:5])
        raise BadArgument(f"several articles have the URL {wanted!r}; name one by its key: {keys}")
    number = revision or rows[-1]["revision"]
    new = next((row for row in rows if row["revision"] == number), None)
    if new is None:
        raise BadArgument(f"{rows[0]['article_id']} has revisions 1 to {rows[-1]['revision']}, not {number}")
    old = next((row for row in rows if row["revision"] == number - 1), None)
    return Change(
        article_id=new["article_id"],
        revision=number,
        change=new["change"],
        seen_at=(f"{old['captured_at']:%Y-%m-%d %H:%M}" if old else "not there", f"{new['captured_at']:%Y-%m-%d %H:%M}"),
        words_added=new["words_added"],
        words_removed=new["words_removed"],
        title=tuple(pieces(old["title"] if old else "", new["title"])),
        paragraphs=tuple(map(tuple, paragraphs(old["text"] if old else "", new["text"]))),
    )


def paragraphs(old: str, new: str) -> Iterator[list[Piece]]:
    """The paragraphs of two texts beside each other; those that changed word by word."""
    before, after = _split(old), _split(new)
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from ([Piece("same", text)] for text in before[a:b])
            continue
        gone, come = before[a:b], after[c:d]
        for number in range(max(len(gone), len(come))):
            one, other = gone[number : number + 1], come[number : number + 1]
            if one and other:
                yield list(pieces(one[0], other[0]))
            else:
                yield [Piece("removed", text) for text in one] + [Piece("added", text) for text in other]


def pieces(old: str, new: str) -> Iterator[Piece]:
    """What stayed, went and came, in order."""
    if old == new:
        yield Piece("same", new)
        return
    a, b = _PIECES.findall(old), _PIECES.findall(new)
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.quick_ratio() < _ALIKE:
        yield from (Piece(what, text) for what, text in _swapped(old, new) if text)
        return
    for what, i, j, k, m in matcher.get_opcodes():
        if what == "equal":
            yield Piece("same", "".join(a[i:j]))
        else:
            yield from (Piece(kind, text) for kind, text in _swapped("".join(a[i:j]), "".join(b[k:m])) if text)


def _swapped(old: str, new: str) -> tuple[tuple[Literal["removed"], str], tuple[Literal["added"], str]]:
    return (("removed", old), ("added", new))


def _lines(found: Change, in_colour: bool) -> Iterator[Text]:
    """The headline, then the paragraphs that changed, with the one before and after them."""
    yield _text(found.title, in_colour, "bold")
    changed = [any(piece.what != "same" for piece in each) for each in found.paragraphs]
    left_out = 0
    for number, each in enumerate(found.paragraphs):
        if any(changed[max(0, number - 1) : number + 2]):
            if left_out:
                yield _same(left_out)
                left_out = 0
            yield _text(each, in_colour)
        else:
            left_out += 1
    if left_out:
        yield _same(left_out)


def _same(count: int) -> Text:
    return Text(f"… {count} paragraph{'s' * (count != 1)} the same …", style="dim")


def _text(parts: Sequence[Piece], in_colour: bool, style: str = "") -> Text:
    text = Text(style=style)
    for part in parts:
        before, after = ("", "") if in_colour else _MARKS[part.what]
        text.append(f"{before}{plain(part.words)}{after}", style=_STYLES[part.what] or None)
    return text


def _dates(row: dict[str, Any]) -> str:
    named = (("published", "published_at"), ("modified", "modified_at"), ("gone", "gone_at"))
    return ", ".join(f"{word} {row[key]:%Y-%m-%d %H:%M}" for word, key in named if row[key]) or "no date"


def _split(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part]
