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
ALIKE, FEWEST_WORDS = 0.6, 5  # of the words of two headlines; of a line that is compared by its words
SHORTEST_CAPTION = 20  # letters; a shorter one may be a name that the story has in a line of its own

_BETWEEN_TAGS = re.compile(r"[,;،؛|•·/:#]+")
_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"[\d\s.:,/|–-]*\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{2,4})?", re.IGNORECASE)


Reason = Literal["learned", "outlet", "generic"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph; one that has a ``reason`` is out of the text."""

    text: str
    reason: Reason | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in a column of its own, as keys: it leaves the text where it stands at the edge of it."""

    headlines: frozenset[str] = frozenset()
    writers: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()  # section and tags
    captions: frozenset[str] = frozenset()  # wherever they stand: a caption in the text is a caption printed twice
    wordings: tuple[frozenset[str], ...] = ()  # the words of each headline


def known(titles: Sequence[str], authors: Iterable[str], labels: Iterable[str] = (), captions: Iterable[str] = ()) -> Known:
    return Known(
        frozenset(name for name in map(key, titles) if len(name) > 10),
        frozenset(map(key, authors)),
        frozenset(filter(None, map(key, labels))),
        frozenset(name for name in map(key, captions) if len(name) > SHORTEST_CAPTION),
        tuple(dict.fromkeys(map(_words, titles))),
    )


def marked(blocks: Sequence[Block], page: Known) -> list[Block]:
    """``blocks`` with repeats of headline and byline, printed dates, labels and controls taken out."""
    prose = [at for at, block in enumerate(blocks) if not block.reason and len(block.text) > LONGEST_LINE]
    top = prose[LEADS] if len(prose) > LEADS else len(blocks)
    end = prose[-1] if prose else -1
    first = prose[0] if prose else len(blocks)
    rules = [
        None
        if block.reason
        else _rule(block.text, page, at <= top, at > end)
        or _label(block.text, page, at < first, at > end)
        or ("headline" if at < first and _is_reworded(block.text, page.wordings) else None)
        for at, block in enumerate(blocks)
    ]
    return [replace(block, reason="generic", rule=rule) if rule else block for block, rule in zip(blocks, rules, strict=True)]


def _rule(text: str, page: Known, is_on_top: bool, is_at_end: bool) -> str | None:
    name = key(text)
    if name in page.headlines or (is_on_top and len(name) <= LONGEST_HEADLINE and any(_is_part(name, each) for each in page.headlines)):
        return "headline"
    if name in page.captions:
        return "caption"
    if phrases.UNFILLED.fullmatch(text):
        return "template"
    if (is_on_top or is_at_end) and phrases.MACHINE.match(text):
        return "made by a machine"
    if len(text) > LONGEST_LINE:
        return None
    if phrases.ANYWHERE.fullmatch(text):
        return "control"
    if not (is_on_top or is_at_end):
        return None
    if is_on_top and phrases.CONTROLS.fullmatch(text):
        return "control"
    if _is_date(text) and (is_on_top or phrases.STAMP.fullmatch(text)):
        return "date"
    names = [key(name) for name in split(text)]
    return "byline" if page.writers and names and all(name in page.writers for name in names) else None


def _label(text: str, page: Known, is_above: bool, is_at_end: bool) -> str | None:
    """The section above the story, the tags below it; further in, such a word is a sub-heading."""
    is_label = (is_above or is_at_end) and key(text) in page.labels
    return "label" if is_label or (is_at_end and _is_list_of(text, page.labels)) else None


def _is_list_of(text: str, labels: frozenset[str]) -> bool:
    """Whether ``text`` lists tags: "Tags: bridges, floods"."""
    parts = [key(part) for part in _BETWEEN_TAGS.split(text) if key(part)]
    return len(parts) > 1 and all(part in labels for part in parts[1:]) and len(labels.intersection(parts)) > 1


def _is_part(name: str, headline: str) -> bool:
    """Whether one is most of the other: a headline printed with its kicker, or without."""
    return (headline in name or name in headline) and 2 * min(len(name), len(headline)) >= max(len(name), len(headline))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _is_reworded(text: str, wordings: Iterable[frozenset[str]]) -> bool:
    """Whether ``text`` is the headline in other words: what is printed and what search engines are told differ on some sites."""
    words = _words(text) if len(text) <= LONGEST_HEADLINE and not text.endswith(".") else frozenset()
    return len(words) >= FEWEST_WORDS and any(len(words & other) >= ALIKE * len(words | other) for other in wordings)


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
