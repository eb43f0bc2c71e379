import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.markup import parse
from spiders.reading.translations import translations_of, without
from warehouse.contracts import Translation

PAGE = "https://gazette.example/en/2026/11/22/the-council-adopts-its-budget/"


def found(markup: str, url: str = PAGE) -> list[tuple[str, str]]:
    tree = parse(f"<html><head>{markup}</head><body><p>x</p></body></html>" if "<link" in markup else f"<html><body>{markup}</body></html>")
    assert tree is not None
    return [(translation.language, translation.url) for translation in translations_of(tree, url)]


def link(tag: str, href: str) -> str:
    return f'<link rel="alternate" hreflang="{tag}" href="{href}">'


def test_versions_in_the_head_are_linked():
    head = (
        link("en", PAGE)
        + link("ar", "https://gazette.example/ar/2026/11/22/1234/")
        + link("x-default", PAGE)
        + link("tr-TR", "/tr/butce-kabul-edildi/")
    )
    assert found(head) == [("ar", "https://gazette.example/ar/2026/11/22/1234/"), ("tr", "https://gazette.example/tr/butce-kabul-edildi/")]


def test_other_editions_in_the_pages_own_language_are_none():
    head = (
        link("en-GB", PAGE)
        + link("en-US", "https://us.gazette.example/2026/11/22/the-council-adopts-its-budget/")
        + link("de", "/de/2026/11/22/der-rat/")
    )
    assert found(head) == [("de", "https://gazette.example/de/2026/11/22/der-rat/")]
    listed = (Translation("en", "https://us.gazette.example/a-b-c-d-e/"), Translation("ku", "https://gazette.example/ku/1234/"))
    assert without(listed, "en") == listed[1:]
    assert without(listed, None) == listed


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/ar/",
        "/ar",
        "https://ar.gazette.example/",
        "/ar-sy/",
        "/ar/index.html",
        "/?lang=ar",
        "/arabic/",
        "/ar/news/",
        "https://gazette.example",
    ],
)
def test_a_home_or_section_page_is_no_translation(href):
    assert found(link("ar", href)) == []
    assert found(f'<a hreflang="ar" href="{href}">العربية</a>') == []


@pytest.mark.parametrize(
    "href",
    [PAGE, "#top", PAGE.removesuffix("/"), PAGE.replace("https:", "http:"), PAGE.replace("//", "//www.", 1), PAGE + "#comments", "", "  "],
)
def test_the_page_itself_is_no_translation(href):
    assert found(link("ar", href)) == []


@pytest.mark.parametrize(
    "href", ["javascript:void(1234)", "mailto:desk@gazette.example", "ftp://x.org/1234", "https://u:p@x.org/1234", "http://[bad/1234", "//"]
)
def test_only_web_addresses_are_linked(href):
    assert found(link("ar", href)) == []


@pytest.mark.parametrize(
    "switch",
    [
        '<a lang="ar" hreflang="ar" href="https://gazette.example/ar/archives/1234">العربية</a>',  # Polylang
        '<li class="wpml-ls-item"><a href="/ar/archives/1234"><span class="wpml-ls-native" lang="ar">العربية</span></a></li>',  # WPML
        '<a hreflang="ar" href="/ar/archives/1234"><img alt="" src="ar.png"></a>',
        '<a rel="alternate" hreflang="ar" href="/ar/archives/1234">AR</a>',
        '<a href="/ar/archives/1234">النسخة العربية من المقال</a>',
        '<a href="/ar/archives/1234">Read this in Arabic</a>',
    ],
)
def test_the_switch_between_languages_is_read(switch):
    assert found(switch) == [("ar", "https://gazette.example/ar/archives/1234")]


def test_a_link_to_the_version_on_another_host_of_the_house_is_read():
    english = "https://english.gazette.example/archives/2026/11/the-council-adopts-its-budget/"
    assert found('<a href="https://www.gazette.example/1234">النسخة العربية من المقال</a>', english) == [
        ("ar", "https://www.gazette.example/1234")
    ]
    assert found('<a href="https://elsewhere.example/1234">النسخة العربية</a>', english) == []


@pytest.mark.parametrize(
    "other",
    [
        '<a href="/en/sport/english-premier-league-opens-1234/">English Premier League opens</a>',
        '<a href="/en/2026/11/21/turkish-trade-1234/" hreflang="en">Trade with Turkey grows again</a>',
        '<a href="/ar/archives/1234">A teaser of another story, which is far too long to be the name of any language: Arabic</a>',
        '<a href="https://corporate.gazette.example/en/forum-1234" hreflang="ar">Our Media Forum</a>',
        '<a rel="alternate" type="application/rss+xml" href="/en/feed-1234.xml">RSS</a>',
        '<a name="ar">العربية</a>',
    ],
)
def test_other_links_are_no_translations(other):
    assert found(other) == []


def test_a_menu_of_the_houses_editions_is_no_list_of_versions():
    menu = "".join(
        f'<a href="/{code}/start/s-{number}">{name}</a>'
        for number, (code, name) in enumerate(
            [("ar", "العربية"), ("de", "Deutsch"), ("tr", "Türkçe"), ("fa", "فارسی"), ("ru", "Русский"), ("fr", "Français")], 1000
        )
    )
    assert found(menu) == []
    assert found(menu + '<a hreflang="ku" href="/ku/2026/11/22/1234/">Kurdî</a>') == [("ku", "https://gazette.example/ku/2026/11/22/1234/")]


def test_each_version_is_linked_once_and_no_more_than_fifty():
    href = "/ar/2026/11/22/1234/"
    assert len(found(link("ar", href) + link("ar-SY", href) + link("ar", href.removesuffix("/")))) == 1
    assert len(found("".join(link("ar", f"/ar/{number}/") for number in range(1000, 1100)))) == 50


def test_address_and_page_may_be_plain():
    assert found(link("fr", "/fr/a-propos-de-nous/"), "https://gazette.example/about") == [
        ("fr", "https://gazette.example/fr/a-propos-de-nous/")
    ]
    assert found(link("ar", "/?p=1234&lang=ar"), "https://gazette.example/?p=1233") == [("ar", "https://gazette.example/?p=1234&lang=ar")]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=60), st.sampled_from(["link", "a"]))
def test_any_address_is_taken(href, tag, url, element):
    tree = parse("<html><body><p>x</p></body></html>")
    assert tree is not None
    node = tree.makeelement(element, {"rel": "alternate"})
    node.text = "English"
    for name, value in (("href", href), ("hreflang", tag)):
        node.set(name, "".join(character for character in value if character.isprintable()).encode("utf-8", "ignore").decode())
    tree.append(node)
    for address in (url, PAGE):
        for translation in translations_of(tree, address):
            assert translation.url.startswith(("http://", "https://"))
            assert translation.language.isalpha()
