"""Pages that were made, or look as if they had been made, to break a reader. Those that take long are in ``test_reading_pool``."""

import json

import pytest

from tests.spiders.reading.gazette import HEADLINE, SENTENCES, article, article_page, outlet, page, paragraphs, read_page
from warehouse.contracts import Article, from_json, to_json

STORY = "\n\n".join(SENTENCES)
ARTICLE = f"<article><h1>{HEADLINE}</h1>{paragraphs(*SENTENCES)}</article>"
SURROUNDED = {
    "300 elements around it": "<div>" * 300 + ARTICLE,
    "1,000 elements around it": "<div>" * 1000 + ARTICLE,
    "20,000 empty elements before it": "<div></div>" * 20_000 + ARTICLE,
    "a script of 12 MB before it": "<script>" + "a;" * 6_000_000 + "</script>" + ARTICLE,
    "JSON-LD of 15 MB before it": '<script type="application/ld+json">{"a": "' + "x" * 15_000_000 + '"}</script>' + ARTICLE,
    "an attribute of 11 MB before it": f'<div data-x="{"a" * 11_000_000}">{ARTICLE}</div>',
    "40,000 attributes before it": "<div " + " ".join(f"a{i}=1" for i in range(40_000)) + ">" + ARTICLE,
    "100,000 open elements after it": ARTICLE + "<div>" * 100_000,
    "100,000 bold elements after it": ARTICLE + "<b>" * 100_000,
    "2,000 tables after it": ARTICLE + "<table><tr><td>x</td></tr></table>" * 2_000,
    "a cell over all columns there are": ARTICLE + '<table><tr><td colspan="9007199254740991">a</td><td>b</td></tr></table>',
    "lists of lists of JSON": '<script type="application/ld+json">' + "[" * 100_000 + "</script>" + ARTICLE,
    "graphs in graphs": '<script type="application/ld+json">' + '{"@graph":' * 5_000 + "1" + "}" * 5_000 + "</script>" + ARTICLE,
    "formatting that crosses": ARTICLE + "<b><i></b></i>" * 2_000,
    "a comment that never ends": ARTICLE + "<!-- " + "x" * 100_000,
}


@pytest.mark.parametrize("name", SURROUNDED)
def test_the_story_is_read_whole_in_spite_of(name):
    assert article(page(SURROUNDED[name])).text.startswith(STORY)


def test_a_doctype_of_eighty_kilobytes_is_no_matter():
    assert article("<!DOCTYPE " + "/ " * 40_000 + ">" + f"<html><body>{ARTICLE}</body></html>").text == STORY


def test_a_page_over_two_thousand_levels_deep_is_an_answer():
    assert read_page(page("<div>" * 5_000 + ARTICLE)) is not None


@pytest.mark.parametrize("poison", ["\x00", "\x1b[31m", "&#0;", "&#xD800;", "\ud800", "\ufffe", "\x85", "\u2028", "\u202e", "\U000e0001"])
def test_no_row_holds_what_a_file_or_a_table_refuses(poison):
    metas = {"og:description": f"A{poison}B", "author": f"Rima {poison}Haddad", "article:tag": f"x{poison}y"}
    head = "".join(f'<meta property="{name}" content="{content}">' for name, content in metas.items())
    found = article(article_page(paragraphs(f"First{poison} words: {SENTENCES[0]}", *SENTENCES[1:]), head))
    line = to_json(found)
    line.encode()
    assert not set(json.loads(line)["text"]) & set("\x00\x1b\ud800\ufffe\u202e\u2028")
    assert from_json(Article, line) == found


def test_what_a_spreadsheet_or_a_browser_would_run_is_text_like_any_other():
    found = article(page(ARTICLE, title="=HYPERLINK(&quot;x&quot;) &lt;script&gt;alert(1)&lt;/script&gt;".replace("&quot;", '"')))
    assert found.title == HEADLINE  # the headline outvotes nothing here, it is printed
    assert article(page(f"<article>{paragraphs(*SENTENCES)}</article>", title="=1+1 | &lt;b&gt;")).title == "=1+1 | <b>"


def test_data_of_the_wrong_shape_is_passed_over():
    data = {
        "@type": ["NewsArticle", 5, None],
        "headline": {"a": [1]},
        "author": [None, 7, {"name": {"name": ["", {}]}}, [[[["Rima Haddad"]]]]],
        "datePublished": {"@value": ["2024-05-06T10:00:00Z"]},
        "image": [{"url": {}}, 3],
        "keywords": [None, {"name": "Bridges"}],
        "articleSection": {},
        "isAccessibleForFree": [],
        "articleBody": 9,
        "publisher": "x",
        "@graph": {"@graph": [None]},
    }
    found = article(article_page(head=f'<script type="application/ld+json">{json.dumps(data)}</script>'))
    assert found.text == STORY
    assert found.authors == ("Rima Haddad",)
    assert found.tags == ("Bridges",)


def test_an_author_who_refers_to_himself_ends():
    head = '<script type="application/ld+json">{"@type": "Article", "author": {"@id": "a", "name": {"@id": "a"}}}</script>'
    assert article(article_page(head=head)).authors == ()


def test_rules_over_a_hostile_page_end_too():
    rules = outlet(body=["div"], drop=["div div div"], keep=["p"], drop_texts=["(x+x+)+y"])
    assert read_page(page("<div>" * 500 + ARTICLE + "x" * 200), rules) is not None
