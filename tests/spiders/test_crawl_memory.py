"""Memory of the crawler's own process while bombs fall on it from many hosts at once: what the kernel saw at its highest."""

from __future__ import annotations

import gzip
import subprocess
import threading
from contextlib import ExitStack
from pathlib import Path

import brotli
import pytest

from tests.spiders.crawling import Run, begin, order, outlet, plan
from tests.spiders.faulty_server import FaultyServer, answer
from tests.spiders.hostile_answers import CHUNKED, PLAIN, endlessly

MOST = 300 * 1024  # KiB
HOSTS = 18
ZEROS = bytes(60_000_000)
BOMBS = {
    "gzip": answer(gzip.compress(ZEROS), content_encoding="gzip"),
    "brotli": answer(brotli.compress(ZEROS, quality=5), content_encoding="br"),
    "stream": endlessly(CHUNKED, b"10000\r\n" + bytes(0x10000) + b"\r\n"),
    "to the close": endlessly(PLAIN + b"\r\n", bytes(0x10000)),
    "headers": endlessly(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 1000),
    "a sitemap": answer(gzip.compress(b"<urlset>" + b" " * 60_000_000), content_type="application/gzip"),
}


def peak(process: subprocess.Popen[str]) -> int:
    """KiB, read every so often until the process is gone."""
    highest, gone = 0, threading.Event()
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        except OSError:
            break
        highest = max([highest, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
        gone.wait(0.02)
    return highest


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel's own figure is in /proc")
@pytest.mark.parametrize("verb", ["fetch", "discover"])
def test_bombs_from_many_hosts_at_once_stay_within_the_limit(verb: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        kinds = [list(BOMBS)[number % len(BOMBS)] for number in range(HOSTS)]
        servers = [stack.enter_context(FaultyServer({"/": BOMBS[kind], "/robots.txt": answer("", 404)})) for kind in kinds]
        outlets = [
            outlet(server.url("/home"), f"o{number}", timeout=10, sitemaps=[{"url": server.url("/")}])
            for number, server in enumerate(servers)
        ]
        job = order(tmp_path, *outlets)
        plan(job, [(of.slug, server.url("/")) for of, server in zip(outlets, servers, strict=True)])
        with begin(verb, job) as process:
            highest = peak(process)
            told = process.communicate(timeout=60)[1]
    crawl = Run(job, process.returncode, told)
    assert crawl.code == 0, told
    reasons = {row.reason for row in crawl.failures} | {row.error or "; ".join(row.warnings) for row in crawl.sources}
    assert all("too large" in reason or reason == "timeout" for reason in reasons), reasons
    print(f"{verb}: {highest / 1024:.0f} MiB at the most")
    assert highest <= MOST
