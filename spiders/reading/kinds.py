"""Pages that are no article, and how they give themselves away. Conservative: a page with an article's data and prose is never refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from spiders.reading import phrases
from spiders.reading.json_ld import main_nodes, texts
from spiders.reading.metadata import Facts
from spiders.reading.text import key

NOT_HTML, EMPTY, TOO_SHORT = "not html", "empty", "too short"
CHALLENGE, CONSENT, SOFT_404, INDEX = "challenge page", "consent wall", "soft 404", "not an article: index page"
TOO_SLOW, OUT_OF_MEMORY, UNREADABLE, CRASHED = "too slow", "out of memory", "unreadable", "reader crashed"

FEWEST_LETTERS = 40  # a text below it is a caption; the shortest of 587 pages with gold has 150
FEW_LETTERS = 120  # below it, the page must call itself an article
WALL = 1500  # characters; walls of consent have 200 to 1,200
ERROR = 900  # characters; challenges and error pages have 100 to 600

_MARKUP_TYPES = ("html", "xml", "text/plain", "octet-stream", "unknown")
# PDF, pictures, sound, archives, programs, fonts, old Office files
_MAGIC = (
    *(b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM", b"ID3", b"OggS", b"\x00\x00\x00"),
    *(b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"wOF", b"\xd0\xcf\x11\xe0"),
)
_FEED = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:rss|feed|rdf:RDF|urlset|sitemapindex|svg|error|opml)\b", re.DOTALL)
_JSON = re.compile(rb"\s*(?:\{\s*(?:\"|\})|\[\s*[\[{\"\]])")

_DENSE = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_COLLECTIONS = frozenset({"collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage"})


def refuse_bytes(body: bytes, content_type: str, status: int) -> str | None:
    """Why an answer is not even read; None where it may be a page."""
    if status != 200:
        return f"http {status}"
    if not body.strip(b"\0 \t\r\n\f"):
        return EMPTY
    kind = content_type.split(";")[0].strip().lower()
    if kind and not any(word in kind for word in _MARKUP_TYPES):
        return NOT_HTML
    if body.startswith(_MAGIC) or _FEED.match(body[:2048]) or _JSON.match(body[:64]):
        return NOT_HTML
    return None


def refuse(facts: Facts, paragraphs: Sequence[str], is_dated: bool) -> str | None:
    """Why the page of ``facts`` with the text ``paragraphs`` is no article; None where it is one."""
    text = "\n".join(paragraphs)
    heads = [facts.title_element, *facts.headings[:2], *facts.meta("og:title")[:1]]
    is_article = calls_itself_article(facts)
    if len(text) < WALL and not is_article and (wall := _wall(heads, text)):
        return wall
    if _is_index(facts, text, is_article):
        return INDEX
    return TOO_SHORT if weight(text) < (FEWEST_LETTERS if is_article or is_dated else FEW_LETTERS) else None


def calls_itself_article(facts: Facts) -> bool:
    return bool(facts.article) or any(kind.strip().lower() == "article" for kind in facts.meta("og:type"))


def _wall(heads: Sequence[str], text: str) -> str | None:
    """Challenge, error page or consent wall: named in a headline, or in nearly all that a short text says."""
    for reason, pattern in ((CHALLENGE, phrases.CHALLENGE), (SOFT_404, phrases.MISSING)):
        if len(text) < ERROR and any(pattern.search(said) for said in (*(head[:120] for head in heads), text[:200])):
            return reason
    told = {found[0].casefold() for found in phrases.CONSENT.finditer(text)}
    return CONSENT if len(told) >= 3 or (told and any(phrases.CONSENT.search(head) for head in heads)) else None


def _is_index(facts: Facts, text: str, is_article: bool) -> bool:
    """A front page, or one that calls itself a collection of others."""
    if facts.article:
        return False
    kinds = {kind.rsplit("/", 1)[-1].lower() for node in main_nodes(facts.nodes) for kind in texts(node, "@type")}
    if not is_article and kinds & _COLLECTIONS:
        return True
    address = urlsplit(facts.url)
    return not is_article and address.path in ("", "/") and not address.query and len(text) < 4 * WALL


def weight(text: str) -> int:
    """The letters and digits of ``text``; an ideograph or syllable counts for three."""
    letters = key(text)
    return len(letters) + 2 * len(_DENSE.findall(letters))
