"""Listing pages: links by selector, links from embedded data."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery import Found, parse_listing
from spiders.outlet import Listing

URL = "https://gazette.example/news/"
ANY_LINK = Listing(url=URL)
EMBEDDED = Listing(url=URL, links="main a", embedded="next_f", template="/english/categories/{categorySlug}/{ID}")


def cards(selector: str) -> Listing:
    return Listing(url=URL, links=selector)


def urls(found: Found) -> list[str]:
    return [link.url for link in found.links]


def next_page(*pieces: str) -> bytes:
    pushes = "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)
    start = "<script>(self.__next_f=self.__next_f||[]).push([0])</script>"
    return f"<html><body><main><a href='/plain'>Plain</a></main>{start}{pushes}</body></html>".encode()


def card(number: int, **more: object) -> str:
    return json.dumps(
        {"ID": number, "Title": f"Story {number}", "imgPath": "/a.jpg", "categorySlug": "middle-east", **more}, ensure_ascii=False
    )


def test_pages_are_numbered_from_one() -> None:
    assert Listing(url="https://gazette.example/page/{page}/?x={page}", pages=2).urls == [
        "https://gazette.example/page/1/?x=1",
        "https://gazette.example/page/2/?x=2",
    ]
    assert Listing(url=URL).urls == [URL]


@pytest.mark.parametrize("selector", ["h2 a", "h2", "article", ".headline", "article > h2 > a > span", "a[href^='/']"])
def test_a_selector_may_name_the_link_what_is_around_it_or_what_is_in_it(selector: str) -> None:
    headline = "<h2 class=headline><a href='/a?x=1&amp;y=2'><span>The  story</span></a></h2>"
    page = f"<nav><a href='mailto:x@gazette.example'>Mail</a></nav><article>{headline}</article>".encode()
    found = parse_listing(page, URL, cards(selector))
    assert [(link.url, link.title) for link in found.links] == [("https://gazette.example/a?x=1&y=2", "The story")]
    assert found.warnings == ()


def test_only_links_to_pages_are_taken() -> None:
    hrefs = [
        "/a",
        "b",
        "?page=2",
        "#top",
        "",
        "mailto:x@y.example",
        "javascript:void(0)",
        "tel:1",
        "data:text/html,x",
        "//other.example/c",
        "http://[x",
    ]
    page = "".join(f"<a href='{href}'>t</a>" for href in hrefs).encode()
    assert urls(parse_listing(page, URL, ANY_LINK)) == [
        "https://gazette.example/a",
        "https://gazette.example/news/b",
        "https://gazette.example/news/?page=2",
        "https://other.example/c",
        "http://[x",
    ]


def test_links_are_seen_from_the_pages_base() -> None:
    assert urls(parse_listing(b"<base href='/archive/'><a href='a'>t</a>", URL, ANY_LINK)) == ["https://gazette.example/archive/a"]


def test_a_card_is_named_by_its_headline_and_dated_by_its_time() -> None:
    page = b"<a href='/a'><img alt=Photo><h3>The story</h3><p>Long summary</p><time datetime='2026-11-09T10:00:00+03:00'>1 h ago</time></a>"
    (link,) = parse_listing(page, URL, ANY_LINK).links
    assert (link.title, link.published_at) == ("The story", datetime(2026, 11, 9, 7, tzinfo=UTC))


def test_a_picture_link_takes_the_headline_of_the_next() -> None:
    page = b"<a href='/a'><img src=x></a><a href='/a'>The story</a><a href='/b'><img alt='Only a picture'></a>"
    assert [link.title for link in parse_listing(page, URL, ANY_LINK).links] == ["The story", "Only a picture"]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
def test_a_listing_is_read_in_its_charset(encoding: str) -> None:
    page = f"<html><head><meta charset={encoding}></head><body><a href='/a'>دمشق: خبر عاجل</a></body></html>".encode(encoding)
    assert [link.title for link in parse_listing(page, URL, ANY_LINK, "text/html").links] == ["دمشق: خبر عاجل"]


@pytest.mark.parametrize(
    ("page", "warning"),
    [(b"", "empty"), (b"\0\0", "empty"), (b"<!-- nothing -->", "not html"), (b"<p>No link</p>", "no links"), (b'{"a": 1}', "no links")],
)
def test_a_page_without_links_says_so(page: bytes, warning: str) -> None:
    assert parse_listing(page, URL, ANY_LINK).warnings == (warning,)


def test_links_are_capped_and_the_rest_is_said_to_be_left() -> None:
    found = parse_listing("".join(f"<a href='/{n}'>t</a>" for n in range(5_001)).encode(), URL, ANY_LINK)
    assert len(found.links) == 5_000
    assert found.warnings == ("over 5000 links",)


@pytest.mark.parametrize("tag", ["<a {} href=/crowded>", '<a x=">" {} href="/crowded">', "<a/{}/href=/crowded>", "<a x='<p>' {}>"])
@pytest.mark.parametrize("attribute", ["a{}=1 ", 'a{}="<>"', "a{}='' ", "a{}/", "<{} ", "={} "])
def test_a_tag_of_a_hundred_thousand_attributes_is_cut_out(tag: str, attribute: str) -> None:
    crowd = "".join(attribute.format(number) for number in range(100_000))
    page = f"<p><a href='/before'>t</a>{tag.format(crowd)}t</a><p><a href='/after'>t</a>"
    found = parse_listing(page.encode(), URL, ANY_LINK)
    assert {"https://gazette.example/before", "https://gazette.example/after"} <= set(urls(found))


def test_pictures_written_into_a_page_and_long_scripts_cost_no_link() -> None:
    picture = f"<img src='data:image/png;base64,{'A' * 100_000}'>"
    script = "<script>" + "for(var i=0;i<b.length;i++){ a = x / y ; c = 'd e f' }" * 5_000 + "</script>"
    page = "".join(f"{picture}{script if n % 10 == 0 else ''}<a href='/{n}'>t</a>" for n in range(30))
    assert len(parse_listing(page.encode(), URL, ANY_LINK).links) == 30


# --- embedded data ---------------------------------------------------------------------------------------------------


def test_embedded_objects_become_links_by_the_template() -> None:
    items = ",".join(f'["$","li","{number}",{{"item":{card(number)}}}]' for number in (958490, 958486))
    rows = f'0:{{"P":null}}\n5:["$","ul",null,{{"children":[{items}]}}]\n'
    found = parse_listing(next_page(rows), URL, EMBEDDED)
    assert [(link.url, link.title) for link in found.links] == [
        ("https://gazette.example/english/categories/middle-east/958490", "Story 958490"),
        ("https://gazette.example/english/categories/middle-east/958486", "Story 958486"),
    ]
    assert found.warnings == ()


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_an_object_may_be_cut_anywhere_between_two_pushes(cut: int) -> None:
    row = f"7:{card(1)}\n"
    assert len(parse_listing(next_page(row[:cut], row[cut:]), URL, EMBEDDED).links) == 1


@pytest.mark.parametrize(
    "text",
    [
        card(1),  # no rows around it
        f"{{\n{card(1)[1:-1]}\n}}",
        f"[{card(1)},{card(2)}]",
        f'3:I[123,["a"],""]\n4:T{len("say “no".encode()):x},say “no{5}:{card(1)}\n',  # a text row counts its bytes
        f'4:T3,"{{"5:{card(1)}\n',
        f'one " quotation mark\n7:{card(1)}\n',
        f'7:{{"broken":\n8:{card(1)}\n',
        f"}}}}7:{card(1)}",
        f'7:{card(1)}\n8:{{"unfinished":[1,',
        card(1, Related=[{"ID": 9, "Title": "no slug"}], Nested={"a": {"b": "c"}}),
        f'{{"article":{card(1)},"ID":7}}',
    ],
)
def test_objects_are_found_whatever_surrounds_them(text: str) -> None:
    assert "https://gazette.example/english/categories/middle-east/1" in urls(parse_listing(next_page(text), URL, EMBEDDED))


def test_an_article_and_the_related_ones_in_it_are_all_found() -> None:
    text = card(1, Related=[json.loads(card(2)), json.loads(card(3))])
    assert {url.rpartition("/")[2] for url in urls(parse_listing(next_page(text), URL, EMBEDDED))} == {"1", "2", "3"}


def test_an_object_with_an_empty_field_is_no_article() -> None:
    text = "[" + ",".join([card(1, categorySlug=""), card(2, categorySlug=None), card(3, categorySlug={"a": 1}), card(4)]) + "]"
    assert [url.rpartition("/")[2] for url in urls(parse_listing(next_page(text), URL, EMBEDDED))] == ["4"]


def test_embedded_dates_are_read_where_they_are_dates() -> None:
    text = (
        "["
        + ",".join([card(1, PublishDate="2026-11-09T10:00:00Z"), card(2, date="$D2026-11-09T10:00:00.000Z"), card(3, date="2 hours ago")])
        + "]"
    )
    links = parse_listing(next_page(text), URL, EMBEDDED).links
    assert [link.published_at for link in links] == [datetime(2026, 11, 9, 10, tzinfo=UTC)] * 2 + [None]


def test_a_slug_of_other_letters_is_quoted() -> None:
    (link,) = parse_listing(next_page(card(1, categorySlug="چاپ و بڵاو", Title="A &amp; <b>B</b>")), URL, EMBEDDED).links
    assert link.url == "https://gazette.example/english/categories/%DA%86%D8%A7%D9%BE%20%D9%88%20%D8%A8%DA%B5%D8%A7%D9%88/1"
    assert link.title == "A & B"


def test_an_answer_meant_for_scripts_is_read_too() -> None:
    assert len(parse_listing(f"7:{card(1)}\n8:{card(2)}\n".encode(), URL, EMBEDDED, "text/x-component").links) == 2


def test_without_embedded_data_the_selector_is_used() -> None:
    found = parse_listing(next_page("0:null\n"), URL, EMBEDDED)
    assert urls(found) == ["https://gazette.example/plain"]
    assert found.warnings == ("no embedded data",)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_page_around_it_and_any_text_before_it_lose_no_object(text: str) -> None:
    assert isinstance(parse_listing(text.encode("utf-8", "replace"), URL, ANY_LINK), Found)
    line = text.replace("\n", " ")
    assert len(parse_listing(next_page(f"1:T{len(line.encode('utf-8', 'replace')):x},{line}2:{card(1)}"), URL, EMBEDDED).links) == 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_raise(body: bytes) -> None:
    for listing in (ANY_LINK, EMBEDDED):
        assert isinstance(parse_listing(body, URL, listing, "text/html"), Found)
        assert isinstance(parse_listing(b"<a href=" + body + b'>t</a><script>self.__next_f.push([1,"' + body, URL, listing), Found)
