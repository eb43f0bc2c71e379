"""Backup and restore, checks, compaction, and how long an outlet's pages are kept."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

from flows.home import home_at
from spiders.archive import archive_files, entries
from tests.flows.conftest import Desk
from warehouse.connect import writing
from warehouse.errors import WarehouseUnreadable
from warehouse.integrity import open_for_reading, read_everything

BLOCK = 256 * 1024
ALL_ROWS = "SELECT bit_xor(hash(line)) FROM store.articles AS line UNION ALL SELECT bit_xor(hash(line)) FROM store.revisions AS line"
ROWS = ("articles", "revisions", "captures", "links", "profiles")


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {table: desk.ask(f"SELECT * FROM {table} ORDER BY ALL") for table in ROWS}


def test_a_backup_brings_everything_back(taken: Desk) -> None:
    before, backup = rows(taken), taken.folder / "backup"
    done = taken.run("warehouse backup", backup, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["files"] == 7, done.stderr
    shutil.rmtree(taken.home)
    restored = taken.run("warehouse restore", backup)
    assert restored.returncode == 0, restored.stderr
    assert rows(taken) == before and taken.run("warehouse check", "--all").returncode == 0
    again = taken.run("warehouse backup", backup)
    assert again.returncode == 2 and "is not overwritten" in again.stderr


def test_a_backup_that_is_not_whole_is_refused_before_anything_is_touched(taken: Desk) -> None:
    backup = taken.folder / "backup"
    assert taken.run("warehouse backup", backup).returncode == 0
    before = (taken.home / "warehouse.duckdb").read_bytes()
    warc = next(backup.rglob("*.warc.gz"))
    warc.write_bytes(warc.read_bytes()[:-1])
    done = taken.run("warehouse restore", backup)
    assert done.returncode == 2 and warc.name in done.stderr and "Nothing was changed" in done.stderr
    (backup / "manifest.json").write_text((backup / "manifest.json").read_text().replace('"schema": ', '"schema": 9'))
    assert "upgrade newsmill" in taken.run("warehouse restore", backup).stderr
    (backup / "manifest.json").unlink()
    assert "manifest.json cannot be read" in taken.run("warehouse restore", backup).stderr
    assert (taken.home / "warehouse.duckdb").read_bytes() == before


def test_a_backup_without_pages_lists_them(taken: Desk) -> None:
    backup = taken.folder / "backup"
    assert taken.run("warehouse backup", backup, "--no-captures").returncode == 0
    assert {path.name for path in backup.iterdir()} == {"manifest.json", "warehouse.duckdb"}
    assert sum(".warc.gz" in file["path"] for file in json.loads((backup / "manifest.json").read_text())["files"]) == 6
    before = rows(taken)
    assert taken.run("warehouse restore", backup).returncode == 0 and rows(taken) == before


def test_what_was_forgotten_after_a_backup_does_not_come_back_with_it(taken: Desk) -> None:
    backup = taken.folder / "backup"
    assert taken.run("warehouse backup", backup).returncode == 0
    (url,) = taken.ask("SELECT url FROM articles WHERE outlet = 'demo_gazette' ORDER BY url LIMIT 1")[0]
    assert taken.run("forget", url).returncode == 0
    done = taken.run("warehouse restore", backup)
    assert done.returncode == 0, done.stderr
    assert taken.ask(f"SELECT * FROM articles WHERE url = '{url}'") == []
    assert taken.ask(f"SELECT state FROM links WHERE url = '{url}'") == [("forgotten",)]
    assert taken.ask(f"SELECT * FROM captures WHERE url = '{url}'") == [] and taken.run("warehouse check", "--all").returncode == 0


def test_a_page_that_is_not_as_it_came_is_found(taken: Desk) -> None:
    assert taken.run("warehouse check").returncode == 0
    file, offset, length = taken.ask('SELECT file, "offset", length FROM captures ORDER BY capture_id LIMIT 1')[0]
    warc = taken.home / "captures" / file
    damaged = bytearray(warc.read_bytes())
    damaged[offset + length // 2] ^= 0xFF
    warc.write_bytes(damaged)
    done = taken.run("warehouse check", "--all", "--json")
    assert done.returncode == 1
    (flaw,) = json.loads(done.stdout)["flaws"]
    assert flaw["where"].startswith("capture ") and file in flaw["problem"]
    warc.unlink()
    assert len(json.loads(taken.run("warehouse check", "--all", "--json").stdout)["flaws"]) > 1


def test_a_flipped_bit_in_the_database_is_found_or_hurts_no_row(taken: Desk) -> None:
    path, damaged_path = taken.home / "warehouse.duckdb", taken.folder / "damaged.duckdb"
    whole, found = path.read_bytes(), 0
    with open_for_reading(path) as db:
        right = db.execute(ALL_ROWS).fetchall()
    for place in range(12 * 1024 + 100, len(whole), BLOCK):
        damaged = bytearray(whole)
        damaged[place] ^= 0x01
        damaged_path.write_bytes(damaged)
        try:
            with open_for_reading(damaged_path) as db:
                if flaws := read_everything(db, damaged_path):
                    found += 1
                    assert "cannot be read" in flaws[0].problem
                else:
                    assert db.execute(ALL_ROWS).fetchall() == right
        except WarehouseUnreadable:
            found += 1
    assert found > 2


def test_a_database_cut_short_is_told_with_what_to_do(taken: Desk) -> None:
    path = taken.home / "warehouse.duckdb"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    cut = taken.run("warehouse check")
    assert cut.returncode == 1 and "newsmill rebuild" in cut.stdout and "Traceback" not in cut.stderr


def test_compaction_changes_no_row(taken: Desk) -> None:
    before = rows(taken)
    done = taken.run("warehouse compact", "--force", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["after"] == (taken.home / "warehouse.duckdb").stat().st_size <= said["before"]
    assert taken.run("ingest", "demo_courier").returncode == 0
    assert {table: rows(taken)[table] for table in ("revisions", "profiles")} == {
        table: before[table] for table in ("revisions", "profiles")
    }
    assert json.loads(taken.run("warehouse compact", "--json").stdout)["captures"] == 0


def test_pages_and_texts_are_kept_for_as_long_as_their_outlet_says(taken: Desk) -> None:
    files = taken.outlets
    with (files / "demo_gazette.toml").open("a") as file:
        file.write('\n[keep]\ncaptures = "30d"\n')
    with (files / "demo_herald.toml").open("a") as file:
        file.write('\n[keep]\ntext = "52w"\n')
    months, years = timedelta(days=60), timedelta(days=800)
    with writing(home_at(taken.home).database) as db:  # half of the gazette's pages, and of the herald's, are old
        for outlet, ago in (("demo_gazette", months), ("demo_herald", years)):
            old = f"(SELECT article_id FROM store.articles WHERE outlet = '{outlet}' ORDER BY article_id LIMIT 4)"
            db.execute(f"UPDATE store.captures SET captured_at = captured_at - $ago WHERE article_id IN {old}", {"ago": ago})
            db.execute(f"UPDATE store.revisions SET captured_at = captured_at - $ago WHERE article_id IN {old}", {"ago": ago})
    shutil.copy(home_at(taken.home).database, home_at(taken.home).published)
    before = rows(taken)
    done = taken.run("warehouse compact", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["captures"] >= 8 and said["texts"] >= 4
    assert taken.ask("SELECT count(*) FROM articles")[0][0] == len(before["articles"])
    assert taken.ask("SELECT count(*) FROM articles WHERE text = '' AND outlet = 'demo_herald'") == [(4,)]
    assert taken.ask("SELECT count(*) FROM articles WHERE text = '' AND outlet <> 'demo_herald'") == [(0,)]
    assert taken.ask("SELECT count(*) FROM articles WHERE text = '' AND title = ''") == [(0,)]
    checked = taken.run("warehouse check", "--all")
    assert checked.returncode == 0, checked.stdout
    held = sum(len(list(entries(taken.home / "captures", path))) for path in archive_files(taken.home / "captures"))
    assert held == len(before["captures"]) - said["captures"], "the pages are gone, not only their rows"
    assert json.loads(taken.run("warehouse compact", "--json").stdout)["captures"] == 0
