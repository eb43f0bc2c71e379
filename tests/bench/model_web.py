"""The web as a model: what the crawler and the reader would have left in a run's folder, had they asked the papers at that hour.

Whom to ask when, robots.txt, what a failure is called, who is given up and what is asked again is decided by newsmill's own functions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from spiders import robots
from spiders.crawl import Tally
from spiders.discovery.found import FoundLink
from spiders.manners import PATIENCE, TRIES, Host
from spiders.outcomes import NETWORK, Miss, failure, miss_of_status, passes
from spiders.outlet import Articles, Feed, Outlet
from spiders.sightings import landed, link_of
from spiders.traps import SAME_AT_MOST, SAME_PAGE
from tests.bench.papers import BEGAN, Paper, Story
from warehouse.contracts import Article, Capture, Failure, Link, Planned, Rejection, RemovedBlock, Request, RequestKind, Source, write_rows
from warehouse.plan import KnownSource

_NOBODY = frozenset({"dns", "asked to wait"})  # as in visits
_TRIES_ROBOTS = 2
_BETWEEN = timedelta(seconds=2)  # two requests to a host
FURNITURE = "Subscribe to our newsletter for more stories like this one"


@dataclass(frozen=True, slots=True)
class Page:
    """What is answered, of whatever status."""

    status: int
    story: Story | None = None
    body: str = ""


@dataclass(slots=True)
class Site:
    """A paper as newsmill has it: the outlet's file, its host in this run, its robots.txt as last seen."""

    paper: Paper
    outlet: Outlet
    by_path: dict[str, Story]
    copy: robots.RobotsCopy | None = None
    policy: robots.Policy | None = None
    has_asked: bool = False  # for robots.txt, in this run
    barred: Miss | None = None
    host: Host = field(default_factory=lambda: Host(""))
    clock: datetime = BEGAN
    links: dict[tuple[int, str, datetime | None], Link] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """The files of a run."""

    links: list[Link] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)

    def write(self, folder: Path, names: Iterable[str]) -> None:
        for name in names:
            write_rows(folder / f"{name}.jsonl", getattr(self, name))


class Web:
    """All papers, run after run."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.sites = {paper.slug: Site(paper, _outlet(paper), {story.path(): story for story in paper.stories}) for paper in papers}
        self.rows, self.run_id = Rows(), ""
        self.visitor = Counter[str]()

    def begin(self, run_id: str, now: datetime) -> None:
        self.rows, self.run_id = Rows(), run_id
        for site in self.sites.values():
            site.host, site.clock, site.has_asked, site.barred = Host(site.paper.slug), now, False, None
            moves = [trouble for trouble in site.paper.troubles if trouble.kind == "moves host" and trouble.end <= now]
            if moves and not site.outlet.articles.hosts:  # a person has written the new host into the outlet's file
                site.outlet = _moved(site.outlet, site.paper, now)
                site.links.clear()

    def discover(self, known: Iterable[KnownSource], refused: set[str]) -> None:
        """``links`` and ``sources``, of the sources that are due."""
        told = {(each.outlet, each.url): each for each in known}
        for slug, site in self.sites.items():
            for feed in site.outlet.feeds:
                before = told.get((slug, feed.url))
                if slug not in refused and not (before and before.is_resting):
                    self._look(site, feed.url, before)

    def _look(self, site: Site, url: str, known: KnownSource | None) -> None:
        etag, modified = (known.etag, known.last_modified) if known else (None, None)
        answer = self._visit(site, "feed", url, 1 if known and known.is_failing else TRIES)
        at = site.clock
        row = Source(site.paper.slug, url, "feed", at, None, 0, conditional=bool(etag or modified))
        if isinstance(answer, Miss):
            kept = {"etag": etag, "last_modified": modified}
            retry_at = at + answer.retry_in if answer.retry_in else None
            self.rows.sources.append(replace(row, error=answer.reason, retry_at=retry_at, **kept))
            return
        if answer.status != 200:
            self.rows.sources.append(replace(row, status=answer.status, error=miss_of_status(answer.status).reason))
            return
        found = self._listed(site, at)
        said = hashlib.sha256("\n".join(sorted(map(repr, found))).encode()).hexdigest()
        new_etag, new_modified = _validators(site.paper, at, said, found)
        lies = site.paper.validators == "304 for ever" and etag
        if lies or (etag and etag == new_etag) or (modified and modified == new_modified):
            self.rows.sources.append(replace(row, status=304, etag=etag, last_modified=modified))
            self._note(site, "feed", url, status=304, instead=True)
            return
        links = [self._link(site, each, url, at) for each in found]
        self.rows.links += links
        whole = {"etag": new_etag, "last_modified": new_modified, "content_sha256": said}
        self.rows.sources.append(replace(row, status=200, links=len(links), **whole))

    def _listed(self, site: Site, at: datetime) -> list[FoundLink]:
        paper, host = site.paper, site.paper.host(at)
        found = []
        for story in paper.listed(at):
            self.visitor[paper.slug] += bool(paper.session)
            query = f"?{paper.session}={hashlib.md5(str(self.visitor[paper.slug]).encode()).hexdigest()}" if paper.session else ""
            when = story.at
            if paper.odd_dates and story.number % 5 < 2:
                when = when.replace(year=2099 if story.number % 5 else 1970, month=1, day=1)
            modified = story.told_change(at) if paper.tells_changes else None
            found.append(
                FoundLink(f"https://{host}{story.path()}{query}", story.title(at), when, when.isoformat(), "second", modified_at=modified)
            )
        return found

    def _link(self, site: Site, found: FoundLink, source_url: str, at: datetime) -> Link:
        if site.paper.session:
            return link_of(site.outlet, found, "feed", source_url, at)
        key = (hash(found.url), found.title or "", found.modified_at)
        link = site.links.get(key)
        if link is None:
            if len(site.links) > 500:
                site.links.clear()
            link = site.links[key] = link_of(site.outlet, found, "feed", source_url, at)
        return replace(link, discovered_at=at)

    def fetch(self, planned: Iterable[Planned]) -> None:
        """``captures``, ``failures``, ``articles`` and ``rejections``, of what is planned."""
        tallies: dict[str, Tally] = {}
        for link in planned:
            site = self.sites[link.outlet]
            tally = tallies.setdefault(link.outlet, Tally())
            miss = tally.spend(site.outlet.crawl.budget) or self._fetch(site, link, tally)
            if miss:
                self.rows.failures.append(failure(link, miss, site.clock))

    def _fetch(self, site: Site, link: Planned, tally: Tally) -> Miss | None:
        answer = self._visit(site, "article", link.url, TRIES)
        if isinstance(answer, Miss):
            return answer
        if answer.status != 200:
            return miss_of_status(answer.status)
        times = tally.pages.add(answer.body.encode(), link.url)
        if times > SAME_AT_MOST:
            return Miss(SAME_PAGE, f"under {times} addresses in this run")
        self._read(site, landed(site.outlet, link, link.url), answer)
        return None

    def _read(self, site: Site, link: Planned, page: Page) -> None:
        at, paper = site.clock, site.paper
        capture_id = f"{self.run_id}-{len(self.rows.captures)}"
        headline = page.story.title(at) if page.story else ""
        digest = hashlib.sha256(f"{headline}\n\n{page.body}".encode()).hexdigest()
        self.rows.captures.append(
            Capture(capture_id, paper.slug, link.url, link.url, link.article_id, at, 200, "text/html", "x.warc.gz", 0, 1, digest)
        )
        trouble = paper.trouble(at)
        kind = trouble.kind if trouble else None
        if page.story is None or not page.story.is_article:
            reason = "challenge page" if kind == "challenge page" else "too short"
            self.rows.rejections.append(Rejection(link.article_id, paper.slug, link.url, capture_id, at, reason))
            return
        text = page.body
        if kind == "text halves":
            text = text.partition("\n\n")[0]
            text = text[: int(len(text) * 0.8)]
        enters = kind == "furniture enters"
        if enters:
            text += f"\n\n{FURNITURE}"
        self.rows.articles.append(
            Article(
                link.article_id,
                paper.slug,
                link.url,
                capture_id,
                at,
                headline,
                text,
                len(text.split()),
                authors=("A Person",) if page.story.number % 5 else (),
                published_at=page.story.at,
                published_precision="second",
                published_source="json_ld",
                language="en",
                extractor="model",
                profile_version=None if kind == "no profile fits" else "v",
                removed_blocks=() if enters else (RemovedBlock(9, FURNITURE, "learned", "aside.more"),),
            )
        )

    def _visit(self, site: Site, kind: RequestKind, url: str, tries: int) -> Page | Miss:
        barred = self._forbidden(site, kind, url)
        if barred:
            return barred
        return self._ask(site, kind, url, tries)

    def _forbidden(self, site: Site, kind: RequestKind, url: str) -> Miss | None:
        if not site.has_asked and robots.is_due(site.copy, site.clock, None if kind == "article" else url):
            site.has_asked, site.barred = True, self._no_robots(site, url)
        if site.barred:
            return site.barred
        assert site.policy is not None
        return None if robots.allowed(site.policy, url) else Miss("robots", "robots.txt disallows it")

    def _no_robots(self, site: Site, url: str) -> Miss | None:
        answer = self._ask(site, "robots", robots.robots_url(url), _TRIES_ROBOTS)
        is_stale = robots.usable(site.copy, site.clock, robots.STALE)
        if isinstance(answer, Miss) and answer.reason in _NOBODY:
            return None if is_stale else replace(answer, asked=False)
        if isinstance(answer, Miss) or not robots.settles(answer.status):
            return None if is_stale else Miss("robots unreachable")
        site.copy = robots.RobotsCopy(site.clock, answer.status, answer.body)
        site.policy = robots.policy_of(site.copy)
        return None

    def _ask(self, site: Site, kind: RequestKind, url: str, tries: int) -> Page | Miss:
        answer: Page | Miss = Miss("not reached")
        for _ in range(tries):
            if site.host.given_up:
                return site.host.given_up
            site.clock += _BETWEEN
            answer = self._answer(site, kind, url)
            self._note(site, kind, url, *((None, answer.reason) if isinstance(answer, Miss) else (answer.status, None)))
            if isinstance(answer, Page) and answer.status == 429:
                trouble = site.paper.trouble(site.clock)
                assert trouble is not None and trouble.retry_after.total_seconds() > PATIENCE
                site.host.given_up = Miss("asked to wait", f"http 429, {trouble.retry_after}", trouble.retry_after)
                return site.host.given_up
            if not (isinstance(answer, Miss) and answer.reason in NETWORK) and not (isinstance(answer, Page) and passes(answer.status)):
                break
        if isinstance(answer, Miss) and answer.reason in NETWORK:
            site.host.failed(answer)
        else:
            site.host.answered()
        return answer

    def _answer(self, site: Site, kind: RequestKind, url: str) -> Page | Miss:
        """What the paper says to one request at this moment."""
        paper, at = site.paper, site.clock
        trouble = paper.trouble(at)
        match trouble.kind if trouble else None:
            case "dns":
                return Miss("dns")
            case "timeout":
                return Miss("timeout")
            case "http 500":
                return Page(500)
            case "429":
                return Page(429)
            case "robots forbids" if kind == "robots":
                return Page(200, None, "User-agent: *\nDisallow: /\n")
            case "http 403" if kind != "robots":
                return Page(403)
            case "moves host" if kind != "robots":
                return Miss("another host", f"https://{paper.host(at)}/")
            case "challenge page" if kind == "article":
                return Page(200, None, "Verifying that you are human")
            case "same page" if kind == "article":
                return Page(200, None, "The front page of today")
        if kind == "robots":
            return Page(200, None, "User-agent: *\nDisallow: /admin\n")
        if kind == "feed":
            return Page(200)
        story = site.by_path.get(urlsplit(url).path)
        if story is None or story.at > at:
            return Page(404)
        if story.gone_at and story.gone_at <= at:
            return Page(story.gone_status)
        return Page(200, story, story.text(at))

    def _note(self, site: Site, kind: RequestKind, url: str, status: int | None, error: str | None = None, instead: bool = False) -> None:
        row = Request(self.run_id, site.paper.slug, url, kind, site.clock, status, error, 100, 1000)
        if instead:
            self.rows.requests.pop()
        self.rows.requests.append(row)


def _outlet(paper: Paper) -> Outlet:
    home = f"https://{paper.slug}.example"
    return Outlet(
        slug=paper.slug, title=paper.slug, homepage=f"{home}/", language=("en",), timezone="UTC", feeds=(Feed(url=f"{home}/feed"),)
    )


def _moved(outlet: Outlet, paper: Paper, now: datetime) -> Outlet:
    old, new = f"{paper.slug}.example", paper.host(now)
    facts: Mapping[str, object] = {
        "homepage": f"https://{new}/",
        "feeds": (Feed(url=f"https://{new}/feed"),),
        "articles": Articles(hosts=(old,), rewrite_hosts={old: new}),
    }
    return outlet.model_copy(update=dict(facts))


def _validators(paper: Paper, at: datetime, said: str, found: Sequence[FoundLink]) -> tuple[str | None, str | None]:
    match paper.validators:
        case "etag" | "304 for ever":
            return f'"{said[:12]}"', None
        case "another etag each time":
            return f'"{at.timestamp()}"', None
        case "last modified":
            newest = max((max(each.published_at or at, each.modified_at or each.published_at or at) for each in found), default=at)
            return None, newest.isoformat()
        case "none":
            return None, None
