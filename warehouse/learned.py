"""What was learned of outlets: profiles out of the tables, and which outlets' pages have something to teach now."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from warehouse.contracts import Article, Capture, Learned, Learning, Profile, columns
from warehouse.stage import run, stage
from warehouse.transaction import transaction

FEWEST = 3  # pages from which an outlet is learned the first time: with the pages read left out, three teach enough (P 98.2, F1 96.6)
MORE = 5  # new pages after which it may be learned again
MOST_NEW = 50  # pages after which it is learned again, however many it was learned from
FEW_UNREAD = 3  # pages of a run that fit no profile: a new layout, if they are half of it
SAMPLE = 40  # pages that teach; more have added nothing to what the rules are
READINGS = ("outlet", "article_id", "capture_id", "captured_at", "profile_version")

_LEARNED = ("body", "lead", "drop", "furniture", "names")


def known_profiles(db: duckdb.DuckDBPyConnection, outlets: Sequence[str], is_every: bool = False) -> dict[str, list[Profile]]:
    """The profiles of ``outlets``, newest first: of each layout the newest, or every version. Outlets without one are left out."""
    answer = run(db, "known_profiles", {"outlets": list(outlets), "is_every": is_every})
    names = [column[0] for column in answer.description]
    found: dict[str, list[Profile]] = {}
    for row in answer.fetchall():
        profile = to_profile(dict(zip(names, row, strict=True)))
        found.setdefault(profile.outlet, []).append(profile)
    return found


def to_profile(record: dict[str, object]) -> Profile:
    """The profile of a row of ``store.profiles`` or of the view ``profiles``."""
    facts = {name: record[name] for name in columns(Profile)}
    learned = {name: tuple(Learned(**each) for each in facts[name]) for name in _LEARNED}  # type: ignore[attr-defined]
    return Profile(**(facts | learned))  # type: ignore[arg-type]


def stage_run(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Lay out what the run in ``folder`` fetched and read, for ``due`` and ``sample``; nothing, if it fetched nothing."""
    stage(db, "staged_captures", Capture, [folder / "captures.jsonl"])
    stage(db, "staged_readings", Article, [folder / "articles.jsonl"], READINGS)


def due(db: duckdb.DuckDBPyConnection, outlets: Sequence[str]) -> list[str]:
    """Those of ``outlets`` that the staged pages give reason to learn now."""
    limits = {"fewest": FEWEST, "more": MORE, "most": MOST_NEW, "few_unread": FEW_UNREAD}
    return [outlet for (outlet,) in run(db, "learning_due", {"outlets": list(outlets), **limits}).fetchall()]


def sample(db: duckdb.DuckDBPyConnection, outlets: Sequence[str]) -> list[Capture]:
    """The captures from which ``outlets`` are learned: the newest of the staged and the stored ones."""
    answer = run(db, "learning_sample", {"outlets": list(outlets), "sample": SAMPLE})
    names = [column[0] for column in answer.description]
    return [Capture(**dict(zip(names, row, strict=True))) for row in answer.fetchall()]


def store(db: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Merge ``profiles.jsonl`` and ``learnings.jsonl`` of ``folder`` into the tables."""
    stage(db, "staged_profiles", Profile, [folder / "profiles.jsonl"])
    stage(db, "staged_learnings", Learning, [folder / "learnings.jsonl"])
    with transaction(db):
        run(db, "merge_profiles")
