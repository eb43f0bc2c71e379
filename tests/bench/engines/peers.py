"""Other extractors, each asked as its own documentation asks it, and told not to fetch pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

Row = dict[str, Any]
Read = Callable[[bytes, str], Row | None]

BLOCKS = frozenset(("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "section", "article", "br"))
LANGUAGE = re.compile(rb"<html[^>]{0,500}?\blang=[\"']?([a-zA-Z]{2})", re.IGNORECASE)
# jusText must be told the language; the page's own word for it is what an operator would have. Others are read without stop words.
STOPLISTS = {
    **{"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch"},
    **{"sv": "Swedish", "nb": "Norwegian_Bokmal", "no": "Norwegian_Bokmal", "nn": "Norwegian_Nynorsk", "da": "Danish"},
    **{"fi": "Finnish", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian", "pl": "Polish", "cs": "Czech", "sk": "Slovak"},
    **{"hu": "Hungarian", "ro": "Romanian", "bg": "Bulgarian", "sr": "Serbian", "hr": "Croatian", "el": "Greek"},
    **{"ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "ar": "Arabic", "fa": "Persian", "ku": "Kurdish", "he": "Hebrew"},
    **{"hi": "Hindi", "ko": "Korean", "vi": "Vietnamese", "id": "Indonesian", "sw": "Swahili"},
}


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine that learns nothing and knows no time of the crawl."""

    ask: Read

    def learn(self, pages: Iterable[object]) -> int:
        return 0

    def read(self, body: bytes, url: str, crawled: str) -> Row | None:
        return self.ask(body, url)


def day(when: object) -> str:
    return str(when)[:10] if when else ""


def readability() -> Read:
    from lxml.html import fromstring
    from readability import Document

    def ask(body: bytes, url: str) -> Row:
        document = Document(body, url=url)
        page = fromstring(document.summary(html_partial=True))
        for element in page.iter(*BLOCKS):
            element.text = "\n" + (element.text or "")
            element.tail = "\n" + (element.tail or "")
        lines = (" ".join(line.split()) for line in page.text_content().split("\n"))
        return {"text": "\n".join(filter(None, lines)), "title": document.short_title()}

    return ask


def newspaper4k() -> Read:
    from newspaper import Article

    def ask(body: bytes, url: str) -> Row:
        article = Article(url, fetch_images=False)
        article.download(input_html=text_of(body))
        article.parse()
        return {"text": article.text, "title": article.title, "published_at": day(article.publish_date)}

    return ask


def news_please() -> Read:
    from newsplease import NewsPlease

    def ask(body: bytes, url: str) -> Row:
        article = NewsPlease.from_html(text_of(body), url=url, fetch_images=False)
        return {"text": article.maintext or "", "title": article.title or "", "published_at": day(article.date_publish)}

    return ask


def resiliparse() -> Read:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import detect_encoding
    from resiliparse.parse.html import HTMLTree

    def ask(body: bytes, url: str) -> Row:
        tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
        return {"text": extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False), "title": tree.title}

    return ask


def justext() -> Read:
    import justext as library

    stoplists = {code: library.get_stoplist(name) for code, name in STOPLISTS.items()}

    def ask(body: bytes, url: str) -> Row:
        told = LANGUAGE.search(body[:20_000])
        stopwords = stoplists.get(told[1].decode().lower() if told else "en")
        wordless = {} if stopwords else {"stopwords_low": 0, "stopwords_high": 0}
        paragraphs = library.justext(body, stopwords or frozenset(), **wordless)
        return {"text": "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)}

    return ask


def text_of(body: bytes) -> str:
    """The page as text, for engines that take no bytes: by its own word, as Scrapy decodes it."""
    from w3lib.encoding import html_to_unicode

    return html_to_unicode(None, body)[1]


PEERS: dict[str, tuple[Callable[[], Read], str]] = {
    "readability": (readability, "readability-lxml"),
    "newspaper4k": (newspaper4k, "newspaper4k"),
    "news-please": (news_please, "news-please"),
    "resiliparse": (resiliparse, "resiliparse"),
    "justext": (justext, "jusText"),
}


def engine(name: str) -> tuple[Peer, str]:
    """The engine and its version."""
    make, package = PEERS[name]
    return Peer(make()), version(package)
