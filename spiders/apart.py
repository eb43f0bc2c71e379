"""Parsing apart: a document that may hang a parser is parsed in a process that can be killed, not in the crawler's."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, TypeVar

T = TypeVar("T")

# Below this, the worst that was found (attributes without end in one tag: 450 KB took libxml2 30 s, quadratic) takes a second or two.
_SMALL = 100 * 1024
_SECONDS = 30.0
_GZIP = b"\x1f\x8b"  # 50 KB of it may be a bomb
# A fork would inherit Twisted's sockets and threads. (pebble's pool, which reads pages, waits in the caller's thread for its worker to
# take a document over, and may wait for ever when it is stopped at that moment: neither will do inside a reactor.)
_PROCESSES = multiprocessing.get_context("spawn")


class TooSlow(Exception):
    """A document on which a parser ran too long, or died."""


class Apart:
    """One worker process, begun when it is first needed and again when one was killed."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._turn = asyncio.Lock()
        self._closed = False
        self._worker: tuple[SpawnProcess, Connection[Any, Any]] | None = None

    async def parse(self, parse: Callable[[bytes], T], body: bytes, *, packed: bool = False) -> T:
        """``parse(body)``; the function must be one that can be pickled. ``TooSlow`` when its time is over. Small bodies that do not
        grow (``packed``) are parsed here.
        """
        if len(body) <= _SMALL and not packed and not body.startswith(_GZIP):
            return parse(body)
        async with self._turn:
            return await asyncio.to_thread(self._ask, parse, body)

    def close(self) -> None:
        """End the worker, and with it what it is parsing."""
        self._closed = True
        if self._worker:
            self._worker[0].kill()

    def _ask(self, parse: Callable[[bytes], T], body: bytes) -> T:
        process, pipe = self._worker = self._worker or _begin(self._seconds)
        try:
            if self._closed:
                raise TooSlow("stopped")
            pipe.send((parse, body))
            if not pipe.poll(self._seconds):
                raise TooSlow(f"not done in {self._seconds:g} s")
            result: T | Exception = pipe.recv()
        except (TooSlow, EOFError, OSError) as error:
            process.kill()
            self._worker = None
            raise error if isinstance(error, TooSlow) else TooSlow("stopped" if self._closed else "the parser died") from error
        if isinstance(result, Exception):
            raise result
        return result


def _begin(seconds: float) -> tuple[SpawnProcess, Connection[Any, Any]]:
    ours, theirs = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_work, args=[theirs, int(seconds) + 5], daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _work(pipe: Connection[Any, Any], seconds: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the crawler decides
    while True:
        try:
            parse, body = pipe.recv()
        except EOFError:
            return
        signal.alarm(seconds)  # kills even in C code, should the crawler be gone that would have done it
        try:
            result = parse(body)
        except Exception as error:  # handed over as it is: the crawler raises it
            result = error
        signal.alarm(0)
        pipe.send(result)
