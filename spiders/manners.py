"""How a host is treated: its delay, its concurrency, its wish to be left alone. Times are seconds of any steady clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from spiders.outcomes import Miss

SHORTEST_DELAY = 0.5  # unless the job says `fast`
LONGEST_CRAWL_DELAY = 60.0  # of a robots.txt; some ask for an hour between two pages
PATIENCE = 120.0  # seconds that a host may have us wait in one run
TRIES = 3  # of a URL in one run, where a second may bring what the first did not
STRIKES = 5  # links in a row that the network brought nothing for: the rest of the host waits for the next run
_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """The key of a host: name and port, the scheme's own port left out. ``ValueError`` if ``url`` names none."""
    parts = urlsplit(url)
    name, port = parts.hostname, parts.port
    if not name or parts.scheme not in _PORTS or "@" in parts.netloc:  # "http://news.example@other.example/" is other.example
        raise ValueError(f"no http(s) URL: {url}")
    name = f"[{name}]" if ":" in name else name.rstrip(".")
    return name if port in (None, _PORTS[parts.scheme]) else f"{name}:{port}"


@dataclass(slots=True)
class Pace:
    """When the next request may leave."""

    delay: float = 0.0
    waited: float = 0.0  # of PATIENCE
    _next: float = 0.0

    def wait(self, now: float) -> float:
        return max(0.0, self._next - now)

    def leave(self, now: float) -> None:
        """A request leaves now."""
        self._next = max(self._next, now + self.delay)

    def hold(self, now: float, seconds: float) -> bool:
        """Nothing leaves for ``seconds``. False, and nothing held, if that is more than we wait in a run."""
        if self.waited + seconds > PATIENCE:
            return False
        self.waited += seconds
        self._next = max(self._next, now + seconds)
        return True


@dataclass(slots=True)
class Host:
    """One host and port, whichever outlets live there: the strictest of them sets the manners."""

    key: str
    pace: Pace = field(default_factory=Pace)
    concurrency: int = 8
    given_up: Miss | None = None  # what every further link of this run ends in
    strikes: int = 0
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)  # one waits for its turn, the others behind it
    _seats: asyncio.Semaphore | None = None

    @property
    def seats(self) -> asyncio.Semaphore:
        """Taken while a request is under way."""
        if self._seats is None:
            self._seats = asyncio.Semaphore(self.concurrency)
        return self._seats

    def meet(self, delay: float, concurrency: int) -> None:
        """An outlet's manners; they only ever get stricter (concurrency: until the first request)."""
        self.pace.delay = max(self.pace.delay, delay)
        self.concurrency = min(self.concurrency, concurrency)

    def answered(self) -> None:
        self.strikes = 0

    def failed(self, miss: Miss) -> None:
        """The network brought nothing for a link, after all tries."""
        self.strikes += 1
        if self.strikes >= STRIKES and self.given_up is None:
            self.given_up = Miss("host unreachable", f"{STRIKES} links in a row, the last: {miss.reason}")
