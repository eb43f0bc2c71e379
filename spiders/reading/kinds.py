"""Kinds of page, each with the rule that told it. Conservative: a page with an article's data and prose is never refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from spiders.reading import phrases
from spiders.reading.metadata import Facts, is_paywalled
from spiders.reading.signs import Signs, signs_of
from spiders.reading.text import key, letters

__all__ = ["Signs", "Verdict", "calls_itself_article", "judge", "refuse_bytes", "signs_of", "weight"]

Kind = Literal["article", "live blog", "gallery", "video", "audio", "paywall stub"]

NOT_HTML, EMPTY, TOO_SHORT = "not html", "empty", "too short"
CHALLENGE, CONSENT, SOFT_404, INDEX = "challenge page", "consent wall", "soft 404", "not an article: index page"
SEVERAL = "several articles"
TOO_SLOW, OUT_OF_MEMORY, UNREADABLE, CRASHED = "too slow", "out of memory", "unreadable", "reader crashed"

FEWEST_LETTERS = 40  # a text below it is a caption; the shortest of 587 pages with gold has 150
FEW_LETTERS = 120  # below it, the page must call itself an article
ENOUGH = 1000  # characters that tell whether a text is too short
WALL = 1500  # characters; walls of consent have 200 to 1,200
BEGINNING = 300  # characters in which a wall of consent has come to its point
ERROR = 900  # characters; challenges and error pages have 100 to 600
GONE = 6000  # characters; an error page that recommends other articles
SHOWN = 150  # words below which a page shows a player or its beginning, and no story
CUT = 300  # words of a beginning that breaks off
FEWEST_PICTURES = 5  # of a gallery
WORDS_A_PICTURE = 40  # in a gallery: a caption
FEWEST_ENTRIES = 5  # of a live blog
FEWEST_CARDS = 5  # of an index
SEVERAL_STORIES = 3  # on a page of none of them; two may be a story and a plea
CARD = 30  # letters by which a text is known to be a card's

_MARKUP_TYPES = ("html", "xml", "text/plain", "octet-stream", "unknown")
# PDF, pictures, sound, archives, programs, fonts, old Office files
_MAGIC = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"ID3", b"OggS", b"\x00\x00\x00"),
    *(b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"wOF", b"\xd0\xcf\x11\xe0"),
)
_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg|error|opml)\b", re.DOTALL)
_JSON = re.compile(rb"\s*(?:\{\s*(?:\"|\})|\[\s*[\[{\"\]])")

_BLANK = b"\0 \t\r\n\f"
_DENSE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_CLOCK = re.compile(r"(?:- )?\W*(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
_BROKEN_OFF = re.compile(r"(?:…|\.\.\.|\[…\])\W*$")
_LISTS = frozenset({"collectionpage", "searchresultspage"})
_GALLERIES = frozenset({"imagegallery", "mediagallery", "photogallery"})
_VIDEOS = frozenset({"videoobject", "videogallery", "movieclip", "tvepisode"})
_AUDIOS = frozenset({"podcastepisode", "radioepisode", "audioobject"})
_COLLECTIONS = frozenset({"collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage"})


def refuse_bytes(body: bytes, content_type: str, status: int) -> str | None:
    """Why an answer is not even read; None where it may be a page."""
    if status != 200:
        return f"http {status}"
    if not (body[:1024].strip(_BLANK) or body.strip(_BLANK)):
        return EMPTY
    kind = content_type.split(";")[0].strip().lower()
    if kind and not any(word in kind for word in _MARKUP_TYPES):
        return NOT_HTML
    if body.startswith(_MAGIC) or _FEED.match(body[:2048]) or _JSON.match(body[:64]):
        return NOT_HTML
    return None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``kind`` of an article or the reason of its ``rejection``, and the ``rule`` that told."""

    kind: Kind | None
    rejection: str | None
    rule: str


def judge(facts: Facts, signs: Signs, paragraphs: Sequence[str], is_dated: bool) -> Verdict:
    """What the page of ``facts`` and ``signs`` with the text ``paragraphs`` is."""
    text = "\n".join(paragraphs)
    is_article = calls_itself_article(facts)
    heads = [facts.title_element, *facts.headings[:2], *facts.meta("og:title")[:1]]
    for reason, rule in (
        (CHALLENGE, _challenge(heads, text, signs, is_article)),
        (SOFT_404, _missing(heads, text, is_article)),
        (CONSENT, _consent(heads, paragraphs, signs, is_article)),
        (SEVERAL, _several(facts, signs)),
        (INDEX, _index(facts, signs, paragraphs, is_article)),
    ):
        if rule:
            return Verdict(None, reason, rule)
    kind, rule = _kind(facts, signs, paragraphs)
    least = FEWEST_LETTERS if is_article or is_dated or kind != "article" else FEW_LETTERS
    if (found := weight(text[:ENOUGH])) < least:
        return Verdict(None, TOO_SHORT, f"{found} letters, fewer than {least}" + (f"; {kind}: {rule}" if kind != "article" else ""))
    return Verdict(kind, None, rule)


def _challenge(heads: Sequence[str], text: str, signs: Signs, is_article: bool) -> str:
    if is_article or len(text) >= ERROR:
        return ""
    if told := _first(phrases.CHALLENGE, (*(head[:120] for head in heads), text[:200])):
        return f"{_quoted(told)} and {len(text)} characters"
    return f"script of {signs.guard} and {len(text)} characters" if signs.guard and len(text) < 2 * FEW_LETTERS else ""


def _missing(heads: Sequence[str], text: str, is_article: bool) -> str:
    if is_article or len(text) >= GONE:
        return ""
    for head in heads:  # a headline that says little else, whatever stands below it
        said = " ".join(found[0] for found in phrases.MISSING.finditer(head[:120]))
        if said and len(key(said)) >= 0.6 * len(key(_without_ends(head[:120]))):
            return f"headline {_quoted(said)}"
    told = _first(phrases.MISSING, (*(head[:120] for head in heads), text[:200])) if len(text) < ERROR else ""
    return f"{_quoted(told)} and {len(text)} characters" if told else ""


def _without_ends(head: str) -> str:
    """The longest part of a title between its bars and dashes."""
    return max(re.split(r"\s+[-–—|·:»]\s+|\s*\|\s*", head), key=len)


def _consent(heads: Sequence[str], paragraphs: Sequence[str], signs: Signs, is_article: bool) -> str:
    """A wall of consent talks of little else; a story about such walls calls itself an article, and does not speak to its reader."""
    text = "\n".join(paragraphs)
    if len(text) >= WALL or (is_article and not phrases.CONSENT.search(text[:BEGINNING])):
        return ""
    told = {found[0].casefold() for found in phrases.CONSENT.finditer(text)}
    if is_article:
        touched = letters(paragraph for paragraph in paragraphs if phrases.CONSENT.search(paragraph))
        is_wall = len(told) >= 3 and touched >= 0.8 * letters(paragraphs) and phrases.ASKING.search(text)
        return f"{len(told)} words of consent, in nearly all of {len(text)} characters" if is_wall else ""
    if len(told) >= 3:
        return f"{len(told)} words of consent in {len(text)} characters"
    if told and (named := _first(phrases.CONSENT, [head[:300] for head in heads])):
        return f"headline {_quoted(named)}"
    if signs.banner and len(text) < ERROR and (asked := _first(phrases.ASKING, (*(head[:300] for head in heads), text))):
        return f"{_quoted(asked)} and a script of {signs.banner}"
    return ""


def _several(facts: Facts, signs: Signs) -> str:
    if signs.stories < SEVERAL_STORIES or signs.has_own_story or facts.article:
        return ""
    return f"{signs.stories} headings with a story of their own, none of them the page's"


def _index(facts: Facts, signs: Signs, paragraphs: Sequence[str], is_article: bool) -> str:
    """A front page, one that calls itself a collection, or one whose text is what it says of other pages."""
    if facts.article:
        return ""
    if listed := signs.types & (_LISTS if is_article else _COLLECTIONS):
        return f"json_ld @type {min(listed)}"
    address = urlsplit(facts.url)
    if not is_article and address.path in ("", "/") and not address.query and letters(paragraphs) < 4 * WALL:
        return "the site's first page"
    whole = letters(paragraphs)
    if signs.card_count >= FEWEST_CARDS and whole:
        beginnings = frozenset(card[:CARD] for card in signs.cards)
        told = letters(paragraph for paragraph in paragraphs if _is_of_card(paragraph, signs.cards, beginnings))
        if told >= 0.6 * whole:
            return f"{signs.card_count} headlines lead to other pages, and {round(100 * told / whole)} % of the text is what they say"
    return ""


def _is_of_card(paragraph: str, cards: frozenset[str], beginnings: frozenset[str]) -> bool:
    name = key(paragraph[:600])
    return name in cards or (len(name) >= CARD and name[:CARD] in beginnings)


def _kind(facts: Facts, signs: Signs, paragraphs: Sequence[str]) -> tuple[Kind, str]:
    words = _words(paragraphs)
    for kind, rule in (
        ("live blog", _live(facts, signs, paragraphs)),
        ("gallery", _gallery(facts, signs, words)),
        ("paywall stub", _stub(facts, signs, paragraphs, words)),
        ("video", _played("video", _VIDEOS, facts, signs, words)),
        ("audio", _played("audio", _AUDIOS, facts, signs, words)),
    ):
        if rule:
            return kind, rule  # type: ignore[return-value]
    return "article", f"{words} words"


def _words(paragraphs: Sequence[str]) -> int:
    """Words; of a script that sets no spaces, three letters are one."""
    text = "\n".join(paragraphs)
    words = len(text.split())
    return words if 12 * words > len(text) else max(words, len(_DENSE.findall(text)) // 3)


def _live(facts: Facts, signs: Signs, paragraphs: Sequence[str]) -> str:
    if "liveblogposting" in signs.types:
        return "json_ld @type LiveBlogPosting"
    if signs.entries >= FEWEST_ENTRIES:
        return f"{signs.entries} entries of a live blog"
    clocks = sum(1 for paragraph in paragraphs if _CLOCK.match(paragraph))
    if clocks >= FEWEST_ENTRIES and (told := _first(phrases.LIVE, [*facts.headings[:1], facts.title_element[:300]])):
        return f"headline {_quoted(told)} and {clocks} paragraphs that begin with a time"
    return ""


def _gallery(facts: Facts, signs: Signs, words: int) -> str:
    if (named := signs.types & _GALLERIES) and not facts.article:
        return f"json_ld @type {min(named)}"
    for count, where in ((signs.pictures, "pictures in a gallery element"), (signs.captions, "captions of pictures")):
        if count >= FEWEST_PICTURES and words < min(WORDS_A_PICTURE * count, 2 * SHOWN):
            return f"{count} {where} and {words} words"
    return ""


def _stub(facts: Facts, signs: Signs, paragraphs: Sequence[str], words: int) -> str:
    breaks_off = bool(paragraphs) and _BROKEN_OFF.search(paragraphs[-1][-40:]) is not None
    if words >= (CUT if breaks_off else SHOWN):
        return ""
    if is_paywalled(facts):
        return f"isAccessibleForFree false and {words} words"
    if signs.paywall and (breaks_off or _asks_to_pay(paragraphs)):
        return f"class {_quoted(signs.paywall[:60])} and {words} words"
    return f"asks to subscribe, and {words} words" if _asks_to_pay(paragraphs) else ""


def _asks_to_pay(paragraphs: Sequence[str]) -> bool:
    return any(phrases.SUBSCRIBE.search(paragraph[:ENOUGH]) for paragraph in paragraphs[-3:])


def _played(kind: str, types: frozenset[str], facts: Facts, signs: Signs, words: int) -> str:
    if words >= SHOWN:
        return ""
    if any(told.lower().startswith((kind, "music") if kind == "audio" else kind) for told in facts.meta("og:type")):
        return f"og:type {kind} and {words} words"
    if (named := signs.types & types) and (not facts.article or kind in signs.players):
        return f"json_ld @type {min(named)} and {words} words"
    return f"a {kind} player and {words} words" if kind in signs.players and words < SHOWN // 2 else ""


def _first(pattern: re.Pattern[str], told: Iterable[str]) -> str:
    return next((found[0] for text in told if (found := pattern.search(text))), "")


def _quoted(text: str) -> str:
    return f"“{text.strip()}”"


def calls_itself_article(facts: Facts) -> bool:
    """Whether the page says that it is an article, or a film, recording or gallery, which is one of a kind."""
    kinds = [kind.strip().lower() for kind in facts.meta("og:type")]
    return bool(facts.article) or any(kind == "article" or kind.startswith("video.") for kind in kinds)


def weight(text: str) -> int:
    """The letters and digits of ``text``; an ideograph or syllable counts for three."""
    letters = key(text)
    return len(letters) + 2 * len(_DENSE.findall(letters))
