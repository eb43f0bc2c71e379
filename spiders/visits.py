"""How one URL is asked for: allowed by robots.txt, in its host's turn, over redirects and retries, each request in the ledger."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin
from urllib.request import getproxies

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from w3lib.url import safe_url_string

from spiders import robots, wishes
from spiders.captures import CapturedBody, Exchange
from spiders.download import INSECURE
from spiders.encodings import ACCEPTED, BadEncoding, unpack
from spiders.fences import NOT_ALLOWED, Fence
from spiders.job import Job
from spiders.ledger import CannotStore, RowFile
from spiders.manners import LONGEST_CRAWL_DELAY, SHORTEST_DELAY, TRIES, Host, host_of
from spiders.outcomes import NETWORK, Miss, miss_of, passes, retry_after
from spiders.outlet import Outlet
from spiders.robots import Policy
from spiders.urls import LONGEST_URL, masked
from warehouse import contracts

MOST_REDIRECTS = 5
AT_ONCE = 100  # requests under way, of all hosts
_TRIES_ROBOTS = 2
_BACKOFF = (1.0, 4.0)  # seconds before the second and the third try
_UNSAID = timedelta(seconds=30)  # for a 429 without Retry-After
_HASTE = 0.1  # of these waits, where the job is `fast`: a host on loopback
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_CLOSED = re.compile(rb"</(html|body|rss|feed|urlset|sitemapindex|rdf:rdf)\s*>[^<]*(<!--.*-->)?\s*\Z", re.IGNORECASE | re.DOTALL)
# Where nobody answers at this address, robots.txt is not what ails the host.
_NOBODY = frozenset({"dns", "refused", "tls", "unreachable", "proxy", "asked to wait"})

Answer = CapturedBody | Miss


@dataclass(frozen=True, slots=True)
class Errand:
    """What to ask for, on whose behalf, and where it may lead."""

    outlet: Outlet
    url: str
    kind: contracts.RequestKind
    max_bytes: int  # of the body, packed and unpacked; 0: it is cut at what is needed
    stays: Callable[[str], bool] = lambda url: True  # whether a redirect to that URL is followed
    headers: Mapping[str, str] = field(default_factory=dict)
    tries: int = TRIES
    unpacks: bool = True  # False: the body is left as it came; a bomb goes off where it is parsed, in another process


class Visits:
    """All requests of a crawl pass through here."""

    def __init__(self, crawler: Crawler, job: Job, ledger: RowFile) -> None:
        self._crawler, self._job, self._ledger = crawler, job, ledger
        self._fence = Fence(job.outlets, getproxies())
        self._haste = _HASTE if job.fast else 1.0
        self._hosts: dict[str, Host] = {}
        self._policies: dict[str, asyncio.Task[Policy | Miss]] = {}
        self._reservations: dict[str, asyncio.Task[tuple[wishes.TdmRule, ...]]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Future[Response]] = set()
        self.end: Miss | None = None  # why nothing more is asked
        self.ended = asyncio.Event()
        crawler.signals.connect(self._count, signals.bytes_received)

    def meet(self, outlet: Outlet, key: str) -> Host:
        """A host (as `host_of` names it), which from now on knows ``outlet``'s manners."""
        host = self._hosts.setdefault(key, Host(key))
        host.meet(outlet.crawl.delay if self._job.fast else max(SHORTEST_DELAY, outlet.crawl.delay), outlet.crawl.concurrency)
        return host

    def stop(self, why: Miss) -> None:
        """Ask nothing more; what is under way may come in."""
        self.end = self.end or why
        self.ended.set()

    def abandon(self) -> None:
        """Let go of what is under way, after `stop`."""
        for download in tuple(self._under_way):
            download.cancel()

    async def visit(self, errand: Errand) -> Answer:
        """The answer at the end of the redirects, of whatever status, or why there is none. Never raises for what the web does."""
        seen: set[str] = set()
        target = errand.url
        for _ in range(MOST_REDIRECTS + 1):
            try:
                url = safe_url_string(target).partition("#")[0]
                host = self.meet(errand.outlet, host_of(url))
            except ValueError as error:
                return Miss("another host" if seen else "not a URL", masked(str(error))[:300])
            if len(url) > LONGEST_URL:
                return Miss("not a URL", f"{len(url)} characters")
            if url in seen:
                return Miss("redirect loop", url)
            seen.add(url)
            barred = self._fence.bars(errand.outlet, url)
            if barred:
                self._note(errand, url, error=NOT_ALLOWED)
                return Miss(NOT_ALLOWED, barred)
            if len(seen) > 1 and not errand.stays(url):
                return Miss("another host", url)
            answer = await self._forbidden(errand, url) or await self._ask(host, errand, url)
            location = "" if isinstance(answer, Miss) or answer.status not in _REDIRECTS else answer.exchange.header("location")
            if not location:
                return answer
            target = _joined(url, location)
        return Miss("redirect loop", f"more than {MOST_REDIRECTS} redirects")

    async def _forbidden(self, errand: Errand, url: str) -> Miss | None:
        if errand.kind == "robots":
            return None
        address = robots.robots_url(url)
        task = self._policies.get(address)
        if task is None:
            task = self._policies[address] = asyncio.create_task(self._policy(errand, address))
        policy = await asyncio.shield(task)  # many wait for the one look; whoever leaves must not end it
        if isinstance(policy, Miss):
            return policy
        if policy.verdict == "unreachable":
            return Miss("robots unreachable", policy.detail)
        if not robots.allowed(policy, url):
            return Miss("robots", f"{address} disallows it")
        if errand.kind == "article" and errand.outlet.crawl.tdm == "obey" and await self.reserves(errand, url):
            return Miss("tdm reserved", f"{wishes.TDM_PATH} says so")
        return None

    async def _policy(self, errand: Errand, address: str) -> Policy | Miss:
        copy = robots.read_copy(self._job.robots, address)
        if robots.is_due(copy, _now(), None if errand.kind == "article" else errand.url):
            answer = await self.visit(Errand(errand.outlet, address, "robots", 0, tries=_TRIES_ROBOTS))
            barred = self._hosts[host_of(address)].given_up
            if barred and barred.reason == NOT_ALLOWED:  # the host itself, not one that it leads to
                return barred
            if isinstance(answer, Miss) and (answer.reason in _NOBODY or self.end):
                answer = replace(answer, asked=False)
                return self._stale(address, copy) or answer
            if isinstance(answer, Miss) and answer.reason != "redirect loop":
                return self._stale(address, copy) or robots.parse_robots(None, b"", f"{answer.reason}: {answer.detail}")
            status, body = (404, b"") if isinstance(answer, Miss) else (answer.status, answer.body)
            if not robots.settles(status):
                return self._stale(address, copy) or robots.parse_robots(status, b"")
            copy = robots.RobotsCopy(_now(), status, body[: robots.MOST_BYTES].decode("utf-8", "replace"))
            robots.keep_copy(self._job.robots, address, copy)
        assert copy is not None
        return self._obeyed(address, robots.policy_of(copy))

    async def reserves(self, errand: Errand, url: str) -> bool:
        """Whether the tdmrep.json of the host of ``url`` reserves its mining. A host that does not say so reserves nothing."""
        address = f"{robots.robots_url(url).removesuffix('/robots.txt')}{wishes.TDM_PATH}"
        task = self._reservations.get(address)
        if task is None:
            task = self._reservations[address] = asyncio.create_task(self._tdm_rules(errand, address))
        return wishes.reserved_by_file(await asyncio.shield(task), url)

    async def _tdm_rules(self, errand: Errand, address: str) -> tuple[wishes.TdmRule, ...]:
        folder = self._job.robots / "tdm"
        copy = robots.read_copy(folder, address)
        if not robots.usable(copy, _now(), robots.FRESH):
            answer = await self.visit(Errand(errand.outlet, address, "robots", 0, tries=1))
            if isinstance(answer, Miss) or not robots.settles(answer.status):
                return wishes.parse_tdmrep(copy.body.encode()) if copy and robots.usable(copy, _now(), robots.STALE) else ()
            body = answer.body if answer.status == 200 else b""
            copy = robots.RobotsCopy(_now(), answer.status, body[: robots.MOST_BYTES].decode("utf-8", "replace"))
            robots.keep_copy(folder, address, copy)
        assert copy is not None
        return wishes.parse_tdmrep(copy.body.encode("utf-8", "replace"))

    def _stale(self, address: str, copy: robots.RobotsCopy | None) -> Policy | None:
        if copy is None or not robots.usable(copy, _now(), robots.STALE):
            return None
        return self._obeyed(address, robots.policy_of(copy))

    def _obeyed(self, address: str, policy: Policy) -> Policy:
        if policy.crawl_delay:
            pace = self._hosts[host_of(address)].pace
            pace.delay = max(pace.delay, min(policy.crawl_delay, LONGEST_CRAWL_DELAY))
        return policy

    async def _ask(self, host: Host, errand: Errand, url: str) -> Answer:
        """One URL, no redirects: up to three tries."""
        best: CapturedBody | None = None  # of the bodies that were cut short
        answer: Answer = Miss("not reached")
        for attempt in range(errand.tries):
            answer = await self._once(host, errand, url)
            wait = self._wait_before_next_try(host, answer, attempt)
            if wait is None:
                break
            best = _fuller(best, answer)
            if attempt + 1 < errand.tries:
                await self._rest(wait)
        if isinstance(answer, Miss) and answer.reason == NOT_ALLOWED:
            host.given_up = answer
        elif isinstance(answer, Miss) and answer.reason in NETWORK:
            if errand.tries > 1:
                host.failed(answer)
        else:
            host.answered()
        if isinstance(answer, CapturedBody) and (asked := _asked_to_wait(answer, _now())):
            return Miss("asked to wait", f"http {answer.status}, {asked}", asked)
        return answer if isinstance(answer, CapturedBody) and answer.whole else best or answer

    def _wait_before_next_try(self, host: Host, answer: Answer, attempt: int) -> float | None:
        """Seconds; None if the matter is settled. A host that asks us to wait is left alone, by all."""
        backoff = _BACKOFF[min(attempt, len(_BACKOFF) - 1)] * self._haste
        if isinstance(answer, Miss):
            return backoff if answer.reason in NETWORK or answer.reason == "bad encoding" else None
        asked = _asked_to_wait(answer, _now())
        if asked:
            seconds = asked.total_seconds() * (self._haste if asked is _UNSAID else 1)
            if not host.pace.hold(time.monotonic(), seconds):
                host.given_up = Miss("asked to wait", f"http {answer.status}, {asked}", asked)
                return None
            return 0.0
        return backoff if passes(answer.status) or (answer.status == 200 and not answer.whole) else None

    async def _once(self, host: Host, errand: Errand, url: str) -> Answer:
        async with host.seats:
            barred = await self._turn(host)
            if barred:
                return barred
            try:
                return await self._send(host, errand, url)
            finally:
                self._places.release()

    async def _turn(self, host: Host) -> Miss | None:
        """Wait until a request to ``host`` may leave, and take a place among all that are under way."""
        async with host.gate:
            while True:
                if self.end or host.given_up:
                    return self.end or host.given_up
                wait = host.pace.wait(time.monotonic())
                if wait > 0:
                    await self._rest(wait)
                    continue
                await self._places.acquire()
                if host.pace.wait(time.monotonic()) <= 0 and not self.end:
                    host.pace.leave(time.monotonic())
                    return None
                self._places.release()

    async def _send(self, host: Host, errand: Errand, url: str) -> Answer:
        """One request, and its line in the ledger whatever becomes of it."""
        request = _request(host, errand, url)
        started_at, clock = _now(), time.monotonic()
        response: Response | None = None
        answer: Answer
        try:
            response = await self._download(request)
            answer = _answer(request, response, errand)
        except asyncio.CancelledError:
            if self.end is None:
                raise
            answer = self.end
        except Exception as error:  # the edge of a request: whatever the web makes Scrapy or Twisted raise is this URL's fate, no other's
            answer = miss_of(error)
        self._note(
            errand,
            request.url,
            started_at,
            status=response.status if response else None,
            error=_error(answer),
            duration_ms=round((time.monotonic() - clock) * 1000),
            bytes=len(response.body) if response else request.meta["received"],
        )
        return answer

    def _note(self, errand: Errand, url: str, at: datetime | None = None, **fields: Any) -> None:
        """A line in the ledger."""
        row = contracts.Request(self._job.run_id, errand.outlet.slug, url, errand.kind, at or _now(), **fields)
        try:
            self._ledger.append(row)
        except CannotStore as error:
            self.stop(Miss(error.reason, str(error)))

    async def _download(self, request: Request) -> Response:
        assert self._crawler.engine is not None
        download = asyncio.ensure_future(self._crawler.engine.download_async(request))
        self._under_way.add(download)
        try:
            return await download
        finally:
            self._under_way.discard(download)

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not through the end of the crawl."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.ended.wait()

    def _count(self, data: bytes, request: Request, spider: Spider) -> None:
        request.meta["received"] += len(data)
        if not request.meta["download_maxsize"] and request.meta["received"] > robots.MOST_BYTES:
            raise StopDownload(fail=False)


def _request(host: Host, errand: Errand, url: str) -> Request:
    headers = {"Accept": _ACCEPT, "Accept-Encoding": ACCEPTED, **errand.headers}
    if errand.outlet.language:
        headers["Accept-Language"] = ", ".join(errand.outlet.language)
    meta = {
        "download_slot": host.key,
        "download_timeout": errand.outlet.crawl.timeout,
        "download_maxsize": errand.max_bytes,
        "received": 0,
        INSECURE: errand.outlet.crawl.insecure_tls,
    }
    return Request(url, headers=headers, meta=meta, dont_filter=True)


def _answer(request: Request, response: Response, errand: Errand) -> Answer:
    stopped = "download_stopped" in response.flags
    exchange = Exchange(
        url=response.url,
        received_at=_now(),
        status=response.status,
        headers=_pairs(response.headers),
        payload=response.body,
        protocol=response.protocol or "HTTP/1.1",
        # A password for the proxy is ours, and a capture is handed on.
        request_headers=tuple(pair for pair in _pairs(request.headers) if pair[0].lower() != "proxy-authorization"),
        ip=str(response.ip_address) if response.ip_address and not request.meta.get("proxy") else None,
    )
    codings = exchange.header("content-encoding") if errand.unpacks else ""
    try:
        unpacked = unpack(exchange.payload, codings, errand.max_bytes or robots.MOST_BYTES)
    except BadEncoding as error:
        return Miss("bad encoding", str(error)[:300])
    if unpacked.over and errand.max_bytes:
        return Miss("too large", f"over {errand.max_bytes} bytes unpacked")
    if {"dataloss", "partial"} & set(response.flags):
        # Servers that count their bytes wrongly, and those of HTTP/1.0 that do not tell them: if the document ends, it is whole.
        ends = unpacked.whole if exchange.header("content-encoding") else _is_closed(unpacked.body)
        exchange = replace(exchange, cut_short=not ends)
    return CapturedBody(exchange, unpacked.body, stopped or (unpacked.whole and not exchange.cut_short))


def _is_closed(body: bytes) -> bool:
    """Whether a document ends as one does."""
    tail = body[-2048:].rstrip()
    return bool(_CLOSED.search(tail)) or (body[:1] in (b"{", b"[") and tail[-1:] in (b"}", b"]"))


def _asked_to_wait(answer: CapturedBody, now: datetime) -> timedelta | None:
    if answer.status not in (429, 503):
        return None
    asked = retry_after(answer.exchange.header("retry-after"), now)
    return asked if asked is not None or answer.status == 503 else _UNSAID


def _error(answer: Answer) -> str | None:
    if isinstance(answer, Miss):
        return answer.reason
    return None if answer.whole else "cut short"


def _fuller(best: CapturedBody | None, answer: Answer) -> CapturedBody | None:
    """Of the bodies cut short, the longest."""
    if isinstance(answer, Miss) or answer.status != 200:
        return best
    return answer if best is None or len(answer.body) >= len(best.body) else best


def _joined(url: str, location: str) -> str:
    """Where a redirect leads; its bytes beyond ASCII are percent-encoded as they are."""
    try:
        return urljoin(url, safe_url_string(location.encode("latin-1")))
    except ValueError:
        return location


def _pairs(headers: Mapping[bytes, list[bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values)


def _now() -> datetime:
    return datetime.now(UTC)
