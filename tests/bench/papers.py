"""Invented newspapers over months: what they publish, change and take down, and what befalls them. No network, no clock."""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

BEGAN = datetime(2026, 8, 3, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

Ill = Literal[
    "dns", "http 500", "timeout", "text halves", "furniture enters", "no profile fits", "moves host", "http 403", "challenge page",
    "robots forbids", "429", "same page", "silent",
]  # fmt: skip
Validators = Literal["etag", "last modified", "none", "304 for ever", "another etag each time"]
Change = Literal["headline", "body", "silent"]

# What is told of each trouble first, by the checks; all else that is found of an outlet while it lasts is an effect of it.
TELLS: dict[Ill, frozenset[str]] = {
    "dns": frozenset({"outlet_silent"}),
    "http 500": frozenset({"outlet_silent"}),
    "timeout": frozenset({"outlet_silent"}),
    "text halves": frozenset({"bodies_shrank"}),
    "furniture enters": frozenset({"furniture_in_text", "furniture_vanished"}),
    "no profile fits": frozenset({"layout_changed"}),
    "moves host": frozenset({"outlet_silent"}),
    "http 403": frozenset({"outlet_silent", "outlet_refuses"}),
    "challenge page": frozenset({"rejections_jumped", "outlet_refuses"}),
    "robots forbids": frozenset({"outlet_silent", "outlet_refuses"}),
    "429": frozenset({"outlet_silent", "outlet_refuses"}),
    "same page": frozenset({"trapped", "rejections_jumped"}),
    "silent": frozenset({"outlet_quiet", "source_quiet"}),
}
_UNHEARD: frozenset[Ill] = frozenset({"dns", "http 500", "timeout", "moves host", "http 403", "robots forbids", "429"})


@dataclass(frozen=True, slots=True)
class Trouble:
    kind: Ill
    start: datetime
    end: datetime
    retry_after: timedelta = HOUR  # of a 429

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(slots=True)
class Story:
    """An article: when it came out, how it was changed, when it went."""

    number: int
    at: datetime
    words: int
    is_article: bool
    changes: list[tuple[datetime, Change]] = field(default_factory=list)
    gone_at: datetime | None = None
    gone_status: int = 404

    def path(self) -> str:
        return f"/news/{self.number}/a-headline-of-some-words"

    def title(self, at: datetime) -> str:
        count = sum(1 for when, kind in self.changes if kind == "headline" and when <= at)
        return f"Headline number {self.number} of the day" + f", as told {count}" * bool(count)

    def text(self, at: datetime) -> str:
        dice = random.Random(self.number)
        words = [f"w{dice.randrange(4000)}" for _ in range(self.words)]
        updates = [f"Update {turn}: w{dice.randrange(4000)} w{dice.randrange(4000)}." for turn in range(self.rewritten(at))]
        half = len(words) // 2
        return "\n\n".join([" ".join(words[:half]), " ".join(words[half:]), *updates])

    def rewritten(self, at: datetime) -> int:
        return sum(1 for when, kind in self.changes if kind != "headline" and when <= at)

    def told_change(self, at: datetime) -> datetime | None:
        """The newest change that the paper owns up to."""
        return max((when for when, kind in self.changes if kind != "silent" and when <= at), default=None)


@dataclass(slots=True)
class Paper:
    """An outlet: its habits, its stories in order, its troubles."""

    slug: str
    a_day: float
    weekend: float
    night: float
    places: int  # of its feed
    validators: Validators
    tells_changes: bool
    session: str | None = None  # the name of a query parameter that is another one at each look
    odd_dates: bool = False
    troubles: list[Trouble] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)

    def trouble(self, at: datetime) -> Trouble | None:
        return next((trouble for trouble in self.troubles if trouble.holds(at)), None)

    def is_heard(self, at: datetime) -> bool:
        """Whether its feed answers as it should."""
        trouble = self.trouble(at)
        return trouble is None or trouble.kind not in _UNHEARD

    def has_moved(self, at: datetime) -> bool:
        return any(trouble.kind == "moves host" and trouble.start <= at for trouble in self.troubles)

    def host(self, at: datetime) -> str:
        return f"{self.slug}-anew.example" if self.has_moved(at) else f"{self.slug}.example"

    def listed(self, at: datetime) -> list[Story]:
        """What its feed lists, newest first."""
        end = bisect_right(self.times, at)
        shown = self.stories[max(0, end - self.places) : end]
        return [story for story in reversed(shown) if story.gone_at is None or story.gone_at > at]

    def leaves_feed(self, index: int) -> datetime:
        """When so much has come after a story that the feed has no place for it."""
        after = index + self.places
        return self.times[after] if after < len(self.times) else datetime.max.replace(tzinfo=UTC)


def papers(count: int, days: int, seed: int) -> list[Paper]:
    """Outlets of all sizes: half of them well but for bad hours, half with a trouble or an odd way each."""
    dice = random.Random(seed)
    made = [_paper(number, count, dice) for number in range(count)]
    order = made[:]
    dice.shuffle(order)
    _odd_ways(order)
    _befall(order, days, dice)
    for paper in made:
        _bad_hours(paper, days, dice)
        paper.stories = list(_stories(paper, days, dice))
        paper.times = [story.at for story in paper.stories]
    return made


def _paper(number: int, count: int, dice: random.Random) -> Paper:
    a_day = 3 * 40 ** (number / max(1, count - 1))
    # No feed that is made by hand lists fewer than half of a day's news
    places = max(dice.choice([10, 15, 20, 25, 30, 50]), 10 * math.ceil(a_day / 40))
    way: Validators = dice.choice(["etag", "etag", "last modified", "none"])
    return Paper(f"paper{number:02}", a_day, dice.choice([1, 0.5, 0.3]), dice.choice([1, 0.3, 0.1]), places, way, dice.random() < 0.4)


def _odd_ways(order: list[Paper]) -> None:
    """Of the well ones, from the end: odd for the whole time."""
    for place, paper in enumerate(reversed(order)):
        match place:
            case 0:
                paper.validators = "304 for ever"
            case 1:
                paper.validators = "another etag each time"
            case 2:
                paper.session = "sid"
            case 3:
                paper.session = "visit"
            case 4:
                paper.odd_dates, paper.validators = True, "etag"
            case _:
                return


def _befall(order: list[Paper], days: int, dice: random.Random) -> None:
    lasting: list[tuple[Ill, float, timedelta]] = [
        ("dns", 3, HOUR), ("http 500", 2, HOUR), ("timeout", 1, HOUR), ("dns", 1, HOUR), ("http 500", 4, HOUR),
        ("text halves", 10, HOUR), ("text halves", 10, HOUR), ("text halves", 10, HOUR),
        ("furniture enters", 10, HOUR), ("furniture enters", 10, HOUR), ("furniture enters", 10, HOUR),
        ("no profile fits", 10, HOUR), ("no profile fits", 10, HOUR), ("no profile fits", 10, HOUR),
        ("moves host", 3, HOUR), ("http 403", 5, HOUR), ("http 403", 2, HOUR), ("challenge page", 4, HOUR), ("robots forbids", 5, HOUR),
        ("429", 0.5, HOUR), ("429", 7, 7 * DAY), ("same page", 3, HOUR), ("silent", 8, HOUR), ("silent", 8, HOUR),
    ]  # fmt: skip
    earliest = min(40.0, days * 0.45)
    for (kind, length, wait), paper in zip(lasting, order, strict=False):
        start = BEGAN + dice.uniform(earliest, max(earliest, days - length - 2)) * DAY
        paper.troubles.append(Trouble(kind, start, start + length * DAY, wait))


def _bad_hours(paper: Paper, days: int, dice: random.Random) -> None:
    kinds: tuple[Ill, ...] = ("dns", "http 500", "timeout")
    for _ in range(round(days / 40)):
        start = BEGAN + dice.uniform(2, days - 1) * DAY
        paper.troubles.append(Trouble(dice.choice(kinds), start, start + dice.uniform(0.5, 6) * HOUR))


def _stories(paper: Paper, days: int, dice: random.Random) -> Iterator[Story]:
    number, mood = 0, 1.0
    share_by_day = (24 - 7 + 7 * paper.night) / 24
    rate = paper.a_day / 24 / share_by_day / ((5 + 2 * paper.weekend) / 7)
    for hour in range(-24 * 3, days * 24):
        at = BEGAN + hour * HOUR
        if at.hour == 0:
            mood = math.exp(dice.gauss(0, 0.3))
        now = rate * mood * (paper.weekend if at.weekday() >= 5 else 1) * (paper.night if at.hour < 7 else 1)
        if any(trouble.kind == "silent" and trouble.holds(at) for trouble in paper.troubles):
            now = 0
        for moment in sorted(dice.random() for _ in range(_poisson(now, dice))):
            number += 1
            yield _story(number, at + moment * HOUR, dice)


def _story(number: int, at: datetime, dice: random.Random) -> Story:
    story = Story(number, at, max(30, round(110 * math.exp(dice.gauss(0, 0.4)))), dice.random() >= 0.02)
    kinds: tuple[Change, ...] = ("headline", "body", "body", "silent")
    while dice.random() < 0.25:
        story.changes.append((at + dice.expovariate(1 / 5) * HOUR + MINUTE, dice.choice(kinds)))
    story.changes.sort()
    if dice.random() < 0.01:
        story.gone_at, story.gone_status = at + dice.expovariate(1 / 4) * DAY, dice.choice([404, 410])
    return story


def _poisson(rate: float, dice: random.Random) -> int:
    number, product, least = 0, dice.random(), math.exp(-rate)
    while product > least:
        number, product = number + 1, product * dice.random()
    return number
