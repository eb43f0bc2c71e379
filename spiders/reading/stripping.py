"""A page's story as blocks, each kept, or cut for a reason: the outlet's rules first, then what its pages taught, then trafilatura."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from lxml.html import HtmlElement

from spiders.outlet import Outlet
from spiders.reading import embedded, kinds, rules
from spiders.reading.extract import EXTRACTOR, LINKED, MORE, NO_STORY, drop_unread, page_of, story, taken
from spiders.reading.furniture import Block, Reason
from spiders.reading.head import SAME, Head, head_of, is_caption, is_machine_made, is_told, leads, told_elsewhere
from spiders.reading.markup import parse
from spiders.reading.metadata import Facts, descriptions
from spiders.reading.profile import Fitting, fitting, steady
from spiders.reading.text import Piece, is_sentence, key, letters, pieces
from spiders.reading.titles import stated
from warehouse.contracts import Profile

SPARSE = 200  # characters of a visible text below which the page's data are asked for more
TOP = 4  # paragraphs in which a standfirst may already stand
LONG = 100  # characters of a text in a body, whatever its end
SENTENCE = 60  # characters of a paragraph that is restored to a given body


_HEADINGS = frozenset({"h2", "h3", "h4"})
SHORTEST_SENTENCE, SHORTEST_HEADING = 10, 8  # characters


@dataclass(frozen=True, slots=True)
class Stripped:
    """The blocks of a page in order, what found them, and the version of the profile that was used."""

    blocks: list[Block]
    extractor: str
    profile: str | None = None


def strip(facts: Facts, tree: HtmlElement, markup: str, outlet: Outlet, profiles: Sequence[Profile], at: datetime) -> Stripped:
    """The blocks of the page in ``tree``, which is cut up by it."""
    drop_unread(tree)
    pruned = rules.prune(tree, outlet.read.drop, outlet.read.keep)
    fit = None if outlet.read.body else fitting(tree, profiles, at)
    if parts := list(fit.parts) if fit else rules.body_of(tree, outlet.read.body):
        head = head_of(tree, parts[0], stated(facts))
        blocks = _led(within(parts, fit, outlet.read.drop_texts), head, facts, tree, markup, fit)
        if not fit or letters(block.text for block in blocks if not block.reason) >= SPARSE:
            return Stripped(_completed(blocks, pruned), EXTRACTOR, fit.profile.version if fit else None)
        tree = parse(markup)  # the profile's cuts were wrong for this page: trafilatura alone
        drop_unread(tree)
        pruned = rules.prune(tree, outlet.read.drop, outlet.read.keep)
    found = story(tree)
    paragraphs, extractor = _fuller(found.texts, facts, markup)
    story_ends = len(paragraphs) - embedded.tail_of(paragraphs, embedded.article_body(facts))
    blocks = [_judged(text, position >= story_ends, outlet.read.drop_texts) for position, text in enumerate(paragraphs)]
    if extractor == EXTRACTOR:
        head = head_of(tree, found.root, stated(facts)) if found.root is not None else None
        blocks = _led(blocks, head, facts, tree, markup)
    return Stripped(_completed(blocks, pruned), extractor)


def within(parts: Sequence[HtmlElement], fit: Fitting | None, patterns: Sequence[str]) -> list[Block]:
    """The blocks of a body that was pointed at. Its story is what trafilatura takes of it, and every sentence that it passes over.

    On 524 pages whose gold text lies in one element, this recalls 97.8 % of it, trafilatura alone in that element 94.9 %.
    """
    cuts = dict(fit.cut()) if fit else {}
    furniture = fit.texts if fit else {}
    found_in = fit.pieces if fit else [piece for part in parts for piece in pieces(part)]  # a fitting profile has looked at them already
    every = [(piece, _place(piece.element, frozenset(parts), cuts)) for piece in found_in]
    for element in cuts:
        element.drop_tree()
    body = _Body(parts)
    blocks = [_block(piece, place, body, furniture, patterns) for piece, place in every]
    return blocks if any(not block.reason for block in blocks) else [Block(piece.text) for piece, _ in every]


class _Body:
    """What trafilatura takes of a body: asked for when something turns on it, which on seven pages of eight nothing does."""

    def __init__(self, parts: Sequence[HtmlElement]) -> None:
        self._parts = parts

    @cached_property
    def _taken(self) -> frozenset[str]:
        return frozenset(map(key, taken(page_of(self._parts))))

    def __contains__(self, name: object) -> bool:
        return name in self._taken


def _place(element: HtmlElement, parts: Container[HtmlElement], cuts: Mapping[HtmlElement, str]) -> tuple[Reason, str] | None:
    """Why everything in the place of ``element`` is cut; None if nothing says so."""
    unheard = None
    while element not in parts:
        if element in cuts:
            return "learned", cuts[element]
        if element.tag in NO_STORY:
            unheard = element.tag
        element = element.getparent()
    return ("generic", unheard) if unheard else None


def _block(
    piece: Piece, place: tuple[Reason, str] | None, found: Container[str], furniture: Mapping[str, str], patterns: Sequence[str]
) -> Block:
    name, text = key(piece.text), piece.text
    if pattern := rules.dropping(text, patterns):
        return Block(text, "outlet", pattern)
    if place:
        return Block(text, *place)
    if why := furniture.get(steady(name)):
        return Block(text, "learned", why)
    if piece.linked > LINKED * len(text):
        return Block(text, "generic", "links")
    if is_story(piece) or name in found:
        return Block(text)
    return Block(text, "generic", "trafilatura")


def is_story(piece: Piece) -> bool:
    """Whether a text in a known body is story, though trafilatura may pass over it: a paragraph, a sentence, a long text, a sub-heading."""
    size = len(piece.text)
    return (
        size >= LONG
        or piece.element.tag == "p"
        or (size >= SHORTEST_SENTENCE and is_sentence(piece.text))
        or (piece.element.tag in _HEADINGS and size >= SHORTEST_HEADING)
    )


def _led(blocks: list[Block], head: Head | None, facts: Facts, tree: HtmlElement, markup: str, fit: Fitting | None = None) -> list[Block]:
    """``blocks`` with the standfirst before them, where they lack it, and without what stands above it.

    What ``fit`` knows for one is, and what it knows for furniture is none.
    """
    known, furniture = (fit.leads(tree), fit.texts) if fit else (set(), {})
    told = [text for text in descriptions(facts) if steady(key(text)) not in furniture]
    lead: list[str] = []
    if head is not None:
        blocks = _without_top(blocks, head, stated(facts), [name for name in map(key, told) if len(name) >= SAME])
        kept = {key(block.text) for block in blocks if not block.reason and (len(block.text) >= SENTENCE or is_sentence(block.text))}
        begun = next((at for at, piece in enumerate(head.below) if key(piece.text) in kept), len(head.below))
        boxes = {
            piece.element.getparent() for piece in head.below[:begun] if steady(key(piece.text)) in furniture or is_machine_made(piece)
        }
        possible = [piece for piece in head.below[:begun] if not boxes.intersection(list(piece.element.iterancestors())[:2])]
        lead = [piece.text for piece in leads(possible, stated(facts), told, known)]
    paragraphs = [key(block.text) for block in blocks if not block.reason]
    story = "".join(paragraphs[:TOP])
    if not lead and story:
        missing = [text for text in told if key(text)[:SAME] not in story and key(text) not in paragraphs]
        lead = [text for text in [told_elsewhere(tree, markup, missing)] if text]
    return [*(Block(text) for text in lead if key(text) not in story), *blocks]


def _without_top(blocks: list[Block], head: Head, titles: Iterable[str], told: Sequence[str]) -> list[Block]:
    """``blocks`` without what trafilatura took from above the headline, captions, and labels above a standfirst."""
    above = {key(piece.text) for piece in head.above} - set(map(key, titles))
    captions = {key(piece.text) for piece in head.below if is_caption(piece)}
    first = next((at for at, block in enumerate(blocks) if not block.reason and len(block.text) >= LONG), len(blocks))
    lead = next((at for at, block in enumerate(blocks[: TOP + first]) if is_told(key(block.text), told)), 0)
    found = []
    for at, block in enumerate(blocks):
        name = key(block.text)
        rule = (
            "above the headline" if at < first and name in above
            else "caption" if at <= max(lead, first) and name in captions
            else "above the standfirst" if at < lead and not is_sentence(block.text) and len(block.text) < 2 * LONG
            else ""
        )  # fmt: skip
        found.append(replace(block, reason="generic", rule=rule) if rule and not block.reason else block)
    return found


def _completed(blocks: list[Block], pruned: rules.Pruned) -> list[Block]:
    """``blocks`` with what the outlet keeps and was passed over, and what it drops, each where it stood."""
    told = key(" ".join(block.text for block in blocks if not block.reason))
    missing = [kept for kept in pruned.kept if key(kept.text) not in told]
    texts = {kept.text for kept in missing}
    blocks = _placed([block for block in blocks if block.text not in texts], pruned, [(kept.at, Block(kept.text)) for kept in missing])
    return _placed(blocks, pruned, [(cut.at, Block(cut.text, "outlet", cut.rule)) for cut in pruned.cuts])


def _placed(blocks: list[Block], pruned: rules.Pruned, more: Sequence[tuple[int, Block]]) -> list[Block]:
    texts = [block.text for block in blocks] if more else []
    for place, block in reversed([(pruned.place(texts, at), block) for at, block in more]):
        blocks.insert(place, block)
    return blocks


def _fuller(found: list[str], facts: Facts, markup: str) -> tuple[list[str], str]:
    """``found``, or where it is nearly nothing what the page's data hold of its story, in the end its description."""
    if letters(found) >= SPARSE:
        return found, EXTRACTOR
    body = embedded.article_body(facts)
    if letters(body) > MORE * letters(found):
        return body, "json_ld articleBody"
    whole = parse(markup)  # anew: the scripts are gone from the tree
    state = embedded.state_story(whole) if whole is not None else []
    if state and key(" ".join(found)) in key(" ".join(state)):  # other articles' stories lie in the state too
        return state, "page state"
    if not found and kinds.calls_itself_article(facts) and (told := max(descriptions(facts), key=len, default="")):
        return [told], "description"
    return found, EXTRACTOR


def _judged(text: str, is_tail: bool, patterns: Sequence[str]) -> Block:
    """The block of a paragraph, marked if a pattern of the outlet takes it out or it follows the article's end."""
    if pattern := rules.dropping(text, patterns):
        return Block(text, "outlet", pattern)
    return Block(text, "generic", "after the articleBody") if is_tail else Block(text)
