"""What stands between the headline and the story: the standfirst is its first paragraph, the rest is none of it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading import phrases
from spiders.reading.markup import found
from spiders.reading.text import Piece, clean, is_sentence, key, letters, pieces

SHORTEST, LONGEST = 12, 900  # characters of a standfirst
NEAR, SENTENCE = 4, 60  # texts after the headline, and characters, where an unnamed sentence is taken for one
PROBE = 24  # characters by which a text is looked for, from its start, and where that begins with markup behind it
SAME = 40  # letters by which two texts are the same
MOST = 40  # texts behind a headline
MOST_HEADINGS = 3
LEVELS = 3  # elements around a text whose names speak for it

# Names that builders of pages give to standfirsts, in the languages of newspapers.
_LEAD = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|leadin|leadtext|standfirst|dek|deck|sub-?(?:title|tit|head|headline|heading)|sub-?tit-?\w*|mid-?title\w*|summary|excerpt|intro\w*|abstract"
    r"|strap-?line|tag-?line|short-?text|teaser-?text|first-paragraph|article-?description|articleLead|elementLead\w*|atc-IntroText"
    r"|einleitung|vorspann|anleser|anriss|ingress|manchet\w*|chapeau|chapo|entradilla|bajada|copete|sommario|occhiello|sapo|perex|spot|resumo|linha-?fina|leadTheme\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NO_LEAD = re.compile(
    r"caption|credit|byline|author|writer|reporter|date|time|meta|share|social|tags?(?:$|[\s_-])|breadcrumb|crumb|label|kicker|eyebrow|overline|category|section-?name"
    r"|related|promo|recirc|newsletter|subscri|paywall|comment|audio|video|player|listen|tool|button|advert|banner|cookie|consent|menu|nav|toc|disclaimer|affiliate|disclosure",
    re.IGNORECASE,
)
_SAYING = XPath("//text()[contains(., $part)]/..")
_NEVER = re.compile(r"gat(?:e|ing)|overlay|modal|paywall|newsletter|promo|cookie|consent|subscri|related|banner|comment", re.IGNORECASE)
_CAPTION = re.compile(r"caption|bildunterschrift|credit|legende|pie-?de-?foto", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The texts before the story: up to the headline, and behind it."""

    above: tuple[Piece, ...]
    below: tuple[Piece, ...]


def head_of(tree: HtmlElement, root: HtmlElement, titles: Iterable[str]) -> Head | None:
    """The head of the page whose story stands in ``root``, under the headline that says one of ``titles``; None if none is printed."""
    line = {root, *root.iterancestors()}
    names = [name for name in map(key, titles) if len(name) >= 8]
    headings = [(key("".join(heading.itertext())), heading) for heading in _headings(tree)]
    stated = {heading for said, heading in headings if any(said in name or name in said for name in names)}
    likely = sorted((heading for _, heading in headings), key=lambda heading: heading not in stated)
    zones = (_zone(heading, root, line) for heading in likely[:MOST_HEADINGS])
    return next((zone for zone in zones if zone is not None), None)


def _zone(heading: HtmlElement, root: HtmlElement, line: set[HtmlElement]) -> Head | None:
    """The texts that ``heading`` divides; None if the story stands before it."""
    if root in heading.iterancestors():
        return Head((*pieces(root, until=heading), *pieces(heading)), tuple(_behind(heading, root)))
    below: list[Piece] = []
    for element in _next(heading):
        if element in line:  # it holds the story
            return Head((), tuple([*below, *pieces(element, until=root)][:MOST]))
        if len(below) < MOST:
            below.extend(pieces(element))
    return None


def _behind(heading: HtmlElement, root: HtmlElement) -> Iterator[Piece]:
    """The first texts behind ``heading`` in ``root``."""
    count = 0
    for element in _next(heading):
        if root not in element.iterancestors() or count >= MOST:
            return
        for piece in pieces(element):
            count += 1
            yield piece


def _next(element: HtmlElement) -> Iterator[HtmlElement]:
    """What stands behind ``element``: its later siblings, then those of the elements around it, from the inside out."""
    at: HtmlElement | None = element
    while at is not None:
        yield from (sibling for sibling in at.itersiblings() if isinstance(sibling.tag, str))
        at = at.getparent()


def _headings(tree: HtmlElement) -> list[HtmlElement]:
    found = [heading for heading in tree.iter("h1") if len("".join(heading.itertext()).strip()) >= 8]
    return (
        found
        or [heading for heading in tree.iter("h2") if len("".join(heading.itertext()).strip()) >= 20 and not _LEAD.search(_name(heading))][
            :3
        ]
    )


def leads(below: Sequence[Piece], titles: Iterable[str], descriptions: Iterable[str], known: Container[HtmlElement] = ()) -> list[Piece]:
    """The standfirst among the texts ``below`` a headline: what is ``known`` or named so, or what the page describes itself with.

    A sentence right below a headline is one, too; further down it is as often a caption, an appeal or a note, and to take it lowered F1.
    """
    names = [name for name in map(key, titles) if len(name) >= 15]
    told = [name for name in map(key, descriptions) if len(name) >= SAME]
    possible = [piece for piece in below if _is_long_enough(piece, names)]
    sure = [piece for piece in possible if _is_known(piece, known) or is_told(key(piece.text), told) or _named(piece)]
    sure = [piece for piece in sure if is_sentence(piece.text)] or [piece for piece in sure if len(piece.text) >= SENTENCE] or sure
    if not sure:
        near = [piece for piece in below[:NEAR] if piece in possible and len(piece.text) >= SENTENCE and is_sentence(piece.text)]
        return [piece for piece in near if _named(piece) is None and not piece.text.startswith("- ")][:1]
    parent = sure[0].element.getparent()
    beside = [piece for piece in sure if piece is sure[0] or piece.element is sure[0].element or piece.element.getparent() is parent]
    return beside if letters(piece.text for piece in beside) <= LONGEST else sure[:1]


def _is_known(piece: Piece, known: Container[HtmlElement]) -> bool:
    return piece.element in known or piece.element.getparent() in known


def told_elsewhere(tree: HtmlElement, markup: str, descriptions: Iterable[str]) -> str | None:
    """What the page describes itself with, as an element of it says it and nothing more, wherever that stands; None if none does."""
    start = max(markup.find("<body"), 0)
    for text in dict.fromkeys(descriptions):
        name = key(text)
        for probe in (text[:PROBE], text[PROBE : 2 * PROBE]) if len(name) >= SAME - 10 else ():
            if len(probe) == PROBE and markup.find(probe, start) >= 0:
                for element in found(_SAYING, tree, part=probe)[:20]:
                    for around in (element, *list(element.iterancestors())[:3]):
                        said = around.text_content()
                        if len(said) > 3 * len(text) + 200:  # white space and all
                            break
                        if key(said) == name:
                            return clean(said)
    return None


def is_told(name: str, told: Iterable[str]) -> bool:
    """Whether the text of this key is what the page says of itself, in ``told``."""
    return len(name) >= SAME and any(name[:SAME] in other or other[:SAME] in name for other in told)


def is_caption(piece: Piece) -> bool:
    """Whether a text stands under a picture."""
    around = [piece.element, *piece.element.iterancestors()]
    return any(element.tag in ("figure", "figcaption") for element in around) or any(
        _CAPTION.search(_name(element)) for element in around[:2]
    )


def is_machine_made(piece: Piece) -> bool:
    """Whether a text says of itself, or of what stands with it, that a machine wrote it."""
    return phrases.MACHINE.match(piece.text) is not None


def _is_long_enough(piece: Piece, names: Iterable[str]) -> bool:
    if not SHORTEST <= len(piece.text) <= LONGEST or piece.linked > len(piece.text) / 2 or is_caption(piece) or is_machine_made(piece):
        return False
    said = key(piece.text)
    figures = sum(letter.isdigit() for letter in said)
    return figures < len(said) / 5 and not any(said in name or (name in said and len(said) < 2 * len(name)) for name in names)


def _named(piece: Piece) -> bool | None:
    """Whether the names around a text, the nearest first, call it a standfirst; None if they call it nothing."""
    for element in [piece.element, *piece.element.iterancestors()][:LEVELS]:
        name = _name(element)
        if _LEAD.search(name):
            return _NEVER.search(name) is None
        if _NO_LEAD.search(name):
            return False
    return None


def _name(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
