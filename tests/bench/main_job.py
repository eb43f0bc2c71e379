"""The main job on real pages: outlets' files in, published rows out, scored against gold beside bare trafilatura.

    .venv/bin/python tests/bench/main_job.py [CORPUS …]

Each corpus is served as whole outlets by the replay proxy; `newsmill ingest` runs twice, the second time with nothing new.
Bare trafilatura reads the very same files in the same run, comments off, else as it comes.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import duckdb
import trafilatura
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))
import replay


def bare_trafilatura(corpus: Path, out: Path) -> Path:
    with out.open("w", encoding="utf-8") as lines:
        for row in replay.gold(corpus):
            document = trafilatura.bare_extraction(
                replay.page_file(corpus, row).read_bytes(), url=row["url"], include_comments=False, with_metadata=True
            )
            if document is not None:
                facts = {"url": row["url"], "text": document.text, "title": document.title, "date": document.date}
                lines.write(json.dumps(facts) + "\n")
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", type=Path, default=[replay.SHARED / "corpus" / name for name in ("fundus_eval", "aeb")])
    table = Table(
        "corpus", "engine", "pages", "missing", "precision", "recall", "F1", "date", "title", title="text, dates and titles against gold"
    )
    runs = Table("corpus", "run", "seconds", "discovered", "sum of states", "states", "requests", title="the runs")
    worse = False
    for corpus in parser.parse_args().corpora:
        with tempfile.TemporaryDirectory() as scratch, replay.served(corpus) as env:
            home, files = Path(scratch) / "home", replay.outlets(corpus, Path(scratch) / "outlets")
            for name in ("first", "nothing new"):
                done = replay.run([replay.NEWSMILL, "ingest", "--home", home, "--outlets", files, "-q"], env)
                if done.code != 0:
                    print(done.output)
                    return 1
                with duckdb.connect(home / "published" / "newsmill.duckdb", read_only=True) as db:
                    states = db.execute("SELECT state, count(*)::INT FROM links GROUP BY ALL ORDER BY ALL").fetchall()
                    found, requests = db.execute("SELECT discovered, requests FROM runs ORDER BY started_at DESC").fetchone() or (0, 0)
                total = sum(count for _, count in states)
                shown = ", ".join(f"{state} {count}" for state, count in states)
                runs.add_row(corpus.name, name, f"{done.seconds:.1f}", str(found), str(total), shown, str(requests))
            scores = {
                "newsmill": replay.score(corpus, home / "published" / "newsmill.duckdb"),
                "trafilatura": replay.score(corpus, bare_trafilatura(corpus, Path(scratch) / "bare.jsonl")),
            }
        for engine, got in scores.items():
            names = ("gold_pages", "missing", "precision", "recall", "f1", "date", "title")
            table.add_row(corpus.name, engine, *("" if got[name] is None else str(got[name]) for name in names))
        worse |= scores["newsmill"]["missing"] != 0 or float(str(scores["newsmill"]["f1"])) < float(str(scores["trafilatura"]["f1"]))
    console = Console(width=150)
    console.print(table, runs)
    return int(worse)


if __name__ == "__main__":
    raise SystemExit(main())
