"""A captured page becomes an article or the reason why it is none: no network, no database, no clock, no exception."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from spiders.outlet import Outlet
from spiders.reading import furniture, kinds, rules
from spiders.reading.charset import decode
from spiders.reading.dates import dates_of
from spiders.reading.furniture import Block
from spiders.reading.language import language_of
from spiders.reading.live import without_posts
from spiders.reading.markup import parse
from spiders.reading.metadata import Facts, canonical_url, collect, image_url, is_paywalled, section, summary, tags
from spiders.reading.people import authors_of, people
from spiders.reading.stripping import strip
from spiders.reading.text import blocks as text_blocks
from spiders.reading.text import count_words
from spiders.reading.titles import names_of, stated, title_of
from spiders.reading.translations import translations_of, without
from spiders.urls import article_id, skip_reason
from warehouse.contracts import Article, Capture, Profile, Rejection

MOST_CAPTIONS = 200


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


def read(page: Page, outlet: Outlet, profiles: Sequence[Profile] = ()) -> Article | Rejection:
    """The article on ``page``, or why there is none; ``profiles`` are what was learned of the outlet.

    The same page and profiles give the same answer, whatever was read before.
    """
    try:
        return _read(page, outlet, profiles)
    except MemoryError:
        return rejection(page.capture, kinds.OUT_OF_MEMORY)
    except Exception as error:  # the one place: a page that no code foresaw is a row to look at, and the other pages go on
        return rejection(page.capture, kinds.UNREADABLE, f"{type(error).__name__}: {error}")


def rejection(capture: Capture, reason: str, detail: str = "") -> Rejection:
    """The row of a page that is no article."""
    return Rejection(capture.article_id, capture.outlet, capture.url, capture.capture_id, capture.captured_at, reason, detail[:500])


def _read(page: Page, outlet: Outlet, profiles: Sequence[Profile]) -> Article | Rejection:
    capture = page.capture
    if reason := kinds.refuse_bytes(page.body, capture.content_type, capture.status):
        return rejection(capture, reason, capture.content_type if reason == kinds.NOT_HTML else "")
    markup = decode(page.body, capture.content_type, outlet.language)
    tree = parse(markup)
    if tree is None:
        return rejection(capture, kinds.EMPTY)
    facts = collect(tree, capture.final_url or capture.url)
    signs = kinds.signs_of(tree, facts)
    names = dict.fromkeys(learned.rule for profile in profiles for learned in profile.names)
    told = _told(facts, tree, capture, outlet, list(names))
    dates = dates_of(facts, tree, capture, outlet)
    translations = translations_of(tree, facts.url)
    columns = furniture.known([told.title, *stated(facts)], told.authors, [section(facts) or "", *tags(facts)], _captions(tree))
    others = _cut(signs.others)
    stripped = strip(facts, tree, markup, outlet, profiles, capture.captured_at)
    blocks = furniture.marked(without_posts(stripped.blocks, facts), columns) + others
    paragraphs = [block.text for block in blocks if not block.reason]
    verdict = kinds.judge(facts, signs, paragraphs, is_dated=dates.source not in ("url", "none"))
    if verdict.kind is None:
        return rejection(capture, verdict.rejection or kinds.TOO_SHORT, f"{verdict.rule}: {told.title[:200]}")
    text = "\n\n".join(paragraphs)
    language = language_of(facts, text, outlet.language)
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
        language=language,
        section=section(facts),
        tags=tags(facts),
        summary=summary(facts),
        image_url=image_url(facts),
        is_paywalled=is_paywalled(facts),
        extractor=stripped.extractor,
        profile_version=stripped.profile,
        kind=verdict.kind,
        kind_rule=verdict.rule,
        dates_disagree=dates.disagree,
        published_on=dates.published_on,
        translations=without(translations, language),
        removed_blocks=furniture.removed(blocks),
        date_evidence=dates.evidence,
        canonical_id=_canonical_id(outlet, facts),
    )


def _canonical_id(outlet: Outlet, facts: Facts) -> str | None:
    """The key of what the page calls its own address; front pages and other sites' addresses are no article's."""
    url = canonical_url(facts)
    return article_id(outlet, url) if url and skip_reason(outlet, url) is None else None


def _captions(tree: HtmlElement) -> list[str]:
    return ["".join(caption.itertext()) for caption in islice(tree.iter("figcaption"), MOST_CAPTIONS)]


def _cut(others: Iterable[HtmlElement]) -> list[Block]:
    """Take further articles out of the page, each as one block for the record."""
    cut = []
    for element in others:
        if element.getparent() is not None:
            cut.append(Block("\n\n".join(text_blocks(element)), "generic", "another article on the page"))
            element.drop_tree()
    return [block for block in cut if block.text]


def _told(facts: Facts, tree: HtmlElement, capture: Capture, outlet: Outlet, learned: Sequence[str]) -> _Told:
    title = next(iter(rules.said(tree, outlet.read.title)), "") or title_of(facts, [outlet.title, *learned], capture.link_title)
    names = names_of(facts, [outlet.title, outlet.slug])
    authors = people(rules.said(tree, outlet.read.author), names) if outlet.read.author else ()
    return _Told(facts, title, authors or authors_of(facts, tree, names))
