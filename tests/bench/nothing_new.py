"""A run with nothing new over hundreds of outlets: ``python -m tests.bench.nothing_new [--outlets 500] [--articles 2]``.

The outlets' hosts are served by a proxy on loopback. The first run fetches their articles; the second asks every source and finds nothing;
the third, with ``--due``, has nothing to ask yet; for the fourth the sources of half the outlets are put back by a day, and are due.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from tests.spiders.faulty_server import FaultyServer, Visit, answer
from warehouse.connect import writing

sys.path.insert(0, str(Path(__file__).parent))
import replay

WORDS = "The council of {host} met to hear about bridge number {number}, and put off its decision until its next meeting. " * 8


def paper(articles: int, visit: Visit) -> bytes:
    """What a paper answers: a feed that knows its validators, robots.txt that is not there, and stories."""
    host, _, path = visit.target.removeprefix("http://").partition("/")
    if path == "feed":
        if "if-none-match" in {name.lower() for name in visit.headers}:
            return answer(b"", 304, ETag='"1"')
        items = "".join(
            f"<item><title>Bridge {each} of {host}</title><link>http://{host}/news/{each}</link></item>" for each in range(articles)
        )
        return answer(f"<rss><channel>{items}</channel></rss>", content_type="text/xml", ETag='"1"')
    if not path.startswith("news/"):
        return answer("no", 404)
    number = path.rpartition("/")[2]
    text = WORDS.format(host=host, number=number)
    return answer(
        f"<html><head><title>Bridge {number} of {host}</title></head><body><article><h1>Bridge {number} of {host}</h1><p>{text}</article>"
    )


def outlets(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        home = f"http://paper{number}.example"
        text = f'title = "Paper {number}"\nhomepage = "{home}/"\n[[feeds]]\nurl = "{home}/feed"\n[crawl]\ndelay = 0\n'
        (folder / f"paper{number}.toml").write_text(text, encoding="utf-8")
    return folder


def put_back(home: Path) -> None:
    """Let a day have gone by for every other outlet's sources."""
    with writing(home / "warehouse.duckdb") as db:
        db.execute("UPDATE store.sources SET next_visit_at = next_visit_at - INTERVAL 1 DAY WHERE hash(outlet) % 2 = 0")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outlets", type=int, default=500)
    parser.add_argument("--articles", type=int, default=2, help="of each outlet")
    given = parser.parse_args()
    table = Table("run", "due", "requests", "not modified", "robots.txt", "articles", "seconds", "CPU seconds; peak memory, MB, a process")
    with (
        tempfile.TemporaryDirectory() as scratch,
        FaultyServer({}, default=lambda visit: paper(given.articles, visit)) as server,
    ):
        home, files = Path(scratch) / "home", outlets(Path(scratch) / "outlets", given.outlets)
        env = {**os.environ, "http_proxy": server.url(""), "no_proxy": "", "NEWSMILL_CONTACT": "https://newsmill.example/bench"}
        for name, options in (("all is new", []), ("nothing new", []), ("--due, none is", ["--due"]), ("--due, half are", ["--due"])):
            if "half" in name:
                put_back(home)
            due = "" if not options else str(due_sources(home))
            table.add_row(name, due, *one_run(home, files, options, env))
    Console(width=170).print(table)
    return 0


def due_sources(home: Path) -> int:
    with writing(home / "warehouse.duckdb") as db:
        row = db.execute("SELECT count(*) FROM store.sources WHERE next_visit_at <= now()").fetchone()
    return row[0] if row else 0


def one_run(home: Path, files: Path, options: list[str], env: Mapping[str, str]) -> list[str]:
    measured = replay.run([replay.NEWSMILL, "ingest", "-q", "--home", home, "--outlets", files, *options], env)
    assert measured.code == 0, measured.output[-2000:]
    with duckdb.connect(home / "published" / "newsmill.duckdb", read_only=True) as db:
        newest = "(SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1)"
        made = db.execute(f"SELECT kind, status FROM requests WHERE run_id = {newest}").fetchall()
        held = db.execute("SELECT count(*) FROM articles").fetchone()
    kinds = Counter(kind for kind, _ in made)
    unmodified = sum(status == 304 for _, status in made)
    return [str(len(made)), str(unmodified), str(kinds["robots"]), str(held[0] if held else 0), f"{measured.seconds:.1f}", measured.told()]


if __name__ == "__main__":
    raise SystemExit(main())
