"""How the newspapers print a page: the story in its template, with all the furniture around it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from string import Template
from urllib.parse import quote

from .stories import Block, Kind, Newspaper, Story, folder

TAGS: dict[Kind, tuple[str, str]] = {
    "paragraph": ("<p>", "</p>"),
    "heading": ("<h2>", "</h2>"),
    "quote": ("<blockquote><p>", "</p></blockquote>"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says to a request."""

    status: int
    content_type: str
    body: bytes
    modified_at: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """A link as front pages and feeds show it."""

    path: str
    title: str
    published_at: datetime
    modified_at: datetime | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None

    @property
    def updated_at(self) -> datetime:
        return self.modified_at or self.published_at


def article_page(paper: Newspaper, story: Story, related: Iterable[Story], origin: str, now: datetime) -> Answer:
    """The page of ``story``. Nothing on it depends on the edition but the story itself, so an unchanged story is an unchanged page."""
    half = _middle(story.blocks)
    words = _words(paper, story, origin) | {"month": f"{now.astimezone(paper.zone):%B %Y}".upper()}
    markup = {
        "json_ld": json.dumps(_json_ld(paper, story, origin), ensure_ascii=False).replace("</", "<\\/"),
        "tag_metas": "\n".join(f'<meta property="article:tag" content="{escape(tag)}">' for tag in story.tags),
        "opening": _html(story.blocks[:half]),
        "remainder": _html(story.blocks[half:]),
        "related": "".join(f'<li><a href="{quote(other.path)}">{escape(other.title)}</a></li>' for other in related),
    }
    body = _template(paper.slug, "article.html").substitute({name: escape(word) for name, word in words.items()} | markup)
    return html_answer(body, story.charset, story.charset_in_header, story.updated_at)


def front_page(paper: Newspaper, title: str, links: Iterable[Listed], next_page: str = "", status: int = 200) -> Answer:
    """A page of links, which is no article; without links, a page that says so."""
    card = Template(paper.card)
    cards = "\n".join(
        card.substitute(path=quote(link.path), title=escape(link.title), summary=escape(_teaser(link.summary))) for link in links
    )
    following = f'<a rel="next" href="{escape(next_page)}">»</a>' if next_page else ""
    words = {"title": escape(title), "charset": paper.charset, "cards": cards, "next": following}
    return html_answer(_template(paper.slug, "front.html").substitute(words), paper.charset, status=status)


def html_answer(body: str, charset: str, in_header: bool = True, modified_at: datetime | None = None, status: int = 200) -> Answer:
    # koi8-r has no « and windows-1251 no rouble sign: sites print such signs as references.
    content_type = f"text/html; charset={charset}" if in_header else "text/html"
    return Answer(status, content_type, body.encode(charset, "xmlcharrefreplace"), modified_at)


def image_url(story: Story, origin: str) -> str:
    return f"{origin}/images/{story.number}.jpg"


def _words(paper: Newspaper, story: Story, origin: str) -> dict[str, str]:
    return {
        "title": story.title,
        "lead": story.lead or "",
        "summary": story.summary,
        "authors": paper.joint.join(story.authors),
        "section": story.section,
        "tags": ", ".join(story.tags),
        "caption": story.caption,
        "credit": story.credit,
        "number": str(story.number),
        "charset": story.charset,
        "origin": origin,
        "url": origin + quote(story.path),
        "image": image_url(story, origin),
        "printed": _printed(paper, story.published_at),
        "updated": _printed(paper, story.updated_at),
        "published_utc": story.published_at.isoformat(),
        "modified_utc": story.updated_at.isoformat(),
    }


def _printed(paper: Newspaper, at: datetime) -> str:
    local = at.astimezone(paper.zone)
    return paper.printed.format(t=local, month=paper.months[local.month - 1] if paper.months else "")


def _json_ld(paper: Newspaper, story: Story, origin: str) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published_at.astimezone(paper.zone).isoformat(),
        "dateModified": story.updated_at.astimezone(paper.zone).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.title},
        "articleSection": story.section,
        "keywords": list(story.tags),
        "image": image_url(story, origin),
        "mainEntityOfPage": origin + quote(story.path),
    }


def _html(blocks: Sequence[Block]) -> str:
    return "\n".join(_block_html(block) for block in blocks)


def _block_html(block: Block) -> str:
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in block.lines) + "</ul>"
    opening, closing = TAGS[block.kind]
    return opening + escape(block.lines[0], quote=False) + closing


def _middle(blocks: Sequence[Block]) -> int:
    """Where an advertisement goes: after the last paragraph of the first half."""
    return max(end for end in range(1, len(blocks) // 2 + 2) if blocks[end - 1].kind == "paragraph")


def _teaser(summary: str) -> str:
    words = summary.split()
    return " ".join(words[:9]) + (" …" if len(words) > 9 else "")


@cache
def _template(slug: str, name: str) -> Template:
    return Template((folder(slug) / name).read_text(encoding="utf-8"))
