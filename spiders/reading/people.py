"""Who wrote it: names of people, each once, without the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading import phrases
from spiders.reading.json_ld import Node
from spiders.reading.markup import found
from spiders.reading.metadata import Facts, each_once
from spiders.reading.text import clean, key

LONGEST_NAME = 60
MOST_WORDS = 6
MOST_NAMES = 20
_META_NAMES = (
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "authors",
)

_ADDRESS = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\w+|@\w+")
_MARKUP = re.compile(r"<[^<>]*>")
_BEHIND = re.compile(
    r"\s*(?:[|•·–—/]|\s-\s|,?\s+(?:for|at|in|of|from|für|pour|contributor|staff|correspondent|reporter|editor|writer|journalist|senior)\b).*$",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]?")
_TITLES = re.compile(r"(?:,?\s+(?:MS|MD|RDN?|PhD|Ph\.D\.|MPH|RN|LD|JD|DO|MBA|기자|記者))+$")
# "and" of the outlets' languages; the Arabic one is a word of its own here, since glued to a name it may be part of it
_AND = r"and|und|et|y|e|i|en|og|och|ja|ve|û|و|en collaboration avec|in collaborazione con|with|mit"
_SPLIT = re.compile(rf"\s*[;؛|&·•\n]\s*|\s+/\s+|\s*[,،、]\s*|\s+(?:{_AND})\s+(?=\S+)", re.IGNORECASE)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|m\.?d|ph\.?\s?d|esq|mba|rdn?|ld|mph|rn|msc|dds)\.?$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_BYLINES = XPath("//*[@rel='author' or contains(concat(' ', normalize-space(@itemprop), ' '), ' author ')]")
_MAYBE_BYLINES = XPath(
    "//*[" + " or ".join(f"contains(@class, '{part}')" for part in ("uthor", "yline", "y-line", "riter", "ontribut")) + "]"
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|post-?author|article-?author|writer|contributor)(?:[_-]*(?:names?|link|s|text|title))?(?:$|\s)",
    re.IGNORECASE,
)
_ELSEWHERE = ("aside", "footer", "nav", "form")
_NO_BYLINE = frozenset({*_ELSEWHERE, "body", "html", "script", "style", "svg", "input", "textarea"})


def people(statements: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Names of people in ``statements``, or of agencies where there are no people; ``names`` are the outlet's own, as keys."""
    stated = [name for statement in statements for name in split(statement)]
    named = [name for name in stated if is_person(name, names)] or [name for name in stated if key(name) in phrases.AGENCIES]
    return each_once(named)[:MOST_NAMES]


def split(statement: str) -> Iterator[str]:
    """The names in one byline."""
    text = _ADDRESS.sub(" ", _MARKUP.sub(" ", unescape(statement)))
    text = _BRACKETS.sub("", "\n".join(clean(line) for line in text.splitlines()))
    names = [part.strip() for part in _SPLIT.split(phrases.BY.sub("", text.strip()))]
    if len(names) == 2 and "," in text and all(name and " " not in name for name in names):
        names = [f"{names[1]} {names[0]}"]  # "Haddad, Rima"
    for name in names:
        if not _SUFFIX.match(name):
            yield bare(name)


def bare(name: str) -> str:
    """``name`` without what is said of the person before and after it."""
    short = _TITLES.sub("", _BEHIND.sub("", phrases.BY.sub("", name)))
    name = (short if " " in short.strip() else name).strip(" \t.,;:*\"“”«»'‘’-–—")
    if name.isupper() and len(name) > 4 and " " in name:
        name = name.title()  # a headline's style, not the person's
    return name


def is_person(name: str, names: frozenset[str]) -> bool:
    """Whether ``name`` can be a person's: no outlet, no desk, no agency, no sentence."""
    if not 2 <= len(name) <= LONGEST_NAME or len(name.split()) > MOST_WORDS or not _LETTER.match(name):
        return False
    if any(letter.isdigit() for letter in name) or phrases.NOBODY.match(name) or phrases.ORGANISATION.search(name):
        return False
    short, first = key(name), key(name.split()[0])
    is_outlet = any(short == own or first == own or (len(own) > 4 and short.startswith(own)) for own in names)
    return short not in phrases.AGENCIES and not is_outlet


def authors_of(facts: Facts, tree: HtmlElement, names: frozenset[str]) -> tuple[str, ...]:
    """The writers that the page names, in its data first, else in print."""
    for statements in (ld_authors(facts), _meta_authors(facts), printed(tree)):
        if named := people(statements, names):
            return named
    return ()


def ld_authors(facts: Facts) -> list[str]:
    """What JSON-LD states of the article's authors and creators, references followed."""
    known = facts.by_id()
    for name in ("author", "creator"):
        if stated := list(_stated(facts.article.get(name), known)):
            return stated
    return []


def _stated(value: object, known: dict[str, Node], depth: int = 0) -> Iterator[str]:
    if depth > 5:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value[:MOST_NAMES]:
            yield from _stated(item, known, depth + 1)
    elif isinstance(value, dict):
        kind = str(value.get("@type", "")).lower()
        if "name" in value and "organization" not in kind and "newsmedia" not in kind:
            yield from _stated(value["name"], known, depth + 1)
        elif "familyName" in value:
            yield f"{value.get('givenName') or ''} {value['familyName']}"
        elif isinstance(value.get("@id"), str) and value["@id"] in known and known[str(value["@id"])] is not value:
            yield from _stated(known[str(value["@id"])], known, depth + 1)


def _meta_authors(facts: Facts) -> list[str]:
    return next((stated for name in _META_NAMES if (stated := [text for text in facts.meta(name) if "//" not in text])), [])


def printed(tree: HtmlElement) -> list[str]:
    """Bylines in print: links and elements marked as the author's, by rel, itemprop or class; the innermost, outside of lists of others."""
    marked = [element for element in found(_BYLINES, tree) if element.tag != "meta"]
    if not marked:
        marked = [element for element in found(_MAYBE_BYLINES, tree) if _BYLINE_CLASS.search(element.get("class") or "")]
    marked = [element for element in marked if element.tag not in _NO_BYLINE and next(element.iterancestors(*_ELSEWHERE), None) is None]
    texts = (clean(" ".join(element.itertext())) for element in marked[:MOST_NAMES])
    return [text for text in texts if 2 < len(text) < 3 * LONGEST_NAME][:3]
