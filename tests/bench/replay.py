"""Whole outlets from saved pages, served by the corpus's own replay proxy; and newsmill run over them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
NEWSMILL = Path(sys.executable).parent / "newsmill"


@dataclass
class Measured:
    """A command's wall time in seconds, and the peak memory in MB of each kind of process that it started."""

    seconds: float = 0.0
    peaks: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    code: int = 0
    output: str = ""

    def told(self) -> str:
        kinds = (
            f"{kind} {self.cpu[kind]:.0f} s; {' '.join(f'{peak:.0f}' for peak in sorted(each))} MB"
            for kind, each in sorted(self.peaks.items())
        )
        return "\n".join(kinds)


@contextmanager
def served(corpus: Path, repeat: int = 1, log: Path | None = None) -> Iterator[dict[str, str]]:
    """The environment in which the corpus's hosts answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, SHARED / "replay" / "replay.py", "serve", "--corpus", corpus, "--port", str(port), "--repeat", str(repeat)]
    server = subprocess.Popen([*command, *(["--log", log] if log else [])], stdout=subprocess.PIPE)
    try:
        assert server.stdout
        server.stdout.readline()
        yield {**os.environ, "http_proxy": f"http://127.0.0.1:{port}", "no_proxy": "", "NEWSMILL_CONTACT": "https://newsmill.example/bench"}
    finally:
        server.terminate()
        server.wait()


def outlets(corpus: Path, into: Path, min_pages: int = 1) -> Path:
    command = [sys.executable, SHARED / "replay" / "replay.py", "outlets", "--corpus", corpus, "--into", into, "--delay", "0"]
    subprocess.run([*command, "--min-pages", str(min_pages)], check=True, stderr=subprocess.DEVNULL)
    return into


def run(command: list[object], env: Mapping[str, str]) -> Measured:
    """Run ``command`` and watch the processes below it."""
    measured, began = Measured(), time.perf_counter()
    process = psutil.Popen([str(part) for part in command], env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peaks: dict[int, tuple[str, float, float]] = {}
    watcher = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watcher.start()
    measured.output = process.communicate()[0]
    measured.seconds, measured.code = time.perf_counter() - began, process.returncode
    watcher.join()
    for kind, peak, cpu in peaks.values():
        measured.peaks.setdefault(kind, []).append(peak)
        measured.cpu[kind] = measured.cpu.get(kind, 0.0) + cpu
    return measured


def _watch(process: psutil.Popen, peaks: dict[int, tuple[str, float, float]]) -> None:
    while process.poll() is None:
        with suppress(psutil.Error):
            for one in [process, *process.children(recursive=True)]:
                with suppress(psutil.Error, OSError, StopIteration):
                    peaks[one.pid] = (_kind(one.cmdline()), _peak(one.pid), sum(one.cpu_times()[:2]))
        time.sleep(0.1)


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _kind(command: list[str]) -> str:
    words = " ".join(command)
    if "-m spiders" in words:
        return "crawler"
    if "forkserver" in words or "spawn_main" in words:
        return "reader (and its fork server)"
    return "resource tracker" if "resource_tracker" in words else "main"


def score(corpus: Path, articles: Path) -> dict[str, object]:
    command = [sys.executable, SHARED / "bench" / "score.py", "--corpus", corpus, "--articles", articles, "--json"]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def gold(corpus: Path) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in (corpus / "gold.jsonl").read_text(encoding="utf-8").split("\n") if line]
    return [row for row in rows if row.get("url")]


def page_file(corpus: Path, row: dict[str, str]) -> Path:
    path = corpus / row["file"]
    return path if path.exists() else corpus / "pages" / Path(row["file"]).name
