"""What became of a request that brought no page: a short, stable reason, and whether and when to ask again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from OpenSSL import SSL
from scrapy import exceptions as scrapy_errors
from scrapy.core.downloader.handlers.http11 import TunnelError
from service_identity import VerificationError
from twisted.internet import error as net
from twisted.web._newclient import BadHeaders, ParseError
from twisted.web.client import ResponseFailed

from spiders.download import HeadTooLarge
from spiders.fences import NOT_ALLOWED, AddressNotAllowed
from warehouse.contracts import Failure, Planned

State = Literal["failed", "skipped", "waiting"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# A header may name any year; a host that asks for more than this is asked again after it.
_LONGEST_WAIT = timedelta(days=30)

# The first class that fits any error of the chain names it: what is more specific stands first.
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((AddressNotAllowed,), NOT_ALLOWED),
    ((HeadTooLarge, scrapy_errors.DownloadCancelledError), "too large"),
    ((scrapy_errors.CannotResolveHostError, net.DNSLookupError), "dns"),
    ((SSL.Error, net.CertificateError, net.VerifyError, net.PeerVerifyError, net.SSLError, VerificationError), "tls"),
    ((scrapy_errors.DownloadConnectionRefusedError, net.ConnectionRefusedError), "refused"),
    ((scrapy_errors.DownloadTimeoutError, net.TCPTimedOutError, net.TimeoutError), "timeout"),
    ((TunnelError,), "proxy"),
    ((ParseError, BadHeaders), "not http"),
    ((scrapy_errors.UnsupportedURLSchemeError, UnicodeError, ValueError), "not a URL"),
    ((net.ConnectError,), "unreachable"),
    ((scrapy_errors.DownloadFailedError, net.ConnectionClosed, ConnectionError), "reset"),
)

# The network or the host may be well again in a moment: asked again at once, then an hour later.
NETWORK = frozenset({"dns", "refused", "timeout", "proxy", "not http", "unreachable", "reset"})
_IN_AN_HOUR = NETWORK | {"cut short", "robots unreachable", "host unreachable", "asked to wait"}
FORGOTTEN = "forgotten"  # it leads to a page that was taken down here
_NEVER = frozenset({"not a URL", "too large", "robots", "tdm reserved", "noarchive", FORGOTTEN, "http 404", "http 410", "http 451"})
_AT_ONCE = frozenset({"not reached", "no space", "cannot write", "over budget"})
_WAITING = _AT_ONCE | {"robots unreachable", "host unreachable", "asked to wait"}
_BUSY = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Miss:
    """Why there is no page."""

    reason: str
    detail: str = ""
    retry_in: timedelta | None = None  # where the host said it
    asked: bool = True  # False: the host failed before this page's turn came, which says nothing of the page

    @property
    def state(self) -> State:
        if self.reason in ("robots", "tdm reserved", "noarchive", FORGOTTEN):
            return "skipped"
        return "waiting" if self.reason in _WAITING or not self.asked else "failed"


def miss_of(error: BaseException) -> Miss:
    """The name of what a request died of."""
    chain = tuple(_chain(error))
    for kinds, reason in _REASONS:
        for link in chain:
            if isinstance(link, kinds):
                # A Content-Length of "many" is a ValueError too, and no fault of the URL
                answered = reason == "not a URL" and any(isinstance(error, ResponseFailed) for error in chain)
                return Miss("not http" if answered else reason, _told(link))
    return Miss("error", _told(error))


def miss_of_status(status: int) -> Miss:
    return Miss(f"http {status}")


def passes(status: int) -> bool:
    """Whether a second try in the same run may bring what the first did not."""
    return status >= 500 or status in _BUSY


def failure(link: Planned, miss: Miss, at: datetime) -> Failure:
    """The row that ``link`` ends in."""
    wait = miss.retry_in if miss.retry_in is not None else _usual_wait(miss.reason)
    return Failure(link.outlet, link.url, miss.state, miss.reason, at, miss.detail, None if wait is None else at + wait)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for, in either form; None if it says nothing."""
    text = value.strip()
    if text.isdecimal() and text.isascii():
        seconds = int(text[:12])
    else:
        try:
            until = parsedate_to_datetime(text)
            until = until if until.tzinfo else until.replace(tzinfo=UTC)
            seconds = max(0, int((until - now).total_seconds()))
        except (ValueError, OverflowError):
            return None
    return timedelta(seconds=min(seconds, int(_LONGEST_WAIT.total_seconds())))


def _usual_wait(reason: str) -> timedelta | None:
    if reason in _NEVER:
        return None
    if reason in _AT_ONCE:
        return timedelta(0)
    number = reason.removeprefix("http ")
    if reason in _IN_AN_HOUR or (number.isdecimal() and passes(int(number))):
        return _HOUR
    return _DAY


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what it came from: causes, and the reasons that Twisted gathers in a list."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        found = todo.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        todo += [found.__cause__, found.__context__]
        if isinstance(found, ResponseFailed):
            todo += [reason.value for reason in found.reasons]


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300].rstrip(": ")
