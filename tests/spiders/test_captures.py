"""WARC out and in: what is written is read back by us and by others; what others wrote, or tore, is read as far as it goes."""

from __future__ import annotations

import errno
import gzip
import os
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import brotli
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.captures import CaptureWriter, Exchange, UnreadableCapture, pages_of, read_body
from spiders.encodings import BadEncoding, Unpacked, unpack
from spiders.ledger import CannotStore, RowFile, append_whole
from spiders.warc import parse_http, read_records, whole_length
from warehouse.contracts import Planned, Request, read_rows

NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
PAGE = "<html><body><p>اجتمع المجلس يوم الثلاثاء. The council met.</p></body></html>".encode()
HTML = (("Content-Type", "text/html"),)
LINK = Planned(
    "demo", "http://demo.example/1", "demo:1", "sitemap", title="T", published_at=NOON, published_raw="1 March", published_precision="day"
)
PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
    "": bytes,
}


def exchange(payload: bytes = PAGE, url: str = "http://demo.example/1", **fields: object) -> Exchange:
    told = {
        "url": url,
        "received_at": NOON,
        "status": 200,
        "headers": HTML,
        "payload": payload,
        "request_headers": (("User-Agent", "newsmill/1"),),
    }
    return Exchange(**{**told, **fields})  # type: ignore[arg-type]


def foreign(path: Path, *records: tuple[str, bytes], packed: bool = True, version: str = "1.0") -> bytes:
    """A WARC of another tool: types and HTTP messages."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed, warc_version=version)
        for number, (kind, message) in enumerate(records):
            fields = {"WARC-Date": f"2019-05-0{number + 1}T10:00:00Z"}
            record = writer.create_warc_record(
                f"http://old.example/{number}", kind, BytesIO(message), len(message), warc_headers_dict=fields
            )
            writer.write_record(record)
    return path.read_bytes()


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = "\r\n".join([f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html",)), "", ""])
    return lines.encode("latin-1") + body


# What we write


def test_a_page_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    row = CaptureWriter(tmp_path, "r1").write(LINK, exchange(final := PAGE, url="http://demo.example/final", cut_short=True), partial=True)
    assert (row.outlet, row.url, row.final_url, row.article_id) == ("demo", LINK.url, "http://demo.example/final", "demo:1")
    assert (row.status, row.content_type, row.partial, row.captured_at) == (200, "text/html", True, NOON)
    assert (row.link_source, row.link_title, row.link_published_at) == ("sitemap", "T", NOON)
    assert (row.link_published_raw, row.link_published_precision) == ("1 March", "day")
    page = read_body(tmp_path, row)
    assert (page.body, page.url, page.whole, page.exchange.received_at) == (final, "http://demo.example/final", False, NOON)


def test_the_archive_is_warc_1_1_one_member_a_record(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path, "r1", "newsmill/9")
    rows = [writer.write(LINK, exchange(ip="192.0.2.1")) for _ in range(2)]
    writer.close()
    assert rows[0].file == "demo/2026-03/r1.warc.gz"
    with (tmp_path / rows[0].file).open("rb") as file:
        archive = ArchiveIterator(file, check_digests="raise")
        kinds = []
        for record in archive:
            kinds.append(record.rec_type)
            body = record.content_stream().read()
            assert record.rec_headers.protocol == "WARC/1.1"
            if record.rec_type == "warcinfo":
                assert b"software: newsmill/9" in body
            if record.rec_type == "response":
                assert record.rec_headers.get_header("WARC-IP-Address") == "192.0.2.1"
                assert record.rec_headers.get_header("WARC-Date") == "2026-03-01T12:00:00.250000Z"
                assert record.rec_headers.get_header("WARC-Payload-Digest") == f"sha256:{rows[0].sha256}"
                assert (archive.get_record_offset(), archive.get_record_length()) in {(row.offset, row.length) for row in rows}
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 2]


def test_headers_are_kept_byte_for_byte(tmp_path: Path) -> None:
    headers = (("Content-Type", "text/html"), ("X-Note", "caf\xe9 \xd8\xae"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    page = read_body(tmp_path, CaptureWriter(tmp_path, "r1").write(LINK, exchange(headers=headers, status=299)))
    assert (page.headers, page.status) == (headers, 299)


def test_a_page_that_we_did_not_ask_for_gets_no_request_record(tmp_path: Path) -> None:
    row = CaptureWriter(tmp_path, "r1").write(LINK, exchange(request_headers=()))
    kinds = [record.headers["warc-type"] for record in read_records(tmp_path / row.file, 1000)]
    assert kinds == ["warcinfo", "response", "metadata"]


def test_a_torn_record_is_cut_off_before_the_next_is_written(tmp_path: Path) -> None:
    first = CaptureWriter(tmp_path, "r1").write(LINK, exchange())
    file = tmp_path / first.file
    whole = file.read_bytes()
    file.write_bytes(whole + whole[first.offset : first.offset + 60])
    second = CaptureWriter(tmp_path, "r1").write(LINK, exchange(b"<p>second</p>"))
    assert second.offset == len(whole)
    assert [page.body for page in pages_of(file)] == [PAGE, b"<p>second</p>"]


def test_a_file_that_is_all_torn_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "demo/2026-03").mkdir(parents=True)
    (tmp_path / "demo/2026-03/r1.warc.gz").write_bytes(b"\x1f\x8b\x08 torn")
    row = CaptureWriter(tmp_path, "r1").write(LINK, exchange())
    assert read_body(tmp_path, row).body == PAGE


def test_no_outlet_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="outside"):
        CaptureWriter(tmp_path / "captures", "r1").write(Planned("../up", "http://a.example/", "a", "feed"), exchange())


def test_a_row_that_points_elsewhere_is_an_error(tmp_path: Path) -> None:
    writer = CaptureWriter(tmp_path, "r1")
    one, other = writer.write(LINK, exchange()), writer.write(LINK, exchange())
    (tmp_path / "demo/2026-03/r2.warc.gz").write_bytes((tmp_path / one.file).read_bytes()[: one.offset + 50])
    for changes in ({"offset": other.offset}, {"offset": one.offset + 1}, {"length": one.length - 5}, {"file": "demo/2026-03/r2.warc.gz"}):
        moved = type(one)(**{**{name: getattr(one, name) for name in one.__slots__}, **changes})
        with pytest.raises(UnreadableCapture):
            read_body(tmp_path, moved)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)), st.integers(200, 599))
def test_any_payload_comes_back(tmp_path_factory: pytest.TempPathFactory, body: bytes, coding: str, status: int) -> None:
    folder = tmp_path_factory.mktemp("any")
    sent = exchange(PACKERS[coding](body), headers=(("Content-Encoding", coding),), status=status)
    page = read_body(folder, CaptureWriter(folder, "r1").write(LINK, sent))
    assert (page.body, page.exchange.payload, page.status) == (body, sent.payload, status)


# What others wrote


@pytest.mark.parametrize("packed", [True, False])
def test_the_html_answers_of_a_foreign_archive_are_found(tmp_path: Path, packed: bool) -> None:
    foreign(
        tmp_path / "a",
        ("request", b"GET / HTTP/1.1\r\nHost: old.example\r\n\r\n"),
        ("response", http(PAGE)),
        ("response", http(b"\x89PNG", "Content-Type: image/png")),
        ("response", http(b"gone", status="404 Not Found")),
        ("resource", b"<html>resource</html>"),
        ("response", http(gzip.compress(PAGE), "content-type: TEXT/HTML;charset=utf-8", "Content-Encoding: gzip")),
        ("response", http(b"  <p>no type</p>", "Server: x")),
        packed=packed,
    )
    pages = list(pages_of(tmp_path / "a"))
    assert [(page.url, page.status, page.body) for page in pages] == [
        ("http://old.example/1", 200, PAGE),
        ("http://old.example/3", 404, b"gone"),
        ("http://old.example/5", 200, PAGE),
        ("http://old.example/6", 200, b"  <p>no type</p>"),
    ]
    assert pages[0].exchange.received_at == datetime(2019, 5, 2, 10, tzinfo=UTC)
    assert pages[2].content_type == "TEXT/HTML;charset=utf-8"


def test_a_foreign_page_can_be_written_as_ours(tmp_path: Path) -> None:
    foreign(
        tmp_path / "a", ("response", http(b"5\r\n<p>ab\r\n4\r\n</p>\r\n0\r\n\r\n", "Content-Type: text/html", "Transfer-Encoding: chunked"))
    )
    (page,) = pages_of(tmp_path / "a")
    row = CaptureWriter(tmp_path, "backfill").write(LINK, page.exchange)
    assert read_body(tmp_path, row).body == b"<p>ab</p>"
    assert row.file == "demo/2019-05/backfill.warc.gz"


def test_chunks_are_joined_only_where_there_are_any(tmp_path: Path) -> None:
    foreign(tmp_path / "a", ("response", http(PAGE, "Content-Type: text/html", "Transfer-Encoding: chunked")))
    assert [page.body for page in pages_of(tmp_path / "a")] == [PAGE]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("garbage", [b"\0" * 300, b"some text\r\n\r\n", b"\x1f\x8b\x08 like gzip", os.urandom(1000)])
def test_garbage_between_records_costs_no_page(tmp_path: Path, packed: bool, garbage: bytes) -> None:
    parts = [foreign(tmp_path / "a", ("response", http(b"<p>%d</p>" % number)), packed=packed) for number in range(3)]
    (tmp_path / "a").write_bytes(garbage.join([b"", *parts, b""]))
    assert [page.body for page in pages_of(tmp_path / "a")] == [b"<p>0</p>", b"<p>1</p>", b"<p>2</p>"]


@pytest.mark.parametrize("packed", [True, False])
def test_a_torn_record_in_the_middle_costs_only_itself(tmp_path: Path, packed: bool) -> None:
    parts = [foreign(tmp_path / "a", ("response", http(os.urandom(3000).hex().encode())), packed=packed) for _ in range(3)]
    (tmp_path / "a").write_bytes(parts[0] + parts[1][: len(parts[1]) // 2] + parts[2])
    pages = list(pages_of(tmp_path / "a"))
    whole = [page for page in pages if page.whole]
    assert len(whole) >= (2 if packed else 1)  # without members, a promised length swallows what follows it
    assert all(len(page.body) == 6000 for page in whole)


@pytest.mark.parametrize("packed", [True, False])
def test_a_missing_tail_leaves_what_there_is_and_says_so(tmp_path: Path, packed: bool) -> None:
    bodies = [os.urandom(3000).hex().encode() for _ in range(2)]
    data = foreign(tmp_path / "a", *(("response", http(body)) for body in bodies), packed=packed)
    (tmp_path / "a").write_bytes(data[: -len(data) // 4])
    first, second = pages_of(tmp_path / "a")
    assert (first.body, first.whole) == (bodies[0], True)
    assert bodies[1].startswith(second.body)
    assert second.body
    assert not second.whole


def test_a_file_that_is_one_gzip_stream_is_read_too(tmp_path: Path) -> None:
    data = foreign(tmp_path / "a", ("response", http(PAGE)), ("response", http(PAGE)), packed=False)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(data))
    assert len(list(pages_of(tmp_path / "a.warc.gz"))) == 2


def test_a_page_that_quotes_a_warc_record_is_one_page(tmp_path: Path) -> None:
    quoted = b"<pre>\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: 4\r\n\r\nabcd</pre>"
    foreign(tmp_path / "a", ("response", http(quoted)), ("response", http(PAGE)), packed=False)
    assert [page.body for page in pages_of(tmp_path / "a")] == [quoted, PAGE]


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b\x08", b"<html>", b"WARC/1.0\r\n", b"WARC/1.0\r\nContent-Length: 99999999999999999999\r\n\r\n"]
)
def test_a_file_that_is_no_archive_holds_no_page(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert list(pages_of(tmp_path / "a")) == []


def test_a_page_beyond_the_limit_is_cut_and_says_so(tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + b" " * 5_000_000)
    foreign(
        tmp_path / "a",
        ("response", http(b"<p>" + b"x" * 5000)),
        ("response", http(bomb, "Content-Type: text/html", "Content-Encoding: gzip")),
    )
    pages = list(pages_of(tmp_path / "a", limit=5000))
    assert [(len(page.body) <= 5000, page.whole) for page in pages] == [(True, False)] * 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=4), st.integers(0, 3000), st.binary(max_size=40))
def test_no_damage_raises(tmp_path_factory: pytest.TempPathFactory, bodies: list[bytes], at: int, damage: bytes) -> None:
    path = tmp_path_factory.mktemp("damage") / "a"
    data = foreign(path, *(("response", http(body)) for body in bodies), packed=at % 2 == 0)
    path.write_bytes(data[:at] + damage + data[at + len(damage) :])
    assert len(list(pages_of(path))) <= len(bodies) + 1


def test_a_message_without_a_head_is_none() -> None:
    assert parse_http(b"<html>") is None
    assert parse_http(b"HTTP/1.1 200 OK\r\nContent-Type: text/html") is None


def test_folded_headers_are_one() -> None:
    message = parse_http(b"HTTP/1.1 200 OK\nX-Long: a\n  b\nnonsense\n\nbody")
    assert message is not None
    assert (message.headers, message.payload) == ((("X-Long", "a b"),), b"body")


def test_the_whole_members_of_a_file_are_measured(tmp_path: Path) -> None:
    one, two = gzip.compress(b"a" * 1000), gzip.compress(os.urandom(600_000))
    for data, length in ((one + two, len(one + two)), (one + two[:-9], len(one)), (one + b"xx", len(one)), (b"", 0), (b"xx", 0)):
        (tmp_path / "a").write_bytes(data)
        assert whole_length(tmp_path / "a") == length


# How bodies are packed


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_is_unpacked_up_to_the_limit_and_told_if_it_broke_off(coding: str) -> None:
    text = b"".join(b"<p>%d</p>" % (number * 7919) for number in range(20_000))
    packed = PACKERS[coding](text)
    assert unpack(packed, coding.upper(), 10**7) == Unpacked(text)
    assert unpack(packed, coding, 1000) == Unpacked(text[:1000], over=True)
    broken = unpack(packed[: len(packed) // 2], coding, 10**7)
    assert not broken.whole
    assert text.startswith(broken.body)
    with pytest.raises(BadEncoding):
        unpack(b"\x01\x02\x03 nothing that was packed", coding, 1000)


def test_half_a_million_empty_gzip_members_cost_no_more_than_their_bytes() -> None:
    """zlib copies what follows a member: with all of it in hand these 10 MB took 73 s, in growing slices 0.7."""
    unpacked = unpack(gzip.compress(b"") * 500_000 + gzip.compress(b"the end"), "gzip", 1000)
    assert (unpacked.body, unpacked.whole) == (b"the end", True)


def test_codings_are_undone_from_the_last_to_the_first() -> None:
    assert unpack(brotli.compress(gzip.compress(PAGE)), "gzip, br", 10**6) == Unpacked(PAGE)


@pytest.mark.parametrize("coding", ["gzip", "br", "utf-8", "text/html"])
def test_what_is_named_packed_and_is_not_is_taken_as_it_is(coding: str) -> None:
    assert unpack(PAGE, coding, 10**6) == Unpacked(PAGE)


@pytest.mark.parametrize("codings", ["compress", "gzip, gzip, gzip, gzip", "gzip, secret"])
def test_a_coding_that_we_do_not_take_is_an_error(codings: str) -> None:
    with pytest.raises(BadEncoding):
        unpack(gzip.compress(PAGE), codings, 10**6)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_no_body_raises_anything_else(body: bytes, codings: str) -> None:
    with suppress(BadEncoding):
        unpack(body, codings, 10_000)


# How rows are kept


def test_a_torn_line_is_cut_off_before_the_next_is_written(tmp_path: Path) -> None:
    row = Request("r1", "demo", "http://a.example/ü", "article", NOON)
    RowFile(tmp_path / "rows").append(row)
    with (tmp_path / "rows").open("ab") as file:
        file.write(b'{"run_id": "r1", ' + b"x" * 100_000)
    RowFile(tmp_path / "rows").append(row)
    assert list(read_rows(Request, tmp_path / "rows")) == [row, row]


def test_rows_can_be_begun_anew(tmp_path: Path) -> None:
    RowFile(tmp_path / "rows").append(Request("r1", "demo", "http://a.example/", "article", NOON))
    RowFile(tmp_path / "rows", anew=True)
    assert (tmp_path / "rows").read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_a_disk_that_is_full_has_a_name() -> None:
    with pytest.raises(CannotStore) as caught:
        append_whole(Path("/dev/full"), b"x")
    assert caught.value.reason == "no space"
    assert CannotStore(Path("a"), OSError(errno.EACCES, "denied")).reason == "cannot write"


def test_warcio_alone_would_change_headers() -> None:
    """The reason for headers of our own; when this fails, warcio has learned it."""
    assert b"caf\xe9" not in StatusAndHeaders("200 OK", [("X-Note", "caf\xe9")], "HTTP/1.1").to_ascii_bytes()
