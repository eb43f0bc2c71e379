"""URLs: which are the same article, which are refused, and that nothing makes these functions raise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.outlet import Articles, Feed, Outlet
from spiders.urls import NotAWebURL, article_id, belongs, canonical_url, hosts_of, rewritten, skip_reason

OUTLET = Outlet(
    slug="gazette", title="Gazette", homepage="https://www.gazette.example/en/", feeds=(Feed(url="https://gazette.example/feed"),)
)
RUDAW = Outlet(
    slug="rudaw",
    title="Rudaw",
    homepage="https://www.rudaw.net/english",
    articles=Articles(
        hosts=("www.rudawarabia.net",),
        patterns=(r"rudaw(?:arabia)?\.net/(?:english|sorani|kurmanci|arabic|turkish)/categories/[a-z0-9-]+/\d+/?$",),
        skip=(r"/categories/multimedia/", r"#most_viewed"),
        identity=(
            r"rudaw(?:arabia)?\.net/(english|sorani|kurmanci|arabic|turkish)/categories/[a-z0-9-]+/(\d+)/?$",
            r"rudaw(?:arabia)?\.net/(english|sorani|kurmanci|arabic|turkish)/((?:[a-z0-9-]+/){1,3})(\d{8})(?:-?(\d{1,3}))?/?$",
        ),
    ),
)
SOUTHFRONT = Outlet(
    slug="southfront",
    title="SouthFront",
    homepage="https://southfront.press/",
    articles=Articles(
        rewrite_hosts={"southfront.org": "southfront.press"},
        identity=(r"^https?://(?:maps\.|tv\.|www\.)?southfront\.(?:org|press)/([a-z0-9-]+)/?$",),
    ),
)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Gazette.Example:80/a/../b#top", "http://www.gazette.example/b"),
        ("https://gazette.example", "https://gazette.example/"),
        ("https://gazette.example:443/a", "https://gazette.example/a"),
        ("https://gazette.example:8443/a", "https://gazette.example:8443/a"),
        ("https://gazette.example./a", "https://gazette.example/a"),
        ("https://gazette.example/a?utm_source=x&id=7&fbclid=y&gclid=z&mc_cid=q", "https://gazette.example/a?id=7"),
        ("https://gazette.example/a?%75tm_source=x", "https://gazette.example/a"),
        ("https://gazette.example/a?b=2&a=1", "https://gazette.example/a?a=1&b=2"),
        ("https://gazette.example/a?ref=front&page=2", "https://gazette.example/a?page=2&ref=front"),  # unknown ones stay
        ("https://gazette.example/a?so=related", "https://gazette.example/a?so=related"),
        ("https://gazette.example/خبر", "https://gazette.example/%D8%AE%D8%A8%D8%B1"),
        ("https://gazette.example/%d8%ae%d8%a8%d8%b1", "https://gazette.example/%D8%AE%D8%A8%D8%B1"),
        ("https://zürich.example/a", "https://xn--zrich-kva.example/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        (" https://gazette.example/a b\r\n", "https://gazette.example/a%20b"),
    ],
)
def test_spellings_of_a_url_become_one(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not http"),
        ("javascript:alert(1)", "not http"),
        ("file:///etc/passwd", "not http"),
        ("ftp://gazette.example/a", "not http"),
        ("/relative", "not http"),
        ("http://", "bad url"),
        ("http://[broken/", "bad url"),
        ("http://a b/", "bad url"),
        ("http://gazette.example:99999/", "bad url"),
        ("http://gazette.example:80x/", "bad url"),
        ("http://%31%32%37.0.0.1/", "bad url"),
        ("https://other.example\\.gazette.example/", "bad url"),
        ("https://gazette.example@other.example/", "userinfo"),
        ("https://gazette.example\\@other.example/", "userinfo"),
        ("https://user:secret@gazette.example/", "userinfo"),
        ("https://gazette.example/" + "a" * 3000, "too long"),
    ],
)
def test_what_is_no_address_is_refused_with_a_reason(url: str, reason: str) -> None:
    with pytest.raises(NotAWebURL) as refused:
        canonical_url(url)
    assert refused.value.reason == reason
    assert skip_reason(OUTLET, url) == reason
    assert article_id(OUTLET, url).startswith("gazette:")


def test_letters_that_look_like_digits_do_not_hide_an_address() -> None:
    assert canonical_url("http://①②⑦.0.0.1/") == "http://127.0.0.1/"
    assert skip_reason(OUTLET, "http://①②⑦.0.0.1/") == "another host"


@pytest.mark.parametrize(
    "url",
    [
        "http://gazette.example/2026/11/story",
        "https://www.gazette.example/2026/11/story/",
        "https://www.gazette.example/2026/11/story/index.html",
        "https://amp.gazette.example/2026/11/story/",
        "https://gazette.example/2026/11/story/amp/",
        "https://gazette.example/2026/11/story/print/",
        "https://gazette.example/2026/11/story?amp=1",
        "https://gazette.example/2026/11/story?outputType=amp&utm_campaign=x",
        "https://gazette.example/2026/11/story#comments",
    ],
)
def test_copies_of_an_article_share_an_identity(url: str) -> None:
    assert article_id(OUTLET, url) == "gazette:gazette.example/2026/11/story"


def test_what_may_be_another_article_keeps_its_own_identity() -> None:
    urls = ["https://gazette.example/story?id=1", "https://gazette.example/story?id=2", "https://gazette.example/Story", "https://gazette.example/story",
            "https://ar.gazette.example/story", "https://gazette.example/story/2", "https://gazette.example/ampere"]  # fmt: skip
    assert len({article_id(OUTLET, url) for url in urls}) == len(urls)


def test_a_long_key_becomes_a_digest() -> None:
    first, second = (article_id(OUTLET, f"https://gazette.example/{'a' * 300}{end}") for end in "bc")
    assert first != second
    assert len(first.removeprefix("gazette:")) == 64


def test_identity_patterns_key_on_their_groups() -> None:
    ids = {
        article_id(RUDAW, url)
        for url in (
            "https://www.rudaw.net/english/categories/world/958490",
            "http://rudaw.net/english/categories/chan/958490/",
            "https://www.rudaw.net/english/categories/world/958490?fbclid=1",
            "https://www.rudaw.net/english/categories/world/958490?so=related",
        )
    }
    assert ids == {"rudaw:english/958490"}
    assert article_id(RUDAW, "https://www.rudawarabia.net/arabic/categories/news/1367254") == "rudaw:arabic/1367254"
    assert article_id(RUDAW, "https://www.rudaw.net/english/kurdistan/180220263") == "rudaw:english/kurdistan//18022026/3"
    assert article_id(RUDAW, "https://www.rudaw.net/english/onair") == "rudaw:rudaw.net/english/onair"


def test_a_dead_host_is_rewritten_and_keyed_as_the_living_one() -> None:
    assert rewritten(SOUTHFRONT, "https://southfront.org/a-story/?x=1") == "https://southfront.press/a-story/?x=1"
    assert rewritten(SOUTHFRONT, "https://tv.southfront.org/a-story/") == "https://tv.southfront.press/a-story/"
    assert rewritten(SOUTHFRONT, "https://southfront.press/a-story/") == "https://southfront.press/a-story/"
    assert rewritten(SOUTHFRONT, "https://notsouthfront.org/a-story/") == "https://notsouthfront.org/a-story/"
    urls = ["https://southfront.org/a-story/", "http://tv.southfront.org/a-story", "https://southfront.press/a-story?utm_source=x"]
    assert {article_id(SOUTHFRONT, url) for url in urls} == {"southfront:a-story"}
    assert [skip_reason(SOUTHFRONT, url) for url in urls] == [None, None, None]


def test_rewriting_to_a_host_below_the_dead_one_is_done_once() -> None:
    outlet = Outlet(
        slug="o", title="O", homepage="https://news.o.example", articles=Articles(rewrite_hosts={"o.example": "news.o.example"})
    )
    once = rewritten(outlet, "https://o.example/a")
    assert once == rewritten(outlet, once) == "https://news.o.example/a"


def test_hosts_are_the_homepages_the_named_ones_and_both_sides_of_a_rewrite() -> None:
    assert hosts_of(RUDAW) == {"rudaw.net", "rudawarabia.net"}
    assert hosts_of(SOUTHFRONT) == {"southfront.press", "southfront.org"}


def test_what_is_no_article_may_still_be_the_outlets() -> None:
    assert belongs(OUTLET, "https://www.gazette.example/feed")
    assert belongs(RUDAW, "https://www.rudawarabia.net/arabic")
    assert not belongs(OUTLET, "https://feeds.example/gazette")
    assert not belongs(OUTLET, "http://gazette.example:9200/")
    assert not belongs(OUTLET, "file:///etc/passwd")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.gazette.example/a-story", None),
        ("http://gazette.example/a-story", None),
        ("https://ar.gazette.example/a-story", None),
        ("https://gazette.example:443/a-story", None),
        ("https://gazette.example:6379/a-story", "odd port"),
        ("https://gazette.example.other.example/a-story", "another host"),
        ("https://notgazette.example/a-story", "another host"),
        ("https://gazette.example/", "not an article URL"),
        ("https://ar.gazette.example/", "not an article URL"),
        ("https://www.gazette.example/en", "not an article URL"),
        ("https://gazette.example/feed/", "not an article URL"),
        ("https://gazette.example/photo.JPG?w=300", "not an article URL"),
        ("https://gazette.example/?p=123", None),
    ],
)
def test_without_patterns_every_page_of_the_outlet_is_an_article(url: str, reason: str | None) -> None:
    assert skip_reason(OUTLET, url) == reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://www.rudaw.net/english/categories/world/958490", None),
        ("https://www.rudaw.net/english/categories/world/958490?so=related", None),
        ("https://www.rudawarabia.net/arabic/categories/news/1367254", None),
        ("https://www.rudaw.net/english/categories/multimedia/958490", "skip pattern"),
        ("https://www.rudaw.net/english/categories/world/958490#most_viewed", "skip pattern"),
        ("https://www.rudaw.net/english/onair", "not an article URL"),
        ("https://ads.rudawarabia.net/arabic/categories/news/1367254", "another host"),
    ],
)
def test_with_patterns_only_what_they_match_is_an_article(url: str, reason: str | None) -> None:
    assert skip_reason(RUDAW, url) == reason


def test_a_pattern_may_be_written_in_plain_letters() -> None:
    outlet = Outlet(slug="o", title="O", homepage="https://o.example", articles=Articles(patterns=("/أخبار/",), skip=("/رياضة/",)))
    assert skip_reason(outlet, "https://o.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/1") is None
    assert skip_reason(outlet, "https://o.example/أخبار/رياضة/1") == "skip pattern"


def test_a_port_of_the_homepage_is_the_outlets() -> None:
    outlet = Outlet(slug="o", title="O", homepage="http://127.0.0.1:8931/")
    assert skip_reason(outlet, "http://127.0.0.1:8931/a") is None
    assert skip_reason(outlet, "http://127.0.0.1:5432/a") == "odd port"


def test_a_pattern_that_never_ends_matches_nothing() -> None:
    outlet = Outlet(slug="o", title="O", homepage="https://o.example", articles=Articles(patterns=(r"/(?:a|a|aa)*(?:a|aa)*$(?<!a)",)))
    assert skip_reason(outlet, "https://o.example/" + "a" * 60) == "not an article URL"


ANY_URL = st.one_of(
    st.text(max_size=60),
    st.from_regex(r"https?://[^ ]{0,40}", fullmatch=True),
    st.builds(
        "{}://{}{}/{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP"]),
        st.sampled_from(["gazette.example", "www.gazette.example", "zürich.example", "127.0.0.1", "[::1]", "xn--a", "a..b", ""]),
        st.sampled_from(["", ":80", ":443", ":8080", ":", ":x"]),
        st.text(max_size=30),
        st.text(max_size=30),
        st.text(max_size=5),
    ),
)


@settings(max_examples=400, deadline=None)
@given(ANY_URL)
def test_the_canonical_form_is_its_own(url: str) -> None:
    try:
        canonical = canonical_url(url)
    except NotAWebURL:
        return
    assert canonical_url(canonical) == canonical
    assert canonical.isascii()


@settings(max_examples=300, deadline=None)
@given(ANY_URL)
def test_any_text_has_an_identity_and_is_either_skipped_or_not(url: str) -> None:
    for outlet in (OUTLET, RUDAW, SOUTHFRONT):
        assert article_id(outlet, url).startswith(f"{outlet.slug}:")
        assert len(article_id(outlet, url)) < 220
        assert skip_reason(outlet, rewritten(outlet, url)) == skip_reason(outlet, url)


SEGMENT = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=1, max_size=12).filter(lambda s: s not in {"amp", "print", "index"})


@settings(max_examples=200, deadline=None)
@given(st.lists(SEGMENT, min_size=1, max_size=4), st.lists(SEGMENT, max_size=2))
def test_identity_outlives_scheme_www_and_tracking(segments: list[str], values: list[str]) -> None:
    path, query = "/".join(segments), "&".join(f"id{i}={value}" for i, value in enumerate(values))
    plain = f"https://gazette.example/{path}?{query}"
    others = [
        f"http://gazette.example/{path}?{query}",
        f"https://www.gazette.example/{path}?{query}",
        f"https://gazette.example/{path}/?{query}",
        f"https://gazette.example/{path}?utm_source=feed&{query}&fbclid=abc",
        f"https://GAZETTE.example:443/{path}?{query}#comments",
    ]
    assert {article_id(OUTLET, url) for url in others} == {article_id(OUTLET, plain)}
