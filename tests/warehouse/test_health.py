from __future__ import annotations

import hashlib
import random
from datetime import timedelta
from pathlib import Path
from typing import get_args

import duckdb

from tests.bench.health import TELLS
from tests.warehouse.newsrooms import BEGAN, DAY, HOUR, Desk, Newsroom, Trouble, healthy
from warehouse.check import Finding
from warehouse.habits import GAP
from warehouse.migrate import LEDGER, migrate, sql_files
from warehouse.transaction import transaction


def named(found: list[Finding], outlet: str) -> set[str]:
    return {finding.name for finding in found if finding.outlet == outlet}


def watched(desk: Desk, until: timedelta, every: timedelta = 6 * HOUR) -> list[Finding]:
    """All findings of checks at ``every`` interval."""
    found = []
    while desk.now + every <= BEGAN + until:
        desk.run(desk.now + every)
        found += desk.check()
    return found


def test_every_trouble_is_alarmed_within_a_day_and_no_other_outlet(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    troubled = [
        Newsroom(f"ill_{number}", 100 if trouble == "a fifth" else 40, trouble=trouble, troubled_on=57)
        for number, trouble in enumerate(get_args(Trouble))
    ]
    desk = Desk(db, tmp_path, [*troubled, *(Newsroom(f"well_{number}", 40) for number in range(3))], 60)
    desk.live_until(BEGAN + 57 * DAY)
    assert desk.check() == []
    found = watched(desk, 58 * DAY, 8 * HOUR)
    for room in troubled:
        if room.trouble not in ("one feed dead", "a fifth"):
            assert named(found, room.slug) & TELLS[room.trouble], room.trouble  # type: ignore[index]
    assert {finding.outlet for finding in found} <= {room.slug for room in troubled}
    later = watched(desk, 60 * DAY, DAY)
    for room in troubled:
        assert named(found + later, room.slug) & TELLS[room.trouble], room.trouble  # type: ignore[index]


def test_pages_of_outlets_that_bring_none_need_no_look(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    troubles: list[Trouble] = ["stubs", "no dates", "no authors", "challenge pages", "other layout", "furniture"]
    rooms = [Newsroom(f"ill_{number}", 15, trouble=trouble, troubled_on=57) for number, trouble in enumerate(troubles)]
    desk = Desk(db, tmp_path, [*rooms, Newsroom("well", 15)], 60)
    desk.live_until(BEGAN + 57 * DAY)
    found = 0
    for _ in range(10):
        desk.run(desk.now + 4 * HOUR)
        told = {(finding.name, finding.outlet, finding.detail) for finding in desk.check()}
        assert told == {(finding.name, finding.outlet, finding.detail) for finding in desk.check(is_all=True)}
        found = max(found, len(told))
    assert found >= 5


def test_a_small_outlet_s_changed_layout_is_seen_within_a_day_on_pages_visited_again(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    troubles: list[Trouble] = ["stubs", "other layout", "furniture"]
    rooms = [Newsroom(f"ill_{number}", 3, trouble=trouble, troubled_on=57) for number, trouble in enumerate(troubles)]
    desk = Desk(db, tmp_path, [*rooms, Newsroom("well", 3)], 60)
    desk.live_until(BEGAN + 57 * DAY)
    found = watched(desk, 58 * DAY)
    for room in rooms:
        assert named(found, room.slug) & TELLS[room.trouble], room.trouble  # type: ignore[index]
    assert named(found, "well") == set()


def test_words_say_what_is_and_what_is_usual(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("silent", 40, trouble="silence", troubled_on=57)], 60)
    desk.live_until(BEGAN + 57 * DAY)
    desk.live_until(BEGAN + 58 * DAY, 6 * HOUR)
    found = {finding.name: finding for finding in desk.check()}
    assert found["outlet_quiet"].severity == "error"
    assert found["outlet_quiet"].detail.startswith("nothing new in ") and found["outlet_quiet"].detail.endswith(
        "are usual; its sources answer"
    )
    assert "source_quiet" not in found and "articles_few" not in found, "what the first alarm explains is not told again"


def test_healthy_outlets_of_all_sizes_are_left_in_peace(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, healthy(20, random.Random(7)), 70)
    desk.live_until(BEGAN + 58 * DAY)
    found = watched(desk, 70 * DAY, 2 * DAY)
    assert len({(finding.outlet, finding.name) for finding in found}) <= 1, "twenty outlets for twelve days"


def test_an_outlet_is_not_judged_in_its_first_fortnight(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rooms = [
        Newsroom(f"{number}_{a_day:.0f}", a_day, trouble=trouble, troubled_on=5)
        for number, trouble in enumerate(get_args(Trouble))
        for a_day in (0.3, 3, 40)
        if trouble != "other layout"
    ]
    desk = Desk(db, tmp_path, rooms, 13)
    for day in (2, 6, 9, 13):
        desk.live_until(BEGAN + day * DAY)
        assert desk.check() == []


def test_a_new_outlet_s_weekends_are_known_before_its_pages_are_judged(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rooms = [Newsroom(f"{number}_{a_day}", a_day, weekend=1, signed=1, signed_weekend=0) for number in range(6) for a_day in (3, 5, 8)]
    desk = Desk(db, tmp_path, rooms, 28)
    desk.live_until(BEGAN + 14 * DAY)
    assert "authors_vanished" not in {finding.name for finding in watched(desk, 28 * DAY, 12 * HOUR)}


def test_an_alarm_that_stands_is_no_new_one(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("silent", 40, trouble="silence", troubled_on=57)], 57)
    desk.live_until(BEGAN + 57 * DAY)
    since = set()
    for hours in (24, 48, 72):
        desk.run(BEGAN + 57 * DAY + hours * HOUR)
        since |= {finding.since for finding in desk.check() if finding.name == "outlet_quiet"}
    assert len(since) == 1
    assert db.execute("SELECT count(*), count(DISTINCT since) FROM checks WHERE name = 'outlet_quiet'").fetchall() in ([(3, 1)], [(2, 1)])
    desk.run(desk.now + GAP + 2 * HOUR)
    assert {finding.since for finding in desk.check() if finding.name == "outlet_quiet"} == {desk.now}


def test_an_alarm_stands_for_as_long_as_the_silence(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("silent", 40, trouble="silence", troubled_on=57)], 57)
    desk.live_until(BEGAN + 57 * DAY)
    for days in (2, 9, 30, 80):
        desk.live_until(BEGAN + (57 + days) * DAY, DAY)
        assert "outlet_quiet" in named(desk.check(), "silent"), days


def test_a_broken_layout_is_told_for_a_week_and_then_is_habit(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("stubs", 40, trouble="stubs", troubled_on=57)], 80)
    desk.live_until(BEGAN + 57 * DAY)
    told = {}
    for day in (58, 61, 64, 80):
        desk.live_until(BEGAN + day * DAY)
        told[day] = "bodies_shrank" in named(desk.check(), "stubs")
    assert told == {58: True, 61: True, 64: True, 80: False}


def test_an_outlet_with_moods_may_be_silent_for_longer_than_one_of_even_days(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rooms = [Newsroom(name, 15, burst=burst, trouble="silence", troubled_on=57) for name, burst in (("even", 0.05), ("moody", 0.6))]
    desk = Desk(db, tmp_path, rooms, 60)
    desk.live_until(BEGAN + 57 * DAY)
    first: dict[str, timedelta] = {}
    for hours in range(6, 97, 6):
        desk.run(BEGAN + 57 * DAY + hours * HOUR)
        for finding in desk.check():
            if finding.name == "outlet_quiet":
                first.setdefault(finding.outlet or "", hours * HOUR)
    assert first["even"] <= DAY and first["even"] + 12 * HOUR <= first["moody"] <= 3 * DAY


def test_a_silence_lasts_until_the_last_look_at_a_source_and_no_longer(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("silent", 40, trouble="silence", troubled_on=57)], 60)
    desk.live_until(BEGAN + 57 * DAY)
    for hours in (12, 24, 36):
        desk.run(BEGAN + 57 * DAY + hours * HOUR)
        db.execute("UPDATE store.sources SET seen_at = ?", [BEGAN + 57 * DAY + 2 * HOUR])
        assert desk.check() == [], "runs in which no source was due have asked nobody"
    db.execute("UPDATE store.sources SET seen_at = ?", [desk.now])
    (found,) = desk.check()
    assert found.name == "outlet_quiet" and found.detail.startswith("nothing new in 3"), found.detail


def test_when_newsmill_itself_was_off_nobody_was_silent(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    room = Newsroom("well", 40, trouble="silence", troubled_on=57)
    desk = Desk(db, tmp_path, [room], 57)
    desk.live_until(BEGAN + 57 * DAY - HOUR)
    desk.run(BEGAN + 60 * DAY)
    assert desk.check() == [], "asked once in three days: it may answer the next time"


def test_an_outlet_that_refuses_us_is_not_also_called_silent(db: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    desk = Desk(db, tmp_path, [Newsroom("shut", 40, trouble="silence", troubled_on=57)], 57)
    desk.live_until(BEGAN + 57 * DAY)
    db.execute("INSERT INTO store.refusals SELECT 'shut', 'http 403', 'most pages', $1, $1, $1", [BEGAN + 57 * DAY])
    desk.live_until(BEGAN + 59 * DAY)
    assert named(desk.check(), "shut") == {"outlet_refuses"}


def test_alarms_of_an_earlier_schema_come_over_with_the_day_they_were_found(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    db = duckdb.connect(path)
    db.execute("SET TimeZone = 'UTC'")
    db.execute(LEDGER)
    for entry in sql_files("migrations")[:6]:
        text = entry.read_text(encoding="utf-8")
        with transaction(db):
            db.execute(text)
            facts = [int(entry.name.split("_")[0]), entry.name, hashlib.sha256(text.encode()).hexdigest()]
            db.execute("INSERT INTO schema_history.migrations VALUES (?, ?, ?, now())", facts)
    db.execute(
        "INSERT INTO store.checks (run_id, name, outlet, severity, detail, checked_at) VALUES ('r', 'too_old', 'a', 'error', 'x', $1)",
        [BEGAN],
    )
    migrate(db, path)
    assert db.execute("SELECT name, since FROM checks").fetchall() == [("too_old", BEGAN)]


def test_every_check_stands_in_the_page_about_health_with_its_severity() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "health.md").read_text(encoding="utf-8")
    for entry in sql_files("checks"):
        name, severity = entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8").split(":")[0].removeprefix("-- ")
        rows = [line for line in page.splitlines() if line.startswith("| `") and f"`{name}`" in line.split("|")[1]]
        assert [line.split("|")[2].strip() for line in rows] == [severity], name
