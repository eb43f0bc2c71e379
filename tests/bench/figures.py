"""What ninety days came to: the tables against what the papers know of themselves."""

from __future__ import annotations

import statistics
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
from rich.console import Console
from rich.table import Table

from tests.bench.papers import BEGAN, DAY, HOUR, TELLS, Paper, Story
from warehouse.pace import AT_MOST

if TYPE_CHECKING:
    from tests.bench.ninety_days import Life

_LASTS = 8 * DAY  # what a trouble leaves in the newest pages is an alarm for so long after it
_SETTLES = 6 * HOUR  # what came so late may still come in


def show(db: duckdb.DuckDBPyConnection, papers: Sequence[Paper], life: Life, until: datetime, every: timedelta, console: Console) -> None:
    """Print the figures as they are now."""
    table = Table(title=f"{(life.now - BEGAN) / DAY:.0f} days, {len(papers)} outlets, every {every}", title_justify="left")
    for name in ("figure", "value", "of what"):
        table.add_column(name, overflow="fold")
    for row in (
        *_news(db, papers, life, every),
        *_requests(db, life),
        *_changes(db, papers, life),
        *_alarms(papers, life),
        *_cost(db, life),
    ):
        table.add_row(*row)
    console.print(table)


def _chances(paper: Paper, life: Life, every: timedelta) -> tuple[list[Story], list[Story]]:
    """The stories that the feed listed at some hour of a run at which it answered; and those of them that no row tells of."""
    polls = [BEGAN + number * every for number in range(life.runs)]
    heard = [at for at in polls if paper.is_heard(at)]
    listed, missed = [], []
    for index, story in enumerate(paper.stories):
        if not story.is_article:
            continue
        first = bisect_left(heard, story.at)
        last = min(paper.leaves_feed(index), story.gone_at or datetime.max.replace(tzinfo=story.at.tzinfo), life.now - _SETTLES)
        if first < len(heard) and heard[first] < last:
            listed.append(story)
            if (paper.slug, story.path()) not in life.rows_at:
                missed.append(story)
    return listed, missed


def _looks(db: duckdb.DuckDBPyConnection) -> dict[str, list[datetime]]:
    """When each outlet's feed was had with its list, in order."""
    looks: dict[str, list[datetime]] = defaultdict(list)
    for outlet, at in db.execute(
        "SELECT outlet, started_at FROM store.requests WHERE kind = 'feed' AND status = 200 ORDER BY started_at"
    ).fetchall():
        looks[outlet].append(at)
    return looks


def _was_seen(paper: Paper, story: Story, looks: Sequence[datetime]) -> bool:
    """Whether a look at the feed had ``story`` in its list."""
    last = min(paper.leaves_feed(story.number - 1), story.gone_at or datetime.max.replace(tzinfo=story.at.tzinfo))
    next_look = bisect_left(looks, story.at)
    return next_look < len(looks) and looks[next_look] < last


def _news(db: duckdb.DuckDBPyConnection, papers: Sequence[Paper], life: Life, every: timedelta) -> list[tuple[str, str, str]]:
    listed, lost, brief, seen, why = 0, 0, 0, 0, Counter[str]()
    delays, looks = [], _looks(db)
    for paper in papers:
        had, missed = _chances(paper, life, every)
        listed += len(had)
        taken_down = [story for story in missed if story.gone_at and story.gone_at - story.at < AT_MOST]
        brief += len(taken_down)
        seen += sum(_was_seen(paper, story, looks[paper.slug]) for story in missed)
        missed = [story for story in missed if story not in taken_down]
        lost += len(missed)
        for story in missed:
            near = next((each.kind for each in paper.troubles if each.start - DAY <= story.at <= each.end + 2 * DAY), None)
            why[f"{near or 'well'}, {paper.slug} {paper.a_day:.0f} a day, feed of {paper.places}, {paper.validators}"] += 1
        delays += [
            (life.rows_at[key] - story.at) / HOUR
            for story in had
            if story.at >= BEGAN and paper.trouble(story.at) is None and (key := (paper.slug, story.path())) in life.rows_at
        ]
    delays.sort()
    told = "; ".join(f"{count} × {what}" for what, count in why.most_common(12))
    p95 = delays[int(0.95 * len(delays))] if delays else 0
    return [
        ("articles missed", f"{lost:,}", f"of {listed:,} that a feed listed while it answered{': ' * bool(told)}{told}"),
        ("… listed at a look", f"{seen:,}", "and still without a row: of all that a feed was seen to list"),
        ("… taken down again", f"{brief:,}", f"within {AT_MOST / HOUR:.0f} hours, before a look"),
        ("publication to row", f"{statistics.median(delays or [0]):.2f} h", f"median; p95 {p95:.1f} h, where the outlet was well"),
    ]


def _requests(db: duckdb.DuckDBPyConnection, life: Life) -> list[tuple[str, str, str]]:
    kinds = dict(db.execute("SELECT kind, count(*) FROM store.requests GROUP BY ALL").fetchall())
    articles = max(1, len(life.rows_at))
    pages = kinds.get("article", 0)
    visits = max(1, life.revisits + life.first_visits)
    again = round(pages * life.revisits / visits)  # tries included
    first = pages - again
    polls, robots = kinds.get("feed", 0), kinds.get("robots", 0)
    in_vain = dict(db.execute("SELECT split_part(reason, ',', 1), count(*) FROM store.rejections GROUP BY ALL").fetchall())
    unmodified = db.execute("SELECT count(*) FROM store.requests WHERE kind = 'feed' AND status = 304").fetchone()
    return [
        ("requests an article", f"{(polls + robots + first) / articles:.2f}", f"without revisits; {articles:,} articles"),
        ("… with revisits", f"{(polls + robots + pages) / articles:.2f}", f"{again / articles:.2f} revisits an article"),
        ("… sources", f"{polls / articles:.3f}", f"{polls:,}, of them {unmodified[0] if unmodified else 0:,} not modified"),
        ("… robots.txt", f"{robots / articles:.3f}", f"{robots:,}"),
        ("… pages first asked", f"{first / articles:.3f}", f"{first:,}; no article: {sum(in_vain.values()):,} {in_vain}"),
    ]


def _changes(db: duckdb.DuckDBPyConnection, papers: Sequence[Paper], life: Life) -> list[tuple[str, str, str]]:
    seen: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for outlet, path, at in db.execute(
        "SELECT outlet, regexp_extract(url, 'example(/news/[^?]*)', 1) AS path, captured_at FROM store.captures ORDER BY captured_at"
    ).fetchall():
        seen[outlet, path].append(at)
    made = found = 0
    late: list[float] = []
    gone = {
        (outlet, path): at
        for outlet, path, at in db.execute(
            "SELECT outlet, regexp_extract(url, 'example(/news/[^?]*)', 1), min(gone_at) "
            "FROM store.absences JOIN store.articles USING (article_id) GROUP BY ALL"
        ).fetchall()
    }
    revised = {
        (outlet, path, at)
        for outlet, path, at in db.execute(
            "SELECT outlet, regexp_extract(url, 'example(/news/[^?]*)', 1), revision.captured_at "
            "FROM store.revisions AS revision JOIN store.articles USING (article_id) WHERE change <> 'new'"
        ).fetchall()
    }
    explained: set[tuple[str, str, datetime]] = set()
    vanished = told = 0
    gone_late: list[float] = []
    for paper in papers:
        for story in paper.stories:
            looks = seen.get((paper.slug, story.path()), [])
            if not looks or not story.is_article:
                continue
            after = [when for when, _ in story.changes if looks[0] < when < life.now and not (story.gone_at and when > story.gone_at)]
            made += len(after)
            for when in after:
                place = bisect_right(looks, when)
                key = (paper.slug, story.path(), looks[place]) if place < len(looks) else None
                if key and key in revised:
                    found += 1
                    explained.add(key)
                    late.append((key[2] - when) / HOUR)
            if story.gone_at and looks[0] < story.gone_at < life.now:
                vanished += 1
                if (paper.slug, story.path()) in gone:
                    told += 1
                    gone_late.append((gone[paper.slug, story.path()] - story.gone_at) / HOUR)
    return [
        (
            "changes found",
            _share(found, made),
            f"{found:,} of {made:,} made after the first visit are in a revision; {_late(late)} late; "
            f"{len(revised - explained):,} revisions beyond",
        ),
        ("deletions found", _share(told, vanished), f"{told:,} of {vanished:,} of articles held; {_late(gone_late)} late"),
    ]


def _alarms(papers: Sequence[Paper], life: Life) -> list[tuple[str, str, str]]:
    by_slug = {paper.slug: paper for paper in papers}
    first: dict[tuple[str, int], float] = {}
    false: list[tuple[str, str, str]] = []
    effects = 0
    for (slug, name, severity, _), at in life.alarms.items():
        paper = by_slug.get(slug)
        near = [each for each in paper.troubles if each.start <= at <= each.end + _LASTS] if paper else []
        for trouble in near:
            if name in TELLS[trouble.kind]:
                key = (slug, id(trouble))
                first[key] = min(first.get(key, float("inf")), (at - trouble.start) / HOUR)
        if not near:
            false.append((severity, name, slug))
        effects += bool(near)
    rows = []
    told: dict[str, list[tuple[str, float | None, float]]] = defaultdict(list)
    for paper in papers:
        for trouble in paper.troubles:
            if trouble.end <= life.now:
                length = "hours of " * (trouble.end - trouble.start < 7 * HOUR)
                told[f"{length}{trouble.kind}"].append((paper.slug, first.get((paper.slug, id(trouble))), paper.a_day))
    for kind, ends in sorted(told.items()):
        found = sorted(hours for _, hours, _ in ends if hours is not None)
        each = ", ".join(f"{'none' if hours is None else f'{hours:.1f} h'} at {a_day:.0f} a day" for _, hours, a_day in ends)
        middle = f"{statistics.median(found):.1f} h" if found else "none"
        shown = each if len(ends) < 6 else f"at most {max(found, default=0):.1f} h"
        rows.append((f"alarm of {kind}", f"{len(found)} of {len(ends)}", f"median {middle}: {shown}"))
    kinds = Counter(f"{name} ({severity})" for severity, name, _ in false)
    rows.append(
        ("alarms, false", str(len(false)), f"{dict(kinds)} of {len({slug for _, _, slug in false})} outlets; {effects} during troubles")
    )
    return rows


def _cost(db: duckdb.DuckDBPyConnection, life: Life) -> list[tuple[str, str, str]]:
    walls = sorted(life.walls)
    parts = ", ".join(f"{name} {1000 * spent / life.runs:.0f}" for name, spent in life.stages.items())
    counts = [
        f"{table} {row[0]:,}"
        for table in ("links", "articles", "revisions", "captures", "requests", "checks", "runs")
        if (row := db.execute(f"SELECT count(*) FROM store.{table}").fetchone())
    ]
    last = statistics.median(life.walls[-200:])
    return [
        ("a run", f"{1000 * statistics.median(walls):.0f} ms", f"median; the last 200: {1000 * last:.0f} ms; mean of stages, ms: {parts}"),
        ("rows", "", ", ".join(counts)),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def _late(hours: list[float]) -> str:
    if not hours:
        return "none"
    return f"median {statistics.median(hours):.1f} h, p95 {sorted(hours)[int(0.95 * len(hours))]:.0f} h"
