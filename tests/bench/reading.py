#!/usr/bin/env python3
"""newsmill's reading beside other extractors': every engine on the same pages in the same run, each in a process of its own.

    .venv/bin/python tests/bench/reading.py [--corpus NAME_OR_DIR …] [--engines NAME …] [--limit N] [--no-peers] [--keep DIR]

A corpus is a folder with ``gold.jsonl`` and ``pages/``. The engines read page by page in turn, so that a busy machine slows them alike;
time is that of the processor, memory the most that the engine's process held. The peers (readability-lxml, newspaper4k, news-please,
resiliparse, jusText) live in an environment of their own, which the first run makes in the user's cache from ``engines/peers.txt``.
"newsmill+profiles" learns from the corpus's own pages, without their gold, one host at a time (three pages at least), then reads.

P, R, F1 (shingles of four words), ROUGE-LSum, with/without, title and date are the scoring script's, called as it is. Two more are
measured here, where Fundus's parsers mark leads (``engines/leads.txt``): "lead", the share of lead paragraphs whose letters and digits
stand anywhere in the text; "lead 1st", the share of those that open it, as paragraphs of their own, in order. Failed: pages on which the
engine crashed or took more than a minute; lost: pages with gold for which it gave no article.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

PROJECT = Path(__file__).resolve().parents[2]
SHARED = (PROJECT / ".." / "shared").resolve()
ENGINES = Path(__file__).with_name("engines")
PEERS = ENGINES / "peers.txt"
CORPORA = ("fundus_eval", "aeb", "fundus", "aed", "fundus_history")
ROUGE = ("fundus_eval",)  # the corpus on which Fundus's paper gives it; it costs 50 ms a page and engine

OURS = ("newsmill+profiles", "newsmill", "trafilatura", "trafilatura-precision", "trafilatura-fast", "trafilatura-metadata")
OTHERS = ("readability", "newspaper4k", "news-please", "resiliparse", "justext")
RIVAL = "trafilatura-metadata"  # what newsmill's speed is told against: the one other row that reads dates and titles with its text

PATIENCE = 60  # seconds for a page; the slowest peer needs 5 on the largest
STARTING = 600  # seconds for an engine's start, learning included
SCORES = {
    **{"missing": "lost", "precision": "P", "recall": "R", "f1": "F1", "rouge_f1": "ROUGE-LSum", "with": "with", "without": "without"},
    **{"title": "title", "date": "date", "lead": "lead", "lead_first": "lead 1st"},
}

Row = dict[str, Any]
Run = tuple["Corpus", list["Worker"]]
Result = tuple["Corpus", list["Worker"], list[Row]]


class CannotRun(Exception):
    """The operator decides: something that the benchmark needs is not there."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Pages with what is known of them."""

    folder: Path
    rows: Sequence[Row]

    @property
    def name(self) -> str:
        return self.folder.name

    def requests(self) -> list[Row]:
        return [{"path": str(self.folder / row["file"]), "url": row["url"], "crawled": row.get("crawl_date") or ""} for row in self.rows]


def read_corpus(told: str, limit: int | None) -> Corpus:
    """The corpus of that name beside the project, or in that folder; its first ``limit`` pages."""
    folder = next((place for place in (SHARED / "corpus" / told, Path(told).absolute()) if (place / "gold.jsonl").exists()), None)
    if folder is None:
        raise CannotRun(f"no corpus {told!r}: neither {SHARED / 'corpus' / told} nor {Path(told).absolute()} holds a gold.jsonl")
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    return Corpus(folder, [row for row in (json.loads(line) for line in lines if line) if row.get("url")][:limit])


# The peers' environment


def environment() -> Path:
    """Where the peers live: one folder for every list of them and every Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    mark = hashlib.sha256(PEERS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    return cache / "newsmill" / "bench" / mark


def made(folder: Path) -> bool:
    return (folder / "made").exists()


def make_environment(folder: Path, console: Console) -> None:
    """Install the peers, all at once or, where that fails, each by itself: what is missing then says so when its engine starts."""
    console.print(f"making the peers' environment in {folder}, about a minute the first time …")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    install = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps"]
    if subprocess.run([*install, "--requirement", str(PEERS)], capture_output=True).returncode:
        for line in PEERS.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#") and (told := subprocess.run([*install, line], capture_output=True, text=True)).returncode:
                console.print(f"[red]{line} cannot be installed: {told.stderr.strip().splitlines()[-1:]}")
    (folder / "made").touch()


# An engine's process


@dataclass(slots=True)
class Worker:
    """An engine in its own process, started anew when it dies."""

    name: str
    python: Path
    environ: dict[str, str]
    pages: list[Row]
    process: subprocess.Popen[bytes] | None = None
    absent: str = ""  # why it does not run at all
    version: str = ""
    learned: int = 0
    learning: float = 0.0
    read_count: int = 0
    seconds: float = 0.0  # spent on the pages that were read; a crash takes no time
    peak: float = 0.0
    failures: list[tuple[str, str]] = field(default_factory=list)  # URL, error
    refused: list[tuple[str, str]] = field(default_factory=list)  # URL, reason
    rows: list[Row] = field(default_factory=list)

    def start(self) -> None:
        command = [str(self.python), str(ENGINES / "worker.py"), self.name]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environ, cwd=self.environ["HOME"]
        )
        told = self.ask({"pages": self.pages}, STARTING) or {"absent": "died at its start"}
        self.absent, self.version = told.get("absent", ""), told.get("version", "")
        self.learned, self.learning = told.get("learned", 0), told.get("learning", 0.0)
        if self.absent:
            self.stop()

    def ask(self, request: Row, patience: float) -> Row | None:
        """The answer, or None from a process that died or took too long; it is dead then."""
        assert self.process and self.process.stdin and self.process.stdout
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        # One line is asked for at a time: nothing else can wait in the reader's buffer.
        ready, _, _ = select.select([self.process.stdout], [], [], patience)
        line = self.process.stdout.readline() if ready else b""
        if not line:
            self.stop()
            return None
        answer: Row = json.loads(line)
        self.peak = max(self.peak, answer["peak"])
        return answer

    def read(self, page: Row) -> None:
        if self.process is None:
            self.start()
            if self.absent:
                return
        answer = self.ask(page, PATIENCE)
        if answer is None:
            self.failures.append((page["url"], f"its process died, or took more than {PATIENCE} s"))
            return
        if answer["error"]:
            self.failures.append((page["url"], answer["error"]))
            return
        self.read_count += 1
        self.seconds += answer["seconds"]
        row = answer["row"] or {"refused": "no article"}
        if "refused" in row:
            self.refused.append((page["url"], row["refused"]))
        else:
            self.rows.append({"url": page["url"], **row})

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None


@contextlib.contextmanager
def offline(home: Path) -> Iterator[dict[str, str]]:
    """The environment of every engine: a home of its own, and proxies at a port that is held and never listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
        names = [name for scheme in ("http", "https", "ftp", "all") for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper())]
        kept = {name: value for name, value in os.environ.items() if name.lower() != "no_proxy"}
        yield kept | dict.fromkeys(names, proxy) | {"HOME": str(home), "XDG_CACHE_HOME": str(home)}


def run(corpus: Corpus, names: Sequence[str], peers: Path | None, home: Path) -> list[Worker]:
    """Every engine on every page, in turn."""
    with offline(home) as environ:
        workers = [
            Worker(name, peers / "bin" / "python" if name in OTHERS and peers else Path(sys.executable), environ, corpus.requests())
            for name in names
        ]
        try:
            for worker in workers:
                if worker.name in OTHERS and peers is None:
                    worker.absent = "not installed"
                else:
                    worker.start()
            shown = Console(stderr=True)
            for page in track(corpus.requests(), f"{corpus.name:15}", console=shown, transient=True, disable=not shown.is_terminal):
                for worker in workers:
                    if not worker.absent:
                        worker.read(page)
        finally:
            for worker in workers:
                worker.stop()
    return workers


# The scores


def flat(text: str) -> str:
    return "".join(re.findall(r"\w+", text)).lower()


def read_leads() -> dict[str, int]:
    """How many paragraphs of a page's gold text are its standfirst."""
    lines = (ENGINES / "leads.txt").read_text(encoding="utf-8").splitlines()
    return {name: int(count) for name, count in (line.split() for line in lines if not line.startswith("#"))}


def lead_scores(corpus: Corpus, rows: Iterable[Row], marked: dict[str, int]) -> Row:
    """The share of lead paragraphs that are in the text, and of those that open it as its first paragraphs."""
    texts = {row["url"]: row["text"] for row in rows}
    kept, first = [], []
    for gold in corpus.rows:
        leads = [flat(part) for part in gold["text"].split("\n\n")[: marked.get(gold["id"], 0)]]
        text = texts.get(gold["url"], "")
        whole, opening = flat(text), set(accumulate(map(flat, text.split("\n"))))
        kept += [lead in whole for lead in leads]
        first += [start in opening for start in accumulate(leads)]
    return {"lead": 100 * sum(kept) / len(kept), "lead_first": 100 * sum(first) / len(first)} if kept else {}


def write_gold(corpus: Corpus, into: Path) -> Path:
    """The gold of the pages that were read, in a folder of the corpus's name, for the scoring script."""
    folder = into / corpus.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in corpus.rows), encoding="utf-8")
    return folder


def score(script: Path, python: Path, corpus: Corpus, gold: Path, worker: Worker, *, rouge: bool) -> Row:
    """What the scoring script says of the engine's texts; nothing of an engine that did not run."""
    if not worker.rows:
        return {}
    articles = gold / f"{worker.name}.jsonl"
    # Lone surrogates are no UTF-8, and no JSON that the script can read.
    lines = (json.dumps(row, ensure_ascii=False).encode(errors="replace") + b"\n" for row in worker.rows)
    articles.write_bytes(b"".join(lines))
    command = [str(python), str(script), "--corpus", str(gold), "--articles", str(articles), "--json", *(["--rouge"] if rouge else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"{script.name}: {done.stderr.strip()[-500:]}")
    told: Row = json.loads(done.stdout)
    says = {column: any(row.get(key) for row in worker.rows) for column, key in (("title", "title"), ("date", "published_at"))}
    told = {column: value for column, value in told.items() if says.get(column, True)}  # none at all: not its job
    return told | lead_scores(corpus, worker.rows, read_leads())


def score_all(runs: Iterable[Run], script: Path, peers: Path | None, into: Path) -> list[Result]:
    """The runs with their scores. Nothing is timed any more: two scripts go at once."""
    python = peers / "bin" / "python" if peers else Path(sys.executable)  # only the peers' environment has rouge-score
    results = []
    with ThreadPoolExecutor(2) as pool:
        for corpus, workers in runs:
            rouge = corpus.name in ROUGE and peers is not None
            one = partial(score, script, python, corpus, write_gold(corpus, into), rouge=rouge)
            results.append((corpus, workers, list(pool.map(one, workers))))
    return results


# The tables


def table_of_scores(results: Sequence[Result]) -> Table:
    shown = Table(title="What the engines make of the pages, in per cent (lost and failed: pages)", title_justify="left")
    shown.add_column("corpus")
    shown.add_column("engine", no_wrap=True)
    for heading in ("failed", *SCORES.values()):
        shown.add_column(heading, justify="right")
    for corpus, workers, scores in results:
        for place, (worker, told) in enumerate(zip(workers, scores, strict=True)):
            title = (corpus.name, f"{len(corpus.rows)} pages")[place] if place < 2 else ""
            if worker.absent or not told:
                shown.add_row(title, f"{worker.name}, {state(worker)}", str(len(worker.failures) or ""))
                continue
            shown.add_row(title, worker.name, str(len(worker.failures) or ""), *(cell(told.get(column)) for column in SCORES))
        shown.add_section()
    return shown


def state(worker: Worker) -> str:
    return "no article" if not worker.absent else worker.absent if len(worker.absent) < 20 else "did not start"


def cell(value: float | None) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else f"{value:.1f}"


def table_of_speed(results: Sequence[Result]) -> Table:
    title = f"Pages a second of one processor, and that beside {RIVAL}'s; the most memory held"
    shown = Table(title=title, title_justify="left")
    headings = ("version", *(corpus.name for corpus, _, _ in results), "all", "learning ms/page", "peak MB")
    shown.add_column("engine", no_wrap=True)
    for heading in headings:
        shown.add_column(heading, justify="right")
    engines = [list(of) for of in zip(*(workers for _, workers, _ in results), strict=True)]
    rival = next((of for of in engines if of[0].name == RIVAL), [])
    for of in engines:
        if not speed_over(of):
            continue
        learned = sum(worker.learned for worker in of)
        shown.add_row(
            of[0].name,
            of[0].version,
            *(beside([worker], rival[place : place + 1]) for place, worker in enumerate(of)),
            beside(of, rival),
            f"{1000 * sum(worker.learning for worker in of) / learned:.1f}" if learned else "",
            f"{max(worker.peak for worker in of):.0f}",
        )
    return shown


def beside(workers: Sequence[Worker], rivals: Sequence[Worker]) -> str:
    speed, rival = speed_over(workers), speed_over(rivals)
    return f"{speed:.1f}" + (f"  ×{speed / rival:.2f}" if rival else "")


def speed_over(workers: Sequence[Worker]) -> float:
    """Pages a second of processor time; pages on which the engine crashed count in neither."""
    seconds = sum(worker.seconds for worker in workers)
    return sum(worker.read_count for worker in workers) / seconds if seconds else 0.0


def notes(results: Sequence[Result]) -> Iterator[str]:
    """Which engines did not run, crashed or gave no article: once for every reason, with a page that shows it."""
    told: dict[tuple[str, str], list[str]] = {}
    for corpus, workers, _ in results:
        for worker in workers:
            if worker.absent:
                told.setdefault((worker.name, worker.absent), []).append(corpus.name)
            for kind, pages in (("failed", worker.failures), ("refused", worker.refused)):
                for url, reason in pages:
                    told.setdefault((worker.name, f"{kind}, {reason[:150]}"), []).append(url)
    for (name, reason), where in told.items():
        yield f"{name}: {reason} ({len(where)} ×, first {where[0]})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", nargs="+", default=CORPORA, metavar="NAME_OR_DIR", help=f"default: {' '.join(CORPORA)}")
    parser.add_argument("--engines", nargs="+", choices=(*OURS, *OTHERS), default=(*OURS, *OTHERS), metavar="NAME", help="default: all")
    parser.add_argument("--limit", type=int, help="so many pages of each corpus, the first")
    parser.add_argument("--no-peers", action="store_true", help="newsmill and trafilatura alone")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave every engine's texts and scores in this folder")
    parser.add_argument("--score", type=Path, default=SHARED / "bench" / "score.py", help="the scoring script")
    args = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            compare(args, Path(scratch))
    except CannotRun as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


def compare(args: argparse.Namespace, scratch: Path) -> None:
    console = Console(width=None if sys.stdout.isatty() else 200)
    if not args.score.exists():
        raise CannotRun(f"no scoring script at {args.score}")
    corpora = [read_corpus(told, args.limit) for told in args.corpus]
    names = [name for name in args.engines if not (args.no_peers and name in OTHERS)]
    folder = environment()
    if not made(folder) and any(name in OTHERS for name in names):
        make_environment(folder, console)
    peers = folder if made(folder) else None  # made once, it serves the scoring of --no-peers too
    runs = [(corpus, run(corpus, names, peers, scratch)) for corpus in corpora]
    results = score_all(runs, args.score, peers, args.keep or scratch)
    console.print(table_of_scores(results), table_of_speed(results), sep="\n")
    for note in notes(results):
        console.print(note, markup=False, highlight=False)


if __name__ == "__main__":
    raise SystemExit(main())
