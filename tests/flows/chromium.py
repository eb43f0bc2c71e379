"""A headless Chromium that a test can ask: driven by the DevTools protocol over pipes, it tells what no script in the page could."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60.0  # seconds for one answer


def find() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One tab. ``events`` are what it told unasked."""

    def __init__(self, to: int, fro: int) -> None:
        self._to, self._fro, self._buffer, self._count = to, fro, b"", 0
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.tell(f"{domain}.enable")

    def open(self, path: Path, width: int, height: int, scheme: str = "light") -> None:
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.tell("Page.navigate", url=path.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self._receive()

    def value(self, expression: str) -> Any:
        """What ``expression`` is in the page. The page's own policy does not bind the debugger."""
        answer = self.tell("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def screenshot(self) -> bytes:
        return base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"])

    def tell(self, method: str, **facts: Any) -> dict[str, Any]:
        return self.ask(method, self._session, **facts)

    def ask(self, method: str, session: str | None = None, **facts: Any) -> dict[str, Any]:
        self._count += 1
        message = {"id": self._count, "method": method, "params": facts} | ({"sessionId": session} if session else {})
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._count:
                assert "error" not in answer, (method, answer)
                return dict(answer["result"])

    def _receive(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._fro], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "Chromium does not answer"
            piece = os.read(self._fro, 1 << 20)
            assert piece, "Chromium is gone"
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\0")
        message = dict(json.loads(line))
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def browsing(program: str, folder: Path) -> Iterator[Page]:
    """A page in a browser of its own, which ends with the context. Its end of the pipes must be the descriptors 3 and 4."""
    (their_in, to), (fro, their_out) = os.pipe(), os.pipe()
    # no sandbox: it needs user namespaces, which containers and root have not; the page is our own
    words = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--remote-debugging-pipe",
    ]
    shell = f'exec 3<&{their_in} 4>&{their_out} && exec "$@"'
    with (folder / "chromium.log").open("wb") as log:
        browser = subprocess.Popen(
            ["bash", "-c", shell, "browser", *words, f"--user-data-dir={folder / 'profile'}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(their_in, their_out),
        )
    os.close(their_in)
    os.close(their_out)
    try:
        yield Page(to, fro)
    finally:
        browser.terminate()
        browser.wait(PATIENCE)
        os.close(to)
        os.close(fro)


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and rows of a PNG of eight bits, RGB or RGBA, each pixel three bytes or four."""
    at, body, width, height, depth = 8, b"", 0, 0, 0
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack(">IIBB", png[at + 8 : at + 18])
            assert bits == 8 and colour in (2, 6)
            depth = 3 if colour == 2 else 4
        elif kind == b"IDAT":
            body += png[at + 8 : at + 8 + length]
        at += 12 + length
    raw, size = zlib.decompress(body), width * depth
    rows, above = list[bytes](), bytes(size)
    for number in range(height):
        start = number * (size + 1)
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + size], above, depth)
        rows.append(above)
    return width, height, rows


def colours(png: bytes) -> int:
    width, _, rows = pixels(png)
    depth = len(rows[0]) // width
    return len({row[at : at + depth] for row in rows for at in range(0, len(row), depth)})


def _unfiltered(kind: int, line: bytes, above: bytes, depth: int) -> bytes:
    if kind == 0:
        return line
    done = bytearray(line)
    for at in range(len(line)):
        left = done[at - depth] if at >= depth else 0
        corner = above[at - depth] if at >= depth else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        done[at] = (line[at] + guess) & 255
    return bytes(done)


def _paeth(left: int, up: int, corner: int) -> int:
    near = left + up - corner
    return min((abs(near - left), 0, left), (abs(near - up), 1, up), (abs(near - corner), 2, corner))[2]
