"""A captured page becomes an article or the reason why it is none: no network, no database, no clock, no exception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from spiders.outlet import Outlet
from spiders.reading import embedded, furniture, kinds, rules
from spiders.reading.charset import decode
from spiders.reading.dates import dates_of
from spiders.reading.extract import EXTRACTOR, MORE, story, story_within, with_lead
from spiders.reading.furniture import Block
from spiders.reading.language import language_of
from spiders.reading.markup import parse
from spiders.reading.metadata import Facts, canonical_url, collect, descriptions, image_url, is_paywalled, section, summary, tags
from spiders.reading.people import authors_of, people
from spiders.reading.text import count_words, key, letters
from spiders.reading.titles import names_of, stated, title_of
from warehouse.contracts import Article, Capture, Rejection

SPARSE = 200  # characters of a visible text below which the page's data are asked for more


@dataclass(frozen=True, slots=True)
class Page:
    """A capture and the bytes of its page, content encoding undone."""

    capture: Capture
    body: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page and its outlet's selectors say, read before anything is cut."""

    facts: Facts
    title: str
    authors: tuple[str, ...]


def read(page: Page, outlet: Outlet) -> Article | Rejection:
    """The article on ``page``, or why there is none. The same page gives the same answer, whatever was read before."""
    try:
        return _read(page, outlet)
    except MemoryError:
        return rejection(page.capture, kinds.OUT_OF_MEMORY)
    except Exception as error:  # the one place: a page that no code foresaw is a row to look at, and the other pages go on
        return rejection(page.capture, kinds.UNREADABLE, f"{type(error).__name__}: {error}")


def rejection(capture: Capture, reason: str, detail: str = "") -> Rejection:
    """The row of a page that is no article."""
    return Rejection(capture.article_id, capture.outlet, capture.url, capture.capture_id, capture.captured_at, reason, detail[:500])


def _read(page: Page, outlet: Outlet) -> Article | Rejection:
    capture = page.capture
    if reason := kinds.refuse_bytes(page.body, capture.content_type, capture.status):
        return rejection(capture, reason, capture.content_type if reason == kinds.NOT_HTML else "")
    markup = decode(page.body, capture.content_type, outlet.language)
    tree = parse(markup)
    if tree is None:
        return rejection(capture, kinds.EMPTY)
    facts = collect(tree, capture.final_url or capture.url)
    told = _told(facts, tree, capture, outlet)
    dates = dates_of(facts, tree, capture, outlet)
    blocks, extractor = _blocks(facts, tree, markup, outlet)
    blocks = furniture.marked(blocks, [told.title, *stated(facts)], told.authors)
    paragraphs = [block.text for block in blocks if not block.reason]
    if reason := kinds.refuse(facts, paragraphs, is_dated=dates.source not in ("url", "none")):
        return rejection(capture, reason, f"{told.title[:200]} ({letters(paragraphs)} characters)".strip())
    text = "\n\n".join(paragraphs)
    return Article(
        article_id=capture.article_id,
        outlet=capture.outlet,
        url=capture.url,
        capture_id=capture.capture_id,
        captured_at=capture.captured_at,
        title=told.title,
        text=text,
        word_count=count_words(text),
        canonical_url=canonical_url(facts),
        authors=told.authors,
        published_at=dates.published_at,
        published_precision=dates.precision,
        published_source=dates.source,
        modified_at=dates.modified_at,
        language=language_of(facts, text, outlet.language),
        section=section(facts),
        tags=tags(facts),
        summary=summary(facts),
        image_url=image_url(facts),
        is_paywalled=is_paywalled(facts),
        extractor=extractor,
        removed_blocks=furniture.removed(blocks),
        date_evidence=dates.evidence,
    )


def _told(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet) -> _Told:
    title = next(iter(rules.said(tree, outlet.read.title)), "") or title_of(facts, [outlet.title], capture.link_title)
    names = names_of(facts, [outlet.title, outlet.slug])
    authors = people(rules.said(tree, outlet.read.author), names) if outlet.read.author else ()
    return _Told(facts, title, authors or authors_of(facts, tree, names))


def _blocks(facts: Facts, tree: HtmlElement, markup: str, outlet: Outlet) -> tuple[list[Block], str]:
    """The page's paragraphs in order, those that the outlet's rules take out marked; and what found them."""
    pruned = rules.prune(tree, outlet.read.drop, outlet.read.keep)
    parts = rules.body_of(tree, outlet.read.body)
    found = with_lead(story_within(parts) if parts else story(tree), tree, descriptions(facts))
    found, extractor = (found, EXTRACTOR) if parts else _fuller(found, facts, markup)
    paragraphs = _with_kept(found, pruned)
    tail = 0 if parts else embedded.tail_of(paragraphs, embedded.article_body(facts))
    story_ends = len(paragraphs) - tail
    blocks = [_judged(text, position >= story_ends, outlet.read.drop_texts) for position, text in enumerate(paragraphs)]
    places = [pruned.place(paragraphs, cut.at) for cut in pruned.cuts]
    for place, cut in reversed(list(zip(places, pruned.cuts, strict=True))):
        blocks.insert(place, Block(cut.text, "outlet", cut.rule))
    return blocks, extractor


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


def _with_kept(found: list[str], pruned: rules.Pruned) -> list[str]:
    """``found`` with what the outlet keeps and trafilatura passed over, each where it stood."""
    told = key(" ".join(found))
    missing = [kept for kept in pruned.kept if key(kept.text) not in told]
    places = [(pruned.place(found, kept.at), kept.text) for kept in missing]
    for place, text in reversed(places):
        found = [*found[:place], text, *found[place:]]
    return found


def _judged(text: str, is_tail: bool, patterns: Sequence[str]) -> Block:
    """The block of a paragraph, marked if a pattern of the outlet takes it out or it follows the article's end."""
    if pattern := rules.dropping(text, patterns):
        return Block(text, "outlet", pattern)
    return Block(text, "generic", "after the articleBody") if is_tail else Block(text)
