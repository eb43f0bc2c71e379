"""Posts of the WordPress REST interface."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery import Found, parse_wordpress

URL = "https://gazette.example/wp-json/wp/v2/posts?per_page=2"
POST = {
    "id": 1,
    "date": "2026-11-09T13:00:00",
    "date_gmt": "2026-11-09T10:00:00",
    "modified_gmt": "2026-11-10T10:00:00",
    "link": "https://gazette.example/a/",
    "guid": {"rendered": "https://gazette.example/?p=1"},
    "title": {"rendered": "Fish &#038; <em>chips</em> &#8211; today"},
}


def test_a_post_gives_its_link_title_and_times_of_greenwich() -> None:
    (link,) = parse_wordpress(json.dumps([POST]).encode(), URL).links
    assert (link.url, link.title) == ("https://gazette.example/a/", "Fish & chips – today")
    assert (link.published_at, link.published_precision) == (datetime(2026, 11, 9, 10, tzinfo=UTC), "second")
    assert link.modified_at == datetime(2026, 11, 10, 10, tzinfo=UTC)


def test_a_time_of_the_sites_unknown_zone_is_worth_its_day() -> None:
    (link,) = parse_wordpress(json.dumps([{**POST, "date_gmt": None}]).encode(), URL).links
    assert (link.published_at, link.published_precision) == (datetime(2026, 11, 9, tzinfo=UTC), "day")
    assert link.published_raw == "2026-11-09T13:00:00"


def test_a_post_without_link_has_its_guid() -> None:
    posts = [{"guid": {"rendered": "https://gazette.example/?p=1"}}, {"id": 2}]
    found = parse_wordpress(json.dumps(posts).encode(), URL)
    assert [link.url for link in found.links] == ["https://gazette.example/?p=1"]
    assert found.warnings == ("items without a link: 1", "undated items: 1")


def test_warnings_that_php_prints_and_a_broken_end_cost_only_the_last_post() -> None:
    body = b"\xef\xbb\xbf<br />\n<b>Deprecated</b>: [x] in file\n" + json.dumps([POST, {**POST, "link": "/b"}, POST]).encode()[:-20]
    found = parse_wordpress(body, URL)
    assert [link.url for link in found.links] == ["https://gazette.example/a/", "https://gazette.example/b"]
    assert found.warnings == ("truncated",)


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        (b"", ("empty",)),
        (b"[]", ()),
        (b'{"code":"rest_no_route","message":"No route","data":{"status":404}}', ("wordpress: rest_no_route",)),
        (b'{"error": true}', ("not a list of posts: json",)),
        (b"<!DOCTYPE html><html><body>Not found [404]</body></html>", ("not a list of posts: html",)),
        (b"Forbidden", ("not a list of posts: text",)),
    ],
)
def test_what_is_no_list_of_posts_says_what_it_is(body: bytes, warnings: tuple[str, ...]) -> None:
    found = parse_wordpress(body, URL)
    assert (found.links, found.warnings) == ((), warnings)


NAMES = st.sampled_from(["link", "title", "rendered", "date", "date_gmt", "guid", "code", "items", "url", "id"])
SCALARS = st.none() | st.booleans() | st.floats() | st.text(max_size=5)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)


@settings(max_examples=200, deadline=None)
@given(JSON, st.integers(0, 200))
def test_no_json_raises_whole_or_cut(value: object, end: int) -> None:
    body = json.dumps(value).encode()
    assert isinstance(parse_wordpress(body, URL), Found)
    assert isinstance(parse_wordpress(body[:end], URL), Found)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(parse_wordpress(body, URL), Found)
