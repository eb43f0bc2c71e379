"""The crawl as a process: how it ends when it is stopped, orphaned, out of space, or ordered wrongly; and how it goes on."""

from __future__ import annotations

import resource
import signal
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spiders.captures import pages_of
from tests.spiders.conftest import Serve
from tests.spiders.crawling import ROOT, Run, begin, fetch, order, outlet, plan, run
from tests.spiders.faulty_server import Visit, answer
from warehouse.contracts import to_json

PAGE = "<html><body><p>The council met on Tuesday.</p></body></html>"


def incompressible(size: int) -> str:
    """A page that takes its size on disk too."""
    return f"<html><body><p>{' '.join(str(number * 7919 % 999_983) for number in range(size // 7))}</p></body></html>"


def test_a_crawl_that_is_stopped_keeps_what_it_has(serve: Serve, tmp_path: Path) -> None:
    reached = threading.Event()

    def hold(visit: Visit) -> bytes:
        reached.set()
        return visit.hang()

    server = serve({"/3": hold}, default=answer(PAGE))
    job = order(tmp_path, outlet(server.url("/"), timeout=60))
    plan(job, [server.url(f"/{page}") for page in range(8)])
    with begin("fetch", job) as process:
        assert reached.wait(30)
        process.terminate()
        told = process.communicate(timeout=20)[1]
    crawl = Run(job, process.returncode, told)
    assert (crawl.code, crawl.told) == (0, "")
    assert [row.url for row in crawl.captures] == [server.url(f"/{page}") for page in range(3)]
    assert {(row.state, row.reason) for row in crawl.failures} == {("waiting", "not reached")}
    assert len(crawl.failures) == 5
    assert all(crawl.page(row.url).body.decode() == PAGE for row in crawl.captures)
    assert [row.error for row in crawl.asked(server.url("/3"))] == ["not reached"]


def test_what_is_under_way_when_a_crawl_is_stopped_may_come_in(serve: Serve, tmp_path: Path) -> None:
    reached, stopped = threading.Event(), threading.Event()

    def late(visit: Visit) -> bytes:
        reached.set()
        stopped.wait(10)
        return answer(PAGE)

    server = serve({"/late": late}, default=answer(PAGE))
    job = order(tmp_path, outlet(server.url("/"), timeout=60))
    plan(job, [server.url("/late"), server.url("/never")])
    with begin("fetch", job) as process:
        assert reached.wait(30)
        process.send_signal(signal.SIGINT)
        stopped.set()
        process.communicate(timeout=20)
    assert [row.url for row in Run(job).captures] == [server.url("/late")]
    assert [row.url for row in Run(job).failures] == [server.url("/never")]


def test_a_discovery_that_is_stopped_leaves_what_it_found_and_a_row_for_each_source(serve: Serve, tmp_path: Path) -> None:
    reached = threading.Event()

    def hold(visit: Visit) -> bytes:
        reached.set()
        return visit.hang()

    feed = answer("<rss><channel><item><link>/news/1</link></item></channel></rss>")
    server = serve({"/1": feed, "/2": hold, "/3": feed})
    job = order(tmp_path, outlet(server.url("/"), timeout=60, feeds=[{"url": server.url(f"/{number}")} for number in (1, 2, 3)]))
    with begin("discover", job) as process:
        assert reached.wait(30)
        process.terminate()
        told = process.communicate(timeout=20)[1]
    crawl = Run(job, process.returncode, told)
    assert (crawl.code, crawl.told) == (0, "")
    assert [row.url for row in crawl.links] == [server.url("/news/1")]
    assert sorted((row.url, row.error) for row in crawl.sources) == [
        (server.url("/1"), None),
        (server.url("/2"), "not reached"),
        (server.url("/3"), "not reached"),
    ]


def test_a_crawl_ends_with_the_process_that_ordered_it(serve: Serve, tmp_path: Path) -> None:
    reached = threading.Event()

    def hold(visit: Visit) -> bytes:
        reached.set()
        return visit.hang()

    server = serve({"/a": hold}, default=answer(PAGE))
    job = order(tmp_path, outlet(server.url("/"), timeout=600))
    plan(job, [server.url("/a"), server.url("/b")])
    inner = [sys.executable, "-m", "spiders", "fetch", str(job.folder / "job.json")]
    # The crawl inherits the pipe: it is read to its end only when the crawl, too, is gone
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({inner!r})"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    with parent:
        assert reached.wait(30)
        parent.kill()
        parent.communicate(timeout=20)
    assert {(row.state, row.reason) for row in Run(job).failures} == {("waiting", "not reached")}


def test_a_crawl_whose_parent_died_before_it_began_asks_nobody(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=answer(PAGE))
    job = order(tmp_path, outlet(server.url("/")))
    plan(job, [server.url("/a")])
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    orphan = job.model_copy(update={"parent": gone.pid})
    (job.folder / "job.json").write_text(orphan.model_dump_json())
    done = subprocess.run([sys.executable, "-m", "spiders", "fetch", job.folder / "job.json"], cwd=ROOT, timeout=30, check=False)
    assert done.returncode == 0 and server.visits == []


def test_a_fetch_begun_again_skips_what_is_settled(serve: Serve, tmp_path: Path) -> None:
    server = serve({"/gone": answer("gone", 404)}, default=answer(PAGE))
    of = outlet(server.url("/"))
    urls = [server.url(path) for path in ("/1", "/gone", "/2", "/3")]
    first = fetch(tmp_path, of, *urls[:2])
    with first.job.captured.open("ab") as rows:
        rows.write(to_json(first.captures[0]).encode()[:50])  # as a killed writer leaves it
    archive = first.job.captures / first.captures[0].file
    whole = archive.read_bytes()
    archive.write_bytes(whole + whole[:100])
    again = fetch(tmp_path, of, *urls)
    assert [row.url for row in again.captures] == [urls[0], urls[2], urls[3]]
    assert [row.url for row in again.failures] == [urls[1]]
    assert [again.page(url).body.decode() for url in (urls[0], urls[2], urls[3])] == [PAGE] * 3
    assert len(list(pages_of(archive))) == 3
    assert server.targets().count("/1") == 1


def test_a_link_that_is_planned_twice_is_fetched_once(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=answer(PAGE))
    assert len(fetch(tmp_path, outlet(server.url("/")), server.url("/1"), server.url("/1")).captures) == 1


def test_a_full_disk_ends_the_crawl_and_every_link_has_its_row(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=answer(incompressible(30_000)))
    job = order(tmp_path, outlet(server.url("/")))
    plan(job, [server.url(f"/{page}") for page in range(20)])
    limit = 64 * 1024  # for each file: the archive reaches it first
    crawl = run("fetch", job, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert crawl.code == 3
    assert 1 <= len(crawl.captures) < 20
    assert {(row.state, row.reason) for row in crawl.failures} == {("waiting", "no space")}
    assert len(crawl.captures) + len(crawl.failures) == 20
    assert len(list(pages_of(job.captures / crawl.captures[0].file))) == len(crawl.captures)
    assert all(crawl.page(row.url).whole for row in crawl.captures)


def test_a_disk_that_takes_no_rows_leaves_none_that_is_torn(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=answer(PAGE))
    job = order(tmp_path, outlet(server.url("/")))
    plan(job, [server.url(f"/{page}") for page in range(40)])
    crawl = run("fetch", job, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)))
    assert crawl.code == 3
    assert len(crawl.captures) >= 1
    for file in (job.captured, job.failures, job.requests):
        assert not file.read_bytes() or file.read_bytes().endswith(b"\n")


def test_a_folder_that_cannot_be_written_is_told(serve: Serve, tmp_path: Path) -> None:
    job = order(tmp_path, outlet("http://127.0.0.1:9/"))
    plan(job, [])
    job.requests.mkdir()
    crawl = run("fetch", job)
    assert crawl.code == 2
    assert "requests.jsonl" in crawl.told
    assert "Traceback" not in crawl.told


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        ("{", "job.json"),
        ('{"run_id": "../up"}', "run_id"),
        (None, "plan.jsonl"),
    ],
)
def test_an_order_that_is_none_is_told_without_a_traceback(tmp_path: Path, spoil: str | None, told: str) -> None:
    job = order(tmp_path, outlet("http://127.0.0.1:9/"))
    if spoil is not None:
        (job.folder / "job.json").write_text(spoil, encoding="utf-8")
    crawl = run("fetch", job)
    assert crawl.code == 2
    assert told in crawl.told
    assert "Traceback" not in crawl.told


@pytest.mark.parametrize("line", ["{}\n", '{"outlet": "other", "url": "http://127.0.0.1:9/"}\n', "\x00\n"])
def test_a_plan_that_is_none_is_told_without_a_traceback(tmp_path: Path, line: str) -> None:
    job = order(tmp_path, outlet("http://127.0.0.1:9/"))
    job.plan.write_text(line, encoding="utf-8")
    crawl = run("fetch", job)
    assert (crawl.code, "plan.jsonl" in crawl.told, "Traceback" in crawl.told) == (2, True, False)


def test_nothing_to_fetch_is_done_at_once_and_makes_no_archive(tmp_path: Path) -> None:
    crawl = fetch(tmp_path, outlet("http://127.0.0.1:9/"))
    assert (crawl.code, crawl.captures, crawl.failures, crawl.requests) == (0, [], [], [])
    assert not crawl.job.captures.exists()


def test_how_to_order_a_crawl_is_told() -> None:
    done = subprocess.run([sys.executable, "-m", "spiders"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "usage: python -m spiders discover|fetch JOB.json\n")


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file = folder / "server.pem"
    file.write_bytes(certificate.public_bytes(encoding) + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_a_certificate_is_verified_unless_the_outlet_says_otherwise(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=answer(PAGE), tls=self_signed(tmp_path))
    strict = fetch(tmp_path, outlet(server.url("/")), server.url("/a"))
    assert [(row.reason, row.state) for row in strict.failures] == [("tls", "waiting")]
    assert server.targets() == []
    lenient = fetch(tmp_path, outlet(server.url("/"), crawl={"insecure_tls": True}), server.url("/a"), run_id="run-2")
    assert lenient.page(server.url("/a")).body.decode() == PAGE
