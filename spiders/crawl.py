"""The two spiders: one looks where articles are listed, one fetches those that are planned."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import Spider

from spiders.apart import Apart, TooSlow
from spiders.captures import CapturedBody, CaptureWriter
from spiders.discovery import Found, parse_feed, parse_listing, parse_sitemap, parse_wordpress
from spiders.encodings import BadEncoding, unpack
from spiders.job import Job, KnownSource, UnusableJob
from spiders.ledger import CannotStore, RowFile
from spiders.manners import TRIES, host_of
from spiders.outcomes import FORGOTTEN, Miss, failure, miss_of_status
from spiders.outlet import Listing, Outlet, Sitemap
from spiders.plan import Plan, settled
from spiders.settings import software
from spiders.sightings import Sightings, landed, link_of
from spiders.traps import GIVE_UP, OVER_BUDGET, SAME_AT_MOST, SAME_PAGE, TRAP, SamePages
from spiders.urls import article_id, skip_reason
from spiders.visits import Answer, Errand, Visits
from spiders.wishes import NO_COPY, RESERVED, wishes_of
from warehouse.contracts import Link, LinkSource, Planned, RequestKind, Source

logger = logging.getLogger(__name__)

GRACE = 5.0  # seconds for what is under way to come in when the crawl is stopped
_GRACE_HERE = 1.0  # where the job is `fast`: from a host on loopback
NOT_REACHED = Miss("not reached", "the crawl was stopped")
_WATCH = 0.1  # seconds between two looks at whether the parent lives: the next run may begin at once
_LINGER = 5.0
_FULL = frozenset({"no space", "cannot write"})
_PAGE_STATUSES = frozenset({200, 203})  # 203: a page that a proxy has touched
# A page that broke off is kept if there is something to read; below this there is a head and no text.
_LEAST_OF_A_PAGE = 1024
_SOURCE_BYTES = 10 * 1024 * 1024  # unpacked
_SITEMAP_BYTES = 52 * 1024 * 1024  # the protocol allows 50 MiB
_MOST_SITEMAPS = 500
_SITEMAP_DEPTH = 3
_AT_HOME = frozenset({None, "skip pattern", "not an article URL", TRAP})  # skip reasons of a URL that is on the outlet's hosts


@dataclass(slots=True)
class Tally:
    """What one outlet has cost in this run, and what it gave."""

    asked: int = 0
    pages: SamePages = field(default_factory=SamePages)

    def spend(self, budget: int) -> Miss | None:
        """One more page; or why there shall be none."""
        if self.pages.in_a_row >= GIVE_UP:
            return Miss(SAME_PAGE, f"{GIVE_UP} pages in a row: whatever it is asked, the outlet answers the same", asked=False)
        if self.asked >= budget:
            return Miss(OVER_BUDGET, f"{budget} pages in one run", asked=False)
        self.asked += 1
        return None


@dataclass(slots=True)
class Ending:
    """How a crawl ended: an exit code, 1 until it is known to be better."""

    code: int = 1

    def settle(self) -> None:
        """Leave in a few seconds come what may: a look-up of a name can hang in the C library, and Twisted waits for its thread."""
        timer = threading.Timer(_LINGER, os._exit, [self.code])
        timer.daemon = True
        timer.start()


class _Crawl(Spider):
    """A crawl that walks its own plan: requests go through Scrapy's engine one by one, not through its queue."""

    def __init__(self, job: Job, ending: Ending, parent: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job, self.ending, self._parent = job, ending, parent
        self.outlets = {outlet.slug: outlet for outlet in job.outlets}

    async def work(self) -> None:
        raise NotImplementedError

    def abandon(self) -> None:
        """Let go of all that has not come in when the grace is over."""
        self.visits.abandon()

    async def start(self) -> AsyncIterator[Any]:
        try:
            await self._work_until_stopped()
            end = self.visits.end
            self.ending.code = 3 if end and end.reason in _FULL else 0
            if end and self.ending.code:
                print(end.detail or end.reason, file=sys.stderr)
        except (UnusableJob, CannotStore) as error:
            print(error, file=sys.stderr)
            self.ending.code = 2
        finally:
            self.ending.settle()
        nothing: tuple[Any, ...] = ()
        for request in nothing:  # what Scrapy starts a spider with is an asynchronous generator
            yield request

    async def _work_until_stopped(self) -> None:
        self.visits = Visits(self.crawler, self.job, RowFile(self.job.requests))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self.visits.stop, NOT_REACHED)
        work, watch = asyncio.create_task(self.work()), asyncio.create_task(self._watch_parent())
        ended = asyncio.create_task(self.visits.ended.wait())
        await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({work}, timeout=_GRACE_HERE if self.job.fast else GRACE)
        while not work.done():
            self.abandon()
            await asyncio.wait({work}, timeout=0.1)
        watch.cancel()
        ended.cancel()
        await work

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """A disk that takes no more ends the crawl, in good order."""
        try:
            yield
        except CannotStore as error:
            self.visits.stop(Miss(error.reason, str(error)))

    async def _watch_parent(self) -> None:
        """A crawler without the process that ordered it writes rows that nobody reads."""
        while os.getppid() == self._parent:
            await asyncio.sleep(_WATCH)
        self.visits.stop(NOT_REACHED)


class FetchSpider(_Crawl):
    """``plan.jsonl`` → WARC, and one row for every link: `captures.jsonl` or `failures.jsonl`."""

    name = "fetch"

    async def work(self) -> None:
        job = self.job
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self._captured, self._failures = RowFile(job.captured), RowFile(job.failures)
        self._writer = CaptureWriter(job.captures, job.run_id, software())
        plan = Plan(job.plan, self.outlets, settled(job))
        lanes: list[Iterator[Planned]] = []
        for host, slugs in plan.visitors.items():
            met = [self.visits.meet(self.outlets[slug], host) for slug in slugs]  # the strictest manners, before the first request
            met[0].pace.leave(time.monotonic())  # the discovery that came before was the last to ask
            lanes += [plan.links(host)] * met[0].concurrency
        async with asyncio.TaskGroup() as tasks:
            for links in lanes:
                tasks.create_task(self._lane(links))
        self._writer.close()

    async def _lane(self, links: Iterator[Planned]) -> None:
        """A host's links one after the other; hosts run beside each other."""
        for link in links:
            try:
                miss = await self._fetch(link)
            except Exception as error:  # a fault of ours with one page is no other page's; the log has it
                logger.exception("%s", link.url)
                miss = Miss("error", repr(error)[:300])
            if miss:
                with self._storing():
                    self._failures.append(failure(link, miss, datetime.now(UTC)))
            await asyncio.sleep(0)  # where a host is given up nothing else waits

    async def _fetch(self, link: Planned) -> Miss | None:
        outlet = self.outlets[link.outlet]
        spent = self._tallies[outlet.slug].spend(outlet.crawl.budget)
        if spent:
            return spent

        def stays(url: str) -> bool:
            return not self._is_forgotten(outlet, url) and _stays(outlet, link.url, url)

        errand = Errand(outlet, link.url, "article", outlet.crawl.max_bytes, stays)
        answer = await self.visits.visit(errand)
        if isinstance(answer, Miss):
            is_forgotten = answer.reason == "another host" and self._is_forgotten(outlet, answer.detail)
            return Miss(FORGOTTEN, f"it leads to {answer.detail}") if is_forgotten else answer
        wishes = wishes_of(answer.headers, answer.body, await self.visits.reserves(errand, answer.url))
        return self._unwanted(outlet, answer, wishes) or self._kept(link, answer, wishes)

    def _is_forgotten(self, outlet: Outlet, url: str) -> bool:
        return bool(self.job.forgotten) and article_id(outlet, url) in self.job.forgotten

    def _unwanted(self, outlet: Outlet, answer: CapturedBody, wishes: tuple[str, ...]) -> Miss | None:
        """Why an answer, though it is a page, is not kept."""
        miss = _unfit(answer)
        if miss:
            return miss
        if outlet.crawl.tdm == "obey" and RESERVED in wishes:
            return Miss("tdm reserved", "the page or its headers say so")
        if outlet.crawl.noarchive == "obey" and (asked := NO_COPY.intersection(wishes)):
            return Miss("noarchive", f"the page or its headers say {', '.join(sorted(asked))}")
        times = self._tallies[outlet.slug].pages.add(answer.body, answer.url)
        return Miss(SAME_PAGE, f"under {times} addresses in this run") if times > SAME_AT_MOST else None

    def _kept(self, link: Planned, answer: CapturedBody, wishes: tuple[str, ...]) -> Miss | None:
        """The answer in its archive and its row in the index; or why not."""
        stored = False
        with self._storing():
            where = landed(self.outlets[link.outlet], link, answer.url)
            self._captured.append(self._writer.write(where, answer.exchange, partial=not answer.whole, wishes=wishes))
            stored = True
        return None if stored else self.visits.end


class Oversized(Exception):
    """A source that is larger, unpacked, than any honest one."""


@dataclass(frozen=True, slots=True)
class Look:
    """One document that may list articles."""

    url: str
    kind: RequestKind
    source: LinkSource
    parse: Callable[[bytes, str, str], Found]  # body, URL, content type; of a module, so that another process can have it


@dataclass(frozen=True, slots=True)
class Listed:
    """What one document listed, told as its outlet's links."""

    links: tuple[Link, ...] = ()
    follow: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    sha256: str | None = None  # of what it says of its links


class DiscoverSpider(_Crawl):
    """The outlets' feeds, sitemaps, listings and APIs → `links.jsonl` and `sources.jsonl`."""

    name = "discover"

    async def work(self) -> None:
        job = self.job
        self._links, self._sources = RowFile(job.links, anew=True), RowFile(job.sources, anew=True)
        self._known = {(known.outlet, known.url): known for known in job.known_sources}
        self._apart = Apart()
        for outlet in job.outlets:  # the strictest manners of a shared host, before its first request
            for url in outlet.source_urls:
                self.visits.meet(outlet, host_of(url))
        try:
            async with asyncio.TaskGroup() as outlets:
                for outlet in job.outlets:
                    outlets.create_task(self._discover(outlet))
        finally:
            self._apart.close()

    def abandon(self) -> None:
        super().abandon()
        self._apart.close()

    async def _discover(self, outlet: Outlet) -> None:
        with self._storing(), closing(Sightings(self.job.folder)) as seen:
            async with asyncio.TaskGroup() as sources:
                for feed in outlet.feeds:
                    if self._is_due(outlet, feed.url):
                        sources.create_task(self._look(outlet, Look(feed.url, "feed", "feed", parse_feed), seen))
                for sitemap in outlet.sitemaps:
                    sources.create_task(self._descend(outlet, sitemap, seen))
                for listing in outlet.listings:
                    if self._is_due(outlet, listing.urls[0]):  # its other pages come with the first
                        sources.create_task(self._turn_pages(outlet, listing, seen))
                if outlet.wordpress and self._is_due(outlet, posts := outlet.wordpress.posts_url):
                    sources.create_task(self._look(outlet, Look(posts, "listing", "wordpress", _parse_wordpress), seen))
            for lines in seen.lines():
                self._links.append_lines(lines)

    def _is_due(self, outlet: Outlet, url: str) -> bool:
        return (outlet.slug, url) not in self.job.resting

    async def _descend(self, outlet: Outlet, sitemap: Sitemap, seen: Sightings) -> None:
        """A sitemap, and of an index the newest ones that it names, level by level."""
        visited = {sitemap.url}
        level = [sitemap.url]
        for _ in range(_SITEMAP_DEPTH + 1):
            async with asyncio.TaskGroup() as tasks:
                looks = [
                    Look(url, "sitemap", "sitemap", partial(_parse_sitemap, sitemap.newest)) for url in level if self._is_due(outlet, url)
                ]
                founds = [tasks.create_task(self._look(outlet, look, seen)) for look in looks]
            children = dict.fromkeys(url for found in founds for url in found.result().follow if url not in visited)
            level = list(children)[: _MOST_SITEMAPS - len(visited)]
            visited.update(level)

    async def _turn_pages(self, outlet: Outlet, listing: Listing, seen: Sightings) -> None:
        """A listing's pages in order, up to one that brings nothing new: some answer any number with their last page."""
        turned: set[int] = set()
        for url in listing.urls:
            found = await self._look(outlet, Look(url, "listing", "listing", partial(_parse_listing, listing)), seen)
            links = {hash(link.url) for link in found.links}
            if links <= turned:
                return
            turned |= links

    async def _look(self, outlet: Outlet, look: Look, seen: Sightings) -> Listed:
        """Ask for one source, add its links to ``seen``, leave its row."""
        known = self._known.get((outlet.slug, look.url))
        stays = partial(_stays, outlet, look.url)
        tries = 1 if known and known.is_failing else TRIES
        errand = Errand(outlet, look.url, look.kind, _most_bytes(look), stays, _conditions(known), tries, unpacks=False)
        answer = await self.visits.visit(errand)
        at = datetime.now(UTC)
        found, error = await self._read(outlet, look, answer, at)
        suspicious: Counter[str] = Counter()
        with self._storing():
            suspicious = Counter(word for link in found.links if (word := seen.add(link)))
        follow = tuple(url for url in found.follow if stays(url))
        suspicious["sitemaps on other hosts"] = len(found.follow) - len(follow)
        row = Source(
            outlet=outlet.slug,
            url=look.url,
            kind=look.kind,
            seen_at=at,
            status=None if isinstance(answer, Miss) else answer.status,
            links=len(found.links),
            warnings=(*found.warnings, *(f"{what}: {count}" for what, count in suspicious.items() if count)),
            error=error,
            retry_at=at + answer.retry_in if isinstance(answer, Miss) and answer.retry_in else None,
            content_sha256=found.sha256,
            conditional=bool(errand.headers),
            # An index may stay as it is while the sitemaps that it names change
            **({} if found.follow else _validators(answer, known)),
        )
        with self._storing():
            self._sources.append(row)
        return replace(found, follow=follow)

    async def _read(self, outlet: Outlet, look: Look, answer: Answer, at: datetime) -> tuple[Listed, str | None]:
        """What a source's answer lists, and what went wrong."""
        if isinstance(answer, Miss):
            return Listed(), answer.reason
        if answer.status == 304:
            return Listed(), None
        if answer.status not in _PAGE_STATUSES:
            return Listed(), miss_of_status(answer.status).reason
        try:
            codings = answer.exchange.header("content-encoding")
            parse = partial(_listed, outlet, look, at, answer.url, answer.content_type, codings)
            found = await self._apart.parse(parse, answer.body, packed=bool(codings))
        except TooSlow:
            return Listed(), "too slow"
        except BadEncoding:
            return Listed(), "bad encoding"
        except Oversized:
            return Listed(), "too large"
        except Exception:  # as above: one source's, not every outlet's
            logger.exception("%s", look.url)
            return Listed(), "error"
        return (found, None) if answer.whole else (replace(found, warnings=(*found.warnings, "cut short")), None)


def _unfit(answer: CapturedBody) -> Miss | None:
    if answer.status not in _PAGE_STATUSES:
        return miss_of_status(answer.status)
    if not answer.whole and len(answer.body) < _LEAST_OF_A_PAGE:
        return Miss("cut short", f"after {len(answer.body)} bytes")
    return None


def _stays(outlet: Outlet, asked: str, url: str) -> bool:
    """Whether a redirect of ``asked`` to ``url``, or a sitemap that it names, is followed: on the outlet's hosts, and on its own."""
    try:
        return skip_reason(outlet, url) in _AT_HOME or host_of(url) == host_of(asked)
    except ValueError:
        return False


def _conditions(known: KnownSource | None) -> dict[str, str]:
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    return {name: value for name, value in told.items() if value}


def _validators(answer: Answer, known: KnownSource | None) -> dict[str, str | None]:
    """What to ask with the next time; a 304 need not repeat it, and a failure changes nothing."""
    if isinstance(answer, CapturedBody) and answer.status in _PAGE_STATUSES:
        # A source that came in part is asked for anew, whole
        names = {"etag": "etag", "last_modified": "last-modified"} if answer.whole else {}
        return {key: answer.exchange.header(name) or None for key, name in names.items()}
    return {"etag": known.etag, "last_modified": known.last_modified} if known else {}


def _most_bytes(look: Look) -> int:
    return _SITEMAP_BYTES if look.kind == "sitemap" else _SOURCE_BYTES


def _listed(outlet: Outlet, look: Look, at: datetime, url: str, content_type: str, codings: str, body: bytes) -> Listed:
    plain = unpack(body, codings, _most_bytes(look))
    if plain.over:
        raise Oversized(url)
    found = look.parse(plain.body, url, content_type)
    warnings = found.warnings if plain.whole else (*found.warnings, "cut short")
    said = hashlib.sha256("\n".join(sorted(map(repr, found.links))).encode("utf-8", "replace")).hexdigest()
    return Listed(tuple(link_of(outlet, link, look.source, look.url, at) for link in found.links), found.follow, warnings, said)


def _parse_sitemap(newest: int, body: bytes, url: str, content_type: str) -> Found:
    return parse_sitemap(body, url, newest)


def _parse_listing(listing: Listing, body: bytes, url: str, content_type: str) -> Found:
    return parse_listing(body, url, listing, content_type)


def _parse_wordpress(body: bytes, url: str, content_type: str) -> Found:
    return parse_wordpress(body, url)
