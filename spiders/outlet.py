"""What an outlet is: the strict model of its TOML file. ``registry`` reads the files, ``docs/outlets.md`` tells how to write one."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

import regex
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from spiders.outlet_values import (
    ArticlePattern,
    Country,
    DateFormat,
    Duration,
    Furniture,
    Host,
    Identity,
    Language,
    Line,
    Note,
    PagedUrl,
    Pattern,
    Selector,
    Slug,
    Template,
    Url,
    Zone,
)

_POST_FIELDS = "link,title,date,date_gmt,modified,modified_gmt"  # of WordPress; all of them would be whole articles


def one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Section(BaseModel):
    """One table of an outlet file. A key we do not know is a typing mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Feed(Section):
    """RSS, Atom or JSON Feed."""

    url: Url


class Sitemap(Section):
    """Sitemap, sitemap index or news sitemap; gzip or not."""

    url: Url
    newest: int = Field(default=5, ge=1, le=500)  # of an index, so many sitemaps with the latest lastmod are opened


class Listing(Section):
    """A page that lists articles. ``{page}`` in the URL runs from 1 to ``pages``."""

    url: PagedUrl
    links: Selector = "a[href]"  # CSS selector of the links (or of elements around them)
    embedded: Literal["next_f"] | None = None  # "next_f": data that a Next.js page carries in self.__next_f
    template: Template | None = None  # for embedded data: the URL of an object, "/english/categories/{categorySlug}/{ID}"
    pages: int = Field(default=1, ge=1, le=1000)

    @property
    def urls(self) -> list[str]:
        """The addresses of its pages, in order."""
        return [self.url.replace("{page}", str(page)) for page in range(1, self.pages + 1)] if "{page}" in self.url else [self.url]


class WordPress(Section):
    """The REST interface of a WordPress site."""

    url: Url  # "https://host/wp-json/wp/v2/posts"
    per_page: int = Field(default=50, ge=1, le=100)

    @property
    def posts_url(self) -> str:
        """The address that lists the newest posts, with what is asked of each."""
        return f"{self.url}{'&' if '?' in self.url else '?'}per_page={self.per_page}&_fields={_POST_FIELDS}"


class Articles(Section):
    """Which URLs are articles, and which of them are the same one."""

    # Regular expressions, searched in the URL; none: every URL of the outlet's hosts. Groups named year, month and day: see ``url_day``.
    patterns: tuple[ArticlePattern, ...] = ()
    skip: tuple[Pattern, ...] = ()
    identity: tuple[Identity, ...] = ()  # regular expressions whose groups, joined by "/", are the identity key; none: host, path and query
    hosts: tuple[Host, ...] = ()  # other hosts of the outlet; the homepage's and its sub-domains always are
    rewrite_hosts: dict[Host, Host] = {}  # dead host → living host


class Crawl(Section):
    """Manners towards the outlet's hosts."""

    delay: float = Field(default=2.0, ge=0, le=3600)  # seconds between two requests to a host
    concurrency: int = Field(default=1, ge=1, le=8)
    timeout: float = Field(default=30, gt=0, le=600)  # seconds a request may take in all
    max_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)  # of a page, decompressed
    budget: int = Field(default=5000, ge=1, le=1_000_000)  # pages fetched in one run; the next goes on
    tdm: Literal["obey", "record"] = "obey"  # pages whose mining is reserved are not kept, or kept and marked
    noarchive: Literal["obey", "record"] = "record"  # the same for pages that say so
    insecure_tls: bool = False  # take a certificate that does not verify; shown by `newsmill outlets`


class Read(Section):
    """What the outlet's pages need: CSS selectors, and texts to drop. All of it wins over what is learned."""

    body: tuple[Selector, ...] = ()
    drop: tuple[Selector, ...] = ()
    keep: tuple[Selector, ...] = ()
    title: tuple[Selector, ...] = ()
    author: tuple[Selector, ...] = ()
    date: tuple[Selector, ...] = ()
    date_format: tuple[DateFormat, ...] = ()  # strptime formats of the printed date, in the outlet's zone
    drop_texts: tuple[Furniture, ...] = ()  # regular expressions; a block (paragraph) that one matches in full goes


class Expect(Section):
    """What counts as healthy. Outside it, a run is a failed run, not a quiet day."""

    newest_within: Duration | None = None  # "36h", "2d": read it with ``outlet_values.parse_duration``
    articles_per_run: int | None = Field(default=None, ge=0)  # at least
    min_words: int | None = Field(default=None, ge=0)


class Keep(Section):
    """How long pages and texts are kept, from when they were fetched. None: for ever. `newsmill warehouse compact` lets go of the rest."""

    captures: Duration | None = None  # the pages as they came
    text: Duration | None = None  # texts of articles and revisions, and with them the pages; the rest of the rows stays


class Outlet(Section):
    """An outlet, whole."""

    slug: Slug
    title: Line
    homepage: Url
    language: Annotated[tuple[Language, ...], BeforeValidator(one_or_many)] = ()  # BCP 47
    country: Country | None = None  # ISO 3166: where it reports from, then "/" and where it sits, if that is elsewhere
    timezone: Zone | None = None  # IANA
    enabled: bool = True
    note: Note | None = None
    feeds: tuple[Feed, ...] = ()
    sitemaps: tuple[Sitemap, ...] = ()
    listings: tuple[Listing, ...] = ()
    wordpress: WordPress | None = None
    articles: Articles = Articles()
    crawl: Crawl = Crawl()
    read: Read = Read()
    expect: Expect = Expect()
    keep: Keep = Keep()

    @property
    def source_urls(self) -> list[str]:
        """Where discovery begins; further sitemaps, and pages of listings, follow from these."""
        first_pages = [listing.urls[0] for listing in self.listings]
        posts = [self.wordpress.posts_url] if self.wordpress else []
        return [*(feed.url for feed in self.feeds), *(sitemap.url for sitemap in self.sitemaps), *first_pages, *posts]


def url_day(outlet: Outlet, url: str) -> date | None:
    """The day that an article's URL tells, by groups named year, month and day in ``articles.patterns``; in the outlet's zone."""
    for pattern in _dated(outlet.articles.patterns):
        if match := pattern.search(url, timeout=1):
            try:
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                continue
    return None


@cache
def _dated(patterns: tuple[str, ...]) -> tuple[regex.Pattern[str], ...]:
    compiled = (regex.compile(pattern) for pattern in patterns)
    return tuple(pattern for pattern in compiled if "day" in pattern.groupindex)
