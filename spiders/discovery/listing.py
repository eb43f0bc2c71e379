"""Pages that list articles: links by CSS selector, or objects that the page carries for its scripts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from spiders.discovery.charsets import decoded
from spiders.discovery.crowding import thinned
from spiders.discovery.dates import UNSTATED, Stated, parse_date
from spiders.discovery.found import Found, FoundLink, absolute, found, found_link, is_web
from spiders.discovery.next_data import embedded_links
from spiders.discovery.packing import unpacked
from spiders.discovery.titles import one_line
from spiders.outlet import Listing

MOST_LINKS = 5_000


def parse_listing(body: bytes, url: str, listing: Listing, content_type: str = "") -> Found:
    """The links of one page of a listing. Embedded data first; where there are none, the selector. Never raises."""
    plain, warnings = unpacked(body)
    text = decoded(plain, content_type).strip("\ufeff \t\r\n\0")
    if not text:
        return Found(warnings=(*warnings, "empty"))
    if listing.embedded == "next_f" and listing.template:
        links = embedded_links(text, url, listing.template, MOST_LINKS)
        if links:
            return found(links, warnings)
        warnings = (*warnings, "no embedded data")
    links, more = _selected(text, url, listing.links)
    return found(links, (*warnings, *more, *(() if links or more else ("no links",))))


def _selected(text: str, url: str, selector: str) -> tuple[list[FoundLink], tuple[str, ...]]:
    thin = thinned(text)
    if thin is None:
        return [], ("hostile markup",)
    try:
        select = _compiled(selector)
    except (SelectorError, etree.XPathError):
        return [], ("bad selector",)
    root = _tree(thin)
    if root is None:
        return [], ("not html",)
    links = list(islice(_links(root, select, _base(root, url)), MOST_LINKS + 1))
    over = (f"over {MOST_LINKS} links",) if len(links) > MOST_LINKS else ()
    return links[:MOST_LINKS], over


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _tree(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing in it is markup
        return None


def _base(root: etree._Element, url: str) -> str:
    element = next(root.iter("base"), None)
    return absolute(str(element.get("href") or ""), url) or url if element is not None else url


def _links(root: etree._Element, select: CSSSelector, base: str) -> Iterator[FoundLink]:
    seen: set[etree._Element] = set()
    for element in cast(list[object], select(root)):  # a CSS selector selects elements, never a number or a text
        for anchor in _anchors(element):
            if anchor in seen:
                continue
            seen.add(anchor)
            href = str(anchor.get("href") or "").strip()
            url = "" if href.startswith("#") else absolute(href, base)
            if is_web(url):  # mailto:, javascript: and tel: are furniture, not links that something happened to
                yield found_link(url, _title(anchor), _printed_time(anchor))


def _anchors(element: object) -> Iterator[etree._Element]:
    """The selected element if it is a link, else the links in it, else the link around it."""
    if not isinstance(element, etree._Element):
        return
    if element.get("href"):
        yield element
        return
    inside = False
    for anchor in element.iter("a"):
        inside = True
        yield anchor
    if not inside:
        yield from islice(element.iterancestors("a"), 1)


def _title(anchor: etree._Element) -> str | None:
    """The headline in a card, else all of the link's text, else what its picture or tooltip says."""
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"), anchor)
    picture = next(anchor.iter("img"), None)
    said = (_text(heading), str(anchor.get("title") or ""), str(picture.get("alt") or "") if picture is not None else "")
    return next((title for text in said if (title := one_line(text))), None)


def _text(element: etree._Element) -> str:
    return " ".join(str(piece) for piece in islice(element.itertext(), 200))


def _printed_time(anchor: etree._Element) -> Stated:
    time = next(anchor.iter("time"), None)
    return UNSTATED if time is None else parse_date(str(time.get("datetime") or ""))
