"""Sitemaps: lists, indexes, news, text, gzip, and what passes for one."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery import Found, parse_sitemap

URL = "https://gazette.example/sitemap.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*rows: str, namespace: str = NAMESPACE) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {namespace}>{"".join(rows)}</urlset>'.encode()


def index(*children: tuple[str, str]) -> bytes:
    rows = (f"<sitemap><loc>{url}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for url, at in children)
    return f"<sitemapindex {NAMESPACE}>{''.join(rows)}</sitemapindex>".encode()


def page(number: int) -> str:
    return f"<url><loc>https://gazette.example/{number}</loc></url>"


def urls(found: Found) -> list[str]:
    return [link.url for link in found.links]


def test_a_sitemap_gives_its_pages_and_when_they_changed() -> None:
    found = parse_sitemap(
        urlset("<url><loc> https://gazette.example/a </loc><lastmod>2026-11-09T10:00+03:00</lastmod></url>", page(2)), URL
    )
    assert urls(found) == ["https://gazette.example/a", "https://gazette.example/2"]
    assert found.links[0].modified_at == datetime(2026, 11, 9, 7, tzinfo=UTC)
    assert found.links[0].published_at is None
    assert found.warnings == ()


@pytest.mark.parametrize("prefix", ["news", "n"])
def test_a_news_sitemap_gives_title_and_publication(prefix: str) -> None:
    row = (
        "<url><loc>https://gazette.example/a</loc><news:news><news:publication><news:name>G</news:name></news:publication>"
        "<news:publication_date>2026-11-09</news:publication_date><news:title>A &amp;amp; B</news:title></news:news></url>"
    ).replace("news:", f"{prefix}:")
    namespaces = f'{NAMESPACE} xmlns:{prefix}="http://www.google.com/schemas/sitemap-news/0.9"'
    (link,) = parse_sitemap(urlset(row, namespace=namespaces), URL).links
    assert link.title == "A & B"
    assert (link.published_at, link.published_precision, link.published_raw) == (datetime(2026, 11, 9, tzinfo=UTC), "day", "2026-11-09")


@pytest.mark.parametrize("namespaces", [f'{NAMESPACE} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"', NAMESPACE, ""])
def test_a_picture_is_never_taken_for_a_page(namespaces: str) -> None:
    row = "<url><image:loc>https://cdn.example/1.jpg</image:loc>{}<image:image><image:loc>https://cdn.example/2.jpg</image:loc></image:image></url>"
    body = urlset(row.format("<loc>https://gazette.example/a</loc>"), row.format(""), namespace=namespaces)
    assert urls(parse_sitemap(body, URL)) == ["https://gazette.example/a"]


@pytest.mark.parametrize(
    "namespace", ["", 'xmlns="http://www.google.com/schemas/sitemap/0.84"', 'xmlns="wrong"', 'xmlns:s="http://s.example/"']
)
def test_the_namespace_does_not_matter(namespace: str) -> None:
    assert urls(parse_sitemap(urlset(page(1), namespace=namespace), URL)) == ["https://gazette.example/1"]


@pytest.mark.parametrize("before", [b"\n  ", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n", b"warning: slow query\n", b"<!-- cached -->"])
def test_what_stands_before_a_sitemap_does_not_matter(before: bytes) -> None:
    assert urls(parse_sitemap(before + urlset(page(1)), URL)) == ["https://gazette.example/1"]


def test_an_index_is_followed_to_its_newest_sitemaps() -> None:
    children = [(f"https://gazette.example/s{day}.xml", f"2026-11-{day:02}") for day in (3, 9, 1, 7)]
    found = parse_sitemap(index(*children, ("https://gazette.example/undated.xml", "")), URL, newest=3)
    assert found.follow == tuple(f"https://gazette.example/s{day}.xml" for day in (9, 7, 3))
    assert found.links == ()


def test_an_index_without_dates_is_followed_by_the_days_in_its_addresses() -> None:
    names = ["sitemap-2025-12.xml", "sitemap_2026_11.xml.gz", "2026/10/sitemap.xml", "sitemap-2019.xml", "pages.xml"]
    found = parse_sitemap(index(*((f"https://gazette.example/{name}", "") for name in names)), URL, newest=2)
    assert found.follow == ("https://gazette.example/sitemap_2026_11.xml.gz", "https://gazette.example/2026/10/sitemap.xml")


def test_wordpresss_own_index_is_followed_from_its_highest_number() -> None:
    names = ["posts-post-1", "posts-post-2", "posts-post-10", "posts-page-1", "taxonomies-category-1"]
    found = parse_sitemap(index(*((f"https://gazette.example/wp-sitemap-{name}.xml", "") for name in names)), URL, newest=2)
    assert found.follow == ("https://gazette.example/wp-sitemap-posts-post-10.xml", "https://gazette.example/wp-sitemap-posts-post-2.xml")


def test_an_index_without_any_sign_of_age_is_followed_in_its_order() -> None:
    found = parse_sitemap(index(*((f"https://gazette.example/{name}.xml", "") for name in "abc")), URL, newest=2)
    assert found.follow == ("https://gazette.example/a.xml", "https://gazette.example/b.xml")


def test_an_index_that_names_itself_is_not_followed_in_a_circle() -> None:
    assert parse_sitemap(index((URL, ""), ("/b.xml", ""), ("/b.xml", "")), URL).follow == ("https://gazette.example/b.xml",)


def test_a_text_sitemap_is_one_url_a_line() -> None:
    found = parse_sitemap(b"\xef\xbb\xbfhttps://gazette.example/1\r\n\r\nhttps://gazette.example/2\nnonsense\n", URL)
    assert urls(found) == ["https://gazette.example/1", "https://gazette.example/2"]


def test_a_robots_file_names_sitemaps() -> None:
    found = parse_sitemap(
        b"User-agent: *\nDisallow:\nSitemap: https://gazette.example/a.xml\nsitemap: /b.xml\n", "https://gazette.example/robots.txt"
    )
    assert found.follow == ("https://gazette.example/a.xml", "https://gazette.example/b.xml")


def test_a_feed_may_serve_as_a_sitemap() -> None:
    item = b"<item><link>/a</link><pubDate>Mon, 09 Nov 2026 10:00:00 GMT</pubDate></item>"
    rss = b"<rss><channel><image><url>/logo.png</url></image>" + item + b"</channel></rss>"
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><published>2026-11-09T10:00:00Z</published></entry></feed>'
    for body in (rss, atom):
        (link,) = parse_sitemap(body, URL).links
        assert (link.url, link.published_at) == ("https://gazette.example/a", datetime(2026, 11, 9, 10, tzinfo=UTC))


def test_gzip_is_told_by_its_first_bytes() -> None:
    once = gzip.compress(urlset(page(1)))
    assert urls(parse_sitemap(once, URL)) == urls(parse_sitemap(gzip.compress(once), URL)) == ["https://gazette.example/1"]


def test_several_gzip_members_are_one_sitemap() -> None:
    whole = urlset(page(1), page(2))
    assert len(parse_sitemap(gzip.compress(whole[:90]) + gzip.compress(whole[90:]) + b"\0" * 512, URL).links) == 2


def test_a_gzip_file_that_breaks_off_gives_what_arrived() -> None:
    packed = gzip.compress(urlset(*map(page, range(5_000))))
    found = parse_sitemap(packed[: len(packed) * 3 // 4], URL)
    assert 3_000 < len(found.links) < 5_000
    assert found.warnings == ("truncated", "not well-formed")


def test_a_gzip_bomb_is_unpacked_to_its_limit_only() -> None:
    bomb = gzip.compress(urlset(page(1))[:-9] + b" " * 60_000_000, compresslevel=1)
    found = parse_sitemap(bomb, URL)
    assert urls(found) == ["https://gazette.example/1"]
    assert found.warnings == ("too large", "not well-formed", "truncated")


def test_a_sitemap_that_breaks_off_keeps_what_arrived() -> None:
    whole = urlset(page(1), page(2), page(3))
    found = parse_sitemap(whole[: whole.rindex(b"<loc>")], URL)
    assert urls(found) == ["https://gazette.example/1", "https://gazette.example/2"]
    assert found.warnings == ("not well-formed", "truncated")


def test_bare_ampersands_and_bad_bytes_cost_no_page() -> None:
    body = urlset("<url><loc>https://gazette.example/?a=1&b=2</loc></url>", page(1)).replace(b"example/1", b"example/\xff1")
    assert len(parse_sitemap(body, URL).links) == 2


def test_urls_are_capped_and_the_rest_is_said_to_be_left() -> None:
    found = parse_sitemap(urlset(*map(page, range(50_001))), URL)
    assert len(found.links) == 50_000
    assert found.warnings == ("over 50000 links",)


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body><a href='/a'>Not found</a></body></html>", "not a sitemap: html"),
        (b"<Error><Code>AccessDenied</Code></Error>", "not a sitemap: Error"),
        (b"Gone.", "not a sitemap: text"),
        (b'{"error": 404}', "not a sitemap: json"),
        (b"<urlset></urlset>", "no links"),
        (gzip.compress(b"", mtime=0), "empty"),
    ],
)
def test_what_is_no_sitemap_says_what_it_is(body: bytes, warning: str) -> None:
    found = parse_sitemap(body, URL)
    assert (found.links, found.follow, found.warnings) == ((), (), (warning,))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    assert isinstance(parse_sitemap(body, URL), Found)
    assert isinstance(parse_sitemap(b"\x1f\x8b" + body, URL), Found)
    assert isinstance(parse_sitemap(b"<urlset><url><loc>" + body, URL), Found)
    assert isinstance(parse_sitemap(b"<sitemapindex><sitemap><loc>/2026-" + body + b"</loc></sitemap>", URL), Found)
