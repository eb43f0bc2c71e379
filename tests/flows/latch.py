"""A newspaper that waits with an answer until a test lets it go."""

from __future__ import annotations

import threading

from tests.flows.conftest import Desk


class Latch:
    """Stops a newspaper's answer to ``path`` until it is let go; ``reached`` tells that someone asks for it."""

    def __init__(self, desk: Desk, path_part: str) -> None:
        self.reached, self._go = threading.Event(), threading.Event()
        self._requests, self._part = desk.papers.requests, path_part
        latch = self

        class Watched(list):  # the newspapers note each request before they answer it
            def append(self, seen: object) -> None:
                super().append(seen)
                if path_part in getattr(seen, "path", ""):
                    latch.reached.set()
                    latch._go.wait(60)

        desk.papers.requests = Watched(desk.papers.requests)

    def release(self) -> None:
        self._go.set()
