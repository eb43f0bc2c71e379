"""A newspaper whole: every address it has at one moment, in one edition, and what stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from .pages import Answer, Listed, article_page, front_page
from .sources import Ask, answer_source
from .stories import Newspaper, Story, Stray, before, newspaper, stories, to_minute

ROBOTS = b"User-agent: *\nDisallow: /preview/\n"


@dataclass(frozen=True, slots=True)
class Site:
    """A newspaper's pages by path, and the links its sources list."""

    paper: Newspaper
    origin: str
    now: datetime
    pages: Mapping[str, Answer]
    links: tuple[Listed, ...]

    def answer(self, target: str) -> Answer:
        """What a request for ``target`` (path and query) gets: a page whatever the query, a source, or the page that says 404."""
        address = urlsplit(target)
        path = unquote(address.path)
        if page := self.pages.get(path):
            return page
        source = next((source for source in self.paper.sources if source.path == path), None)
        if source is None:
            return front_page(self.paper, self.paper.missing, (), status=404)
        links = tuple(link for link in self.links if source.language in (None, link.language))
        return answer_source(Ask(self.paper, self.origin, source, links, self.now, dict(parse_qsl(address.query))))


def print_site(slug: str, origin: str, now: datetime, edition: int) -> Site:
    """The newspaper ``slug`` as it stands at ``origin``; the same arguments give the same bytes."""
    paper, now = newspaper(slug), to_minute(now)
    printed = stories(paper, edition, now)
    first = stories(paper, 1, now)
    links = tuple(sorted([*map(_listed, printed), *_stray_links(paper, now)], key=lambda link: link.published_at, reverse=True))
    pages = {
        "/robots.txt": Answer(200, "text/plain; charset=utf-8", ROBOTS),
        **{path: front_page(paper, paper.title, links) for path in paper.fronts},
        **{story.path: article_page(paper, story, _related(story, first), origin, now) for story in printed},
    }
    strays = {stray.path: _stray_page(paper, stray, printed, links) for stray in paper.strays}
    return Site(paper, origin, now, pages | strays, links)


def _related(story: Story, first: Sequence[Story]) -> list[Story]:
    # Of the first edition alone and by number: a "latest" box would change every page with every edition.
    others = sorted((other for other in first if other.slug != story.slug), key=lambda other: abs(other.number - story.number))
    return others[:3]


def _listed(story: Story) -> Listed:
    return Listed(
        path=story.path,
        title=story.title,
        published_at=story.published_at,
        modified_at=story.modified_at,
        summary=story.summary,
        authors=story.authors,
        tags=story.tags,
        language=story.language,
    )


def _stray_links(paper: Newspaper, now: datetime) -> list[Listed]:
    return [Listed(stray.path, stray.title, before(now, stray.hours_ago), language=paper.language) for stray in paper.strays]


def _stray_page(paper: Newspaper, stray: Stray, printed: Sequence[Story], links: Sequence[Listed]) -> Answer:
    match stray.answer:
        case "front":
            return front_page(paper, stray.title, links)
        case "missing":
            return front_page(paper, paper.missing, ())
        case status if status.isdigit():
            return front_page(paper, paper.missing, (), status=int(status))
        case slug:
            target = next(story.path for story in printed if story.slug == slug)
            return Answer(301, "text/html; charset=utf-8", b"", headers=(("Location", target),))
