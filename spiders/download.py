"""The last step of a request: Scrapy's HTTP download, with an outlet's exception from certificate checks."""

from __future__ import annotations

from copy import copy

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

# The key of a request's meta; only an outlet file's `insecure_tls` sets it.
INSECURE = "insecure_tls"
_IDLE = 75  # seconds that a connection is kept: a host's longest Crawl-delay, and some; Twisted's 240 are a thousand open files sooner


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

    async def download_request(self, request: Request) -> Response:
        if request.meta.get(INSECURE):
            return await self._lenient.download_request(request)
        return await super().download_request(request)

    async def close(self) -> None:
        await self._lenient.close()
        await super().close()
