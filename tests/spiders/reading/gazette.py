"""A page of a newspaper that does not exist, to be read in tests with its parts exchanged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from spiders.outlet import Outlet, Read
from spiders.reading import Page, read
from warehouse.contracts import Article, Capture, Rejection

CAPTURED = datetime(2024, 5, 7, 12, tzinfo=UTC)
URL = "https://gazette.org/2024/05/06/bridge"
HEADLINE = "The old bridge reopens after nine years"
SENTENCES = (
    "The old bridge over the Ouselle opened again on Monday, nine years after a flood took two of its five arches.",
    "Several hundred people crossed it in the first hour, among them the mayor, who had promised the opening for last autumn.",
    "“We could have built three new ones for the money,” said Lin Wei, who keeps the bakery at its northern end, “but not this one.”",
    "The stones came from the quarry that had delivered the first ones in 1784, and were cut by hand where old marks could still be seen.",
    "Lorries will have to take the motorway; buses may cross from June, when the ramps on the southern bank are ready.",
    "The council expects the last work to be finished before winter, and has set aside money for a lamp on every pillar.",
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(body: str, head: str = "", title: str = HEADLINE) -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def article_page(story: str | None = None, head: str = "", before: str = "", after: str = "") -> str:
    text = paragraphs(*SENTENCES) if story is None else story
    return page(f'{before}<article><h1>{HEADLINE}</h1><div class="article-body">{text}</div></article>{after}', head)


def outlet(**rules: Any) -> Outlet:
    return Outlet(slug="gazette", title="The Gazette", homepage="https://gazette.org/", language=("en",), read=Read(**rules))


def capture(**facts: Any) -> Capture:
    known: dict[str, Any] = {
        **{"capture_id": "c-1", "outlet": "gazette", "url": URL, "final_url": URL, "article_id": "gazette:bridge", "captured_at": CAPTURED},
        **{"status": 200, "content_type": "text/html; charset=utf-8", "file": "f.warc.gz", "offset": 0, "length": 1, "sha256": "0"},
    }
    return Capture(**(known | facts))


def read_page(markup: str | bytes, rules: Outlet | None = None, **facts: Any) -> Article | Rejection:
    body = markup if isinstance(markup, bytes) else markup.encode("utf-8", "surrogatepass")
    return read(Page(capture(**facts), body), rules or outlet())


def article(markup: str | bytes, rules: Outlet | None = None, **facts: Any) -> Article:
    found = read_page(markup, rules, **facts)
    assert isinstance(found, Article), found
    return found


def reason(markup: str | bytes, rules: Outlet | None = None, **facts: Any) -> str:
    found = read_page(markup, rules, **facts)
    assert isinstance(found, Rejection), found
    return found.reason
