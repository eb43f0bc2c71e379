"""Everything that can be wrong with an outlet, in one run: each ends in a recorded reason, and the newspapers beside them are loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.demo.server import Newspapers
from spiders.demo.stories import SLUGS, gold
from tests.flows.conftest import Desk
from tests.spiders.faulty_server import FaultyServer, Route, answer, redirect

STORY = "".join(
    f"<p>Paragraph {n}: the ferry to the northern islands sailed on time, said its captain, and nobody was left behind.</p>"
    for n in range(8)
)
PAGE = f"<html><head><title>The ferry sailed</title></head><body><article><h1>The ferry sailed</h1>{STORY}</article></body></html>"
SENTENCE = "Паром на северные острова вышел вовремя, сказал его капитан, и никто не остался на берегу."
RUSSIAN = "".join(f"<p>{SENTENCE} Так было в день {n}.</p>" for n in range(8))
RUSSIAN = f"<html><head><title>Паром вышел</title></head><body><article><h1>Паром вышел</h1>{RUSSIAN}</article></body></html>"
ITEM = "<item><title>The ferry sailed</title><link>{url}</link></item>"


def rss(*urls: str) -> str:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(ITEM.format(url=url) for url in urls)}</channel></rss>"


PAGES: dict[str, tuple[Route, tuple[str, str | None]]] = {  # path → its answer, and the state and reason that its link must end in
    "/good": (answer(PAGE), ("loaded", None)),
    "/empty": (answer(""), ("rejected", "empty")),
    "/binary": (answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40), ("rejected", "not html")),
    "/pdf": (answer(b"%PDF-1.7 ...", content_type="application/pdf"), ("rejected", "not html")),
    "/huge": (answer(PAGE + "x" * 20_000_000), ("failed", "too large")),
    "/lies": (answer(RUSSIAN.encode("windows-1251"), content_type="text/html; charset=utf-8"), ("loaded", None)),
    "/nul": (answer(PAGE.replace("ferry", "fe\0rry")), ("loaded", None)),
    "/gone": (answer("", 410), ("failed", "http 410")),
    "/broken": (answer("", 500), ("failed", "http 500")),
    "/reset": (lambda visit: visit.reset(), ("failed", "reset")),
    "/loop": (redirect("/loop"), ("failed", "redirect loop")),
    "/away": (redirect("http://elsewhere.example/"), ("failed", "another host")),
    "/hang": (lambda visit: visit.hang(), ("failed", "timeout")),
}

FEEDS: dict[str, Route] = {  # feeds that bring nothing, or little; each an outlet of its own
    "html": answer(PAGE),
    "void": answer("", content_type="application/rss+xml"),
    "torn": answer(rss("/good", "/also", "/third")[:-80], content_type="application/rss+xml"),
    "large": answer("<rss><channel>" + "<!-- -->" * 7_000_000, content_type="application/rss+xml"),
    "slow": lambda visit: visit.hang(),
    "forbidden": answer("", 403),
    "cut": lambda visit: visit.reset(),
}


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    feeds = {f"/{name}.xml": route for name, route in FEEDS.items()}
    pages = {path: route for path, (route, _) in PAGES.items()}
    routes = {**pages, **feeds, "/feed.xml": answer(rss(*PAGES), content_type="application/rss+xml")}
    with Newspapers(datetime.now(UTC)) as papers, FaultyServer(routes) as server:
        desk = Desk(papers, tmp_path_factory.mktemp("spoilt"))
        write(desk.outlets / "pages.toml", server.url("/"), server.url("/feed.xml"))
        for name in FEEDS:
            write(desk.outlets / f"feed_{name}.toml", server.url("/"), server.url(f"/{name}.xml"))
        write(desk.outlets / "refused.toml", "http://127.0.0.1:9/", "http://127.0.0.1:9/feed")
        write(desk.outlets / "nameless.toml", "http://no-such-name.localhost/", "http://no-such-name.localhost/feed")
        desk.said = desk.run("ingest", "--json")
        yield desk


def write(path: Path, homepage: str, feed: str) -> None:
    path.write_text(f'title = "{path.stem}"\nhomepage = "{homepage}"\n[[feeds]]\nurl = "{feed}"\n[crawl]\ndelay = 0\ntimeout = 3\n')


def test_the_run_ends_with_1_and_says_which_outlets_failed(spoilt: Desk) -> None:
    assert spoilt.said.returncode == 1, spoilt.said.stderr
    assert "Traceback" not in spoilt.said.stderr
    findings = json.loads(spoilt.said.stdout)["findings"]
    silent = {finding["outlet"] for finding in findings if finding["name"] == "outlet_silent"}
    assert silent == {"feed_slow", "feed_cut", "feed_large", "refused", "nameless"}
    assert "feed_forbidden" in {finding["outlet"] for finding in findings if finding["name"] == "outlet_refuses"}, (
        "the cause, not its effect"
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_the_newspapers_are_loaded_beside_them(spoilt: Desk, slug: str) -> None:
    rows = spoilt.ask(f"SELECT title, text FROM articles WHERE outlet = '{slug}' ORDER BY ALL")
    assert rows == sorted((story.title, story.text) for story in gold(slug, 1, spoilt.papers.now).values())


@pytest.mark.parametrize("path", PAGES)
def test_each_page_ends_in_its_state_with_its_reason(spoilt: Desk, path: str) -> None:
    assert spoilt.ask(f"SELECT state, reason FROM links WHERE outlet = 'pages' AND url LIKE '%{path}'") == [PAGES[path][1]]


def test_each_source_that_did_not_answer_has_its_reason(spoilt: Desk) -> None:
    errors = dict(spoilt.ask("SELECT outlet, error FROM sources WHERE error IS NOT NULL"))
    assert errors == {
        "feed_slow": "timeout",
        "feed_forbidden": "http 403",
        "feed_cut": "reset",
        "feed_large": "too large",
        "refused": "refused",
        "nameless": "dns",
    }


@pytest.mark.parametrize(
    ("outlet", "warning", "links"), [("feed_html", "html", 0), ("feed_void", "empty", 0), ("feed_torn", "truncated", 2)]
)
def test_each_feed_that_is_none_or_torn_gives_a_warning_and_what_can_be_read(spoilt: Desk, outlet: str, warning: str, links: int) -> None:
    ((warnings, found),) = spoilt.ask(f"SELECT warnings, links FROM sources WHERE outlet = '{outlet}'")
    assert warning in " ".join(warnings) and found >= links


def test_a_mislabelled_charset_and_a_nul_do_no_harm(spoilt: Desk) -> None:
    (text,) = spoilt.ask("SELECT text FROM articles WHERE url LIKE '%/lies'")[0]
    assert SENTENCE in text
    (text,) = spoilt.ask("SELECT text FROM articles WHERE url LIKE '%/nul'")[0]
    assert "\0" not in text and "northern islands" in text


def test_every_link_is_accounted_for(spoilt: Desk) -> None:
    assert spoilt.ask("SELECT count(*) FROM links") == spoilt.ask("SELECT sum(discovered) FROM runs")
