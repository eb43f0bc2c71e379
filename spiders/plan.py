"""The plan of a fetch, host by host, without holding it: a few bytes a link, whatever its size."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from pathlib import Path

from spiders.job import Job, UnusableJob
from spiders.manners import host_of
from warehouse.contracts import Capture, Failure, Planned, from_json, read_rows


class Plan:
    """Where in ``plan.jsonl`` each host's links lie, those left out that an earlier process of this run has settled."""

    def __init__(self, path: Path, outlets: Collection[str], settled: Collection[int]) -> None:
        self._path = path
        self._offsets: dict[str, array[int]] = {}
        self.visitors: dict[str, set[str]] = {}  # host → outlets with links on it; "" where a link names no host
        seen = set(settled)
        for offset, line in _lines(path):
            link = _planned(path, line, outlets)
            key = _key(link.outlet, link.url)
            if key in seen:
                continue
            seen.add(key)
            host = _host(link.url)
            self.visitors.setdefault(host, set()).add(link.outlet)
            self._offsets.setdefault(host, array("Q")).append(offset)

    def links(self, host: str) -> Iterator[Planned]:
        """The host's links, in the plan's order. The file is opened for each: a thousand hosts are a thousand lanes."""
        for offset in self._offsets[host]:
            with self._path.open("rb") as file:
                file.seek(offset)
                line = file.readline()
            yield from_json(Planned, line)


def settled(job: Job) -> set[int]:
    """The links that have their row already."""
    captured = {_key(row.outlet, row.url) for row in read_rows(Capture, job.captured)}
    return captured | {_key(row.outlet, row.url) for row in read_rows(Failure, job.failures)}


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    offset = 0
    try:
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield offset, line
                offset += len(line)
    except OSError as error:
        raise UnusableJob(path, error.strerror or str(error)) from error


def _planned(path: Path, line: bytes, outlets: Collection[str]) -> Planned:
    try:
        link = from_json(Planned, line)
    except ValueError as error:
        raise UnusableJob(path, f"a line that is no planned link: {line[:100]!r}") from error
    if link.outlet not in outlets:
        raise UnusableJob(path, f"links of {link.outlet}, an outlet that the job does not hold")
    return link


def _host(url: str) -> str:
    try:
        return host_of(url)
    except ValueError:
        return ""


def _key(outlet: str, url: str) -> int:
    return hash((outlet, url))  # within one process
