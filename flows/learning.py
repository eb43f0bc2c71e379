"""Learning as a step: from which captures which outlets are learned, and this run's pages read again with what they taught."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows.home import hold_warehouse
from flows.progress import Stage
from flows.run import Run
from flows.steps import Lines, begin, publish
from warehouse import learned
from warehouse.connect import writing
from warehouse.contracts import Article, Capture, Learning, Profile, Rejection, read_rows, write_rows
from warehouse.load import end_run

if TYPE_CHECKING:
    from spiders.reading.sketch import Sketch

Profiles = Mapping[str, Sequence[Profile]]
_FIGURES = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an outlet's ``pages`` taught, of which so many could be ``used``; of ``profiles`` those that are not known yet are ``new``."""

    outlet: str
    pages: int
    used: int
    learned_at: datetime
    profiles: tuple[Profile, ...]
    new: tuple[Profile, ...]


def learn(run: Run) -> None:
    """Learn the outlets of which enough new pages have come: ``profiles.jsonl``, ``learnings.jsonl``; ``articles_again.jsonl`` are this
    run's pages of them, read anew. A run that read nothing does nothing."""
    if not Lines(run.file("articles.jsonl")).count():
        return
    with run.tell.stage("learn") as stage:
        if not run.file("learnings.jsonl").exists():
            with hold_warehouse(run.home), writing(run.home.database) as db:
                learned.stage_run(db, run.folder)
                due = learned.due(db, _learnable(run))
                sample = learned.sample(db, due) if due else []
                known = learned.known_profiles(db, due)
            _write(run, lessons(run, sample, known, stage))
        again = _read_again(run, stage)
        stage.say(_words(run, again))


def learn_stored(run: Run) -> list[Lesson]:
    """Learn all outlets of ``run`` from their stored captures, now; store and publish what is new."""
    begin(run)
    with run.tell.stage("learn") as stage:
        with hold_warehouse(run.home), writing(run.home.database) as db:
            learned.stage_run(db, run.folder)
            sample, known = learned.sample(db, run.slugs), learned.known_profiles(db, run.slugs)
        found = lessons(run, sample, known, stage)
        _write(run, found)
        with hold_warehouse(run.home), writing(run.home.database) as db:
            learned.store(db, run.folder)
            end_run(db, run.id, "done", datetime.now(UTC))
        stage.say(f"{sum(len(lesson.new) for lesson in found)} new profiles from {len(sample)} pages of {len(found)} outlets")
    publish(run)
    return found


def lessons(run: Run, sample: Sequence[Capture], known: Profiles, stage: Stage) -> list[Lesson]:
    """What the captures of ``sample`` teach, by outlet, beside the newest profiles ``known`` of each layout. No captures, no imports."""
    if not sample:
        return []
    captures: defaultdict[str, list[Capture]] = defaultdict(list)
    for capture in sample:
        captures[capture.outlet].append(capture)
    sketches = _sketches(run, sample, stage)
    found = []
    for slug, mine in sorted(captures.items()):
        profiles = _taught(run, slug, sketches[slug])
        new = tuple(profile for profile in profiles if not any(_is_same(profile, other) for other in known.get(slug, ())))
        found.append(Lesson(slug, len(mine), len(sketches[slug]), max(capture.captured_at for capture in mine), profiles, new))
    return found


def _learnable(run: Run) -> list[str]:
    """The outlets whose files do not point at the story: what is learned of the others is not asked for."""
    return [slug for slug in run.slugs if not run.outlets[slug].read.body]


def _sketches(run: Run, sample: Sequence[Capture], stage: Stage) -> Mapping[str, list[Sketch]]:
    from spiders.reading.pool import Limits, sketch_pages

    outlets = {capture.capture_id: capture.outlet for capture in sample}
    found: dict[str, list[Sketch]] = {capture.outlet: [] for capture in sample}
    for count, sketch in enumerate(sketch_pages(sample, run.home.captures, run.outlets, run.workers, Limits())):
        found[outlets[sketch.capture_id]].append(sketch)
        stage.update(count + 1, len(sample))
    return found


def _taught(run: Run, slug: str, sketches: Sequence[Sketch]) -> tuple[Profile, ...]:
    from spiders.reading.learning import learn as learn_from

    try:
        return learn_from(slug, sketches)
    except Exception as error:  # pages that nobody foresaw must not keep what was read from being loaded, at this run and all that follow
        run.tell.note(f"{slug}: nothing could be learned: {type(error).__name__}: {error}")
        return ()


def _is_same(one: Profile, other: Profile) -> bool:
    """Whether both say the same of the same layout. Evidence alone is no new version."""
    return (one.layout, one.is_promoted, _rules(one)) == (other.layout, other.is_promoted, _rules(other))


def _rules(profile: Profile) -> list[list[str]]:
    """Figures are alike: a text that counts or bears a date is printed as the oldest page has it."""
    parts = (profile.body, profile.lead, profile.drop, profile.furniture, profile.names)
    return [sorted(_FIGURES.sub("0", each.rule) for each in part) for part in parts]


def _write(run: Run, found: Sequence[Lesson]) -> None:
    write_rows(run.file("profiles.jsonl"), (profile for lesson in found for profile in lesson.new))
    # the last, since it says that learning is done
    write_rows(run.file("learnings.jsonl"), (Learning(lesson.outlet, lesson.learned_at, lesson.pages) for lesson in found))


def _read_again(run: Run, stage: Stage) -> int:
    """Read this run's pages of the outlets with new profiles, whole or not at all. Returns how many articles that gave."""
    fresh = list(read_rows(Profile, run.file("profiles.jsonl")))
    slugs = {profile.outlet for profile in fresh if profile.is_promoted}
    if not slugs or run.file("articles_again.jsonl").exists():
        return Lines(run.file("articles_again.jsonl")).count()
    with hold_warehouse(run.home), writing(run.home.database) as db:
        known = learned.known_profiles(db, sorted(slugs), run.reads_old_pages)
    captures = (capture for capture in read_rows(Capture, run.file("captures.jsonl")) if capture.outlet in slugs)
    readings = _readings(run, captures, {slug: with_fresh(run, known.get(slug, ()), fresh, slug) for slug in slugs}, stage)
    return write_rows(run.file("articles_again.jsonl"), (reading for reading in readings if isinstance(reading, Article)))


def with_fresh(run: Run, known: Sequence[Profile], fresh: Sequence[Profile], slug: str) -> list[Profile]:
    """The profiles of an outlet with its ``fresh`` ones, which take the place of older ones of their layout unless old pages are read."""
    mine = [profile for profile in fresh if profile.outlet == slug]
    layouts = {profile.layout for profile in mine}
    return [*mine, *(profile for profile in known if run.reads_old_pages or profile.layout not in layouts)]


def _readings(run: Run, captures: Iterator[Capture], profiles: Profiles, stage: Stage) -> Iterator[Article | Rejection]:
    from spiders.reading.pool import Limits, read_pages

    readings = read_pages(captures, run.home.captures, run.outlets, run.workers, Limits(), profiles)
    for count, reading in enumerate(readings):
        stage.update(count + 1)
        yield reading


def _words(run: Run, again: int) -> str:
    learned_of = Lines(run.file("learnings.jsonl")).count()
    if not learned_of:
        return "nothing to learn yet"
    return f"{Lines(run.file('profiles.jsonl')).count()} new profiles from {learned_of} outlets, {again} articles read again"


def as_record(lesson: Lesson) -> dict[str, object]:
    """``lesson`` for JSON."""
    return {
        "outlet": lesson.outlet,
        "pages": lesson.pages,
        "used": lesson.used,
        "layouts": [{**dataclasses.asdict(profile), "is_new": profile in lesson.new} for profile in lesson.profiles],
    }
