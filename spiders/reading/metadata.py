"""What a page says of itself: meta and link elements, JSON-LD, microdata, collected in one walk over its tree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import cast
from urllib.parse import urljoin, urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading.json_ld import Node, article_of, every, main_nodes, parse_json_ld, plain, texts
from spiders.reading.markup import found, unshielded
from spiders.reading.text import clean, is_sentence

MOST_TAGS = 50
LONGEST_TAG = 100
MOST_HEADINGS = 24
LONGEST_HEADING = 600  # characters; what is longer is a page in an unclosed tag
LONGEST_SITE = 40  # characters of a site's name; some pages put their headline where it belongs
_LD = re.compile(r"ld\+json", re.IGNORECASE)
_SITE_TYPES = frozenset({"WebSite", "NewsMediaOrganization"})
_CLASSES = XPath("//@class", smart_strings=False)
# What a heading says: no text of a script, a picture's title or a button ("Copy link") in it.
_SPOKEN = XPath(
    "descendant::text()[not(parent::script or parent::style or parent::title or parent::button or parent::template)]", smart_strings=False
)
_HEADLINES = XPath("//@itemprop[contains(., 'headline')]/..")
_EDGES = ("aside", "footer", "nav", "form", "dialog")
_OPENING, _CLOSING = "([«“‘’'„/-", ",.;:!?…)]»”’'/-"
_TAG_SEPARATOR = re.compile(r"[,;،؛|]")
_TWIN_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_PAYWALL_TIERS = frozenset({"locked", "metered", "premium", "paid", "subscription", "subscriber", "registration"})


@dataclass(frozen=True, slots=True)
class Facts:
    """A page's statements about itself. ``metas`` and ``links`` are keyed by name, property, itemprop or rel, in small letters."""

    url: str
    metas: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    article: Node
    title_element: str
    headings: tuple[str, ...]  # h1, those of footers and sidebars last
    html_language: str
    heading_parts: tuple[tuple[str, ...], ...] = ()  # the headings, in the pieces that their inner elements make
    subheadings: tuple[str, ...] = ()  # h2 and marked headlines, where there is no h1
    classes: tuple[str, ...] = ()  # every value of a class attribute, once

    def meta(self, *names: str) -> list[str]:
        """Contents of the metas of these names, in the order of ``names``."""
        return [content for name in names for content in self.metas.get(name, ())]

    def by_id(self) -> dict[str, Node]:
        """JSON-LD objects by their ``@id``, the fullest where several share one."""
        found: dict[str, Node] = {}
        for node in every(self.nodes):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(found.get(name, {})):
                found[name] = node
        return found


def collect(tree: HtmlElement, url: str) -> Facts:
    """The facts of the page at ``url``."""
    metas: defaultdict[str, list[str]] = defaultdict(list)
    links: defaultdict[str, list[str]] = defaultdict(list)
    nodes: list[Node] = []
    h1s: list[HtmlElement] = []
    title = ""
    for element in tree.iter("meta", "link", "script", "title", "h1"):
        match element.tag:
            case "meta":
                _add_meta(metas, element)
            case "link" if element.get("rel") and element.get("href"):
                for rel in element.get("rel").lower().split():
                    links[rel].append(element.get("href"))
            case "script" if _LD.search(element.get("type") or ""):
                nodes.extend(parse_json_ld(element.text or ""))
            case "title" if not title and not _is_drawn(element):
                title = clean(element.text_content())
            case "h1" if len(h1s) < MOST_HEADINGS:
                h1s.append(element)
    parts = _headings(h1s)
    headings = tuple(map(_line, parts))
    article = article_of(nodes, [url, *links["canonical"], *metas["og:url"]], [*metas["og:title"], *headings, title])
    return Facts(
        url=url,
        metas={name: tuple(values) for name, values in metas.items()},
        links={name: tuple(values) for name, values in links.items()},
        nodes=tuple(nodes),
        article=article,
        title_element=title,
        headings=headings,
        html_language=tree.get("lang") or "",
        heading_parts=tuple(tuple(filter(None, map(clean, pieces))) for pieces in parts),
        subheadings=() if headings else _subheadings(tree),
        classes=tuple(dict.fromkeys(cast(list[str], _CLASSES(tree)))),
    )


def _headings(elements: Sequence[HtmlElement]) -> list[list[str]]:
    """The texts of ``elements``, each in the pieces that its inner elements make; those at the page's edges last."""
    ranked = sorted(elements, key=lambda element: next(element.iterancestors(*_EDGES), None) is not None)
    spoken = [[text for text in cast(list[str], _SPOKEN(element)) if text.strip()] for element in ranked]
    return [pieces for pieces in spoken if pieces and sum(map(len, pieces)) <= LONGEST_HEADING and clean("".join(pieces))]


def _subheadings(tree: HtmlElement) -> tuple[str, ...]:
    """What may be the headline of a page that has no h1."""
    marked = [element for element in found(_HEADLINES, tree) if element.tag != "meta"]
    return tuple(_line(pieces) for pieces in _headings([*marked[:MOST_HEADINGS], *islice(tree.iter("h2"), MOST_HEADINGS)]))


def _line(pieces: Sequence[str]) -> str:
    """``pieces`` in one line: a space where an element ended and a word with it, none before punctuation."""
    line = ""
    for piece in pieces:
        is_apart = line and not line[-1].isspace() and not piece[0].isspace() and line[-1] not in _OPENING and piece[0] not in _CLOSING
        line += f" {piece}" if is_apart else piece
    return clean(line)


def _add_meta(metas: defaultdict[str, list[str]], element: HtmlElement) -> None:
    content = element.get("content")
    if not content or not content.strip():
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        for name in (element.get(attribute) or "").lower().split():
            metas[name].append(content)


def _is_drawn(title: HtmlElement) -> bool:
    return next(title.iterancestors("svg", "symbol"), None) is not None  # <title> of a picture


def canonical_url(facts: Facts) -> str | None:
    """``rel=canonical``, absolute, where it stays on the page's own site: its host, or one above or below it."""
    own = _site(facts.url)
    for href in facts.links.get("canonical", ()):
        url = absolute(facts, href)
        if url and (_site(url) == own or own.endswith(f".{_site(url)}") or _site(url).endswith(f".{own}")):
            return url
    return None


def _site(url: str) -> str:
    return _TWIN_HOST.sub("", urlsplit(url).hostname or "")


def absolute(facts: Facts, href: str) -> str | None:
    """``href`` as a web address; None if it is none."""
    try:
        url = urljoin(facts.url, unshielded(href.strip()))
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and " " not in url else None


def image_url(facts: Facts) -> str | None:
    """The picture that the page offers for a preview."""
    offered = [*facts.meta("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src"), *_ld_images(facts)]
    return next((url for href in offered if (url := absolute(facts, href))), None)


def _ld_images(facts: Facts) -> list[str]:
    images = facts.article.get("image")
    found = []
    for image in images if isinstance(images, list) else [images]:
        if isinstance(image, str):
            found.append(image)
        elif isinstance(image, dict):
            found.extend(texts(facts.by_id().get(str(image.get("@id")), image), "url", "contentUrl"))
    return found


def section(facts: Facts) -> str | None:
    """The part of the newspaper that the page counts itself to."""
    named = [
        *facts.meta("article:section"),
        *texts(facts.article, "articleSection"),
        *facts.meta("og:section", "parsely-section", "section"),
    ]
    return next((name for name in map(plain, named) if name and len(name) <= LONGEST_TAG), None)


def tags(facts: Facts) -> tuple[str, ...]:
    """Keywords, each once, in the page's order."""
    single = facts.meta("article:tag", "og:article:tag")
    joined = [*texts(facts.article, "keywords"), *facts.meta("news_keywords", "keywords", "parsely-tags")] if not single else []
    listed = [*single, *(part for keywords in joined for part in _TAG_SEPARATOR.split(keywords))]
    return each_once(name for name in map(plain, listed) if 1 < len(name) <= LONGEST_TAG)[:MOST_TAGS]


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """``names`` without repeats in another case."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


def summary(facts: Facts) -> str | None:
    """The page's own description of its article."""
    told = [
        *facts.meta("og:description"),
        *texts(facts.article, "description"),
        *facts.meta("description", "twitter:description", "dc.description"),
    ]
    return next((text for text in map(plain, told) if text), None)


def descriptions(facts: Facts) -> list[str]:
    """All that the page says in short of its article: its lead, if one of them stands on the page."""
    told = facts.meta("og:description", "description", "twitter:description", "dc.description")
    second = [text for text in map(plain, texts(facts.article, "alternativeHeadline")) if is_sentence(text)]
    return [*(plain(text) for text in [*told, *texts(facts.article, "description", "abstract")]), *second]


def site_names(facts: Facts) -> list[str]:
    """What the page calls its site and publisher."""
    named = facts.meta("og:site_name", "application-name", "apple-mobile-web-app-title", "al:android:app_name", "publisher", "dc.publisher")
    nodes = main_nodes(facts.nodes)
    publishers = [name for node in nodes for name in texts(node, "publisher")]
    sites = [name for node in nodes if _SITE_TYPES.intersection(texts(node, "@type")) for name in texts(node, "name", "alternateName")]
    told = map(plain, [*named, *texts(facts.article, "publisher"), *publishers, *sites])
    return [name for name in told if 0 < len(name) <= LONGEST_SITE and "//" not in name]


def is_paywalled(facts: Facts) -> bool:
    """Whether the page says that its text is for those who pay."""
    free = [str(node.get("isAccessibleForFree")).strip().lower() for node in (facts.article, *facts.nodes) if "isAccessibleForFree" in node]
    if free:
        return free[0] in ("false", "no", "0") or free[0].endswith("/false")
    return any(tier.strip().lower() in _PAYWALL_TIERS for tier in facts.meta("article:content_tier", "og:content_tier"))
