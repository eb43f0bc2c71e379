import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.json_ld import article_of, every, is_article, main_nodes, parse_json_ld, plain, texts

ARTICLE = {"@type": "NewsArticle", "headline": "The bridge reopens", "url": "https://x.org/bridge"}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(ARTICLE),
        json.dumps([ARTICLE]),
        f"<!-- {json.dumps(ARTICLE)} -->",
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE)[:-1] + ",}",
        json.dumps(ARTICLE).replace("bridge r", "bridge\n r"),
        json.dumps(ARTICLE).replace("The", "\\'The"),
        json.dumps(ARTICLE).replace('"', "&quot;"),
        json.dumps(ARTICLE) + "\n" + json.dumps({"@type": "WebSite"}),
    ],
)
def test_scripts_are_read_though_they_are_not_quite_json(script):
    nodes = parse_json_ld(script)
    assert is_article(nodes[0])
    assert "bridge" in texts(nodes[0], "headline")[0]


@pytest.mark.parametrize(
    "script", ["", "var x = 1;", "[" * 100_000, '{"@graph":' * 5_000, "null", '"text"', "{", '{"a": ' + "9" * 5000 + "}"]
)
def test_what_is_no_data_gives_none(script):
    assert parse_json_ld(script) == []


def test_the_article_is_found_in_a_graph_and_not_in_a_list_of_others():
    other = {"@type": "NewsArticle", "headline": "Another"}
    graph = {"@graph": [{"@type": "ItemList", "itemListElement": [other]}, {"@type": "WebPage", "mainEntity": ARTICLE}]}
    assert article_of([graph], ["https://x.org/bridge"], []) == ARTICLE
    assert other not in main_nodes([graph])
    assert other in every([graph])


def test_of_several_articles_the_one_of_this_page_is_taken():
    first = {"@type": "Article", "headline": "Yesterday", "url": "https://x.org/yesterday"}
    assert article_of([first, ARTICLE], ["http://www.x.org/bridge/"], []) == ARTICLE
    assert article_of([first, ARTICLE], [], ["The bridge reopens!"]) == ARTICLE
    assert article_of([first, ARTICLE], [], []) == first
    assert article_of([{"@type": "WebPage"}], [], []) == {}


@pytest.mark.parametrize(
    "kind", ["NewsArticle", "Article", ["Thing", "BlogPosting"], "https://schema.org/ReportageNewsArticle", "LiveBlogPosting", "Report"]
)
def test_kinds_of_articles_are_known(kind):
    assert is_article({"@type": kind})


@pytest.mark.parametrize("kind", ["WebPage", "JobPosting", None, "", 7, ["Product"]])
def test_other_kinds_are_no_articles(kind):
    assert not is_article({"@type": kind})


def test_texts_are_found_in_lists_and_objects():
    node = {"k": ["a", {"name": "b"}, {"@value": "c"}, ["d"], None, 5, {"url": "e"}, " "]}
    assert texts(node, "k") == ["a", "b", "c", "d", "5", "e"]


def test_markup_and_references_in_a_string_are_undone_once():
    assert plain("Tom &amp; <em>Jerry</em>&#8217;s\n day") == "Tom & Jerry ’s day"
    assert plain("&amp;lt;b&amp;gt;") == "&lt;b&gt;"
    assert plain("2 < 3 and 5 > 4") == "2 < 3 and 5 > 4"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["@type", "@graph", "@id", "author", "name", "headline"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_json_is_taken(value):
    nodes = parse_json_ld(json.dumps(value))
    article_of(nodes, ["https://x.org/a"], ["A"])
    for node in every(nodes):
        assert all(isinstance(text, str) for text in texts(node, "author", "name", "@type"))
