"""Articles per second, end to end, with delays off, beside a glued spider and beside the reading alone.

    .venv/bin/python tests/bench/throughput.py [--pages 2000] [--corpus DIR] [--workers 1 2]

(a) one Scrapy spider that calls trafilatura in its callback, as people glue it; (b) newsmill's reading alone, over the captures of
the run, in the same number of processes; (c) bare trafilatura alone, over the same captures, in the same number of processes.
The server of the pages, the crawler and the loading take their share of the same processors as the reading: CPU seconds tell how much.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import trafilatura
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))
import replay

from flows.settings import processors
from spiders.captures import read_body
from spiders.reading.pool import Limits, read_pages
from spiders.registry import read_outlets
from warehouse.contracts import Article, Capture

GLUED = """
import json, sys
import scrapy, trafilatura
from scrapy.crawler import CrawlerProcess
urls = [line.strip() for line in open(sys.argv[1])]
out = open(sys.argv[2], "w")
class Glued(scrapy.Spider):
    name = "glued"
    start_urls = urls
    def parse(self, response):
        document = trafilatura.bare_extraction(response.body, url=response.url, include_comments=False, with_metadata=True)
        if document is not None:
            out.write(json.dumps({"url": response.url, "title": document.title, "date": document.date, "text": document.text}) + "\\n")
process = CrawlerProcess({"LOG_LEVEL": "ERROR", "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False})
process.crawl(Glued)
process.start()
"""


def bare(task: tuple[Path, Capture]) -> bool:
    captures, capture = task
    page = read_body(captures, capture)
    return trafilatura.bare_extraction(page.body, url=capture.url, include_comments=False, with_metadata=True) is not None


def rows(home: Path) -> list[Capture]:
    with duckdb.connect(home / "published" / "newsmill.duckdb", read_only=True) as db:
        names = 'capture_id, outlet, url, final_url, article_id, captured_at, status, content_type, file, "offset", length, sha256, partial'
        return [Capture(*row) for row in db.execute(f"SELECT {names} FROM store.captures ORDER BY ALL").fetchall()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=replay.SHARED / "corpus" / "aeb")
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, processors()])
    args = parser.parse_args()
    repeat = -(-args.pages // len({row["url"] for row in replay.gold(args.corpus)}))
    table = Table(
        "what",
        "pages",
        "seconds",
        "pages/s",
        "of (b)",
        "of (c)",
        "CPU seconds; peak memory, MB, a process",
        title=f"{args.corpus.name} × {repeat}",
    )
    with tempfile.TemporaryDirectory() as scratch, replay.served(args.corpus, repeat) as env:
        files = replay.outlets(args.corpus, Path(scratch) / "outlets")
        for workers in args.workers:
            compare(table, Path(scratch) / f"home{workers}", files, env, workers)
        urls, out = Path(scratch) / "urls", Path(scratch) / "glued.jsonl"
        urls.write_text("".join(f"{capture.url}\n" for capture in rows(Path(scratch) / f"home{args.workers[0]}")))
        glued = replay.run([sys.executable, "-c", GLUED, urls, out], env)
        add(table, "(a) Scrapy + trafilatura in one spider", len(out.read_text().splitlines()), glued.seconds, glued)
    Console(width=170).print(table)
    return 0


def compare(table: Table, home: Path, files: Path, env: dict[str, str], workers: int) -> None:
    """One ingest with ``workers`` reading processes, and what it fetched read by as many alone."""
    whole = replay.run([replay.NEWSMILL, "ingest", "--home", home, "--outlets", files, "-q"], {**env, "NEWSMILL_WORKERS": str(workers)})
    captures, outlets = rows(home), read_outlets([files], {"http": env["http_proxy"]})
    began = time.perf_counter()
    articles = sum(isinstance(r, Article) for r in read_pages(captures, home / "captures", outlets, workers, Limits()))
    alone = time.perf_counter() - began
    began = time.perf_counter()
    with multiprocessing.get_context("forkserver").Pool(workers) as pool:
        read = sum(pool.imap_unordered(bare, [(home / "captures", capture) for capture in captures], 4))
    bare_alone = time.perf_counter() - began
    peers = (alone, bare_alone)
    add(table, f"newsmill ingest, {workers} reading", len(captures), whole.seconds, whole, peers)
    add(table, f"(b) newsmill's reading alone, {workers}", articles, alone, None, peers)
    add(table, f"(c) bare trafilatura alone, {workers}", read, bare_alone, None, peers)


def add(
    table: Table, what: str, pages: int, seconds: float, measured: replay.Measured | None, peers: tuple[float, float] | None = None
) -> None:
    shares = [f"{peer / seconds:.2f}" for peer in peers] if peers else ["", ""]
    table.add_row(what, str(pages), f"{seconds:.1f}", f"{pages / seconds:.1f}", *shares, measured.told() if measured else "")


if __name__ == "__main__":
    raise SystemExit(main())
