"""What publishers ask for beyond robots.txt: directives of pages and headers, and reserved mining (W3C TDMRep)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.archive import archive_files, entries
from spiders.wishes import RESERVED, parse_tdmrep, reserved_by_file, wishes_of
from tests.spiders.conftest import Serve
from tests.spiders.crawling import fetch, outlet
from tests.spiders.faulty_server import answer

PAGE = "<html><head>{}</head><body><p>The council met on Tuesday.</p></body></html>"
URL = "https://paper.example/news/1"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("noarchive", ("noarchive",)),
        ("noindex, NOARCHIVE , follow", ("noarchive", "noindex")),
        ("none", ("none",)),
        ("newsmill: noai, noimageai", ("noai", "noimageai")),
        ("googlebot: noindex", ()),
        ("unavailable_after: 25 Jun 2026 15:00:00 PST, noarchive", ("noarchive",)),
        ("max-snippet: 50", ()),
        ("", ()),
        ("\x00;;,,:", ()),
    ],
)
def test_a_header_says_what_is_asked(header: str, expected: tuple[str, ...]) -> None:
    assert wishes_of([("X-Robots-Tag", header)], b"") == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ('<meta name="robots" content="noarchive">', ("noarchive",)),
        ("<META CONTENT='noindex,nofollow' NAME='Robots'/>", ("noindex",)),
        ("<meta name=newsmill content=noarchive>", ("noarchive",)),
        ('<meta name="googlebot" content="noarchive">', ()),
        ('<meta property="og:title" content="noarchive">', ()),
        ('<meta name="robots" content="index, follow, max-image-preview:large">', ()),
        ('<meta name="robots">', ()),
    ],
)
def test_a_page_says_what_is_asked(meta: str, expected: tuple[str, ...]) -> None:
    assert wishes_of([], PAGE.format(meta).encode()) == expected


@pytest.mark.parametrize(
    ("meta", "header", "file", "reserved"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, "1", False, True),
        (None, "0", True, False),
        ("1", "0", False, True),
        ("0", "1", True, False),
        (None, "yes", True, True),
        ("2", None, False, False),
    ],
)
def test_of_three_ways_to_reserve_the_nearer_one_counts(meta: str | None, header: str | None, file: bool, reserved: bool) -> None:
    page = PAGE.format(f'<meta name="tdm-reservation" content="{meta}">' if meta else "").encode()
    assert (RESERVED in wishes_of([("TDM-Reservation", header)] if header else [], page, file)) is reserved


@pytest.mark.parametrize(
    ("rules", "url", "reserved"),
    [
        ([], URL, False),
        ([("/", 1)], URL, True),
        ([("/*", 1)], URL, True),
        ([("*", 1)], URL, True),
        ([("/news", 1)], URL, True),
        ([("/sport", 1)], URL, False),
        ([("/news/", 0), ("/", 1)], URL, False),
        ([("/*.pdf$", 1)], "https://paper.example/a/b.pdf", True),
        ([("/*.pdf$", 1)], "https://paper.example/a/b.pdf?x", False),
        ([("/a*b*c$", 1)], "https://paper.example/a/b/c/b/c", True),
        ([("/", "1")], URL, True),
        ([("/", True)], URL, False),
        ([("/", None)], URL, False),
    ],
)
def test_a_file_reserves_by_the_first_rule_for_a_path(rules: list[tuple[str, object]], url: str, reserved: bool) -> None:
    body = json.dumps([{"location": location, "tdm-reservation": said} for location, said in rules]).encode()
    assert reserved_by_file(parse_tdmrep(body), url) is reserved


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"null", b"[1, [], {}]", b'[{"location": 5}]', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_such_file_reserves_nothing(body: bytes) -> None:
    assert parse_tdmrep(body) == ()


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_page_header_or_file_raises(body: bytes, header: str) -> None:
    wishes_of([("X-Robots-Tag", header), ("tdm-reservation", header)], b"<meta " + body)
    reserved_by_file(parse_tdmrep(body), URL)


def test_a_page_of_unclosed_metas_is_soon_read() -> None:
    assert wishes_of([], b"<meta name=robots content=" * 100_000) == ()


def test_reserved_pages_are_not_kept_and_those_behind_a_file_not_asked_for(serve: Serve, tmp_path: Path) -> None:
    server = serve(
        {
            "/.well-known/tdmrep.json": answer('[{"location": "/sport", "tdm-reservation": 1}]', content_type="application/json"),
            "/header": answer(PAGE, tdm_reservation="1"),
            "/meta": answer(PAGE.format('<meta name="tdm-reservation" content="1">')),
            "/free": answer(PAGE, x_robots_tag="noarchive"),
        }
    )
    crawl = fetch(tmp_path, outlet(server.url("/")), *map(server.url, ("/header", "/meta", "/sport/1", "/free")))
    assert [row.url for row in crawl.captures] == [server.url("/free")]
    assert {(row.state, row.reason, row.retry_at) for row in crawl.failures} == {("skipped", "tdm reserved", None)}
    assert "/sport/1" not in server.targets()
    again = fetch(tmp_path, outlet(server.url("/")), server.url("/sport/2"), run_id="run-2")
    assert again.failures[0].reason == "tdm reserved"
    assert [visit.target for visit in server.visits].count("/.well-known/tdmrep.json") == 1  # kept for a day


def test_an_outlet_whose_user_may_mine_it_says_so(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/header": answer(PAGE, tdm_reservation="1")})
    crawl = fetch(tmp_path, outlet(server.url("/"), crawl={"tdm": "record"}), server.url("/header"))
    assert ("tdm-reservation", "1") in [(name.lower(), value) for name, value in crawl.page(server.url("/header")).headers]


def test_what_a_page_asks_for_is_in_its_row_and_in_its_archive(serve: Serve, tmp_path: Path) -> None:
    server = serve(
        {
            "/.well-known/tdmrep.json": answer('[{"location": "/sport", "tdm-reservation": 1}]', content_type="application/json"),
            "/sport": answer(PAGE.format("")),
            "/both": answer(PAGE.format('<meta name="robots" content="noai, noindex">'), x_robots_tag="noarchive"),
            "/free": answer(PAGE.format("Free")),
        }
    )
    crawl = fetch(tmp_path, outlet(server.url("/"), crawl={"tdm": "record"}), *map(server.url, ("/sport", "/both", "/free")))
    told = {server.url("/sport"): ("tdm-reservation",), server.url("/both"): ("noai", "noarchive", "noindex"), server.url("/free"): ()}
    assert {row.url: row.wishes for row in crawl.captures} == told
    (path,) = archive_files(crawl.job.captures)
    assert {row.url: row.wishes for entry in entries(crawl.job.captures, path) if (row := entry.capture)} == told


def test_an_outlet_whose_noarchive_is_obeyed_keeps_no_such_page(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/asked": answer(PAGE, x_robots_tag="noarchive"), "/other": answer(PAGE, x_robots_tag="otherbot: noarchive")})
    crawl = fetch(tmp_path, outlet(server.url("/"), crawl={"noarchive": "obey"}), *map(server.url, ("/asked", "/other")))
    assert [row.url for row in crawl.captures] == [server.url("/other")]
    assert [(row.state, row.reason, row.retry_at) for row in crawl.failures] == [("skipped", "noarchive", None)]
