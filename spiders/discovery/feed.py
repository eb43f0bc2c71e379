"""RSS of every version, Atom and JSON Feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml import etree

from spiders.discovery.charsets import decoded
from spiders.discovery.dates import UNSTATED, Stated, parse_date
from spiders.discovery.found import Found, FoundLink, absolute, counted, found, found_link, is_web
from spiders.discovery.markup import name_of, read_rows, text_of
from spiders.discovery.objects import Fields, read_objects, text_field
from spiders.discovery.packing import unpacked
from spiders.discovery.titles import one_line, plain_text

MOST_ITEMS = 5_000
_MOST_CHILDREN = 500  # of an item that are looked at
_MOST_DATES = 10  # of an item that are read: the ones in local languages take a tenth of a millisecond each
ITEM_NAMES = ("item", "entry")

_ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#", "http://www.w3.org/2005/atom", "atom", "atom10"})
_DUBLIN_CORE = ("http://purl.org/dc/", "dc", "dcterms")
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_HTML = frozenset({"html", "head", "body", "meta", "title", "script", "div", "p", "br", "b", "h1", "center", "img", "iframe"})
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ALTERNATE = frozenset({"", "alternate", "http://www.iana.org/assignments/relation/alternate"})
# In the order of trust. Atom's "updated" is no date of publication: an article is updated for years.
_PUBLISHED = ("published", "issued", "pubDate", "pubdate", "PubDate", "date", "created", "publicationDate", "available")
_MODIFIED = ("updated", "modified", "lastUpdated", "modificationDate")


def parse_feed(body: bytes, url: str, content_type: str = "") -> Found:
    """The items of a feed that have a link; what was not as it should be is in the warnings. Never raises."""
    plain, warnings = unpacked(body)
    text = decoded(plain, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        return Found(warnings=(*warnings, "empty"))
    read = _json_feed if text[0] in "{[" else _xml_feed
    result = read(text, url)
    return Found(result.links, result.follow, tuple(dict.fromkeys((*warnings, *result.warnings))))


def item_link(item: etree._Element, url: str) -> FoundLink:
    """What an RSS item or Atom entry says; its URL is empty if it has none."""
    children = _Children(item)
    published = _date(children.texts(_PUBLISHED))
    return found_link(_item_url(item, children, _base(item, url)), _title(children), published, _date(children.texts(_MODIFIED)))


def item_warnings(links: Iterable[FoundLink]) -> tuple[str, ...]:
    """How many items said less than they should."""
    links = list(links)
    linked = [link for link in links if link.url]
    return (
        *counted("items without a link", len(links) - len(linked)),
        *counted("repeated links", len(linked) - len({link.url for link in linked})),
        *counted("undated items", sum(not (link.published_raw or link.modified_at) for link in linked)),
        *counted("unreadable dates", sum(bool(link.published_raw) and link.published_at is None for link in linked)),
    )


def what_it_is(text: str, root: str) -> str:
    """How a warning names a document that is not what was asked for."""
    if not text.startswith("<") or not root:
        return "text"
    return "html" if root.lower() in _HTML else root[:40]


def _xml_feed(text: str, url: str) -> Found:
    rows = read_rows(text, ITEM_NAMES, lambda item: item_link(item, url), MOST_ITEMS)
    is_feed = rows.root.lower() in {"rss", "feed", "rdf", "channel", "entry"}
    return _feed(rows.taken, is_feed, what_it_is(text, rows.root), rows.warnings, rows.over)


def _json_feed(text: str, url: str) -> Found:
    objects = read_objects(text, "items", MOST_ITEMS + 1)
    links = tuple(_json_link(item, url) for item in objects.rows[:MOST_ITEMS])
    is_feed = objects.answer is not None and "items" in objects.answer
    return _feed(links, is_feed or any(link.url for link in links), "json", objects.warnings, len(objects.rows) > MOST_ITEMS)


def _json_link(item: Fields, url: str) -> FoundLink:
    href = text_field(item, "url", "external_url") or next((name for name in [text_field(item, "id")] if is_web(name)), "")
    published, modified = parse_date(text_field(item, "date_published")), parse_date(text_field(item, "date_modified"))
    return found_link(absolute(href, url), plain_text(text_field(item, "title")), published, modified)


def _feed(links: tuple[FoundLink, ...], is_feed: bool, what: str, warnings: tuple[str, ...], over: bool) -> Found:
    if not is_feed and not any(link.url for link in links):
        return Found(warnings=(f"not a feed: {what}",))
    over_warning = (f"over {MOST_ITEMS} items",) if over else ()
    empty = () if links else ("no items",)
    return found(links, (*warnings, *over_warning, *empty, *item_warnings(links)))


# --- XML -------------------------------------------------------------------------------------------------------------


class _Children:
    """An item's own children by local name; those of other vocabularies (media:title, itunes:title) do not pass for its own."""

    def __init__(self, item: etree._Element) -> None:
        self._own: dict[str, list[etree._Element]] = {}
        self._dublin_core: dict[str, list[etree._Element]] = {}
        self._any: dict[str, list[etree._Element]] = {}
        home = name_of(item)[0]
        for child in islice(item, _MOST_CHILDREN):
            namespace, name = name_of(child)
            self._any.setdefault(name, []).append(child)
            if namespace == home or not namespace or namespace in _ATOM:
                self._own.setdefault(name, []).append(child)
            elif namespace.startswith(_DUBLIN_CORE):
                self._dublin_core.setdefault(name, []).append(child)

    def own(self, name: str) -> list[etree._Element]:
        return self._own.get(name, [])

    def own_or_dublin_core(self, name: str) -> list[etree._Element]:
        return self._own.get(name) or self._dublin_core.get(name, [])

    def texts(self, names: Iterable[str]) -> Iterator[str]:
        """Of those names, whatever their namespace: dates come as dc:date, dcterms:modified, atom:updated, prism:publicationDate."""
        return (text_of(element) for name in names for element in self._any.get(name, []))


def _date(texts: Iterable[str]) -> Stated:
    """The first that can be read, else the first that was written."""
    unread = UNSTATED
    for text in islice(texts, _MOST_DATES):
        date = parse_date(text)
        if date.at is not None:
            return date
        unread = unread if unread.raw else date
    return unread


def _title(children: _Children) -> str | None:
    for element in children.own_or_dublin_core("title"):
        literal = element.get("type") in {"text", "xhtml", "application/xhtml+xml"}
        title = one_line(text_of(element)) if literal else plain_text(text_of(element))
        if title:
            return title
    return None


def _item_url(item: etree._Element, children: _Children, base: str) -> str:
    """The first address on the web that the item names as its own; else the first of whatever kind, for the ledger."""
    urls = [absolute(href, base) for href in _hrefs(item, children) if href.strip()]
    return next((url for url in urls if is_web(url)), urls[0] if urls else "")


def _hrefs(item: etree._Element, children: _Children) -> Iterable[str]:
    yield from children.texts(("origLink",))  # feedburner: the address behind its counter
    links = children.own("link")
    yield from (text_of(link) for link in links)
    yield from _linked(links, _ALTERNATE)
    # a guid is a URL even where it says that it is no permalink: WordPress writes "?p=123" so, and answers it
    identifiers = (str(item.get(_RDF_ABOUT) or ""), *map(text_of, children.own("guid")), *map(text_of, children.own("id")))
    yield from filter(is_web, identifiers)
    yield from _linked(links, frozenset({"self"}))


def _linked(links: list[etree._Element], relations: frozenset[str]) -> list[str]:
    """What Atom's links of those relations name, pages before other files."""
    related = [link for link in links if (link.get("rel") or "").strip().lower() in relations]
    return [str(link.get("href") or "") for link in sorted(related, key=_is_no_page)]


def _is_no_page(link: etree._Element) -> bool:
    return "html" not in (link.get("type") or "html")


def _base(item: etree._Element, url: str) -> str:
    """What relative links are seen from: the feed's address, or what xml:base says step by step."""
    around = (item, *islice(item.iterancestors(), 30))
    for element in reversed(around):
        url = absolute(str(element.get(_XML_BASE) or ""), url) or url
    return url
