"""One engine in a process of its own: pages in as JSON lines, readings out as JSON lines, each with the processor time it took.

    python worker.py ENGINE < REQUESTS

The first line names all pages of the corpus ({"pages": [...]}), for engines that learn before they read; every other line is one page
({"path", "url", "crawled"}). Runs in newsmill's environment or in that of its peers, so it needs the standard library alone.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import IO, Any

HOMES = {"newsmill": "ours", "trafilatura": "bare"}  # by how an engine's name begins; all others are peers
# Read once before anything is timed: engines load word lists and compile patterns with their first page.
WARM = (
    b'<!doctype html><html lang="en"><head><title>A first page</title>'
    b'<meta property="article:published_time" content="2024-05-06T08:00:00Z"></head><body><article><h1>A first page</h1>'
    + 12 * b"<p>The council met on Monday and agreed, after a long debate, to mend the bridge.</p>"
    + b"</article></body></html>"
)


def offline(event: str, _: tuple[Any, ...]) -> None:
    """An audit hook: no engine asks the network, whatever its library does when it is handed a page."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        raise ConnectionRefusedError("the benchmark reads offline")


def peak() -> float:
    """Megabytes that this process held at most. ``ru_maxrss`` would count the parent's too, from before the exec."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def start(name: str, pages: list[dict[str, str]]) -> tuple[Any, dict[str, Any]]:
    """The engine called ``name``, ready for its first page; and what it says of itself."""
    home = next((home for begins, home in HOMES.items() if name.startswith(begins)), "peers")
    engine, version = importlib.import_module(home).engine(name)
    engine.read(WARM, "https://bench.invalid/2024/05/06/first-page", "2024-06-01T00:00:00+00:00")
    since = time.process_time()
    learned = engine.learn(pages)
    return engine, {"version": version, "learned": learned, "learning": time.process_time() - since}


def read(engine: Any, page: dict[str, str]) -> dict[str, Any]:
    body = Path(page["path"]).read_bytes()
    row, error = None, ""
    since = time.process_time()
    try:
        row = engine.read(body, page["url"], page["crawled"])
    except Exception as failure:  # a crash of the engine is a figure of the table
        error = said(failure)
    return {"seconds": time.process_time() - since, "row": row, "error": error}


def said(failure: Exception) -> str:
    told = " ".join(str(failure).split())[:300]
    return f"{type(failure).__name__}: {told}"


def main() -> int:
    answers: IO[str] = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is no answer
    sys.addaudithook(offline)

    def answer(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value | {"peak": peak()}) + "\n")
        answers.flush()

    try:
        engine, told = start(sys.argv[1], json.loads(sys.stdin.readline())["pages"])
    except Exception as failure:
        answer({"absent": said(failure)})
        return 1
    answer(told)
    for line in sys.stdin:
        answer(read(engine, json.loads(line)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
