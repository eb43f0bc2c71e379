"""A crawl as the flows order it: a job on disk, a child process, rows to look at."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spiders.captures import CapturedBody, read_body
from spiders.job import Job, KnownSource
from spiders.outlet import Outlet
from warehouse.contracts import Capture, Failure, Link, Planned, Request, Source, read_rows, write_rows

ROOT = Path(__file__).resolve().parents[2]
_PROXIES = {"http_proxy", "https_proxy", "all_proxy", "no_proxy"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run's folder and what a crawl left there."""

    job: Job
    code: int = 0
    told: str = ""  # on stderr

    @property
    def captures(self) -> list[Capture]:
        return list(read_rows(Capture, self.job.captured))

    @property
    def failures(self) -> list[Failure]:
        return list(read_rows(Failure, self.job.failures))

    @property
    def requests(self) -> list[Request]:
        return list(read_rows(Request, self.job.requests))

    @property
    def links(self) -> list[Link]:
        return list(read_rows(Link, self.job.links))

    @property
    def sources(self) -> list[Source]:
        return list(read_rows(Source, self.job.sources))

    def page(self, url: str) -> CapturedBody:
        return read_body(self.job.captures, next(row for row in self.captures if row.url == url))

    def failure(self, url: str) -> Failure:
        return next(row for row in self.failures if row.url == url)

    def asked(self, url: str) -> list[Request]:
        return [row for row in self.requests if row.url == url]


def outlet(homepage: str, slug: str = "demo", *, timeout: float = 5, **fields: Any) -> Outlet:
    """An outlet of a server on loopback: no delay, short limits."""
    crawl = {"delay": 0, "timeout": timeout, **fields.pop("crawl", {})}
    return Outlet.model_validate({"slug": slug, "title": slug, "homepage": homepage, "crawl": crawl, **fields})


def order(
    folder: Path, *outlets: Outlet, run_id: str = "run-1", fast: bool = True, known: Iterable[KnownSource] = (), **fields: Any
) -> Job:
    run_folder = folder / "runs" / run_id
    run_folder.mkdir(parents=True, exist_ok=True)
    job = Job(
        run_id=run_id,
        folder=run_folder,
        captures=folder / "captures",
        robots=folder / "robots",
        outlets=outlets,
        known_sources=tuple(known),
        fast=fast,
        **fields,
    )
    (run_folder / "job.json").write_text(job.model_dump_json(), encoding="utf-8")
    return job


def plan(job: Job, urls: Iterable[str | tuple[str, str]]) -> None:
    """``plan.jsonl`` of those URLs, of the job's first outlet unless a slug stands before one."""
    named = [(job.outlets[0].slug, url) if isinstance(url, str) else url for url in urls]
    write_rows(job.plan, [Planned(slug, url, f"{slug}:{url}", "feed", title=f"Title of {url}") for slug, url in named])


def begin(verb: str, job: Job, environment: Mapping[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
    plain = {name: value for name, value in os.environ.items() if name.lower() not in _PROXIES}
    return subprocess.Popen(
        [sys.executable, "-m", "spiders", verb, str(job.folder / "job.json")],
        cwd=ROOT,
        env={**plain, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(verb: str, job: Job, environment: Mapping[str, str] | None = None, **options: Any) -> Run:
    with begin(verb, job, environment, **options) as process:
        output, told = process.communicate(timeout=60)
    return Run(job, process.returncode, output + told)


def fetch(folder: Path, of: Outlet, *urls: str, **fields: Any) -> Run:
    """One outlet's pages."""
    job = order(folder, of, **fields)
    plan(job, urls)
    return run("fetch", job)


def discover(folder: Path, of: Outlet, **fields: Any) -> Run:
    return run("discover", order(folder, of, **fields))
