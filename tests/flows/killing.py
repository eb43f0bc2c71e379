"""The whole pipeline, killed at any moment: ``.venv/bin/python -m tests.flows.killing --rounds 200 --seed 1``.

A round: a home of one of three kinds, ``newsmill ingest`` on it, a blow at a drawn moment, up to four more into the runs that mend what the
one before has left; then a run undisturbed. It must end well, and every consumer table must equal that of a home that was never hit:
nothing lost, nothing double. Loads, publications and migrations of many rows are hit by ``tests.warehouse.killing``.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import psutil

from flows.progress import Reporter
from flows.settings import Settings
from flows.upkeep import check_home
from spiders.demo.server import Newspapers
from tests.flows.conftest import Desk, clean_env
from tests.flows.equal_tables import Tables, read_tables
from warehouse.connect import writing
from warehouse.migrate import LEDGER, _digest, sql_files

# A stage lasts from the line that the one before it prints to its own. The first brings the schema up, or makes it.
STAGES = ("discover", "plan", "read", "learn", "load", "check", "publish", "end")
OFTEN = {"discover": 3, "plan": 1, "read": 5, "learn": 2, "load": 4, "check": 1, "publish": 3, "end": 1}
STARTS = {"empty": "no file yet", "held": "one edition loaded", "old": "the same, in the first release's schema"}
VICTIMS = {
    "all": "every process at once",
    "run": "the run's own process",
    "group": "its process group: all but the crawler",
    "crawler": "the crawler alone",
    "reader": "one that reads pages",
    "SIGTERM": "a polite stop",
    "SIGINT": "Ctrl-C",
}
MOST_BLOWS = 5
LONGEST = 300  # seconds that any run may take
SITTING = 20 * 60  # seconds with one set of newspapers: after half an hour articles are visited again, and no two homes would agree


@dataclass(frozen=True, slots=True)
class Blow:
    """Whom it hits, in which stage, and after what share of the time that the stage takes."""

    victim: str
    stage: str
    share: float


def draw(dice: random.Random) -> Blow:
    stage = dice.choices(list(OFTEN), list(OFTEN.values()))[0]
    victims = [name for name in VICTIMS if name != "reader" or stage in ("read", "learn")]
    victims = [name for name in victims if name != "crawler" or stage in ("discover", "read")]
    return Blow(dice.choice(victims), stage, dice.uniform(0, 1.1))


class Sitting:
    """The newspapers, the three kinds of home, what becomes of each undisturbed, and how long its stages take."""

    def __init__(self, papers: Newspapers, scratch: Path, starts: tuple[str, ...] = tuple(STARTS)) -> None:
        self._papers, self._scratch = papers, scratch
        self.expected: dict[str, Tables] = {}
        self.seconds: dict[str, Mapping[str, float]] = {}
        self._templates: dict[str, Path] = {}
        papers.edition = 1
        for start in starts:
            self._templates[start] = self._made(start)
        papers.edition = 2
        for start in starts:
            with self.desk(start, "undisturbed") as desk:
                self.seconds[start] = timed(desk)
                self.expected[start] = read_tables(desk.home / "published" / "newsmill.duckdb")

    @contextmanager
    def desk(self, start: str, name: str) -> Iterator[Desk]:
        """A home of that kind, for as long as the context lasts."""
        desk = Desk(self._papers, self._scratch / f"{name}-{start}")
        if start != "empty":
            shutil.copytree(self._templates[start], desk.home)
        yield desk
        shutil.rmtree(desk.folder)

    def _made(self, start: str) -> Path:
        desk = Desk(self._papers, self._scratch / f"template-{start}")
        if start == "empty":
            return desk.home
        if start == "old" and "held" in self._templates:
            shutil.copytree(self._templates["held"], desk.home)
        else:
            timed(desk)
        if start == "old":
            make_old(desk.home)
        return desk.home


def make_old(home: Path) -> None:
    """Put the tables of ``home`` into a file as the first release made it, as far as it had their columns."""
    first, path = sql_files("migrations")[0], home / "old.duckdb"
    with writing(home / "warehouse.duckdb"):
        pass
    with duckdb.connect() as db:
        db.execute(f"ATTACH '{home / 'warehouse.duckdb'}' AS new (READ_ONLY)")
        db.execute(f"ATTACH '{path}' AS old (STORAGE_VERSION 'v1.5.0')")
        db.execute("USE old")
        db.execute(LEDGER + first.read_text(encoding="utf-8"))
        db.execute("INSERT INTO schema_history.migrations VALUES (1, ?, ?, now())", [first.name, _digest(first)])
        names: dict[str, list[str]] = {}
        listed = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'old' AND schema_name = 'store'"
        for table, column in db.execute(f"{listed} ORDER BY table_name, column_index").fetchall():
            names.setdefault(table, []).append(f'"{column}"')
        for table, columns in names.items():
            db.execute(f"INSERT INTO old.store.{table} BY NAME SELECT {', '.join(columns)} FROM new.store.{table}")
        db.execute("UPDATE store.articles SET story_id = NULL, duplicate_of = NULL")
        db.execute("DELETE FROM store.stories")
    path.replace(home / "warehouse.duckdb")
    shutil.rmtree(home / "published")


class Watched:
    """``newsmill ingest`` in a process group of its own; ``ended`` tells of each stage when its line has been printed."""

    def __init__(self, desk: Desk) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            desk.command("ingest"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_env(),
            cwd=desk.folder,
            start_new_session=True,
        )
        self.ended = {stage: threading.Event() for stage in STAGES}
        self.at: dict[str, float] = {}
        self.words: list[str] = []
        self._readers = [threading.Thread(target=self._listen, args=(pipe,)) for pipe in (self.process.stdout, self.process.stderr)]
        for reader in self._readers:
            reader.start()

    def _listen(self, pipe: Iterator[str]) -> None:
        for line in pipe:
            self.words.append(line)
            stage = line.split(" ")[0]
            if stage in self.ended:
                self.at[stage] = time.monotonic() - self.began
                self.ended[stage].set()

    def wait(self) -> int:
        """Its exit code, when it and all that holds its pipes have ended."""
        code = self.process.wait(LONGEST)
        for reader in self._readers:
            reader.join(LONGEST)
        self.at["end"] = time.monotonic() - self.began
        for event in self.ended.values():
            event.set()
        return code

    def said(self) -> str:
        return "".join(self.words)


def timed(desk: Desk) -> Mapping[str, float]:
    """Run it undisturbed. Returns how many seconds each stage took."""
    run = Watched(desk)
    assert run.wait() == 0, run.said()
    ends = [0.0, *(run.at[stage] for stage in STAGES)]
    return {stage: max(0.0, end - start) for stage, start, end in zip(STAGES, ends, ends[1:], strict=False)}


def strike(desk: Desk, blow: Blow, seconds: Mapping[str, float]) -> str:
    """Run it and hit it. Returns whom it met: "ended before", if it was too late."""
    run = Watched(desk)
    before = STAGES.index(blow.stage) - 1
    if before >= 0:
        _await(run, STAGES[before])
    with suppress(subprocess.TimeoutExpired):
        run.process.wait(blow.share * seconds[blow.stage])
    met = "ended before" if run.process.poll() is not None else _hit(run, blow.victim)
    code = run.wait()
    if code == 0 and met in ("all", "run", "group"):
        met = "ended before"  # in the moment of the blow
    if code != -9:  # else its reading processes, that were just starting, may complain of multiprocessing's locks that are gone
        assert "Traceback" not in run.said(), run.said()
    assert code in _CODES[met], f"exit {code} after {met}: {run.said()}"
    return met


_CODES = {
    "ended before": (0,),
    "all": (-9,),
    "run": (-9,),
    "group": (-9,),
    "crawler": (0, 2),  # 0, if it had nothing left to do
    "reader": (0,),
    "SIGTERM": (143, -15, 0),  # -15: before newsmill has said what it wants done; 0: when all was done
    "SIGINT": (130, -2, 1, 0),
}


def _await(run: Watched, stage: str) -> None:
    deadline = time.monotonic() + LONGEST
    while not run.ended[stage].wait(0.02) and run.process.poll() is None:
        assert time.monotonic() < deadline, run.said()


def _hit(run: Watched, victim: str) -> str:
    mine = psutil.Process(run.process.pid)
    if victim in ("SIGTERM", "SIGINT"):
        run.process.send_signal(signal.Signals[victim])
        return victim
    with suppress(psutil.Error):
        others = mine.children(recursive=True)
        chosen = [other for other in others if _is(victim, other)]
        if victim == "crawler" and chosen:
            chosen[0].kill()
            return victim
        if victim == "reader" and chosen:
            chosen[-1].kill()
            return victim
        if victim == "all":
            mine.suspend()  # or it would see the others die
            for other in others:
                with suppress(psutil.Error):
                    other.kill()
    if victim == "group":
        os.killpg(run.process.pid, signal.SIGKILL)
        return victim
    run.process.kill()
    return "all" if victim == "all" else "run"


def _is(victim: str, process: psutil.Process) -> bool:
    try:
        words = " ".join(process.cmdline())
        if victim == "crawler":
            return "-m spiders" in words
        return "forkserver" in words and "forkserver" in " ".join(process.parent().cmdline())
    except (psutil.Error, AttributeError):
        return False


def check(desk: Desk, expected: Tables) -> None:
    """What must be so, whatever hit the runs before: the next run ends well, and what it leaves is what an undisturbed one leaves."""
    run = Watched(desk)
    code = run.wait()
    assert code == 0, f"exit {code}: {run.said()}"
    # One that was just being made or removed when it was killed is hidden, holds nothing that anyone needs, and goes when it is older
    left = [folder.name for folder in (desk.home / "runs").iterdir() if not folder.name.startswith(".")]
    assert not left, f"{left} are left: {run.said()}"
    found = expected.differences(read_tables(desk.home / "published" / "newsmill.duckdb"))
    assert not found, "\n".join([*found[:40], run.said()])
    flaws = check_home(desk.home, Settings(desk.home, "", ""), True, Reporter()).flaws
    assert not flaws, flaws


Hits = Counter[tuple[str, str, str]]  # kind of home, stage, by what


def rounds(count: int, seed: int, starts: tuple[str, ...] = tuple(STARTS), say: bool = False) -> tuple[Hits, list[str]]:
    """Play them. Returns what was hit how often, and what was wrong then."""
    dice, hits, wrong = random.Random(seed), Hits(), list[str]()
    number = 0
    while number < count:
        until = time.monotonic() + SITTING
        with tempfile.TemporaryDirectory() as scratch, Newspapers(datetime.now(UTC)) as papers:
            sitting = Sitting(papers, Path(scratch), starts)
            while number < count and time.monotonic() < until:
                number += 1
                if said := _played(sitting, dice, hits):
                    wrong.append(f"round {number} of seed {seed}: {said}")
                if say:
                    print(f"{number} rounds, {_killed(hits)} blows, {len(wrong)} wrong", *([wrong[-1]] if said else []), flush=True)
    return hits, wrong


def _played(sitting: Sitting, dice: random.Random, hits: Hits) -> str:
    """One round. Returns what was wrong, if anything was."""
    start = dice.choice(list(sitting.expected))
    blows = [draw(dice) for _ in range(dice.randint(1, MOST_BLOWS))]
    with sitting.desk(start, "round") as desk:
        try:
            for blow in blows:
                hits[start, blow.stage, strike(desk, blow, sitting.seconds[start])] += 1
            check(desk, sitting.expected[start])
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return f"{start}, {blows}: {error}"
    return ""


def _killed(hits: Hits) -> int:
    return sum(count for (_, _, what), count in hits.items() if what != "ended before")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    hits, wrong = rounds(given.rounds, given.seed, say=True)
    for place, title in ((2, "by what"), (1, "in which stage"), (0, "on which home")):
        counts = Counter[str]()
        for facts, count in hits.items():
            counts[facts[place]] += count
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    print(f"{_killed(hits)} blows in {given.rounds} rounds, {len(wrong)} of which left something wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
