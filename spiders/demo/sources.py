"""How the newspapers list their articles: RSS, Atom, JSON Feed, sitemaps, a listing page and the REST interface of WordPress."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import quote

from .pages import Answer, Listed, front_page
from .stories import Newspaper, Source

PAGE_SIZE = 6  # links on a page of a listing
NEWS_SITEMAP = timedelta(hours=48)  # what Google's format allows a news sitemap to hold


@dataclass(frozen=True, slots=True)
class Ask:
    """A request for a source: who is asked, where, for what, and with which query."""

    paper: Newspaper
    origin: str
    source: Source
    links: tuple[Listed, ...]  # newest first
    now: datetime
    query: Mapping[str, str]


def answer_source(ask: Ask) -> Answer:
    """The source as it stands, with the time of its newest link as its own."""
    answer = KINDS[ask.source.kind](ask)
    newest = max((link.updated_at for link in ask.links), default=None)
    return Answer(answer.status, answer.content_type, answer.body, newest, answer.headers)


def rss(ask: Ask) -> Answer:
    # RSS has no element for an update: newspapers that tell of one borrow Atom's.
    items = "".join(
        f'<item><title>{escape(link.title)}</title><link>{_url(ask, link)}</link><guid isPermaLink="false">{escape(link.path)}</guid>'
        f"<pubDate>{format_datetime(link.published_at.astimezone(ask.paper.zone))}</pubDate>"
        f"<atom:updated>{link.updated_at.isoformat()}</atom:updated>"
        + "".join(f"<dc:creator>{escape(author)}</dc:creator>" for author in link.authors)
        + "".join(f"<category>{escape(tag)}</category>" for tag in link.tags)
        + f"<description>{escape(link.summary)}</description></item>\n"
        for link in ask.links
    )
    channel = f"<title>{escape(ask.paper.title)}</title><link>{ask.origin}/</link><description>{escape(ask.paper.title)}</description>"
    spaces = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return _xml(ask, "application/rss+xml", f'<rss version="2.0" {spaces}><channel>{channel}\n{items}</channel></rss>')


def atom(ask: Ask) -> Answer:
    entries = "".join(
        f'<entry><id>{_url(ask, link)}</id><title>{escape(link.title)}</title><link rel="alternate" href="{_url(ask, link)}"/>'
        f"<published>{_local(ask, link.published_at)}</published><updated>{_local(ask, link.updated_at)}</updated>"
        f"<summary>{escape(link.summary)}</summary></entry>\n"
        for link in ask.links
    )
    head = f"<id>{ask.origin}/</id><title>{escape(ask.paper.title)}</title><updated>{_local(ask, _newest(ask))}</updated>"
    return _xml(ask, "application/atom+xml", f'<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{entries}</feed>')


def json_feed(ask: Ask) -> Answer:
    items = [
        {
            "id": link.path,
            "url": ask.origin + quote(link.path),
            "title": link.title,
            "summary": link.summary,
            "date_published": _local(ask, link.published_at),
            "date_modified": _local(ask, link.updated_at),
            "authors": [{"name": author} for author in link.authors],
        }
        for link in ask.links
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": ask.paper.title, "home_page_url": ask.origin + "/", "items": items}
    return _json("application/feed+json", feed)


def sitemap_index(ask: Ask) -> Answer:
    others = [source.path for source in ask.paper.sources if source.path != ask.source.path]
    entry = "<sitemap><loc>{}</loc><lastmod>{}</lastmod></sitemap>\n"
    body = "".join(entry.format(ask.origin + path, _newest(ask).isoformat()) for path in others)
    return _xml(ask, "application/xml", f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{body}</sitemapindex>')


def news_sitemap(ask: Ask) -> Answer:
    name = f"<news:name>{escape(ask.paper.title)}</news:name><news:language>{ask.paper.language}</news:language>"
    body = "".join(
        f"<url><loc>{_url(ask, link)}</loc><lastmod>{link.updated_at.isoformat()}</lastmod><news:news>"
        f"<news:publication>{name}</news:publication><news:publication_date>{link.published_at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(link.title)}</news:title></news:news></url>\n"
        for link in ask.links
        if _is_news(ask, link)
    )
    return _xml(ask, "application/xml", f'<urlset {SITEMAP} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{body}</urlset>')


def sitemap(ask: Ask) -> Answer:
    """What the news sitemap no longer holds, gzipped if its name says so."""
    older = (link for link in ask.links if not _is_news(ask, link))
    body = "".join(f"<url><loc>{_url(ask, link)}</loc><lastmod>{link.updated_at.isoformat()}</lastmod></url>\n" for link in older)
    plain = _xml(ask, "application/xml", f"<urlset {SITEMAP}>{body}</urlset>")
    if not ask.source.path.endswith(".gz"):
        return plain
    return Answer(200, "application/gzip", gzip.compress(plain.body, mtime=0))


def listing(ask: Ask) -> Answer:
    page = _number(ask, "page", 1)
    links = ask.links[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    more = f"{ask.source.path}?page={page + 1}" if page * PAGE_SIZE < len(ask.links) else ""
    return front_page(ask.paper, ask.paper.title, links, more, status=200 if links else 404)


def wordpress(ask: Ask) -> Answer:
    size, page = _number(ask, "per_page", 10), _number(ask, "page", 1)
    total = (len(ask.links) + size - 1) // size
    headers = (("X-WP-Total", str(len(ask.links))), ("X-WP-TotalPages", str(total)))
    if page > total:
        refusal = {"code": "rest_post_invalid_page_number", "message": "No such page.", "data": {"status": 400}}
        return _json("application/json", refusal, status=400)
    posts = [_post(ask, link) for link in ask.links[(page - 1) * size : page * size]]
    answer = _json("application/json", posts)
    return Answer(200, answer.content_type, answer.body, headers=headers)


KINDS: dict[str, Callable[[Ask], Answer]] = {
    kind.__name__: kind for kind in (rss, atom, json_feed, sitemap_index, news_sitemap, sitemap, listing, wordpress)
}
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def _post(ask: Ask, link: Listed) -> dict[str, object]:
    # WordPress gives each time twice, without a zone: the newspaper's and Greenwich's.
    times = {"date": link.published_at, "modified": link.updated_at}
    local = {name: f"{at.astimezone(ask.paper.zone):%Y-%m-%dT%H:%M:%S}" for name, at in times.items()}
    greenwich = {f"{name}_gmt": f"{at:%Y-%m-%dT%H:%M:%S}" for name, at in times.items()}
    texts = {"title": {"rendered": escape(link.title)}, "excerpt": {"rendered": f"<p>{escape(link.summary)}</p>"}}
    return {"link": ask.origin + quote(link.path), **local, **greenwich, **texts}


def _number(ask: Ask, name: str, default: int) -> int:
    value = ask.query.get(name, "")
    return max(1, int(value)) if value.isascii() and value.isdigit() else default


def _is_news(ask: Ask, link: Listed) -> bool:
    return ask.now - link.updated_at <= NEWS_SITEMAP


def _newest(ask: Ask) -> datetime:
    return max(link.updated_at for link in ask.links)


def _url(ask: Ask, link: Listed) -> str:
    return escape(ask.origin + quote(link.path))


def _local(ask: Ask, at: datetime) -> str:
    return at.astimezone(ask.paper.zone).isoformat()


def _xml(ask: Ask, content_type: str, body: str) -> Answer:
    charset = ask.paper.charset
    text = f'<?xml version="1.0" encoding="{charset}"?>\n{body}\n'
    return Answer(200, f"{content_type}; charset={charset}", text.encode(charset, "xmlcharrefreplace"))


def _json(content_type: str, value: object, status: int = 200) -> Answer:
    return Answer(status, f"{content_type}; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())
