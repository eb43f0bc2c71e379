"""Who wrote it: names of people, each once, without the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from html import unescape
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading import phrases
from spiders.reading.json_ld import Node
from spiders.reading.markup import found
from spiders.reading.metadata import Facts, each_once
from spiders.reading.text import clean, key

LONGEST_NAME = 60
LONGEST_STATEMENT = 2000  # characters of a byline that are read
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

_ADDRESS = re.compile(r"https?://\S*|www\.\S+|[^\s@]+@[^\s@]+\.\w+|@\w+")
_OWN_ADDRESS = re.compile(r"[(\[]\s*(?:https?://)?(?:www\.)?([\w.-]+\.\w{2,})/?\s*[)\]]")
_MARKUP = re.compile(r"<[^<>]*>")
_BEHIND = re.compile(
    r"\s*(?:[|•·–—]|\s-\s|\bvia\b|,?\s+(?:for|at|in|of|from|für|pour|para|dans|aus|à|"
    r"(?:(?:chief|senior|staff|political|foreign|diplomatic|national|sports?|science|health|tech(?:nology)?|business|economics?|news|managing|"
    r"deputy|associate|assistant|contributing|freelance|special|digital|data|video|multimedia|middle east|world)\s+)*"
    r"(?:contributor|staff|correspondent|reporter|editor|writer|journalist(?:in)?|columnist|producer|photographer|senior|redakteur(?:in)?|"
    r"korrespondent(?:in)?|muhabiri?|editörü?|bureau chief|корреспондент|журналист|обозреватель|редактор|"
    r"مراسلة?|صحفية?|صحافية?|كاتبة?))\b|\s+ve$).*$",
    re.IGNORECASE | re.DOTALL,
)
# What a byline says of when: from a date or a clock on, it names nobody
_WHEN = re.compile(
    r"\s*(?:\b(?:published|updated|posted|last (?:updated|modified))\b|\bon\s+\w+\s+\d|"
    r"\b(?:(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\w*\.?\s+)?\d).*$",
    re.IGNORECASE | re.DOTALL,
)
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]?")
_TITLES = re.compile(r"(?:,?\s+(?:MS|MD|RDN?|PhD|Ph\.D\.|MPH|RN|LD|JD|DO|MBA|기자|記者|특파원|논설위원))+$")
# "and" of the outlets' languages; the Arabic one is a word of its own here, since glued to a name it may be part of it
_AND = r"and|und|et|en|og|och|ja|ve|û|avec|con|com|ile|مع|en collaboration avec|in collaborazione con|with|mit"
_SHORT_AND = re.compile(r"\s+[yeiиو]\s+", re.IGNORECASE)  # stands inside names too: "Ortega y Gasset"
_FIRST_AND = re.compile(rf"^(?:{_AND}|و)\s+(?=\S)", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—|]\s+")
_OF_FEEDS = re.compile(r"^\s*[^\s@]+@[^\s@]+\s*\(([^()]+)\)\s*$")  # RSS: "rima@gazette.org (Rima Haddad)"
_DENSE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_SPLIT = re.compile(rf"\s*[;؛|&·•\n]\s*|\s*[,،、]\s*|\s+(?:{_AND})\s+(?=\S+)", re.IGNORECASE)
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|m\.?d|ph\.?\s?d|esq|mba|rdn?|ld|mph|rn|msc|dds)\.?$", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_CASELESS = str.maketrans({"İ": "i", "I": "ı"})
_TURKISH = re.compile(r"[İŞĞ]")

_PARTS = ("uthor", "yline", "y-line", "riter", "ontribut")  # of the classes of bylines, whatever their case
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|post-?author|article-?author|writer|contributor)(?:[_-]*(?:names?|link|s|text|title))?(?:$|\s)",
    re.IGNORECASE,
)
_MARKED = XPath("//@rel[. = 'author']/.. | //@itemprop[contains(concat(' ', normalize-space(.), ' '), ' author ')]/.. | //h1")
# Addresses of writers' own pages, where no class or rel marks a byline: the first of them behind the headline
_PAGES = XPath(
    "//h1 | //a/@href["
    + " or ".join(
        f"contains(., '/{part}')"
        for part in ["author", "autor", "auteur", "writer", "yazar", "journalist", "redacteur", "contributor", "reporter", "people/", "by/"]
    )
    + "]/.."
)
_OWN_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori?|writers?|yazar(?:lar)?|journalist(?:s|es|en)?|redacteurs?|contributors?|reporters?|people|by)/"
    r"(?:[\w%.~-]+/){0,2}[\w%.~-]*[^\W\d_][\w%.~-]*/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_ELSEWHERE = ("aside", "footer", "nav", "form")
_NO_BYLINE = frozenset({*_ELSEWHERE, "body", "html", "script", "style", "svg", "input", "textarea", "link", "meta"})
LONGEST_BYLINE = 200  # characters of all that stands around the names of one story
MOST_MARKED = 200  # elements that are looked at
MOST_PIECES = 400  # of the text of one: it may hold the whole page


def people(statements: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    """Names of people in ``statements``, or of agencies where there are no people; ``names`` are the outlet's own, as keys."""
    read = (statement.strip()[:LONGEST_STATEMENT] for statement in statements)
    said = [_without_own(statement, names) for statement in read if not _is_own(statement, names)]
    stated = [name for statement in said if not phrases.OTHER_ROLE.match(statement) for name in split(statement)]
    named = [name for name in stated if is_person(name, names)] or [name for name in stated if key(name) in phrases.AGENCIES]
    return each_once(named)[:MOST_NAMES]


def _without_own(statement: str, names: frozenset[str]) -> str:
    """``statement`` without the outlet before or behind a dash: "The Gazette – Rima Haddad"."""
    parts = _DASH.split(statement)
    kept = [part for part in parts if key(part) not in names]
    return " – ".join(kept) if kept and len(kept) < len(parts) else statement


def _is_own(statement: str, names: frozenset[str]) -> bool:
    """Whether ``statement`` gives the outlet's address with the name: "Allgemeine Welle (www.allgemeine.com)"."""
    address = _OWN_ADDRESS.search(statement)
    return address is not None and key(address[1]) in names


def split(statement: str) -> Iterator[str]:
    """The names in one byline."""
    statement = _OF_FEEDS.sub(r"\1", unescape(statement.strip()[:LONGEST_STATEMENT]))
    text = _ADDRESS.sub(" ", _MARKUP.sub(" ", statement))
    text = _BRACKETS.sub("", "\n".join(clean(line) for line in text.splitlines()))
    text = phrases.BY.sub("", text.strip())
    names = [_FIRST_AND.sub("", part.strip()) for part in _SPLIT.split(text)]
    names = [part for name in names for part in _by_short_and(name)]
    if len(names) == 2 and "," in text and all(name and " " not in name for name in names):
        names = [f"{names[1]} {names[0]}"]  # "Haddad, Rima"
    yield from _without_places([part for name in names if not _is_other(name, names) for part in _between_slashes(name)])


def _is_other(name: str, names: Sequence[str]) -> bool:
    return len(names) > 1 and phrases.OTHER_ROLE.match(name) is not None


def _by_short_and(name: str) -> list[str]:
    parts = _SHORT_AND.split(name)
    return parts if all(" " in part.strip() for part in parts) else [name]


def _without_places(names: Sequence[str]) -> Iterator[str]:
    """``names`` bare; a single word beside a full name is a place: "Rima Haddad, Berlin", unless it is an agency or of a dense script."""
    found = [bare(name) for name in names if not _SUFFIX.match(name)]
    has_full = any(" " in name for name in found)
    for name in found:
        if not has_full or " " in name or key(name) in phrases.AGENCIES or _DENSE.search(name):
            yield name


def _between_slashes(name: str) -> list[str]:
    """``name``, or what a slash divides: "Rima Haddad/AFP" a person and an agency, "Nusaybin/Mardin" a place and no person."""
    if "/" not in name:
        return [name]
    parts = list(filter(None, (part.strip() for part in name.split("/"))))
    return [part for part in parts if " " in part or key(part) in phrases.AGENCIES]


@lru_cache(maxsize=4096)  # the same few writers stand on all pages of an outlet
def bare(name: str) -> str:
    """``name`` without what is said of the person before and after it."""
    parts = _DASH.split(phrases.JOB.sub("", phrases.BY.sub("", name)))
    first = next((part for part in parts if " " in part), parts[0])  # "ANKARA – Ayşe Demir", "Ayşe Demir – AFP"
    short = _WHEN.sub("", _TITLES.sub("", _BEHIND.sub("", first)))
    is_enough = " " in short.strip() or (short.strip() and _TITLES.search(name))
    name = (short if is_enough else name).strip(" \t.,;:*\"“”«»'‘’-–—")
    name = _once(name)
    if name.isupper() and len(name) > 4 and " " in name:
        name = _in_title_case(name)  # a headline's style, not the person's
    return name


def _once(name: str) -> str:
    """``name`` once, where a hidden copy follows it: "Rima Haddad Rima Haddad"."""
    half = name[: len(name) // 2].strip()
    return half if len(half) > 4 and " " in half and name in (half + half, f"{half} {half}") else name


def _in_title_case(name: str) -> str:
    if not _TURKISH.search(name):
        return name.title()
    return " ".join(word[:1] + word[1:].translate(_CASELESS).lower() for word in name.split())  # İ must not become two characters


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
    """The writers that the page names, in its data first, else in print, in the end by the links to their pages."""
    named = people(ld_authors(facts), names)
    if len(named) > 1:  # the data may count in those whom the print says to have made the pictures
        others = {key(name) for text in printed(tree, facts.classes) for name in _others(text)}
        named = tuple(name for name in named if key(name) not in others) or named
    return (
        named
        or people(_meta_authors(facts), names)
        or people(printed(tree, facts.classes), names)
        or people(_of_one_story([link for link in found(_PAGES, tree) if _is_h1_or_page(link)]), names)
    )


def _others(text: str) -> Iterator[str]:
    if phrases.OTHER_ROLE.match(text):
        yield from split(phrases.OTHER_ROLE.sub("", text))


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


def printed(tree: HtmlElement, classes: Sequence[str] | None = None) -> list[str]:
    """Bylines in print: links and elements marked as the author's, by rel, itemprop or class; those of one story.

    ``classes`` are the values of the page's class attributes, where they are known.
    """
    marked = [element for element in found(_MARKED, tree) if element.tag != "meta"]
    if all(element.tag == "h1" for element in marked):
        marked = _by_class(tree, classes)
    return _of_one_story(marked)


def _by_class(tree: HtmlElement, classes: Sequence[str] | None) -> list[HtmlElement]:
    """Elements with a byline's class, and headlines."""
    values = None if classes is None else [value for value in classes if _BYLINE_CLASS.search(value)]
    parts = frozenset(_PARTS if values is None else (part for part in _PARTS for value in values if part in value))
    if not parts:
        return []
    marked = found(_with_class(parts), tree)
    return [element for element in marked if element.tag == "h1" or _BYLINE_CLASS.search(element.get("class") or "")]


@cache
def _with_class(parts: frozenset[str]) -> XPath:
    return XPath("//h1 | //@class[" + " or ".join(f"contains(., '{part}')" for part in sorted(parts)) + "]/..")


def _is_h1_or_page(element: HtmlElement) -> bool:
    return element.tag == "h1" or _OWN_PAGE.search(element.get("href") or "") is not None


def _of_one_story(marked: Sequence[HtmlElement]) -> list[str]:
    """The texts of the first byline in ``marked`` and of those beside it; the headlines in ``marked`` tell where the story is."""
    bylines: list[tuple[HtmlElement, str]] = []
    behind: list[tuple[HtmlElement, str]] = []
    has_headline = False
    for element in marked[:MOST_MARKED]:
        if element.tag == "h1":
            has_headline = True
        elif element.tag not in _NO_BYLINE and next(element.iterancestors(*_ELSEWHERE), None) is None:
            text = clean(" ".join(islice(element.itertext(), MOST_PIECES)))
            if 2 < len(text) < 3 * LONGEST_NAME:
                (behind if has_headline else bylines).append((element, text))
    chosen = behind or bylines
    if not chosen:
        return []
    around = _around(chosen[0][0])
    return [text for element, text in chosen if element is chosen[0][0] or around in element.iterancestors()][:MOST_NAMES]


def _around(byline: HtmlElement) -> HtmlElement:
    """The element that holds ``byline`` and others beside it, and nothing longer: no card of another story."""
    around = byline
    for above in list(byline.iterancestors())[:4]:
        if above.tag in ("body", "main", "article") or len(clean(" ".join(islice(above.itertext(), MOST_PIECES)))) > LONGEST_BYLINE:
            break
        around = above
    return around
