"""What becomes of a page: one crawl over everything the web does wrong, each fault on a host of its own."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from spiders.captures import UnreadableCapture, read_body
from tests.spiders.crawling import Run, order, outlet, plan, run
from tests.spiders.faulty_server import FaultyServer, Route, answer, in_turn, redirect

PAGE = "<html><body><p>The council met on Tuesday.</p></body></html>"
LONG = f"<html><body><p>{'The council met on Tuesday. ' * 100}</p></body></html>"
PACKED = gzip.compress(PAGE.encode())
BOMB = gzip.compress(b"\0" * 30_000_000)
CHUNKS = b"5\r\n<p>ab\r\n6\r\ncd</p>\r\n0\r\n\r\n"
# Arabic in windows-1256: bytes that no other charset makes sense of
ARABIC = "<p>اجتمع المجلس</p>".encode("windows-1256")


def short(body: bytes, length: int, **headers: str) -> bytes:
    """An answer that promises ``length`` bytes and then closes."""
    return answer(body, content_length=str(length), connection="close", **headers)


FAULTS: dict[str, dict[str, Route]] = {
    "plain": {
        "/page": answer(PAGE),
        "/arabic": answer(ARABIC, content_type="text/html; charset=windows-1256", x_note="café"),
        "/gzip": answer(PACKED, content_encoding="gzip"),
        "/raw-deflate": answer(zlib.compress(PAGE.encode())[2:-4], content_encoding="deflate"),
        "/unpacked-already": answer(PAGE, content_encoding="gzip"),
        "/image": answer(b"\x89PNG\r\n\x1a\n" + bytes(500), content_type="image/png"),
        "/empty": answer(b""),
        "/to-page": redirect("/page"),
        "/to-arabic-path": redirect("/خبر"),
        "/%D8%AE%D8%A8%D8%B1": answer(PAGE),
        "/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
        "/old-server": b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode(),
    },
    "gone": {"/404": answer("gone", 404), "/410": answer("gone", 410), "/403": answer("no", 403)},
    "odd status": {"/204": answer(status=204), "/302": answer(status=302), "/999": answer("no", 999)},
    "well again": {"/": in_turn(answer("oops", 500), answer("oops", 502), answer(PAGE))},
    "ill": {"/": answer("oops", 500)},
    "hang": {"/": lambda visit: visit.hang()},
    "reset": {"/": lambda visit: visit.reset()},
    "reset once": {"/": in_turn(lambda visit: visit.reset(), answer(PAGE))},
    "not http": {"/": b"SSH-2.0-OpenSSH_9.6\r\n"},
    "deaf": {"/": answer(PAGE), "/robots.txt": lambda visit: visit.hang()},
    "ssh": {"/": answer(PAGE), "/robots.txt": b"SSH-2.0-OpenSSH_9.6\r\n"},
    "loop": {"/a": redirect("/b"), "/b": redirect("/a"), "/self": redirect("/self"), "/1": redirect("/2")}
    | {f"/{n}": redirect(f"/{n + 1}") for n in range(1, 9)},
    "bomb": {"/": answer(BOMB, content_encoding="gzip")},
    "too large": {"/told": answer(b"x" * 300_000), "/untold": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + b"x" * 300_000},
    "garbage": {"/": answer(b"\x01\x02 no gzip at all", content_encoding="gzip")},
    "cut": {
        "/long": short(LONG.encode()[:2000], 5000),
        "/little": short(LONG.encode()[:200], 5000),
        "/gzip": answer(gzip.compress(LONG.encode() + bytes(range(256)) * 40)[:-60], content_encoding="gzip"),
        "/unsaid": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + LONG.encode()[:2000],
        "/miscounted": short(PAGE.encode(), 5000),
        "/once": in_turn(short(LONG.encode()[:2000], len(LONG)), answer(LONG)),
    },
    "leaving": {
        "/file": redirect("file:///etc/passwd"),
        "/script": redirect("javascript:alert(1)"),
        "/user": redirect("http://a:b@127.0.0.1/"),
    },
}


@dataclass(frozen=True, slots=True)
class World:
    servers: Mapping[str, FaultyServer]
    run: Run

    def url(self, fault: str, path: str = "/") -> str:
        return self.servers[fault].url(path)

    def reason(self, fault: str, path: str = "/") -> str:
        return self.run.failure(self.url(fault, path)).reason

    def asked(self, fault: str, path: str = "/") -> list[tuple[int | None, str | None]]:
        return [(row.status, row.error) for row in self.run.asked(self.url(fault, path))]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        servers = {name: stack.enter_context(FaultyServer(routes)) for name, routes in FAULTS.items()}
        elsewhere = stack.enter_context(FaultyServer({"/": answer(PAGE)}))
        servers["leaving"].routes = {**servers["leaving"].routes, "/other": redirect(elsewhere.url("/").replace("127.0.0.1", "localhost"))}
        refused = FaultyServer({})
        refused.__exit__()
        servers["refused"], servers["elsewhere"] = refused, elsewhere
        of = outlet(servers["plain"].url("/"), timeout=1, crawl={"max_bytes": 200_000, "concurrency": 8})
        job = order(tmp_path_factory.mktemp("fetch"), of, contact="mailto:desk@demo.example")
        urls = [
            server.url(path) for server in servers.values() if server is not elsewhere for path in server.routes if path != "/robots.txt"
        ]
        plan(job, [*urls, refused.url("/"), "http://host.invalid/a", "mailto:desk@demo.example"])
        yield World(servers, run("fetch", job))


def test_the_crawl_is_done_and_quiet(world: World) -> None:
    assert (world.run.code, world.run.told) == (0, "")


def test_every_planned_link_ends_in_exactly_one_row(world: World) -> None:
    planned = world.run.job.plan.read_text(encoding="utf-8").count("\n")
    ends = Counter([row.url for row in world.run.captures] + [row.url for row in world.run.failures])
    assert len(ends) == planned
    assert set(ends.values()) == {1}


def test_every_request_that_a_server_saw_is_in_the_ledger_once(world: World) -> None:
    seen = Counter(server.url(visit.target) for server in world.servers.values() for visit in server.visits)
    answered = Counter(
        row.url for row in world.run.requests if "invalid" not in row.url and row.error not in ("refused", "address not allowed")
    )
    assert answered == seen


def test_a_page_is_captured_as_it_came(world: World) -> None:
    page = world.run.page(world.url("plain", "/arabic"))
    assert page.body == ARABIC
    assert page.content_type == "text/html; charset=windows-1256"
    assert ("X-Note", "café") in page.headers


@pytest.mark.parametrize("path", ["/page", "/gzip", "/raw-deflate", "/unpacked-already", "/old-server", "/to-page", "/to-arabic-path"])
def test_the_body_is_unpacked_when_it_is_read(world: World, path: str) -> None:
    page = world.run.page(world.url("plain", path))
    assert (page.body.decode(), page.whole) == (PAGE, True)


def test_the_archive_holds_the_packed_body(world: World) -> None:
    page = world.run.page(world.url("plain", "/gzip"))
    assert page.exchange.payload == PACKED
    assert page.exchange.header("content-encoding") == "gzip"


def test_chunks_are_joined_and_no_longer_announced(world: World) -> None:
    page = world.run.page(world.url("plain", "/chunked"))
    assert page.body == b"<p>abcd</p>"
    assert not page.exchange.header("transfer-encoding")


def test_what_is_no_html_is_captured_and_left_to_the_reading(world: World) -> None:
    assert world.run.page(world.url("plain", "/image")).content_type == "image/png"
    assert world.run.page(world.url("plain", "/empty")).body == b""


def test_the_capture_keeps_the_link_and_where_it_led(world: World) -> None:
    row = next(row for row in world.run.captures if row.url == world.url("plain", "/to-page"))
    assert row.final_url == world.url("plain", "/page")
    assert row.article_id == f"demo:{world.servers['plain'].host}/page"  # the article is the one it led to
    assert row.link_title == f"Title of {row.url}"
    assert world.asked("plain", "/to-page") == [(302, None)]


def test_a_month_and_a_run_make_one_archive_that_other_tools_read(world: World) -> None:
    (file,) = {row.file for row in world.run.captures}
    assert file == f"demo/{world.run.captures[0].captured_at:%Y-%m}/run-1.warc.gz"
    with (world.run.job.captures / file).open("rb") as archive:
        kinds = [record.rec_type for record in ArchiveIterator(archive, check_digests="raise")]
    assert kinds == ["warcinfo"] + ["response", "request", "metadata"] * len(world.run.captures)


def test_the_request_record_holds_what_was_sent(world: World) -> None:
    with (world.run.job.captures / world.run.captures[0].file).open("rb") as archive:
        records = [record for record in ArchiveIterator(archive) if record.rec_type in ("request", "response")]
        for response, request in zip(records[::2], records[1::2], strict=True):
            assert request.rec_headers.get_header("WARC-Concurrent-To") == response.rec_headers.get_header("WARC-Record-ID")
            assert request.http_headers.get_header("User-Agent").endswith("(+mailto:desk@demo.example)")
            assert response.rec_headers.get_header("WARC-IP-Address") == "127.0.0.1"


@pytest.mark.parametrize(
    ("fault", "path", "reason", "wait"),
    [
        ("gone", "/404", "http 404", None),
        ("gone", "/410", "http 410", None),
        ("gone", "/403", "http 403", timedelta(days=1)),
        ("odd status", "/204", "http 204", timedelta(days=1)),
        ("odd status", "/302", "http 302", timedelta(days=1)),
        ("odd status", "/999", "http 999", timedelta(hours=1)),
        ("ill", "/", "http 500", timedelta(hours=1)),
        ("hang", "/", "timeout", timedelta(hours=1)),
        ("reset", "/", "reset", timedelta(hours=1)),
        ("not http", "/", "not http", timedelta(hours=1)),
        ("bomb", "/", "too large", None),
        ("too large", "/told", "too large", None),
        ("too large", "/untold", "too large", None),
        ("garbage", "/", "bad encoding", timedelta(days=1)),
        ("cut", "/little", "cut short", timedelta(hours=1)),
        ("loop", "/a", "redirect loop", timedelta(days=1)),
        ("loop", "/self", "redirect loop", timedelta(days=1)),
        ("loop", "/1", "redirect loop", timedelta(days=1)),
        ("leaving", "/file", "another host", timedelta(days=1)),
        ("leaving", "/script", "another host", timedelta(days=1)),
        ("leaving", "/user", "another host", timedelta(days=1)),
        ("leaving", "/other", "address not allowed", timedelta(days=1)),
    ],
)
def test_a_failure_says_why_and_when_to_ask_again(world: World, fault: str, path: str, reason: str, wait: timedelta | None) -> None:
    row = world.run.failure(world.url(fault, path))
    assert (row.state, row.reason) == ("failed", reason)
    assert (row.retry_at and row.retry_at - row.failed_at) == wait


@pytest.mark.parametrize(("fault", "reason"), [("deaf", "robots unreachable"), ("ssh", "robots unreachable"), ("refused", "refused")])
def test_a_host_that_does_not_answer_keeps_its_links_waiting(world: World, fault: str, reason: str) -> None:
    row = world.run.failure(world.url(fault))
    assert (row.state, row.reason) == ("waiting", reason)
    assert row.retry_at == row.failed_at + timedelta(hours=1)


def test_a_name_that_nobody_knows_is_told_by_its_name(world: World) -> None:
    row = world.run.failure("http://host.invalid/a")
    assert (row.state, row.reason) == ("waiting", "dns")
    assert {request.error for request in world.run.requests if "host.invalid" in request.url} == {"dns"}


def test_what_is_no_web_address_is_never_asked(world: World) -> None:
    assert world.run.failure("mailto:desk@demo.example").reason == "not a URL"
    assert not world.run.asked("mailto:desk@demo.example")


def test_a_page_that_was_ill_for_a_moment_is_had(world: World) -> None:
    assert world.run.page(world.url("well again")).body.decode() == PAGE
    assert world.asked("well again") == [(500, None), (502, None), (200, None)]
    assert world.asked("reset once") == [(None, "reset"), (200, None)]


def test_retries_are_few(world: World) -> None:
    assert world.asked("ill") == [(500, None)] * 3
    assert world.asked("reset") == [(None, "reset")] * 3
    assert world.asked("gone", "/404") == [(404, None)]


def test_a_redirect_that_leaves_the_outlet_is_not_followed(world: World) -> None:
    assert world.servers["elsewhere"].targets() == []


@pytest.mark.parametrize("path", ["/long", "/gzip", "/unsaid"])
def test_a_page_that_broke_off_is_kept_as_partial_if_there_is_something_to_read(world: World, path: str) -> None:
    row = next(row for row in world.run.captures if row.url == world.url("cut", path))
    page = world.run.page(row.url)
    assert row.partial
    assert not page.whole
    assert page.body.decode("latin-1").startswith("<html><body><p>The council")


def test_a_page_whose_length_is_told_wrongly_is_whole_if_it_ends(world: World) -> None:
    row = next(row for row in world.run.captures if row.url == world.url("cut", "/miscounted"))
    assert not row.partial
    assert world.asked("cut", "/miscounted") == [(200, None)]


def test_a_page_that_broke_off_once_is_had_whole(world: World) -> None:
    row = next(row for row in world.run.captures if row.url == world.url("cut", "/once"))
    assert not row.partial
    assert world.run.page(row.url).body.decode() == LONG


def test_a_hang_ends_at_the_limit(world: World) -> None:
    rows = world.run.asked(world.url("hang"))
    assert [row.error for row in rows] == ["timeout"] * 3
    assert all(900 <= row.duration_ms < 3000 for row in rows)


def test_bytes_are_counted_as_they_came_over_the_wire(world: World) -> None:
    assert [row.bytes for row in world.run.asked(world.url("bomb"))] == [len(BOMB)]
    assert [row.bytes for row in world.run.asked(world.url("plain", "/gzip"))] == [len(PACKED)]


def test_a_capture_that_is_not_where_its_row_says_is_an_error(world: World, tmp_path: Path) -> None:
    with pytest.raises(UnreadableCapture, match="No such file"):
        read_body(tmp_path, world.run.captures[0])
