"""A server on loopback that does what the web does: answers late, never, half, wrongly. Each route is bytes, or a function of the visit."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Visit:
    """One request, and the means to answer it badly."""

    target: str
    headers: Mapping[str, str]
    at: float
    number: int  # of the requests for this target, from 1
    server: FaultyServer = field(repr=False)
    socket: socket.socket = field(repr=False)

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hang(self) -> bytes:
        """Say nothing until the server is stopped."""
        self.server.stopping.wait()
        return b""

    def reset(self) -> bytes:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return b""


Route = bytes | Callable[[Visit], bytes]


def answer(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
    """A whole answer. Header names are given as ``content_type``."""
    body = body.encode() if isinstance(body, str) else body
    told = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    told |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Said So\r\n{lines}\r\n".encode("latin-1") + body


def redirect(to: str, status: int = 302) -> bytes:
    """Beyond ASCII the address goes out as bare UTF-8, as many servers send it."""
    return answer(status=status, location=to.encode().decode("latin-1"))


def in_turn(*routes: Route) -> Route:
    """The first route for the first visit, and so on; the last for all that follow."""
    return lambda visit: _told(routes[min(visit.number, len(routes)) - 1], visit)


class FaultyServer:
    """``with FaultyServer({"/": answer("hello")}) as server: server.url("/")``. Unknown paths, and robots.txt unless given: 404."""

    def __init__(self, routes: Mapping[str, Route], default: Route | None = None, tls: ssl.SSLContext | None = None) -> None:
        self.routes, self._default, self._tls = routes, default or answer("nothing here", 404), tls
        self.visits: list[Visit] = []
        self._numbers: Counter[str] = Counter()
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"{'https' if self._tls else 'http'}://{self.host}{path}"

    def targets(self) -> list[str]:
        """What was asked for, in its order."""
        return [visit.target for visit in self.asked()]

    def asked(self) -> list[Visit]:
        """All visits but the day's one look at what the host reserves."""
        return [visit for visit in self.visits if not visit.target.endswith("/.well-known/tdmrep.json")]

    def __enter__(self) -> FaultyServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for one in (self._listener, *tuple(self._open)):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._tls:
                client = self._tls.wrap_socket(client, server_side=True)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.add(client)
            with client, client.makefile("rb") as lines:
                while (visit := self._visit(client, lines.readline)) is not None:
                    told = _told(self.routes.get(visit.target, self._default), visit)
                    client.sendall(told)
                    if b"Content-Length" not in told[:2000] or b"Connection: close" in told[:2000]:
                        break
        self._open.discard(client)

    def _visit(self, client: socket.socket, readline: Callable[[], bytes]) -> Visit | None:
        words = readline().decode("latin-1").split()
        if len(words) != 3:
            return None
        headers = {}
        while (line := readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        self._numbers[words[1]] += 1
        visit = Visit(words[1], headers, time.monotonic(), self._numbers[words[1]], self, client)
        self.visits.append(visit)
        return visit


def _told(route: Route, visit: Visit) -> bytes:
    return route if isinstance(route, bytes) else route(visit)
