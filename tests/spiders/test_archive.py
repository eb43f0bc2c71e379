"""The captures folder without any table: what its files hold, torn ones too, and files written anew without some of it."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from spiders.archive import Rewritten, archive_files, entries, next_name, rewrite_without, run_of
from spiders.captures import CaptureWriter, Exchange, read_body
from warehouse.contracts import Capture, Planned

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
RUN = "20260301T120000Z-ab12"


def link(number: int) -> Planned:
    title = f"Title\n{number} “ß”\u2028"
    return Planned("demo", f"http://demo.example/{number}", f"demo:{number}", "sitemap", title, NOON, "1 March", "day", NOON)


def write(folder: Path, *numbers: int) -> list[Capture]:
    writer = CaptureWriter(folder, RUN)
    page = (("Content-Type", "text/html"), ("Content-Type", "x"))
    rows = []
    for number in numbers:
        exchange = Exchange(
            f"http://demo.example/{number}/", NOON, 200, page, f"<p>words of {number}".encode() * 50, request_headers=(("User-Agent", "n"),)
        )
        rows.append(writer.write(link(number), exchange, partial=number == 2))
    writer.close()
    return rows


def held(folder: Path) -> list[Capture | None]:
    return [entry.capture for path in archive_files(folder) for entry in entries(folder, path)]


def without(folder: Path, rows: list[Capture], *gone: Capture) -> tuple[Rewritten | None, list[Path | None]]:
    keys, told = {row.capture_id for row in gone}, list[Path | None]()
    known = {row.offset: (row.capture_id, row.length) for row in rows if row.capture_id not in keys}
    done = rewrite_without(folder, folder / rows[0].file, known, lambda capture: capture.capture_id in keys, told.append)
    return done, told


def test_the_files_alone_tell_the_rows(tmp_path: Path) -> None:
    rows = write(tmp_path, 1, 2, 3)
    assert held(tmp_path) == rows
    assert [run_of(path) for path in archive_files(tmp_path)] == [RUN] and archive_files(tmp_path, {"other"}) == []


def test_a_file_is_written_anew_without_what_goes_and_others_can_read_it(tmp_path: Path) -> None:
    rows = write(tmp_path, 1, 2, 3)
    before = (tmp_path / rows[0].file).read_bytes()
    done, told = without(tmp_path, rows, rows[1])
    assert done and done.path and told == [done.path] and done.path.name == f"{RUN}~2.warc.gz"
    assert (tmp_path / rows[0].file).read_bytes() == before, "the old one is for the caller to remove"
    file = done.path.relative_to(tmp_path).as_posix()
    for row in (rows[0], rows[2]):
        moved = replace(row, file=file, offset=done.offsets[row.capture_id])
        assert b"words of" in read_body(tmp_path, moved).body
    plain = gzip.decompress(done.path.read_bytes())
    assert b"words of 2" not in plain and rows[1].capture_id.encode() not in plain
    with done.path.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 2]


def test_a_file_is_left_alone_when_nothing_in_it_goes(tmp_path: Path) -> None:
    rows = write(tmp_path, 1)
    assert without(tmp_path, rows) == (None, [])


def test_nothing_is_left_when_all_goes(tmp_path: Path) -> None:
    rows = write(tmp_path, 1, 2)
    assert without(tmp_path, rows, *rows) == (Rewritten(None, {}), [None])


def test_a_page_that_no_row_knows_goes_by_its_url(tmp_path: Path) -> None:
    rows = write(tmp_path, 1, 2)
    done = rewrite_without(
        tmp_path,
        tmp_path / rows[0].file,
        {rows[0].offset: (rows[0].capture_id, rows[0].length)},
        lambda each: each.url.endswith("/2"),
        print,
    )
    assert done and list(done.offsets) == [rows[0].capture_id]


def test_a_torn_record_is_passed_over_and_not_kept(tmp_path: Path) -> None:
    rows = write(tmp_path, 1, 2, 3)
    path = tmp_path / rows[0].file
    whole = path.read_bytes()
    torn = whole[: rows[2].offset + 200]
    path.write_bytes(torn)
    assert held(tmp_path) == rows[:2]
    done, _ = without(tmp_path, rows[:2], rows[0])
    assert done and done.path and list(done.offsets) == [rows[1].capture_id]
    assert len(done.path.read_bytes()) < rows[2].offset
    done.path.unlink()
    middle = bytearray(whole)
    middle[rows[1].offset + 60] ^= 0xFF
    path.write_bytes(middle)
    assert [row for row in held(tmp_path) if row] == [rows[0], rows[2]]


def test_archives_of_our_first_releases_tell_the_url_that_answered(tmp_path: Path) -> None:
    rows = write(tmp_path, 1)
    path = tmp_path / rows[0].file
    data = path.read_bytes()
    (entry,) = entries(tmp_path, path)
    path.write_bytes(data[: entry.spans[2][0]])  # less the metadata record
    (old,) = entries(tmp_path, path)
    assert not old.is_linked and old.capture is not None
    assert (old.capture.url, old.capture.article_id, old.capture.link_title) == ("http://demo.example/1/", "", None)
    assert (old.capture.capture_id, old.capture.sha256, old.capture.captured_at) == (rows[0].capture_id, rows[0].sha256, NOON)


def test_names_of_rewritten_files_count_up() -> None:
    assert next_name(Path("a/r.warc.gz")).name == "r~2.warc.gz" and next_name(Path("a/r~9.warc.gz")).name == "r~10.warc.gz"
    assert run_of(Path("a/r~9.warc.gz")) == "r"
