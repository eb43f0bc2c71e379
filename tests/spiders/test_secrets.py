"""No password reaches a file: not the proxy's, not one that stands in a URL. Every byte that a run leaves is looked through."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from spiders.urls import masked
from tests.spiders.conftest import Serve
from tests.spiders.crawling import order, outlet, plan, run
from tests.spiders.faulty_server import answer, redirect

SECRET = "hunter2"
FORMS = (SECRET.encode(), base64.b64encode(f"desk:{SECRET}".encode()), base64.b64encode(SECRET.encode()).rstrip(b"="))
PAGE = answer("<html><body><p>The council met on Tuesday.</p></body></html>")
FEED = f"<rss><item><link>http://desk:{SECRET}@paper.invalid/1</link></item><item><link>/2</link></item></rss>"
INDEX = f"<sitemapindex><sitemap><loc>http://desk:{SECRET}@paper.invalid/map.xml</loc></sitemap></sitemapindex>"


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            yield path, gzip.decompress(data) if path.suffix == ".gz" else data


def test_no_file_and_no_log_holds_a_password(serve: Serve, tmp_path: Path) -> None:
    site = "http://paper.invalid"
    lure = redirect(f"http://desk:{SECRET}@paper.invalid/x")
    routes = {"/a": PAGE, "/lure": lure, "/feed": answer(FEED), "/moved-feed": lure, "/index": answer(INDEX), "/407": answer("who?", 407)}
    proxy = serve({f"{site}{path}": route for path, route in routes.items()})
    of = outlet(
        f"{site}/",
        feeds=[{"url": f"{site}/feed"}, {"url": f"{site}/moved-feed"}],
        sitemaps=[{"url": f"{site}/index"}],
    )
    through = f"http://desk:{SECRET}@{proxy.host}"
    job = order(tmp_path, of)
    plan(job, [f"{site}/a", f"{site}/lure", f"{site}/407", "https://paper.invalid/tls"])
    fetched = run("fetch", job, {"http_proxy": through, "https_proxy": through})
    found = run("discover", order(tmp_path, of, run_id="run-2"), {"http_proxy": through, "https_proxy": through})
    assert proxy.visits[-1].headers["proxy-authorization"] == f"Basic {FORMS[1].decode()}"
    assert [row.url for row in fetched.captures] == [f"{site}/a"]
    assert {link.skip for link in found.links} == {"userinfo", None}
    leaks = [(path.name, form) for path, data in contents(tmp_path) for form in FORMS if form in data]
    assert leaks == []
    assert SECRET not in fetched.told + found.told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://desk:secret@paper.example/a", "http://…@paper.example/a"),
        ("no http(s) URL: ftp://desk@paper.example", "no http(s) URL: ftp://…@paper.example"),
        ("http://a:b@c@paper.example/", "http://…@paper.example/"),
        ("https://paper.example/@desk/1", "https://paper.example/@desk/1"),
        ("https://paper.example/?to=desk@paper.example", "https://paper.example/?to=desk@paper.example"),
    ],
)
def test_a_password_in_a_url_is_masked(text: str, expected: str) -> None:
    assert masked(text) == expected
