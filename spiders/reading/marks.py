"""Names for places in pages, steady from page to page: elements as CSS selectors, by tag, class, id and itemprop."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

MOST_CLASSES = 12
_NAME = re.compile(r"[a-zA-Z_-][\w-]{1,50}")
_DIGIT = re.compile(r"\d")  # in an id: the number of a post
_NUMBER = re.compile(r"\d{3}")  # post-12345: of this page alone
# Frames that hold everything, and parts of any story: such a tag alone says nothing.
_PLAIN = frozenset(
    """
    html body p div span ul ol li dl dt dd a table thead tbody tr td th h1 h2 h3 h4 h5 h6 blockquote q cite pre b strong i em center font
    """.split()  # noqa: SIM905
)

# What builders of pages call furniture. The telling names are used for nothing else; the speaking ones need other evidence beside them.
TELLING = re.compile(
    r"newsletter|subscri(?:be|ption)|author-?_?(?:bio|info|box)|(?:^|[._-])bio(?:$|[_-])|related|promo(?!ted-story)|recirc|outbrain|taboola"
    r"|social|share-?(?:bar|buttons|tools)|donat|advert|dfp|sponsor|breadcrumb|most-?(?:read|popular)|read-?(?:more|next)|also-?read|sign-?up",
    re.IGNORECASE,
)
SPEAKING = re.compile(
    r"author|caption|credit|tag|comment|widget|sidebar|module|recommend|trending|popular|more|teaser|card|list|embed|video|audio|player"
    r"|gallery|slide|meta|byline|date|footer|action|tool|share|print|ad[._-]|ads|box|inline|enhancement|aside|figure|notice|note|info",
    re.IGNORECASE,
)

Mark = tuple[str, ...]


def mark(element: HtmlElement) -> Mark:
    """The selectors that ``element`` alone answers to, the surest first; none for a bare ``div`` or ``p``."""
    return _mark(element.tag, element.get("itemprop"), element.get("id"), element.get("class"))


@lru_cache(maxsize=65536)
def _mark(tag: str, prop: str | None, name: str | None, classes: str | None) -> Mark:
    found = [f'{tag}[itemprop="{prop.strip()}"]'] if prop and _is_steady(prop.strip()) else []
    if name and _is_steady(name) and not _DIGIT.search(name):
        found.append(f"{tag}#{name}")
    found.extend(f"{tag}.{each}" for each in sorted(set((classes or "").split()[:MOST_CLASSES])) if _is_steady(each))
    if tag not in _PLAIN:
        found.append(tag)
    return tuple(found)


def _is_steady(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not _NUMBER.search(name)
