"""Dates in the data that a page's framework carries along: the state of Next.js, Nuxt and their kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

from spiders.reading.text import clean

MOST_SCRIPTS, LARGEST = 60, 2 * 1024 * 1024  # characters
MOST = 40  # dates of a page's state; an article's stands among those of its neighbours
START = 40  # characters of a headline that are looked for

# A key like "publishedAt", "date_published", "firstPublishDate", "pubDate", "createdDate" or "deployDt", and a value that begins as a day
# does or is seconds since 1970. Quotes may be escaped: states hold JSON in JSON.
_KEY = (
    r"(?:first_?|date_?|article_?|original_?)?(?:publi(?:sh|shed|cation|c)|publie|pub|posted|post|creat(?:ed|e|ion)|deploy|display|release|issued?)"
    r"_?(?:at|date_?time|date|time|on|dt|_?gmt)?"
)
_VALUE = r"(?:19|20)\d\d[-./]\d\d[-./]\d\d[T \d:.Z+-]{0,24}|1\d{9}(?:\d{3})?(?!\d)"
_PUBLISHED = re.compile(rf"[\"']{_KEY}\\{{0,3}}[\"']\s?:\s?\\{{0,3}}[\"']?(?P<value>{_VALUE})", re.IGNORECASE)


def state_dates(tree: HtmlElement, titles: Iterable[str]) -> list[str]:
    """What the page's state says of its article's publication: the date nearest to the headline in it, or the only day that it names."""
    for script in _scripts(tree):
        found = [(match.start(), match["value"].strip()) for match in islice(_PUBLISHED.finditer(script), MOST)]
        if not found:
            continue
        places = [at for title in titles if len(title) >= START // 2 and (at := script.find(clean(title)[:START])) >= 0]
        if places:
            return [min(found, key=lambda one: min(abs(one[0] - at) for at in places))[1]]
        if len({value[:10] for _, value in found}) == 1:
            return [found[0][1]]
    return []


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in islice(tree.iter("script"), MOST_SCRIPTS):
        text = script.text or ""
        if "ub" in text or "reat" in text or "eploy" in text:
            yield text[:LARGEST]
