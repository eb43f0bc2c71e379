"""Where a page links to its story in other languages: ``hreflang`` in its head, and the visible switch between languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import SplitResult, urljoin, urlsplit

from lxml.html import HtmlElement

from spiders.reading.language import normal
from spiders.reading.markup import unshielded
from warehouse.contracts import Translation

MOST = 50
LONGEST_NAME = 40  # characters of a link that names a language: "النسخة العربية من المقال"
LONGEST_URL = 2048
MOST_READ = 400  # links that are looked at closely, of each kind: hostile pages have 200,000
MOST_PARTS = 30  # elements inside a link; in broken pages, links hold one another and all the page
MENU = 5  # languages: links to more, marked as no version, are a menu of the house's editions

_LANGUAGE_SEGMENT = re.compile(r"[a-z]{2,3}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_TWIN_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.")
_HOST_AND_START = re.compile(r"\s*(?:https?:)?(?://([^/?#]*))?/?([^/?#]*)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d{3}")
_HOME = re.compile(r"(?:index|home|default)(?:\.\w{2,5})?", re.IGNORECASE)

# What links to another language's version say: a language by its own name, or in English.
_NAMES = {
    "ar": "arabic العربية العربي عربي عربى بالعربية بالعربي",
    "az": "azerbaijani azeri azərbaycanca azərbaycan",
    "be": "беларуская",
    "bg": "bulgarian български",
    "bn": "বাংলা bengali bangla",
    "bs": "bosanski bosnian",
    "ckb": "sorani soranî سۆرانی",
    "cs": "čeština česky czech",
    "de": "deutsch german",
    "el": "ελληνικά greek",
    "en": "english ingilizce îngilîzî ئینگلیزی الإنجليزية الانجليزية بالإنجليزية انگلیسی английский",
    "es": "español espanol castellano spanish",
    "fa": "فارسی persian farsi",
    "fr": "français francais french",
    "he": "עברית hebrew",
    "hi": "हिन्दी हिंदी hindi",
    "hr": "hrvatski croatian",
    "hu": "magyar hungarian",
    "hy": "հայերեն armenian",
    "id": "indonesia indonesian",
    "it": "italiano italian",
    "ja": "日本語 japanese",
    "ka": "ქართული georgian",
    "kk": "қазақша kazakh",
    "kmr": "kurmanji kurmancî kurmanci کورمانجی",
    "ko": "한국어 korean",
    "ku": "kurdish kurdî kurdi kürtçe کوردی كوردي كوردى الكردية کردی",
    "mk": "македонски macedonian",
    "nl": "nederlands dutch",
    "pl": "polski polish",
    "ps": "پښتو pashto",
    "pt": "português portugues portuguese",
    "ro": "română romanian",
    "ru": "русский русском russian rusça الروسية",
    "so": "soomaali somali",
    "sq": "shqip albanian",
    "sr": "srpski српски serbian",
    "sv": "svenska swedish",
    "sw": "kiswahili swahili",
    "th": "ไทย thai",
    "tr": "türkçe turkish turkce tirkî التركية",
    "uk": "українська українською ukrainian",
    "ur": "اردو urdu",
    "uz": "oʻzbekcha uzbek",
    "vi": "việt vietnamese",
    "zh": "中文 简体中文 繁體中文 繁体 繁體 简体 chinese",
}
_NAMED = {name: language for language, names in _NAMES.items() for name in names.split()}
# Switches show codes, too: "EN | AR"; beyond these, two letters are a word.
_CODES = {code: code for code in ("ar", "ckb", "de", "en", "es", "fa", "fr", "he", "kmr", "ku", "ru", "sr", "tr", "uk", "zh")}
# First labels of hosts and first segments of paths that stand for a language.
_MARKS = frozenset({*_NAMES, *_CODES, *(name for name in _NAMED if name.isascii())})


def translations_of(tree: HtmlElement, url: str) -> tuple[Translation, ...]:
    """The versions in other languages that the page at ``url`` links to, those of its head first; to be read before anything is cut.

    Left out: the page itself, other editions in its language, ``x-default``, and home pages, which switches show where no version is.
    """
    stated = list(islice(_stated(tree, url), MOST_READ))
    own = {language for language, address in stated if _same(address, url)}
    found: dict[str, Translation] = {}
    for language, address in [*stated, *_switched(tree, url)]:
        if language not in own and not _same(address, url) and _is_story(address, url):
            found.setdefault(_key(address), Translation(language, address))
    return tuple(found.values())[:MOST]


def without(translations: Iterable[Translation], language: str | None) -> tuple[Translation, ...]:
    """``translations`` but for those in the article's own ``language``, known once its text is: they are other editions."""
    return tuple(translation for translation in translations if translation.language != language)


def _stated(tree: HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    """Languages and addresses of ``<link rel="alternate" hreflang>``."""
    for link in tree.iter("link"):
        tag = link.get("hreflang")
        if tag and "alternate" in (link.get("rel") or "").lower():
            language, address = normal(tag), _absolute(link.get("href"), url)
            if language and address:
                yield language, address


def _switched(tree: HtmlElement, url: str) -> list[tuple[str, str]]:
    """Languages and addresses of links whose words name one, and which are marked as versions or lead to another part of the site."""
    marked: list[tuple[str, str]] = []
    unmarked: list[tuple[str, str]] = []
    host, start = _place(url, "")
    read = 0
    for link in tree.iter("a"):
        href = link.get("href")
        if not href:
            continue
        tag = link.get("hreflang") or ""
        is_marked = bool(tag) or "alternate" in (link.get("rel") or "")
        if not is_marked and not _leads_elsewhere(_place(href, host), host, start):
            continue
        read += 1
        if read > MOST_READ:
            break
        named = _named(link)
        language = None if named is None else normal(tag) or named
        address = _absolute(href, url) if language else None
        if language and address and _looks_like_article(_split(address)):
            (marked if is_marked else unmarked).append((language, address))
    return [*marked, *unmarked] if len(dict(unmarked)) <= MENU else marked


def _place(href: str, host: str) -> tuple[str, str]:
    """Host and first segment of ``href``; ``host`` where it names none."""
    match = _HOST_AND_START.match(href)
    if match is None:
        return host, ""
    return (match[1] or host).lower(), match[2].lower()


def _leads_elsewhere(place: tuple[str, str], host: str, start: str) -> bool:
    """Whether ``place`` is another language's part of the site at ``host``, where the page lies under ``start``."""
    other, first = place
    if other != host:
        return other.split(".")[-2:] == host.split(".")[-2:] and (_is_mark(other) or _is_mark(host))
    return first != start and (first in _MARKS or start in _MARKS)


def _is_mark(host: str) -> bool:
    return host.partition(".")[0] in _MARKS


def _named(link: HtmlElement) -> str | None:
    """The language that a link's words name; of a flag, "" or what its title says."""
    text = ""
    for node in islice(link.iter(), MOST_PARTS):
        text += node.text or "" if isinstance(node.tag, str) else ""
        text += node.tail or "" if node is not link else ""
        if len(text) > 4 * LONGEST_NAME:  # a teaser
            return None
    text = " ".join(text.split()) or (link.get("title") or "")
    if len(text) > LONGEST_NAME:
        return None
    words = _WORD.findall(text.casefold())
    if not words:
        return ""
    named = next((_NAMED[word] for word in words if word in _NAMED), None)
    return named or (_CODES.get(words[0]) if len(words) == 1 else None)


def _absolute(href: str | None, url: str) -> str | None:
    """``href`` as a web address without its fragment; None if it is none."""
    if not href or len(href) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(urljoin(url, unshielded(href.strip())))
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    address = parts._replace(fragment="").geturl()
    return address if address.isprintable() and " " not in address else None


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _key(address: str) -> str:
    """Equal for addresses that differ in scheme, a reader's device or a slash."""
    parts = _split(address)
    return f"{_TWIN_HOST.sub('', parts.netloc.lower())}{parts.path.rstrip('/')}?{parts.query}"


def _same(address: str, url: str) -> bool:
    """Whether ``address`` is the page at ``url``, which may carry a campaign's parameters."""
    return _key(address) == _key(url) or (not _split(address).query and _key(address) == _key(url.partition("?")[0]))


def _is_story(address: str, url: str) -> bool:
    """Whether ``address`` may be an article: no home page, and where ``url`` looks like an article's, it does so too."""
    parts = _split(address)
    if not _DIGITS.search(parts.query) and all(_is_home(segment) for segment in parts.path.split("/")):
        return False
    return _looks_like_article(parts) or not _looks_like_article(_split(url))


def _is_home(segment: str) -> bool:
    return not segment or bool(_LANGUAGE_SEGMENT.fullmatch(segment) or _HOME.fullmatch(segment)) or segment.lower() in _NAMED


def _looks_like_article(parts: SplitResult) -> bool:
    """Numbers, or at the path's end words joined or another script's letters: sections have short plain names."""
    last = parts.path.rstrip("/").rpartition("/")[2]
    joined = len(last) >= 8 and ("-" in last or "_" in last)
    return bool(_DIGITS.search(parts.path + parts.query)) or joined or "%" in last or not last.isascii() or len(last) > 15
