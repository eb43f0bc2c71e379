"""The daily report: one HTML page with charts, no script and nothing fetched, that tells how every outlet does."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from flows import charts
from flows.errors import BadArgument
from flows.home import home_at, open_home
from flows.progress import Reporter
from flows.settings import Settings
from flows.show import plain
from flows.standing import Alarm, Standing, age, alarms_of, percent, standings
from warehouse.query import ask_question

DAYS = 30
CARDS = 100  # outlets that are told of at length, those in need first; of all the others, a line of the table
_QUESTIONS = (
    "status_outlets",
    "status_needs_a_person",
    "report_days",
    "report_reasons",
    "report_revisions",
    "report_headlines",
    "report_totals",
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))  # of no use where each headline stands in an element of its own


@dataclass(frozen=True, slots=True)
class Headline:
    title: str
    url: str | None  # None: no address that a page may link to
    language: str | None
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of one outlet."""

    standing: Standing
    days: tuple[charts.Bar, ...]  # oldest first, today last
    reasons: tuple[tuple[str, str, int], ...]  # rejected or failed, why, pages
    revisions: tuple[tuple[str, int], ...]
    headlines: tuple[Headline, ...]


def write_report(home: Path, settings: Settings, tell: Reporter, day: date | None = None, now: datetime | None = None) -> Path:
    """Write ``reports/YYYY-MM-DD.html`` of ``day`` (UTC; default: today), whole or not at all, and return its path.

    It tells of the day to its end, or to ``now``. Raises ``BadArgument`` for a day to come, ``NothingPublished``, ``WarehouseUnreadable``.
    """
    now = now or datetime.now(UTC)
    wanted = day or now.astimezone(UTC).date()
    if wanted > now.astimezone(UTC).date():
        raise BadArgument(f"{wanted} is yet to come")
    then = min(now, datetime.combine(wanted + timedelta(days=1), time(), UTC) - timedelta(microseconds=1))
    with tell.stage("report") as stage:
        page = render(home_at(home, settings.warehouse).published, then)
        path = open_home(home, settings.warehouse).reports / f"{wanted}.html"
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_text(page, encoding="utf-8")
        fresh.replace(path)
        stage.say(str(path))
    return path


def render(published: Path, now: datetime) -> str:
    """The page, from the published tables, as things stood at ``now``."""
    answers = {name: ask_question(published, name, {"now": now}).records() for name in _QUESTIONS}
    alarms = alarms_of(answers["status_needs_a_person"])
    told = outlets_told(answers, alarms, now)
    totals = (answers["report_totals"] or [dict.fromkeys(("articles", "revisions", "rejections", "requests", "failures", "runs"), 0)])[0]
    since = min((each.standing.since for each in told), default=now)
    style = files("flows").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html")
        .render(
            style=Markup(style),
            style_digest=digest,
            now=now,
            day=now.astimezone(UTC).date(),
            days=[now.astimezone(UTC).date() - timedelta(days=ago) for ago in reversed(range(DAYS))],
            alarms=alarms,
            told=told,
            cards=told[:CARDS],
            totals=totals,
            all_days=[charts.Bar(sum(each.days[at].value for each in told), _kind(now, DAYS - 1 - at, since)) for at in range(DAYS)],
        )
    )


def outlets_told(answers: Mapping[str, Sequence[Mapping[str, Any]]], alarms: Sequence[Alarm], now: datetime) -> list[Told]:
    """What the page says of each outlet, those in need first."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for row in answers["report_days"]:
        counts[row["outlet"]][row["ago"]] = row["articles"]
    grouped = {name: _by_outlet(answers[f"report_{name}"]) for name in ("reasons", "revisions", "headlines")}
    return [
        Told(
            each,
            tuple(charts.Bar(counts[each.outlet].get(ago, 0), _kind(now, ago, each.since)) for ago in reversed(range(DAYS))),
            tuple((row["what"], calm(row["reason"]), row["pages"]) for row in grouped["reasons"][each.outlet]),
            tuple((row["change"], row["revisions"]) for row in grouped["revisions"][each.outlet]),
            tuple(
                Headline(calm(row["title"]), web_address(row["url"]), language_tag(row["language"]), row["told_at"])
                for row in grouped["headlines"][each.outlet]
            ),
        )
        for each in standings([dict(row) for row in answers["status_outlets"]], alarms)
    ]


def calm(text: str) -> str:
    """One line of ``text`` in which no character turns the direction of what follows, or drives anything."""
    return plain(" ".join(text.translate(_DIRECTION_MARKS).split()))


def web_address(url: str) -> str | None:
    """``url`` if a page may link to it: ``javascript:`` and its like may not, nor what no host is in."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def language_tag(language: str | None) -> str | None:
    """``language`` if it looks like one (BCP 47)."""
    return language if language and _LANGUAGE.fullmatch(language) else None


def _by_outlet(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["outlet"]].append(row)
    return found


def _kind(now: datetime, ago: int, since: datetime) -> str:
    day = now.astimezone(UTC).date() - timedelta(days=ago)
    if ago == 0:
        return "today"
    return "before" if day < since.astimezone(UTC).date() else "weekend" if day.weekday() >= 5 else "weekday"


def _environment() -> Environment:
    """Everything is escaped, and a name that the page does not know is an error."""
    made = Environment(loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(bars=charts.bars, share=charts.share, age=age, percent=percent)
    made.filters.update(calm=calm, count=lambda number: f"{number:,.0f}")
    return made


def _source(name: str) -> str:
    return files("flows").joinpath(name).read_text(encoding="utf-8")
