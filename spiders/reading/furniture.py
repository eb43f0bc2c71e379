"""What stands around a story on most sites: its own headline and byline once more, dates, reading times, size controls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from spiders.reading import phrases
from spiders.reading.dates import parse
from spiders.reading.people import split
from spiders.reading.text import key
from warehouse.contracts import RemovedBlock

LEADS = 1  # paragraphs of prose before which a byline or date is furniture, or right behind which; further down it is story
LONGEST_LINE = 100
LONGEST_HEADLINE = 160  # letters

_CLOCK = re.compile(r"[\d\s.:,/|–-]*\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?", re.IGNORECASE)


Reason = Literal["learned", "outlet", "generic"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; one that has a ``reason`` is out of the text."""

    text: str
    reason: Reason | None = None
    rule: str = ""


def marked(blocks: Sequence[Block], titles: Iterable[str], authors: Iterable[str]) -> list[Block]:
    """``blocks`` with repeats of headline and byline, printed dates and controls taken out."""
    headlines = {name for name in map(key, titles) if len(name) > 10}
    writers = {key(author) for author in authors}
    found: list[Block] = []
    prose = 0
    for block in blocks:
        rule = None if block.reason else _rule(block.text, headlines, writers, is_on_top=prose <= LEADS)
        prose += not block.reason and len(block.text) > LONGEST_LINE
        found.append(replace(block, reason="generic", rule=rule) if rule else block)
    return found


def _rule(text: str, headlines: set[str], writers: set[str], is_on_top: bool) -> str | None:
    name = key(text)
    if name in headlines or (is_on_top and len(name) <= LONGEST_HEADLINE and any(_is_part(name, headline) for headline in headlines)):
        return "headline"
    if not is_on_top or len(text) > LONGEST_LINE:
        return None
    if phrases.CONTROLS.fullmatch(text):
        return "control"
    if _is_date(text):
        return "date"
    names = [key(name) for name in split(text)]
    return "byline" if writers and names and all(name in writers for name in names) else None


def _is_part(name: str, headline: str) -> bool:
    """Whether one is most of the other: a headline printed with its kicker, or without."""
    return (headline in name or name in headline) and 2 * min(len(name), len(headline)) >= max(len(name), len(headline))


def _is_date(text: str) -> bool:
    """Whether ``text`` is a date and nothing else, or says of one what it is."""
    stamp = phrases.STAMP.fullmatch(text)
    rest = stamp["when"] if stamp else text
    return any(letter.isdigit() for letter in rest) and (
        parse(rest) is not None or (stamp is not None and _CLOCK.fullmatch(rest) is not None)
    )


def removed(blocks: Iterable[Block]) -> tuple[RemovedBlock, ...]:
    """The rows of what was taken out, each at the number of paragraphs that stay before it."""
    rows, position = [], 0
    for block in blocks:
        if block.reason:
            rows.append(RemovedBlock(position, block.text, block.reason, block.rule))
        else:
            position += 1
    return tuple(rows)
