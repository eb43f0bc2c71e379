"""How often healthy outlets are alarmed about, and how soon troubled ones: ``python -m tests.bench.health [OUTLETS] [HOURS] [SEED]``.

Healthy outlets of all sizes live for ninety days; alarms of the last thirty are false. Then outlets of three sizes fall into each trouble,
five of each, and are looked at every HOURS.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import get_args

from tests.warehouse.newsrooms import BEGAN, DAY, Desk, Newsroom, Trouble, healthy
from warehouse.connect import writing

QUIET_DAYS, DAYS = 60, 90
TELLS: dict[Trouble, set[str]] = {
    "silence": {"outlet_quiet"},
    "one feed dead": {"source_quiet"},
    "a fifth": {"articles_few"},
    "stubs": {"bodies_shrank"},
    "no dates": {"dates_vanished"},
    "no authors": {"authors_vanished"},
    "challenge pages": {"rejections_jumped"},
    "other layout": {"layout_changed"},
    "furniture": {"furniture_in_text", "furniture_vanished"},
}


def live(rooms: list[Newsroom], step: timedelta, seed: int, days: int) -> dict[tuple[str, str], float]:
    """(outlet, alarm and when it began) → days after ``QUIET_DAYS``."""
    found: dict[tuple[str, str], float] = {}
    with tempfile.TemporaryDirectory() as folder, writing(Path(folder) / "warehouse.duckdb") as db:
        desk = Desk(db, Path(folder), rooms, days, seed)
        desk.live_until(BEGAN + QUIET_DAYS * DAY)
        while desk.now + step <= BEGAN + days * DAY:
            desk.run(desk.now + step)
            for finding in desk.check():
                key = (finding.outlet or "", f"{finding.name} since {finding.since:%Y-%m-%d %H:%M}: {finding.detail}".split(": ")[0])
                if key not in found:
                    found[key] = (desk.now - BEGAN) / DAY - QUIET_DAYS
                    if any(room.trouble is None and room.slug == finding.outlet for room in rooms):
                        print(f"  {finding.name} of {finding.outlet}: {finding.detail}")
    return found


def main(count: int, step: timedelta, seed: int) -> None:
    false = live(healthy(count, random.Random(seed)), step, seed, DAYS)
    print(
        f"healthy: {count} outlets for a month, looked at every {step}: {len(false)} alarms, of {len({slug for slug, _ in false})} outlets"
    )
    rooms = [
        Newsroom(f"{a_day}_{trouble.replace(' ', '_')}_{number}", a_day, trouble=trouble, troubled_on=QUIET_DAYS)
        for trouble in get_args(Trouble)
        for a_day in (5, 15, 40)
        for number in range(5)
    ]
    found = live(rooms, step, seed, QUIET_DAYS + 14)
    print("\n| trouble | alarm | articles a day | found | days until, median | most |\n|---|---|---|---|---|---|")
    for trouble in get_args(Trouble):
        for a_day in (5, 15, 40):
            soonest: dict[str, float] = defaultdict(lambda: float("inf"))
            for (slug, alarm), after in found.items():
                if alarm.split()[0] in TELLS[trouble]:
                    soonest[slug] = min(after, soonest[slug])
            delays = [soonest[room.slug] for room in rooms if room.trouble == trouble and room.a_day == a_day and room.slug in soonest]
            told = f"{statistics.median(delays):.1f} | {max(delays):.1f}" if delays else "none | none"
            print(f"| {trouble} | {', '.join(sorted(TELLS[trouble]))} | {a_day} | {len(delays)} of 5 | {told} |")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(given[0] if given else 200, timedelta(hours=given[1] if len(given) > 1 else 6), given[2] if len(given) > 2 else 1)
