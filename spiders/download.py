"""The last step of a request: Scrapy's HTTP download, with a limit to its head, a reason for barred addresses, and an outlet's exception
from certificate checks.
"""

from __future__ import annotations

from collections import deque
from copy import copy
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Response
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from spiders.resolver import FencedResolver

# The key of a request's meta; only an outlet file's `insecure_tls` sets it.
INSECURE = "insecure_tls"
MOST_HEAD = 256 * 1024  # bytes of status lines and headers; browsers take as much. Twisted has no limit but the request's time
_IDLE = 75  # seconds that a connection is kept: a host's longest Crawl-delay, and some; Twisted's 240 are a thousand open files sooner


class HeadTooLarge(Exception):
    """An answer whose headers, or lines of "100 Continue", do not end."""


class HttpDownload(HTTP11DownloadHandler):
    """Certificates are verified, save for requests that say otherwise: Scrapy has one switch for all."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        lenient = copy(crawler)
        lenient.settings = crawler.settings.copy()
        lenient.settings.frozen = False
        lenient.settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False)
        self._lenient = HTTP11DownloadHandler(lenient)  # with connections of its own
        for handler in (self, self._lenient):
            handler._pool.retryAutomatically = False  # Twisted would send a request again that the ledger does not know of
            handler._pool.cachedConnectionTimeout = _IDLE
            handler._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        handler = self._lenient.download_request if request.meta.get(INSECURE) else super().download_request
        try:
            return await handler(request)
        except CannotResolveHostError:
            _raise_if_refused(request)
            raise

    async def close(self) -> None:
        await self._lenient.close()
        await super().close()


def _raise_if_refused(request: Request) -> None:
    from twisted.internet import reactor  # importing it installs it: not before Scrapy has chosen one

    resolver = reactor.nameResolver
    if isinstance(resolver, FencedResolver):
        resolver.raise_if_refused(urlsplit(request.url).hostname or "")


class _Parser(_LenientHTTPClientParser):
    read = 0

    def lineReceived(self, line: bytes) -> None:
        self.read += len(line) + 2
        if self.read > MOST_HEAD:
            raise HeadTooLarge(f"over {MOST_HEAD} bytes of headers")
        super().lineReceived(line)


class Room:
    """Large bodies come in a few at a time, the others' connections being paused: a hundred hosts may send 10 MB each at once."""

    def __init__(self, seats: int) -> None:
        self._free = seats
        self._waiting: deque[_Protocol] = deque()

    def enter(self, body: _Protocol) -> bool:
        if self._free:
            self._free -= 1
            return True
        self._waiting.append(body)
        return False

    def leave(self, body: _Protocol, *, seated: bool) -> None:
        if not seated:
            self._waiting.remove(body)
        elif self._waiting:
            self._waiting.popleft().be_seated()
        else:
            self._free += 1


_ROOM = Room(3)
_SMALL = 1024 * 1024  # bytes of a body that come in freely


class _Protocol(_LenientHTTP11ClientProtocol):
    _taken = 0
    _seat: bool | None = None  # False: it waits for one

    def dataReceived(self, data: bytes) -> None:
        self._taken += len(data)
        if self._taken > _SMALL and self._seat is None:
            self._seat = _ROOM.enter(self)
            if not self._seat:
                self.transport.pauseProducing()  # type: ignore[union-attr]
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def be_seated(self) -> None:
        self._seat = True
        self.transport.resumeProducing()  # type: ignore[union-attr]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._leave()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:
        self._leave()
        super()._finishResponse(rest)

    def _leave(self) -> None:
        if self._seat is not None:
            _ROOM.leave(self, seated=self._seat)
        self._taken, self._seat = 0, None

    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = _Parser  # as Scrapy does, whose own parser it replaces
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Any:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
