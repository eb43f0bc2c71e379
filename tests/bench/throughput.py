"""Articles per second, end to end, with delays off, beside a glued spider and beside the reading alone.

    .venv/bin/python tests/bench/throughput.py [--pages 2000] [--corpus DIR]

(a) one Scrapy spider that calls trafilatura in its callback, as people glue it; (b) newsmill's reading alone, over the captures of
the run, in the same number of processes; (c) bare trafilatura alone, over the same captures, in the same number of processes.
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
from spiders.reading.pool import Limits, read_pages

from flows.run import cores
from spiders.captures import read_body
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
    args = parser.parse_args()
    repeat = -(-args.pages // len({row["url"] for row in replay.gold(args.corpus)}))
    table = Table("what", "pages", "seconds", "pages/s", "of (b)", "peak memory, MB, a process", title=f"{args.corpus.name} × {repeat}")
    with tempfile.TemporaryDirectory() as scratch, replay.served(args.corpus, repeat) as env:
        home, files = Path(scratch) / "home", replay.outlets(args.corpus, Path(scratch) / "outlets")
        whole = replay.run([replay.NEWSMILL, "ingest", "--home", home, "--outlets", files], env)
        print(whole.output)
        captures, outlets = rows(home), read_outlets([files], {"http": env["http_proxy"]})
        urls, glued_out = Path(scratch) / "urls", Path(scratch) / "glued.jsonl"
        urls.write_text("".join(f"{capture.url}\n" for capture in captures))
        glued = replay.run([sys.executable, "-c", GLUED, urls, glued_out], env)
        glued_count = len(glued_out.read_text().splitlines())
        began = time.perf_counter()
        articles = sum(isinstance(r, Article) for r in read_pages(captures, home / "captures", outlets, cores(), Limits()))
        alone = time.perf_counter() - began
        began = time.perf_counter()
        with multiprocessing.get_context("forkserver").Pool(cores()) as pool:
            read = sum(pool.imap_unordered(bare, [(home / "captures", capture) for capture in captures], 4))
        bare_alone = time.perf_counter() - began
    pages = len(captures)
    for what, count, seconds, peaks in (
        ("newsmill ingest", pages, whole.seconds, whole.peaks),
        ("(a) Scrapy + trafilatura in one spider", glued_count, glued.seconds, glued.peaks),
        (f"(b) newsmill's reading alone, {cores()} processes", articles, alone, {}),
        (f"(c) bare trafilatura alone, {cores()} processes", read, bare_alone, {}),
    ):
        memory = "; ".join(f"{kind} {' '.join(f'{peak:.0f}' for peak in sorted(each))}" for kind, each in sorted(peaks.items()))
        table.add_row(what, str(count), f"{seconds:.1f}", f"{pages / seconds:.1f}", f"{alone / seconds:.2f}", memory)
    Console(width=160).print(table)
    return int(alone / whole.seconds < 0.9)


if __name__ == "__main__":
    raise SystemExit(main())
