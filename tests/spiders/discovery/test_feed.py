"""Feeds of every format and every kind of damage."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery import Found, parse_feed

URL = "https://gazette.example/feed.xml"


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>G</title>{"".join(items)}</channel></rss>'.encode()


def item(
    link: str = "https://gazette.example/a", title: str = "A title", more: str = "<pubDate>Mon, 09 Nov 2026 10:11:12 +0300</pubDate>"
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def urls(found: Found) -> list[str]:
    return [link.url for link in found.links]


def test_an_rss_item_gives_its_link_title_and_time() -> None:
    found = parse_feed(rss(item()), URL)
    (link,) = found.links
    assert (link.url, link.title) == ("https://gazette.example/a", "A title")
    assert link.published_at == datetime(2026, 11, 9, 7, 11, 12, tzinfo=UTC)
    assert (link.published_precision, link.published_raw) == ("second", "Mon, 09 Nov 2026 10:11:12 +0300")
    assert (found.warnings, found.follow) == ((), ())


def test_rss_1_items_stand_beside_their_channel() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"><channel rdf:about="https://gazette.example/"/>
        <item rdf:about="https://gazette.example/a"><title>A</title><link>https://gazette.example/a</link><dc:date>2026-11-09T10:11+03:00</dc:date>
        <dcterms:modified>2026-11-10</dcterms:modified></item>
        <item rdf:about="https://gazette.example/b"><title>B</title></item></rdf:RDF>"""
    found = parse_feed(body, URL)
    assert urls(found) == ["https://gazette.example/a", "https://gazette.example/b"]
    assert found.links[0].published_at == datetime(2026, 11, 9, 7, 11, tzinfo=UTC)
    assert found.links[0].published_precision == "minute"
    assert found.links[0].modified_at == datetime(2026, 11, 10, tzinfo=UTC)


def test_rss_0_91_with_its_doctype_and_html_entities_is_read() -> None:
    body = (
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><item><title>Caf&eacute;&nbsp;noir</title><link>https://gazette.example/a</link></item></channel></rss>'
    )
    found = parse_feed(body, URL)
    assert [link.title for link in found.links] == ["Café noir"]


def test_an_atom_entry_gives_its_alternate_page_and_both_its_times() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://gazette.example/news/"><title>G</title>
        <link href="https://gazette.example/"/><entry xml:base="2026/"><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>
        <link rel="edit" href="/edit/1"/><link rel="alternate" type="application/json" href="a.json"/>
        <link rel="alternate" type="text/html" href="a.html"/><source><link href="https://elsewhere.example/"/><title>E</title></source>
        <published>2026-11-09T10:00:00Z</published><updated>2026-11-10T10:00:00Z</updated></entry></feed>"""
    (link,) = parse_feed(body, URL).links
    assert (link.url, link.title) == ("https://gazette.example/news/2026/a.html", "A & B")
    assert link.published_at == datetime(2026, 11, 9, 10, tzinfo=UTC)
    assert link.modified_at == datetime(2026, 11, 10, 10, tzinfo=UTC)


def test_atoms_update_is_no_publication() -> None:
    body = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><updated>2026-11-10T10:00:00Z</updated></entry></feed>'
    found = parse_feed(body, URL)
    assert found.links[0].published_at is None
    assert found.links[0].modified_at == datetime(2026, 11, 10, 10, tzinfo=UTC)
    assert found.warnings == ()


def test_an_atom_title_of_plain_text_keeps_its_angle_brackets() -> None:
    body = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="text">if a &lt;b&gt; c</title><link href="/a"/></entry></feed>'
    assert parse_feed(body, URL).links[0].title == "if a <b> c"


def test_atom_0_3_and_prefixed_atom_are_read() -> None:
    entry = '<entry><link rel="alternate" href="/a"/><issued>2026-11-09</issued></entry>'
    old = f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{entry}</feed>'.encode()
    prefixed = b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="/a"/><a:title>T</a:title></a:entry></a:feed>'
    assert urls(parse_feed(old, URL)) == urls(parse_feed(prefixed, URL)) == ["https://gazette.example/a"]
    assert parse_feed(old, URL).links[0].published_precision == "day"


def test_a_json_feed_is_read() -> None:
    items = [
        {
            "id": "1",
            "url": "/a",
            "title": "A &amp; B",
            "date_published": "2026-11-09T10:00:00+03:00",
            "date_modified": "2026-11-10T10:00:00Z",
        },
        {"id": "https://gazette.example/b"},
        {"id": "3", "external_url": "https://elsewhere.example/c"},
        {"id": "4"},
        "nonsense",
    ]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "G", "items": items}).encode()
    found = parse_feed(body, URL, "application/feed+json")
    assert urls(found) == ["https://gazette.example/a", "https://gazette.example/b", "https://elsewhere.example/c"]
    assert found.links[0].title == "A & B"
    assert found.links[0].published_at == datetime(2026, 11, 9, 7, tzinfo=UTC)
    assert found.warnings == ("items without a link: 1", "undated items: 2")


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ('<guid isPermaLink="true">https://gazette.example/g</guid>', "https://gazette.example/g"),
        ("<guid>https://gazette.example/g</guid>", "https://gazette.example/g"),
        ('<guid isPermaLink="false">https://gazette.example/?p=7</guid>', "https://gazette.example/?p=7"),
        ("<link/><guid>https://gazette.example/g</guid>", "https://gazette.example/g"),
        ('<link href="/h"/>', "https://gazette.example/h"),
        ('<atom:link rel="self" href="/s"/><link>/h</link>', "https://gazette.example/h"),
        ("<link><![CDATA[ https://gazette.example/h?a=1&b=2\n]]></link>", "https://gazette.example/h?a=1&b=2"),
        ("<link>www.gazette.example/h</link>", "https://www.gazette.example/h"),
        ("<link>//gazette.example/h</link>", "https://gazette.example/h"),
        ("<link>https://counter.example/1</link><fb:origLink>https://gazette.example/h</fb:origLink>", "https://gazette.example/h"),
        ("<link>javascript:alert(1)</link><guid>https://gazette.example/g</guid>", "https://gazette.example/g"),
        ("<link>javascript:alert(1)</link>", "javascript:alert(1)"),  # the ledger shall say what was not followed
        ("<media:link>https://m.example/1</media:link><guid>https://gazette.example/g</guid>", "https://gazette.example/g"),
    ],
)
def test_the_link_is_found_wherever_an_item_keeps_it(more: str, url: str) -> None:
    namespaces = 'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" xmlns:media="http://search.yahoo.com/mrss/"'
    body = f"<rss {namespaces}><channel><item><title>T</title>{more}</item></channel></rss>".encode()
    assert urls(parse_feed(body, URL)) == [url]


def test_titles_of_other_vocabularies_do_not_pass_for_the_items() -> None:
    body = b"""<rss xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
        <item><media:title>Picture</media:title><title>Story</title><link>/a</link></item>
        <item><media:title>Picture</media:title><dc:title>Story</dc:title><link>/b</link></item></channel></rss>"""
    assert [link.title for link in parse_feed(body, URL).links] == ["Story", "Story"]


def test_an_item_named_twice_is_one_link_and_counted() -> None:
    found = parse_feed(rss(item(title="", more=""), item(title="Late title"), item("/b")), URL)
    assert [(link.url, link.title) for link in found.links] == [
        ("https://gazette.example/a", "Late title"),
        ("https://gazette.example/b", "A title"),
    ]
    assert "repeated links: 1" in found.warnings


def test_dates_that_cannot_be_read_are_kept_as_they_were_written() -> None:
    found = parse_feed(rss(item(more="<pubDate>a fortnight ago</pubDate>"), item("/b", more="")), URL)
    assert [(link.published_at, link.published_raw) for link in found.links] == [(None, "a fortnight ago"), (None, None)]
    assert found.warnings == ("undated items: 1", "unreadable dates: 1")


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        (b"", ("empty",)),
        (b" \r\n\xef\xbb\xbf ", ("empty",)),
        (b"<!DOCTYPE html><html><head><title>Not found</title></head><body><p>x<br>y</body></html>", ("not a feed: html",)),
        (b"<br />\n<b>Warning</b>: mysql_connect()", ("not a feed: html",)),
        (b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', ("not a feed: Error",)),
        (b"<urlset><url><loc>https://gazette.example/a</loc></url></urlset>", ("not a feed: urlset",)),
        (b"Service unavailable", ("not a feed: text",)),
        (b'{"error": 404}', ("not a feed: json",)),
        (b'[1, 2, {"a": [', ("truncated", "not a feed: json")),
        (b"<rss><channel><title>Quiet</title></channel></rss>", ("no items",)),
        (b"\x1f\x8b\x08\x00rubbish", ("bad gzip", "truncated", "empty")),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, warnings: tuple[str, ...]) -> None:
    found = parse_feed(body, URL)
    assert found.links == ()
    assert set(found.warnings) <= set(warnings)
    assert found.warnings


@pytest.mark.parametrize(
    "damage",
    [
        "<description>fish & chips &nosuch; &nbsp; &#0; &#xD800;</description>",
        "<description>a < b and <3</description>",
        "<description>one<br>two<img src=x></description>",
        "<description>stray</b></p></description>",
        "<description a=b c='d' c='e' f>unquoted</description>",
        "<description>control \x01\x08\x0b</description>",
        "<description>]]></description>",
        "<itunes:subtitle>no such prefix</itunes:subtitle>",
        "<description><![CDATA[ <b>bold & <![CDATA[ twice ]]></description>",
        "<!-- two -- hyphens -->",
        "<!DOCTYPE late>",
        "<?php echo 1 ?>",
        '<?xml version="1.0"?>',
        "<a>" * 3000,
        "<description>open",
        "</channel></rss>",
        "</item></item>",
    ],
)
def test_damage_costs_no_item(damage: str) -> None:
    found = parse_feed(rss(item("/a"), damage, item("/b?x=1&y=2"), item("/c", more=damage), item("/d")), URL)
    assert urls(found) == [f"https://gazette.example/{path}" for path in ("a", "b?x=1&y=2", "c", "d")]
    assert "not well-formed" in found.warnings


def test_an_item_that_is_not_closed_ends_where_the_next_begins() -> None:
    found = parse_feed(rss(*(f"<item><link>/{n}</link>" for n in range(300))), URL)
    assert len(found.links) == 300


def test_a_feed_that_breaks_off_keeps_what_arrived() -> None:
    whole = rss(item("/a"), item("/b"), item("/c"))
    found = parse_feed(whole[: whole.index(b"/c") + 3], URL)
    assert urls(found)[:2] == ["https://gazette.example/a", "https://gazette.example/b"]
    assert found.warnings[:2] == ("not well-formed", "truncated")


def test_a_json_feed_that_breaks_off_keeps_what_arrived() -> None:
    found = parse_feed(b'{"version": "1", "items": [{"url": "/a"}, {"url": "/b", "tags": ["x"]}, {"url": "/c', URL)
    assert urls(found) == ["https://gazette.example/a", "https://gazette.example/b"]
    assert "truncated" in found.warnings


def test_what_a_server_prints_before_a_feed_is_passed_over() -> None:
    for before in (b"\n\n  ", b"<br />\n<b>Notice</b>: Undefined index\n", b"<!-- cached -->\n", b"\xef\xbb\xbf\xef\xbb\xbf"):
        assert urls(parse_feed(before + rss(item()), URL)) == ["https://gazette.example/a"]


ARABIC = "دمشق: خبر عاجل"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "windows-1256", "iso-8859-6"]
)
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=iso-8859-1", "application/rss+xml"])
def test_a_declared_charset_is_honoured_and_a_lying_header_is_not(encoding: str, content_type: str) -> None:
    text = rss(item(title=ARABIC)).decode().replace('encoding="utf-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    assert [link.title for link in parse_feed(text.encode(encoding), URL, content_type).links] == [ARABIC]


def test_the_headers_charset_helps_where_the_document_says_nothing() -> None:
    body = f"<rss>{item(title='Привет, мир')}</rss>".encode("koi8-r")
    assert parse_feed(body, URL, "text/xml; charset=koi8-r").links[0].title == "Привет, мир"


def test_utf8_under_a_wrong_declaration_is_read_as_utf8() -> None:
    body = rss(item(title=ARABIC)).replace(b"utf-8", b"windows-1252")
    assert parse_feed(body, URL).links[0].title == ARABIC
    assert parse_feed(rss(item(title=ARABIC)).replace(b"utf-8", b"no-such-charset"), URL).links[0].title == ARABIC


def test_one_bad_byte_does_not_change_the_alphabet() -> None:
    body = rss(item(title=ARABIC), *(item(f"/{n}", ARABIC * 3) for n in range(9)), "<x>\xff</x>").replace("\xff".encode(), b"\xff")
    assert parse_feed(body, URL).links[0].title == ARABIC


def test_entities_of_the_documents_own_are_never_expanded() -> None:
    laughs = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 60))
    doctype = f'<!DOCTYPE rss [<!ENTITY a0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd">{laughs}]>'
    body = f"{doctype}<rss><channel>{item(title='&a59;&file;x')}{item('/b')}</channel></rss>".encode()
    found = parse_feed(body, URL)
    assert urls(found) == ["https://gazette.example/a", "https://gazette.example/b"]
    assert found.links[0].title == "&a59;&file;x"


def test_items_are_capped_and_the_rest_is_said_to_be_left() -> None:
    found = parse_feed(rss(*(item(f"/{n}") for n in range(5_001))), URL)
    assert len(found.links) == 5_000
    assert found.warnings == ("over 5000 items",)


def test_a_link_of_a_megabyte_is_dropped_and_counted() -> None:
    found = parse_feed(rss(item("https://gazette.example/" + "a" * 1_000_000), item("/b")), URL)
    assert urls(found) == ["https://gazette.example/b"]
    assert found.warnings == ("overlong links: 1",)


TAGS = ("rss", "channel", "item", "entry", "link", "title", "pubDate")
OTHER_PIECES = [
    "<link href='/a'/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!DOCTYPE",
    "<?xml",
    "?>",
    "&",
    "&amp;",
    "&#x",
    "<",
    ">",
    '"',
    "'",
    "=",
    " ",
]
JSON_PIECES = ["{", "}", "[", "]", '{"items":[', '{"url":"/a"}', ",", "/a", "x:", "xmlns:x='", "2026-11-09", "\0", "\ud800", "é"]
PIECES = st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + OTHER_PIECES + JSON_PIECES)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")))
def test_no_arrangement_of_markup_raises(body: bytes) -> None:
    assert isinstance(parse_feed(body, URL), Found)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "text/xml; charset=utf-16", "charset=utf-7", "text/xml; charset=hex"]))
def test_no_bytes_raise(body: bytes, content_type: str) -> None:
    assert isinstance(parse_feed(body, URL, content_type), Found)
    assert isinstance(parse_feed(b"<rss><item><link>" + body, URL, content_type), Found)
