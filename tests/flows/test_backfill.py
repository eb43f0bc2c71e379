"""Older articles from WARC files: the same rows, and no request."""

from __future__ import annotations

import io
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.flows.conftest import Desk

ARTICLES = "SELECT title, text, published_at, authors, revision FROM articles WHERE outlet = 'demo_gazette' ORDER BY ALL"


def test_a_warc_gives_the_rows_that_the_crawl_gave_and_gives_them_once(printed: Desk, tmp_path: Path) -> None:
    warcs = sorted((printed.home / "captures" / "demo_gazette").rglob("*.warc.gz"))
    assert len(warcs) == 2
    other = Desk(printed.papers, tmp_path)
    asked = printed.asked()
    words = [word for warc in warcs for word in ("--warc", warc)]
    done = other.run("backfill", "demo_gazette", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert printed.asked() == asked
    assert other.ask(ARTICLES) == printed.ask(ARTICLES)
    assert other.ask("SELECT DISTINCT source FROM links") == [("warc",)]
    assert other.ask("SELECT count(*) FROM requests") == [(0,)]
    tables = {
        name: other.ask(f"SELECT * FROM {name} ORDER BY ALL") for name in ("articles", "revisions", "captures", "links", "rejections")
    }
    again = other.run("backfill", "demo_gazette", *words)
    assert again.returncode == 0, again.stderr
    assert {name: other.ask(f"SELECT * FROM {name} ORDER BY ALL") for name in tables} == tables


def test_a_foreign_warc_brings_only_the_outlets_own_pages(desk: Desk) -> None:
    origin, warc = desk.papers.origins["demo_gazette"], desk.folder / "foreign.warc.gz"
    story = "".join(f"<p>Paragraph {n} of a story that the harbour tells of its ferries and its long evenings.</p>" for n in range(9))
    page = f"<html><head><title>Ferries</title></head><body><article><h1>Ferries</h1>{story}</article></body></html>".encode()
    pages = {f"{origin}/1/ferries/": "200 OK", "http://elsewhere.example/1/ferries/": "200 OK", f"{origin}/2/gone/": "404 Not Found"}
    with warc.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, status in pages.items():
            headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=headers))
        out.write(b"\x1f\x8b torn")
    done = desk.run("backfill", "demo_gazette", "--warc", warc)
    assert done.returncode == 0, done.stdout + done.stderr
    assert desk.ask("SELECT url, title, revision FROM articles") == [(f"{origin}/1/ferries/", "Ferries", 1)]


def test_a_file_that_is_no_warc_is_told(desk: Desk) -> None:
    junk = desk.folder / "junk.warc.gz"
    junk.write_bytes(b"this is no archive")
    done = desk.run("backfill", "demo_gazette", "--warc", junk)
    assert done.returncode == 2 and "junk.warc.gz" in done.stderr and "Traceback" not in done.stderr
