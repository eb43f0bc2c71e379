"""A learned profile at work: which of them a page is of, and what it takes out of the page's body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.html import HtmlElement

from spiders.reading.marks import mark
from spiders.reading.markup import drop_unseen
from spiders.reading.rules import body_of, select_all
from spiders.reading.text import Piece, key, letters, pieces
from warehouse.contracts import Profile

LONGEST_RULE = 80  # characters
PROSE = 60  # characters of a paragraph
LITTLE = 0.5  # of the prose on the page: a body that holds less of it is not this page's …
SHORT, BESIDE = 200, 0.15  # … unless it is a short story's, above a footer that talks


_FIGURES = re.compile(r"\d+")


def steady(name: str) -> str:
    """A key with all its figures alike: an appeal that counts is the same every day."""
    return _FIGURES.sub("0", name)


@dataclass(frozen=True, slots=True)
class Fitting:
    """A profile whose body the page has, and the elements of that body."""

    profile: Profile
    parts: tuple[HtmlElement, ...]
    pieces: tuple[Piece, ...]

    @property
    def texts(self) -> dict[str, str]:
        """Keys of the texts that are furniture, and their beginnings."""
        return {steady(key(learned.rule)): learned.rule[:LONGEST_RULE] for learned in self.profile.furniture}

    def leads(self, tree: HtmlElement) -> set[HtmlElement]:
        """The elements that the profile knows for standfirsts."""
        return {element for learned in self.profile.lead for element in select_all(tree, learned.rule)}

    def cut(self) -> list[tuple[HtmlElement, str]]:
        """The elements of the body that are to go, outermost only, with the selector that named each."""
        rules = {learned.rule: None for learned in self.profile.drop}
        found: list[tuple[HtmlElement, str]] = []
        for part in self.parts:
            for element in part.iter(etree.Element):
                named = next((selector for selector in mark(element) if selector in rules), None) if element is not part else None
                if named:
                    found.append((element, named))
        dropped = {element for element, _ in found}
        return [(element, rule) for element, rule in found if not any(above in dropped for above in element.iterancestors())]


def fitting(tree: HtmlElement, profiles: Iterable[Profile], captured_at: datetime) -> Fitting | None:
    """The profile of the layout that the page in ``tree`` has. Of several, the one learned nearest to the page's own time."""
    promoted = [profile for profile in profiles if profile.is_promoted]
    prose = _prose(tree)
    tried: set[str] = set()
    for profile in sorted(promoted, key=lambda profile: (_distance(profile, captured_at), -profile.pages, profile.version)):
        if profile.layout in tried:
            continue
        tried.add(profile.layout)
        parts = body_of(tree, [learned.rule for learned in profile.body])
        for part in parts:
            drop_unseen(part)
        found = tuple(piece for part in parts for piece in pieces(part))
        if _holds(found, prose):
            return Fitting(profile, tuple(parts), found)
    return None


def _holds(found: Iterable[Piece], prose: int) -> bool:
    """Whether a body of these pieces can be that of a page with so much prose: at all, or beside a long footer."""
    held = letters(piece.text for piece in found if len(piece.text) >= PROSE and piece.linked < len(piece.text) / 2)
    return held > LITTLE * prose or (held >= SHORT and held > BESIDE * prose)


def _distance(profile: Profile, at: datetime) -> float:
    """Seconds between ``at`` and the days from which ``profile`` was learned."""
    return max(0.0, (profile.since - at).total_seconds(), (at - profile.learned_at).total_seconds())


def _prose(tree: HtmlElement) -> int:
    return sum(size for paragraph in tree.iter("p") if (size := len(paragraph.text_content())) >= PROSE)
