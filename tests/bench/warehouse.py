"""The warehouse at ten thousand, a hundred thousand and a million articles: loading, publishing, readers, bulk.

    .venv/bin/python tests/bench/warehouse.py [SECTION …] [--sizes 10000 100000 1000000] [--scratch DIR]

A section is a function that takes the options and returns tables: another one is one more line in ``SECTIONS``. Texts have 4 KB. Read
the ratios; a busy machine moves all figures. Ten gigabytes of disk are needed for a million.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.remove(str(Path(__file__).parent))  # this file bears the package's name

from warehouse.connect import writing
from warehouse.contracts import Article, Capture, DateCandidate, RemovedBlock, Request, write_rows
from warehouse.load import begin_run, load
from warehouse.publish import publish

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NEW = 500  # articles a load
AGAIN = 50  # of them are known ones, changed
PHRASES = 300_000  # of five words: fewer, and texts are alike as no texts are, which DuckDB packs badly (DICT_FSST)
BATCH = 20_000  # articles that are filled in at once
OUTLETS = 50


@dataclass(frozen=True, slots=True)
class Options:
    scratch: Path
    sizes: tuple[int, ...]
    seconds: int
    bulk: int


# --- rows


class Writer:
    """Makes articles of 4 KB out of words that are as unevenly frequent as words are. The same seed makes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        vocabulary = ["".join(self._random.choices("etaoinshrdlucmfwypvbgk", k=self._random.randint(2, 11))) for _ in range(30_000)]
        weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
        drawn = iter(self._random.choices(vocabulary, weights, k=5 * PHRASES))
        self.phrases = [" ".join(next(drawn) for _ in range(5)) for _ in range(PHRASES)]

    def text(self) -> str:
        drawn = self._random.choices(self.phrases, k=120)
        return ".\n\n".join(" ".join(drawn[at : at + 12]) for at in range(0, 120, 12))

    def run_files(self, folder: Path, numbers: list[int], at: datetime, run_id: str) -> None:
        """What a run leaves of the articles of these ``numbers``, fetched at ``at``."""
        folder.mkdir(parents=True)
        cut = tuple(RemovedBlock(place, f"Read also: {self.phrases[place]}", "generic", "link list") for place in range(3))
        dates = tuple(DateCandidate(source, at.isoformat(), at, "second", source == "json_ld") for source in ("json_ld", "meta", "feed"))
        captures, articles, requests = [], [], []
        for number in numbers:
            outlet, url = _outlet(number), f"https://{_outlet(number)}.example/{number}"
            key, name = f"{outlet}:{number}", f"{number}@{at.isoformat()}"
            text = self.text()
            captures.append(Capture(name, outlet, url, url, key, at, 200, "text/html", "x.warc.gz", number, 9, name))
            requests.append(Request(run_id, outlet, url, "article", at, 200, None, 100, 60_000))
            articles.append(
                Article(
                    *(key, outlet, url, name, at, f"Headline {number} of {at:%H:%M:%S}", text, len(text.split())),
                    canonical_url=url,
                    authors=("A. Writer",),
                    published_at=at,
                    published_precision="second",
                    published_source="json_ld",
                    language="en",
                    extractor="bench",
                    removed_blocks=cut,
                    date_evidence=dates,
                )
            )
        for file, rows in (("captures", captures), ("articles", articles), ("requests", requests)):
            write_rows(folder / f"{file}.jsonl", rows)


def _outlet(number: int) -> str:
    return f"outlet_{number % OUTLETS}"


FILL = """
CREATE OR REPLACE TEMP TABLE filled AS
SELECT number, string_agg(phrase, ' ') AS text
FROM (SELECT number, unnest(range(120)) AS place FROM range($first, $last) AS numbers(number))
JOIN phrases ON phrases.id = hash(number, place) % 300000 GROUP BY number;

CREATE OR REPLACE TEMP TABLE facts AS
SELECT number, text, 'outlet_' || (number % 50) AS outlet, outlet || ':' || number AS article_id,
       'https://' || outlet || '.example/' || number AS url, number || '@filled' AS capture_id,
       $noon - to_minutes((number % 500000)::INT) AS seen_at
FROM filled;

INSERT INTO store.articles BY NAME
SELECT article_id, outlet, url, url AS canonical_url, 'Headline ' || number AS title, ['A. Writer'] AS authors, seen_at AS published_at,
       'second' AS published_precision, 'json_ld' AS published_source, 'en' AS language, []::VARCHAR[] AS tags, text, 660 AS word_count,
       FALSE AS is_paywalled, seen_at AS last_changed_at, 1 AS revision, 'bench' AS extractor, capture_id, sha256(text) AS text_sha256,
       sha256(url) AS facts_sha256, 'article' AS kind, '' AS kind_rule, FALSE AS dates_disagree
FROM facts;
INSERT INTO store.sightings BY NAME SELECT article_id, seen_at AS first_seen_at, seen_at AS last_seen_at FROM facts;
INSERT INTO store.revisions BY NAME
SELECT article_id, 1 AS revision, seen_at AS captured_at, 'Headline ' || number AS title, text, sha256(text) AS text_sha256,
       'new' AS change, 660 AS words_added, 0 AS words_removed, capture_id
FROM facts;
INSERT INTO store.removed_blocks BY NAME
SELECT article_id, 1 AS revision, place AS position, 'Read also: number ' || number AS text, 'generic' AS reason, 'link list' AS "rule"
FROM facts, range(3) AS places(place);
INSERT INTO store.date_evidence BY NAME
SELECT article_id, source, seen_at::VARCHAR AS raw, seen_at AS value, 'second' AS precision, source = 'json_ld' AS chosen,
       'published' AS about
FROM facts, (VALUES ('json_ld'), ('meta'), ('feed')) AS sources(source);
INSERT INTO store.links BY NAME
SELECT md5_number_lower(url) AS url_hash, md5_number_lower(article_id) AS article_hash, url, outlet, article_id, 'feed' AS source,
       'https://' || outlet || '.example/feed' AS source_url,
       seen_at AS discovered_at, 'second' AS published_precision, 'loaded' AS state, seen_at AS visited_at, 0 AS attempts
FROM facts;
INSERT INTO store.requests BY NAME
SELECT 'filled' AS run_id, outlet, url, 'article' AS kind, 200 AS status, seen_at AS started_at, 100 AS duration_ms, 60000 AS bytes
FROM facts;
INSERT INTO store.captures BY NAME
SELECT capture_id, outlet, url, url AS final_url, article_id, seen_at AS captured_at, 200 AS status, 'text/html' AS content_type,
       'x.warc.gz' AS file, number AS "offset", 9 AS length, sha256(capture_id) AS sha256, FALSE AS partial, 'feed' AS link_source,
       'none' AS link_published_precision
FROM facts;
"""


def fill(path: Path, size: int, writer: Writer) -> None:
    """Let the warehouse at ``path`` hold ``size`` articles, with all that belongs to them; straight into the tables, for speed."""
    with writing(path) as db:
        have = db.execute("SELECT count(*) FROM store.articles").fetchone()
        db.execute("CREATE TEMP TABLE phrases (id BIGINT, phrase VARCHAR)")
        lines = path.with_name("phrases.jsonl")
        lines.write_text("\n".join(json.dumps({"id": place, "phrase": text}) for place, text in enumerate(writer.phrases)))
        db.execute(f"INSERT INTO phrases FROM '{lines}'")
        for first in range(have[0] if have else 0, size, BATCH):
            for part in db.extract_statements(FILL):
                given = {"first": first, "last": min(first + BATCH, size), "noon": NOON}
                db.execute(part, {name: given[name] for name in part.named_parameters})
            db.execute("CHECKPOINT")


def load_run(path: Path, folder: Path, run_id: str) -> float:
    """Load the run in ``folder`` as `newsmill ingest` does: open, merge, checkpoint, close. Returns seconds."""
    began = time.perf_counter()
    with writing(path) as db:
        begin_run(db, run_id, "ingest", [], NOON)
        load(db, folder, run_id)
    return time.perf_counter() - began


# --- sections


def load_and_publish(options: Options) -> list[Table]:
    """500 articles, 50 of them changed ones, into tables of each size: flat within 1.5 (load) and 2 (publish)."""
    table = Table("articles", "load s", "publish s", "publish whole s", "rows published", "warehouse MB", "published MB", "peak MB")
    table.title = f"{NEW} articles into n: medians of five"
    writer, home = Writer(), options.scratch / "load"
    path, published = home / "warehouse.duckdb", home / "published" / "newsmill.duckdb"
    home.mkdir(parents=True, exist_ok=True)
    at, firsts = NOON, []
    for size in options.sizes:
        fill(path, size, writer)
        began = time.perf_counter()
        publish(path, published, NOON)
        whole, loads, publishes, rows = time.perf_counter() - began, [], [], 0
        for turn in range(7):
            at += timedelta(hours=1)
            numbers = [10_000_000 + size + turn * NEW + i for i in range(NEW - AGAIN)] + [turn * AGAIN + i for i in range(AGAIN)]
            writer.run_files(home / f"run-{size}-{turn}", numbers, at, f"run-{size}-{turn}")
            loads.append(load_run(path, home / f"run-{size}-{turn}", f"run-{size}-{turn}"))
            began = time.perf_counter()
            rows = publish(path, published, at).rows or -1
            publishes.append(time.perf_counter() - began)
        firsts.append((statistics.median(loads[2:]), statistics.median(publishes[2:])))  # the first two make the second copy
        table.add_row(
            *(f"{size:,}", f"{firsts[-1][0]:.2f} ({firsts[-1][0] / firsts[0][0]:.2f} ×)"),
            *(f"{firsts[-1][1]:.2f} ({firsts[-1][1] / firsts[0][1]:.2f} ×)", f"{whole:.1f}", f"{rows:,}"),
            *(f"{path.stat().st_size / 1e6:,.0f}", f"{published.stat().st_size / 1e6:,.0f}", _peak()),
        )
    return [table]


READER = """
import json, sys, time
import duckdb
path, seconds, keeps = sys.argv[1], float(sys.argv[2]), sys.argv[3] == "keeps"
ASK = "SELECT count(*), count(DISTINCT article_id), max(last_changed_at)::VARCHAR, count(title) FROM articles"
MATCH = "SELECT count(*) FROM articles ANTI JOIN revisions USING (article_id, revision)"
reads, errors, torn, seen = [], [], 0, []
def opened():
    db = duckdb.connect(path, read_only=True)
    db.execute("SET enable_progress_bar = false")
    return db
kept = opened() if keeps else None
first = kept.execute(ASK).fetchall() if kept else None
print("began", flush=True)
end = time.time() + seconds
while time.time() < end:
    began = time.time()
    try:
        db = kept or opened()
        rows = db.execute(ASK).fetchall()
        (count, distinct, newest, texts), lost = rows[0], db.execute(MATCH).fetchone()[0]
        torn += count != distinct or texts != count or lost > 0 or (kept is not None and rows != first)
        if not kept:
            db.close()
            seen.append((began, count))
        reads.append(time.time() - began)
        time.sleep(0.2)
    except Exception as error:
        errors.append(str(error)[:200])
print(json.dumps({"reads": reads, "errors": errors, "torn": torn, "seen": seen}))
"""


def readers(options: Options) -> list[Table]:
    """One load a second beside four readers, two of which keep their connection for the whole time."""
    home, writer = options.scratch / "readers", Writer()
    path, published = home / "warehouse.duckdb", home / "published" / "newsmill.duckdb"
    home.mkdir(parents=True, exist_ok=True)
    fill(path, 50_000, writer)
    for turn in range(options.seconds):
        writer.run_files(home / f"run-{turn}", [20_000_000 + turn * 50 + i for i in range(50)], NOON + timedelta(minutes=turn), f"r{turn}")
    publish(path, published, NOON)
    command = [sys.executable, "-c", READER, str(published), str(options.seconds)]
    children = [subprocess.Popen([*command, kind], stdout=subprocess.PIPE, text=True) for kind in ("keeps", "keeps", "opens", "opens")]
    for child in children:
        assert child.stdout and child.stdout.readline() == "began\n"
    began, loaded, took = time.time(), [], []
    for turn in range(options.seconds):
        time.sleep(max(0.0, began + turn - time.time()))
        start = time.time()
        load_run(path, home / f"run-{turn}", f"r{turn}")
        loaded.append((time.time(), 50_000 + 50 * (turn + 1)))
        publish(path, published, NOON)
        took.append(time.time() - start)
    said = [json.loads(child.communicate()[0]) for child in children]
    table = Table("reader", "reads", "errors", "inconsistent", "p50 s", "p95 s", "stale p50 s", "stale p95 s", "most stale s")
    table.title = f"a load of 50 articles and a publication each second for {options.seconds} s, into 50,000"
    for name, each in zip(("keeps", "keeps", "opens", "opens"), said, strict=True):
        stale = [max([at - done for done, count in loaded if done <= at and count > seen], default=0.0) for at, seen in each["seen"]]
        shown = [f"{value:.2f}" for value in (_part(stale, 0.5), _part(stale, 0.95), max(stale))] if stale else ["–", "–", "–"]
        reads = each["reads"]
        table.add_row(
            *(name, str(len(reads)), str(len(each["errors"])), str(each["torn"])),
            *(f"{_part(reads, 0.5):.3f}", f"{_part(reads, 0.95):.3f}", *shown),
        )
    late = Table("load and publish p50 s", "p95 s", "most s", "all done after s", title="the writer")
    late.add_row(f"{_part(took, 0.5):.2f}", f"{_part(took, 0.95):.2f}", f"{max(took):.2f}", f"{loaded[-1][0] - began:.1f}")
    return [table, late]


ARROW = """
import sys, time
sys.path.insert(0, sys.argv[1])
import duckdb, pyarrow
source = duckdb.connect(sys.argv[2], read_only=True)
rows = source.execute("SELECT * EXCLUDE (row_version) FROM store.articles").to_arrow_table()
made = source.execute("SELECT sql FROM duckdb_tables() WHERE table_name = 'articles'").fetchone()[0]
source.close()
db = duckdb.connect()
db.execute("SET enable_progress_bar = false")
db.execute(f"ATTACH '{sys.argv[3]}' AS w (STORAGE_VERSION 'v1.5.0')")
db.execute("USE w; CREATE SCHEMA store; CREATE SEQUENCE store.row_versions")
db.execute(made)
began = time.perf_counter()
db.execute("INSERT INTO store.articles BY NAME FROM rows")
db.execute("CHECKPOINT w")
print(rows.num_rows / (time.perf_counter() - began))
"""


def bulk(options: Options) -> list[Table]:
    """100,000 articles at once, beside DuckDB's own insert of the same rows as Arrow into the same table."""
    home, writer, count = options.scratch / "bulk", Writer(), options.bulk
    path = home / "warehouse.duckdb"
    home.mkdir(parents=True, exist_ok=True)
    writer.run_files(home / "run", list(range(count)), NOON, "run")
    seconds = load_run(path, home / "run", "run")
    arrow = home / "arrow"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(arrow), "pyarrow"]
    subprocess.run(pip, check=True)
    done = subprocess.run([sys.executable, "-c", ARROW, str(arrow), str(path), str(home / "arrow.duckdb")], check=True, capture_output=True)
    packed, raw = _packed(home / "run" / "articles.jsonl")
    table = Table("articles", "load s", "rows/s", "Arrow rows/s", "ratio", "file MB", "texts MB", "texts gzipped MB", "peak MB")
    table.title = "bulk: articles, revisions, captures, requests, removed blocks, dates, beside articles alone as Arrow"
    rate, other = count / seconds, float(done.stdout)
    table.add_row(
        *(f"{count:,}", f"{seconds:.1f}", f"{rate:,.0f}", f"{other:,.0f}", f"{rate / other:.2f}"),
        *(f"{path.stat().st_size / 1e6:,.0f}", f"{raw / 1e6:,.0f}", f"{packed / 1e6:,.0f}", _peak()),
    )
    return [table]


def _packed(articles: Path) -> tuple[int, int]:
    """Bytes of the texts, gzipped by a thousand and as they are."""
    packed = raw = 0
    batch: list[str] = []
    with articles.open(encoding="utf-8") as lines:
        for line in lines:
            batch.append(json.loads(line)["text"])
            if len(batch) == 1000:
                text, batch = "\n".join(batch).encode(), []
                packed, raw = packed + len(gzip.compress(text, 6)), raw + len(text)
    return packed, raw


def _part(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f}"


SECTIONS: dict[str, Callable[[Options], list[Table]]] = {
    "load": load_and_publish,
    "readers": readers,
    "bulk": bulk,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], default=[], metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--scratch", type=Path, help="a folder for the files; they are kept")
    parser.add_argument("--seconds", type=int, default=60, help="of readers beside loads")
    parser.add_argument("--bulk", type=int, default=100_000, help="articles of the bulk load")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        options = Options(given.scratch or Path(scratch), tuple(given.sizes), given.seconds, given.bulk)
        for name in given.sections or SECTIONS:
            for table in SECTIONS[name](options):
                Console(width=140).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
