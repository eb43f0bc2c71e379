"""What `newsmill status` shows at once: outlets in need first, what ails them, and the last run; as much as one screen holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.show import plain

OUTLETS, ALARMS = 10, 7  # that a screen of 24 lines has room for; a higher one has room for more outlets
MARKS = {"error": "!", "warning": "·"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a check found, and since when."""

    outlet: str | None
    name: str
    severity: str
    detail: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How one outlet does: figures of a day, of a week where said, and its alarms. None where there is nothing to tell."""

    outlet: str
    title: str
    languages: tuple[str, ...]
    articles: int
    usual: float | None  # articles a day
    newest_at: datetime | None
    words: float | None  # of a week: in the middle
    dated: float | None  # of a week: share
    signed: float | None  # of a week: share, with authors
    of_week: int
    requests: int  # of a week
    failures: int  # of a week
    rejections: int  # of a week
    since: datetime  # asked for the first time
    last_run_at: datetime
    alarms: tuple[Alarm, ...] = ()

    @property
    def health(self) -> str:
        """error, warning or well."""
        return min((alarm.severity for alarm in self.alarms), default="well")

    @property
    def requests_an_article(self) -> float | None:
        return self.requests / self.of_week if self.of_week else None


def alarms_of(records: Sequence[dict[str, Any]]) -> list[Alarm]:
    return [Alarm(row["outlet"], row["name"], row["severity"], row["detail"], row["since"]) for row in records]


def standings(records: Sequence[dict[str, Any]], alarms: Sequence[Alarm]) -> list[Standing]:
    """The outlets of ``records`` (question ``status_outlets``), those in need first."""
    found = []
    for row in records:
        own = tuple(alarm for alarm in alarms if alarm.outlet == row["outlet"])
        facts = {name: value for name, value in row.items() if name != "language"}
        found.append(Standing(**facts, languages=tuple(row["language"] or ()), alarms=own))
    return sorted(found, key=lambda each: (("error", "warning", "well").index(each.health), each.outlet))


def screen(
    standing: Sequence[Standing], alarms: Sequence[Alarm], run: dict[str, Any] | None, now: datetime, height: int, width: int
) -> list[str]:
    """The lines of one screen: outlets in need first, then a count; then the alarms in words."""
    ill = sum(each.health == "error" for each in standing)
    watched = sum(each.health == "warning" for each in standing)
    well = len(standing) - ill - watched
    counts = f"{_some(len(standing), 'outlet')}: {ill} need{'s' * (ill == 1)} a person, {watched} to watch, {well} well"
    head = f"{now:%Y-%m-%d %H:%M} UTC  {counts}"
    told = _told(alarms, now)
    room = max(OUTLETS, height - 6 - len(told))
    shown = list(standing[:room] if len(standing) <= room else standing[: room - 1])
    names = max([6, *(min(26, len(each.outlet)) for each in shown)])
    lines = [head, "", _row("outlet", ("24 h", "usual", "newest", "words", "dates", "authors"), "health", names)]
    lines += [_row(each.outlet, _figures(each, now), _health(each), names) for each in shown]
    if rest := standing[len(shown) :]:
        lines.append(f"and {len(rest)} more, {_worst(rest)}: -v lists them")
    lines += ["", *told] if told else []
    if run:
        lines.append("")
        lines.append(
            f"last run {run['run_id']}, {age(run['started_at'], now)} ago, {run['state']}: {run['new']} new links, {run['loaded']} loaded, "
            f"{run['rejected']} rejected, {run['failed']} failed"
        )
    return [cut(line, width) for line in lines]


def age(then: datetime, now: datetime) -> str:
    """ "5 min", "31 h", "12 d"."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 72 * 60 else f"{minutes // 1440} d"


def cut(text: str, width: int) -> str:
    """One line that drives no terminal."""
    line = plain(text).replace("\n", " ")
    return line if len(line) <= width else line[: width - 1] + "…"


def percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share)} %"


def _told(alarms: Sequence[Alarm], now: datetime) -> list[str]:
    shown = alarms[:ALARMS] if len(alarms) <= ALARMS else alarms[: ALARMS - 1]
    lines = [
        f"{MARKS[alarm.severity]} {alarm.outlet or 'warehouse'}: {alarm.detail} ({alarm.name}, {age(alarm.since, now)})" for alarm in shown
    ]
    return lines if len(shown) == len(alarms) else [*lines, f"and {len(alarms) - len(shown)} more: --json tells all"]


def _figures(each: Standing, now: datetime) -> tuple[str, ...]:
    usual = "" if each.usual is None else f"{each.usual:.0f}"
    newest = "never" if each.newest_at is None else age(each.newest_at, now)
    words = "" if each.words is None else f"{each.words:.0f}"
    return str(each.articles), usual, newest, words, percent(each.dated), percent(each.signed)


def _health(each: Standing) -> str:
    if not each.alarms:
        return "well"
    more = f" +{len(each.alarms) - 1}" if len(each.alarms) > 1 else ""
    return min(each.alarms, key=lambda alarm: (alarm.severity, alarm.since)).name + more


def _row(name: str, figures: Sequence[str], health: str, names: int) -> str:
    cells = [f"{figure:>{wide}}" for figure, wide in zip(figures, (4, 5, 7, 5, 6, 7), strict=True)]
    return f"{cut(name, names):{names}} {' '.join(cells)}  {health}"


def _worst(rest: Sequence[Standing]) -> str:
    ill = sum(each.health != "well" for each in rest)
    return f"{ill} of them in need" if ill else "all well"


def _some(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
