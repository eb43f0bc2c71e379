from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from flows.errors import BadArgument
from flows.progress import Reporter
from flows.reports import calm, language_tag, render, web_address, write_report
from flows.settings import Settings
from tests.flows import chromium
from tests.warehouse.conftest import article, rejection
from tests.warehouse.newsrooms import BEGAN, DAY, HOUR, Desk, Newsroom
from tests.warehouse.press import Press
from warehouse.check import check
from warehouse.connect import writing
from warehouse.contracts import Article
from warehouse.errors import NothingPublished
from warehouse.load import OutletRow, begin_run, end_run

NOW = datetime(2026, 11, 1, 18, tzinfo=UTC)
ARABIC = "أول قطار ركاب يصل إلى رأس النخيل"
HOSTILE = {
    "http://x/script": "</a><script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">",
    "javascript:document.title='owned'": "A link that is none",
    "http://x/override": "Good \u202edab si\u202c news {{ 7 * 7 }} {% raw %}",
    'http://x/"onmouseover="document.title=1': "'\"><svg onload=alert(1)>",
}


class Tags(HTMLParser):
    """The names of a page's tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.attributes = set[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def written(title: str, url: str, outlet: str = "demo", **facts: object) -> Article:
    return dataclasses.replace(article(url, title=title, published_at=NOW - 2 * HOUR), outlet=outlet, article_id=f"{outlet}:{url}", **facts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two outlets, one hostile and one Arabic, as a run has left it."""
    press = Press(tmp_path_factory.mktemp("home"))
    rows = [written(title, url) for url, title in HOSTILE.items()]
    rows += [
        written(ARABIC, "http://y/1", "arabic", language="ar"),
        written("A plain headline", "http://y/2", "arabic", language='en" onclick="x'),
    ]
    folder = press.write_run(*rows, rejection("http://x/none", "<b>no</b> article"))
    outlets = [
        OutletRow(slug, title, "http://x/", ["ar"], None, None, True, None, None, None, None)
        for slug, title in (("demo", "<script>document.title = 'owned'</script>"), ("arabic", "البريد"))
    ]
    press.load_run(folder)
    with writing(press.warehouse) as db:
        begin_run(db, "20261101T120000Z-0000", "ingest", outlets, NOW - HOUR)
        db.execute("UPDATE store.sightings SET first_seen_at = ?", [NOW - HOUR])
        db.execute("INSERT INTO store.articles SELECT * FROM store.articles WHERE outlet = 'demo' LIMIT 1")
        check(db, folder, "20261101T120000Z-0000", ["demo", "arabic"], NOW - HOUR)
        end_run(db, "20261101T120000Z-0000", "failed", NOW)
    press.publish()
    return press.home


@pytest.fixture(scope="module")
def report(home: Path) -> Path:
    return write_report(home, Settings(home=home), Reporter(), now=NOW)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Page]:
    program = chromium.find()
    if program is None:
        names = ", ".join(chromium.NAMES)
        if os.environ.get("CI") == "true":
            pytest.fail(f"the report must be opened in a browser, and there is none of {names}: apt-get install chromium-headless-shell")
        pytest.skip(f"there is no browser ({names})")
    with chromium.browsing(program, tmp_path_factory.mktemp("chromium")) as opened:
        yield opened


def test_a_report_is_one_page_named_by_its_day_and_replaced_whole(home: Path, report: Path) -> None:
    assert report == home / "reports" / "2026-11-01.html"
    assert write_report(home, Settings(home=home), Reporter(), now=NOW) == report
    assert [path.name for path in report.parent.iterdir()] == ["2026-11-01.html"]


def test_an_earlier_day_is_told_as_it_stood_at_its_end_and_a_later_one_not_at_all(home: Path) -> None:
    before = write_report(home, Settings(home=home), Reporter(), date(2026, 10, 31), NOW)
    assert before.name == "2026-10-31.html" and ARABIC not in before.read_text(encoding="utf-8")
    before.unlink()
    with pytest.raises(BadArgument):
        write_report(home, Settings(home=home), Reporter(), date(2026, 11, 2), NOW)


def test_without_anything_published_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        write_report(tmp_path, Settings(home=tmp_path), Reporter(), now=NOW)


def test_no_script_no_style_of_others_no_address_but_of_the_web(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    seen = Tags()
    seen.feed(text)
    assert not seen.tags & {"script", "img", "iframe", "object", "embed", "base", "link", "form"}
    assert [name for name in seen.attributes if name.startswith("on") or name == "style"] == []
    assert set(re.findall(r'href="([a-z]+):', text)) == {"http"}
    assert "\u202e" not in text and "javascript:" not in text and "{{ 7 * 7 }}" in text
    assert text.count('<a href="http') == text.count('rel="noopener noreferrer"')
    assert 'lang="ar"' in text and "onclick" not in text


def test_the_browser_runs_nothing_asks_nothing_and_keeps_the_policy(page: chromium.Page, report: Path) -> None:
    page.open(report, 1280, 900)
    assert page.value("document.title") == "newsmill, 2026-11-01"
    assert (
        page.value("document.scripts.length + document.images.length + document.querySelectorAll('[style], [onclick], [onerror]').length")
        == 0
    )
    asked = [event["params"]["request"]["url"] for event in page.events if event["method"] == "Network.requestWillBeSent"]
    assert asked == [report.as_uri()]
    assert [event for event in page.events if event["method"] == "Log.entryAdded"] == [], "the policy lets the page's own style in"
    assert page.value("getComputedStyle(document.querySelector('.card')).borderTopLeftRadius") not in ("", "0px")
    page.value(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = 1\"><p style=\"color: red\" id=late>x</p>')"
    )
    assert page.value("getComputedStyle(document.getElementById('late')).color") != "rgb(255, 0, 0)"
    assert page.value("document.title") == "newsmill, 2026-11-01"


def test_hostile_headlines_are_words(page: chromium.Page, report: Path) -> None:
    page.open(report, 1280, 900)
    told = page.value("[...document.querySelectorAll('#demo .headlines li')].map(line => line.innerText)")
    assert any("<script>document.title = 'owned'</script>" in line for line in told)
    assert page.value("document.querySelector('#demo h3').innerText") == "<script>document.title = 'owned'</script>"
    assert page.value("[...document.links].every(link => /^(https?:|file:.*#)/.test(link.href))")
    assert page.value("document.querySelector('#demo .reasons bdi').innerText") == "<b>no</b> article"


def test_an_arabic_headline_runs_from_right_to_left_and_a_latin_one_does_not(page: chromium.Page, report: Path) -> None:
    page.open(report, 1280, 900)
    place = """(() => {
        const link = [...document.querySelectorAll('#arabic .headlines a')].find(link => link.textContent.includes(%r));
        const at = (from) => { const range = document.createRange(); range.setStart(link.firstChild, from);
                               range.setEnd(link.firstChild, from + 1);
                               return range.getBoundingClientRect(); };
        const box = link.getBoundingClientRect();
        return {first: at(0).right, fifth: at(4).right, left: box.left, right: box.right, direction: getComputedStyle(link).direction,
                lang: link.closest('[lang]').lang};
    })()"""
    arabic, latin = page.value(place % "أول"), page.value(place % "plain")
    assert arabic["direction"] == "rtl" and arabic["lang"] == "ar"
    assert arabic["fifth"] < arabic["first"] and abs(arabic["first"] - arabic["right"]) < 3, "it begins at the right edge"
    assert latin["direction"] == "ltr" and latin["fifth"] > latin["first"] and latin["first"] - latin["left"] < 20


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "light"), (375, "dark")])
def test_it_is_drawn_wide_and_narrow_in_light_and_in_dark(page: chromium.Page, report: Path, width: int, scheme: str) -> None:
    page.open(report, width, 500, scheme)
    assert page.value("document.documentElement.scrollWidth") <= width, "nothing is wider than the screen"
    picture = page.screenshot()
    assert chromium.pixels(picture)[:2] == (width, 500)
    assert chromium.colours(picture) > 50
    paper = [int(part) for part in re.findall(r"\d+", page.value("getComputedStyle(document.body).backgroundColor"))]
    ink = [int(part) for part in re.findall(r"\d+", page.value("getComputedStyle(document.body).color"))]
    assert (sum(paper) < sum(ink)) == (scheme == "dark") and abs(sum(paper) - sum(ink)) > 450
    assert chromium.pixels(picture)[2][0][:3] == bytes(paper)


def test_a_reader_that_speaks_is_told_what_the_charts_show(page: chromium.Page, report: Path) -> None:
    page.open(report, 1280, 900)
    assert page.value(
        "[...document.querySelectorAll('svg')].every(svg => svg.getAttribute('role') === 'img' && svg.getAttribute('aria-label'))"
    )
    assert page.value("document.querySelectorAll('#arabic details tbody tr').length") == 30
    assert page.value(
        "[...document.querySelectorAll('h1, h2, h3, h4')].map(each => +each.tagName[1])"
        ".every((one, at, all) => !at || one - all[at - 1] < 2)"
    )


def test_alarms_are_told_with_their_days_those_in_need_first(tmp_path: Path) -> None:
    with writing(tmp_path / "w.duckdb") as db:
        rooms = [Newsroom("well", 20), Newsroom("silent", 40, trouble="silence", troubled_on=40)]
        db.executemany(
            "INSERT INTO store.outlets BY NAME "
            "SELECT $1 AS outlet, $1 AS title, '' AS homepage, [] AS language, TRUE AS enabled, FALSE AS has_own_body",
            [[room.slug] for room in rooms],
        )
        desk = Desk(db, tmp_path, rooms, 43)
        desk.live_until(BEGAN + 42 * DAY, 8 * HOUR)
        desk.check()
    text = render(tmp_path / "w.duckdb", BEGAN + 42 * DAY)
    assert "nothing new in 48 h, since 2026-09-11" in text or "nothing new in 49 h, since 2026-09-11" in text
    assert text.index('id="silent"') < text.index('id="well"')
    assert "2 outlets: 1 needs a person, 0 to watch, 1 well" in text


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://a.example/b", True),
        ("http://[::1]/", True),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/", False),
        ("http:///x", False),
        ("http://[", False),
        ("http://a\u202eb/", False),
        ("java\nscript:x", False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, is_one: bool) -> None:
    assert web_address(url) == (url if is_one else None)


def test_text_of_others_stands_on_a_line_and_turns_nothing() -> None:
    assert calm("a\n\u202eb\u2066c\u200f d") == "a \ufffdb\ufffdc d"
    assert calm("می\u200cخواهم") == "می\u200cخواهم"
    assert [language_tag(tag) for tag in ("ar", "zh-Hant-TW", 'en" x', None, "")] == ["ar", "zh-Hant-TW", None, None, None]
