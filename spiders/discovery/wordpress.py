"""The posts that WordPress lists through its REST interface."""

from __future__ import annotations

import re

from spiders.discovery.charsets import decoded
from spiders.discovery.dates import Stated, parse_date
from spiders.discovery.feed import item_warnings
from spiders.discovery.found import Found, FoundLink, absolute, found, found_link
from spiders.discovery.objects import Fields, read_objects, text_field
from spiders.discovery.titles import plain_text

MOST_POSTS = 5_000
_CODE = re.compile(r"[^a-z0-9_ -]+", re.IGNORECASE)


def parse_wordpress(body: bytes, url: str) -> Found:
    """The posts of an answer of ``/wp-json/wp/v2/posts``. An error object becomes the warning "wordpress: its code". Never raises."""
    text = decoded(body).lstrip("\ufeff \t\r\n\0")
    if not text:
        return Found(warnings=("empty",))
    objects = read_objects(text, None, MOST_POSTS)
    links = [_post(post, url) for post in objects.rows]
    if not links and objects.answer is not None:
        code = _CODE.sub("", text_field(objects.answer, "code"))[:60]
        return Found(warnings=(f"wordpress: {code}" if code else "not a list of posts: json",))
    if not links and (objects.warnings or text[0] != "["):
        return Found(warnings=("not a list of posts: html" if text[0] == "<" else "not a list of posts: text",))
    return found(links, (*objects.warnings, *item_warnings(links)))


def _post(post: Fields, url: str) -> FoundLink:
    href = text_field(post, "link") or _rendered(post, "guid")
    return found_link(absolute(href, url), plain_text(_rendered(post, "title")), _time(post, "date"), _time(post, "modified"))


def _rendered(post: Fields, name: str) -> str:
    field = post.get(name)
    return text_field(field, "rendered") if isinstance(field, dict) else text_field(post, name)


def _time(post: Fields, name: str) -> Stated:
    """The GMT field. The other is in the site's zone, which the answer does not name: of that, the day alone is taken."""
    gmt = parse_date(text_field(post, f"{name}_gmt"))
    if gmt.at is not None:
        return gmt
    local = parse_date(text_field(post, name))
    if local.at is None:
        return local if local.raw else gmt
    return Stated(local.at.replace(hour=0, minute=0, second=0), "day", local.raw)
