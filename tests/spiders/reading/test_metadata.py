import pytest

from spiders.reading.markup import parse
from spiders.reading.metadata import Facts, canonical_url, collect, image_url, is_paywalled, section, site_names, summary, tags

URL = "https://www.gazette.org/city/bridge?utm_source=x"


def facts(head: str, body: str = "", url: str = URL) -> Facts:
    tree = parse(f"<html lang='en'><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return collect(tree, url)


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_metas_are_found_by_name_property_and_itemprop_whatever_their_case():
    found = facts('<meta NAME="Author" content="A"><meta property="og:TITLE" content="B"><meta itemprop="datePublished" content="C">')
    assert found.meta("author", "og:title", "datepublished") == ["A", "B", "C"]


def test_the_title_of_a_picture_is_not_the_pages():
    assert facts("", "<svg><title>arrow</title></svg>").title_element == ""
    assert facts("<title>Bridge</title>", "<svg><title>arrow</title></svg>").title_element == "Bridge"


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/city/bridge", "https://www.gazette.org/city/bridge"),
        ("https://gazette.org/city/bridge", "https://gazette.org/city/bridge"),
        ("https://m.gazette.org/city/bridge", "https://m.gazette.org/city/bridge"),
        ("//news.gazette.org/b", "https://news.gazette.org/b"),
        ("https://other.org/city/bridge", None),
        ("https://other.gazette.org.evil.net/", None),
        ("javascript:alert(1)", None),
        ("https://user@www.gazette.org/", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_the_canonical_url_stays_on_its_site(href, canonical):
    assert canonical_url(facts(f'<link rel="canonical" href="{href}">')) == canonical


def test_the_image_is_made_absolute():
    assert image_url(facts('<meta property="og:image" content="/i.jpg">')) == "https://www.gazette.org/i.jpg"
    assert (
        image_url(facts(ld('{"@type": "Article", "image": [{"@type": "ImageObject", "url": "//cdn.org/i.jpg"}]}')))
        == "https://cdn.org/i.jpg"
    )
    assert image_url(facts('<meta property="og:image" content="data:image/png;base64,AAAA">')) is None


def test_an_image_is_followed_to_where_the_graph_describes_it():
    graph = (
        '{"@graph": [{"@type": "Article", "image": {"@id": "#i"}}, {"@type": "ImageObject", "@id": "#i", "url": "https://x.org/i.jpg"}]}'
    )
    assert image_url(facts(ld(graph))) == "https://x.org/i.jpg"


def test_section_and_tags():
    found = facts(
        '<meta property="article:section" content="City &amp;amp; Region">'
        + "".join(f'<meta property="article:tag" content="{name}">' for name in ("Bridges", "bridges", "River"))
    )
    assert section(found) == "City & Region"
    assert tags(found) == ("Bridges", "River")
    assert tags(facts('<meta name="keywords" content="one, two; three،أربعة, one">')) == ("one", "two", "three", "أربعة")
    assert section(facts(ld('{"@type": "NewsArticle", "articleSection": ["Sport", "Football"]}'))) == "Sport"


def test_the_summary_is_unescaped_once():
    assert summary(facts('<meta property="og:description" content="It&amp;#8217;s open &lt;b&gt;again&lt;/b&gt;">')) == "It’s open again"
    assert summary(facts("")) is None


def test_names_of_the_site_are_collected():
    found = facts(
        '<meta property="og:site_name" content="The Gazette">' + ld('{"@type": "NewsArticle", "publisher": {"name": "Gazette Press"}}')
    )
    assert set(site_names(found)) == {"The Gazette", "Gazette Press"}


@pytest.mark.parametrize(
    ("head", "paywalled"),
    [
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": false}'), True),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "False"}'), True),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": "https://schema.org/False"}'), True),
        (ld('{"@type": "NewsArticle", "isAccessibleForFree": true}'), False),
        ('<meta property="article:content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="free">', False),
        ("", False),
    ],
)
def test_a_paywall_is_told_by_the_page(head, paywalled):
    assert is_paywalled(facts(head)) is paywalled
