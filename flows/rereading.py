"""Stored captures read again with today's code and profiles: as a report, or in the place of what was read before."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

import duckdb

from flows.home import Home, hold_warehouse
from flows.progress import Reporter, Stage
from flows.run import Run
from flows.steps import begin, publish
from spiders.ledger import RowFile
from spiders.outlet import Outlet
from warehouse import reread as stored
from warehouse.connect import looking, writing
from warehouse.contracts import Article, Capture, Profile, read_rows
from warehouse.derive import derive
from warehouse.learned import known_profiles
from warehouse.load import end_run
from warehouse.reread import Comparison
from warehouse.transaction import transaction

Opened = Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]]
MOST_WORDS = 3000  # of a text that an example compares: SequenceMatcher is quadratic
LONGEST = 160  # characters of an example's words


@dataclass(frozen=True, slots=True)
class Again:
    """What is read again, where its bodies lie, and where its readings go: ``folder``, some files an outlet."""

    outlets: Mapping[str, Outlet]
    since: datetime | None
    captures: Path
    folder: Path
    workers: int

    def file(self, what: str, slug: str) -> Path:
        return self.folder / f"{what}-{slug}.jsonl"


def reread_dry(home: Home, again: Again, tell: Reporter) -> list[Comparison]:
    """What a reading anew would change of the published tables. Nothing is written but files in ``again.folder``."""
    _read_all(lambda: looking(home.published), again, tell)
    with looking(home.published) as db:
        return [_compared(db, again, slug) for slug in sorted(again.outlets)]


def reread(run: Run, since: datetime | None) -> list[Comparison]:
    """Put today's readings of the stored captures of the run's outlets in the place of the stored ones, all or none, and publish them."""
    begin(run)
    again = Again(run.outlets, since, run.home.captures, run.folder, run.workers)
    _read_all(lambda: _held(run.home), again, run.tell)
    with run.tell.stage("replace") as stage, _held(run.home) as db:
        found = []
        with transaction(db):
            for slug in run.slugs:
                found.append(_compared(db, again, slug))
                stored.replace(db)
            stored.count(db, run.id, found)
            end_run(db, run.id, "done", datetime.now(UTC))
        derive(db)
        stage.say(f"{sum(each.changed for each in found)} articles changed")
    publish(run)
    return found


def difference(before: str, after: str) -> tuple[str, str]:
    """The words that went and the words that came, in short, for a person."""
    old, new = before.split()[:MOST_WORDS], after.split()[:MOST_WORDS]
    went, came = [], []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what != "equal":
            went.append(" ".join(old[i:j]))
            came.append(" ".join(new[k:m]))
    return _shown(went), _shown(came)


def as_record(found: Comparison) -> dict[str, object]:
    """``found`` for JSON: of the examples the words that differ."""
    examples = []
    for example in found.examples:
        went, came = difference(example.before, example.after)
        facts = {"article_id": example.article_id, "gained": example.gained, "lost": example.lost, "words_lost": went, "words_gained": came}
        examples.append(facts)
    return {**dataclasses.asdict(found), "examples": examples}


def _shown(parts: Sequence[str]) -> str:
    text = " … ".join(filter(None, parts))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


@contextmanager
def _held(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with hold_warehouse(home), writing(home.database) as db:
        yield db


def _read_all(opened: Opened, again: Again, tell: Reporter) -> None:
    """Read each outlet's captures into its files. One outlet after the other: all of its profiles are asked, and none of the others'."""
    with tell.stage("reread") as stage:
        done = 0
        for slug in sorted(again.outlets):
            with opened() as db:
                count = stored.write_captures(db, slug, again.since, again.file("captures", slug))
                profiles = known_profiles(db, [slug], is_every=True)
            if count:
                done = _read_outlet(again, slug, profiles, stage, done)
        stage.say(f"{done} pages of {len(again.outlets)} outlets")


def _read_outlet(again: Again, slug: str, profiles: Mapping[str, Sequence[Profile]], stage: Stage, done: int) -> int:
    from spiders.reading.pool import Limits, read_pages

    captures = read_rows(Capture, again.file("captures", slug))
    good, bad = RowFile(again.file("articles", slug)), RowFile(again.file("rejections", slug))
    for reading in read_pages(captures, again.captures, again.outlets, again.workers, Limits(), profiles):
        (good if isinstance(reading, Article) else bad).append(reading)
        done += 1
        stage.update(done)
    return done


def _compared(db: duckdb.DuckDBPyConnection, again: Again, slug: str) -> Comparison:
    return stored.compare(db, slug, again.file("articles", slug), again.file("rejections", slug))
