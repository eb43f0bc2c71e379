"""The newspapers on loopback: each on a port of its own, with validators, and with a log of who asked for what."""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any

from .pages import Answer
from .site import Site, print_site
from .stories import SLUGS


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that a newspaper answered."""

    outlet: str
    method: str
    path: str  # with its query
    status: int
    user_agent: str
    headers: Mapping[str, str]  # as they came


class Newspapers:
    """All newspapers, served while the context lasts. ``edition`` may be set at any time: from then on the second is in print."""

    def __init__(self, now: datetime, edition: int = 1) -> None:
        self.now = now
        self.requests: list[Seen] = []
        self.origins: dict[str, str] = {}
        self.sites: dict[str, Site] = {}
        self._edition = edition
        self._open = ExitStack()

    def __enter__(self) -> Newspapers:
        for slug in SLUGS:
            server = PressServer(slug, self)
            self.origins[slug] = f"http://127.0.0.1:{server.server_address[1]}"
            self._open.callback(server.stop)
            server.start()
        self.edition = self._edition
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    @property
    def edition(self) -> int:
        return self._edition

    @edition.setter
    def edition(self, edition: int) -> None:
        self._edition = edition
        self.sites = {slug: print_site(slug, origin, self.now, edition) for slug, origin in self.origins.items()}

    def outlet_files(self, folder: Path) -> list[Path]:
        """Write the newspapers' outlet files, with the addresses they have now, into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        written = []
        for slug, origin in self.origins.items():
            written.append(folder / f"{slug}.toml")
            written[-1].write_text(outlet_text(slug, origin), encoding="utf-8")
        return written


def outlet_text(slug: str, origin: str) -> str:
    """The outlet file of the newspaper ``slug`` served at ``origin``."""
    return (files("spiders.demo") / "outlets" / f"{slug}.toml").read_text(encoding="utf-8").replace("{origin}", origin)


class PressServer(ThreadingHTTPServer):
    """One newspaper's server."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, slug: str, papers: Newspapers) -> None:
        super().__init__(("127.0.0.1", 0), PressHandler)
        self.slug, self.papers = slug, papers
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), name=slug, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that hangs up in mid-answer is no error of the newspaper's.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class PressHandler(BaseHTTPRequestHandler):
    """GET and HEAD, conditional ones too."""

    server: PressServer
    protocol_version = "HTTP/1.1"
    server_version = "newsmill-demo"
    timeout = 30  # seconds that an idle connection is kept

    def do_GET(self) -> None:
        papers, slug = self.server.papers, self.server.slug
        answer = papers.sites[slug].answer(self.path)
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        status = 304 if answer.status == 200 and self._is_known(answer, etag) else answer.status
        seen = Seen(slug, self.command, self.path, status, self.headers.get("User-Agent", ""), dict(self.headers.items()))
        papers.requests.append(seen)
        self._send(answer, etag, status)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: ``Newspapers.requests`` is the log."""

    def _is_known(self, answer: Answer, etag: str) -> bool:
        # RFC 9110, 13.1.3: If-Modified-Since counts only where there is no If-None-Match.
        if (known := self.headers.get("If-None-Match")) is not None:
            return etag in (tag.strip().removeprefix("W/") for tag in known.split(","))
        since = self.headers.get("If-Modified-Since")
        return since is not None and answer.modified_at is not None and answer.modified_at <= _http_date(since)

    def _send(self, answer: Answer, etag: str, status: int) -> None:
        body = b"" if status == 304 else answer.body
        self.send_response(status)
        if answer.status == 200:
            self.send_header("ETag", etag)
        if answer.modified_at is not None:
            self.send_header("Last-Modified", format_datetime(answer.modified_at, usegmt=True))
        for name, value in answer.headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def _http_date(value: str) -> datetime:
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
