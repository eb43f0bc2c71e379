"""The newspapers over loopback, as a crawler meets them."""

import gzip
import html
import http.client
import json
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest
import trafilatura

from spiders.demo.server import Newspapers
from spiders.demo.site import print_site
from spiders.demo.stories import SLUGS, gold, newspaper

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


@pytest.fixture(scope="module")
def papers():
    with Newspapers(NOW) as papers:
        yield papers


def ask(papers, slug, path, method="GET", **headers):
    host = urlsplit(papers.origins[slug])
    connection = http.client.HTTPConnection(host.hostname, host.port, timeout=10)
    connection.request(method, path, headers={"User-Agent": "test", **{name.replace("_", "-"): value for name, value in headers.items()}})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def located(body):
    return [element.text for element in ElementTree.fromstring(body).iter() if element.tag.endswith("}loc")]


def paths(urls):
    return {urlsplit(url).path for url in urls}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_story_stands_at_its_path_in_the_charset_it_claims(papers, slug):
    for path, story in gold(slug, 1, NOW).items():
        answer, body = ask(papers, slug, quote(path))
        assert answer.status == 200
        assert answer.headers["Content-Type"] == (f"text/html; charset={story.charset}" if story.charset_in_header else "text/html")
        assert f"charset={story.charset}" in body.decode("latin-1").replace('charset="', "charset=")
        text = html.unescape(body.decode(story.charset))
        assert [line for block in story.blocks for line in block.lines if line not in text] == []


def test_several_charsets_are_in_print_and_two_pages_name_theirs_in_the_meta_alone():
    stories = [story for slug in SLUGS for story in gold(slug, 1, NOW).values()]
    assert {story.charset for story in stories} == {"utf-8", "windows-1256", "windows-1251", "koi8-r"}
    assert {story.charset for story in stories if not story.charset_in_header} == {"utf-8", "koi8-r"}


@pytest.mark.parametrize("validator", ["ETag", "Last-Modified"])
def test_what_is_known_is_not_sent_again(papers, validator):
    path = "/2398/library-late-hours/"
    first, _ = ask(papers, "demo_gazette", path)
    header = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[validator]
    again, body = ask(papers, "demo_gazette", path, **{header: first.headers[validator]})
    assert (again.status, body) == (304, b"")
    stale, _ = ask(papers, "demo_gazette", path, If_None_Match='"other"', If_Modified_Since=first.headers["Last-Modified"])
    assert stale.status == 200
    broken, _ = ask(papers, "demo_gazette", path, If_Modified_Since="yesterday")
    assert broken.status == 200


def test_head_gives_the_headers_alone(papers):
    full, body = ask(papers, "demo_courier", "/sitemap_index.xml")
    head, nothing = ask(papers, "demo_courier", "/sitemap_index.xml", method="HEAD")
    assert nothing == b""
    assert head.headers["Content-Length"] == str(len(body))
    assert head.headers["ETag"] == full.headers["ETag"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_second_edition_changes_what_it_says_and_no_other_byte(slug):
    first, second = (print_site(slug, "http://127.0.0.1:1", NOW, edition) for edition in (1, 2))
    old, new = gold(slug, 1, NOW), gold(slug, 2, NOW)
    for path in old:
        assert (first.answer(quote(path)) == second.answer(quote(path))) == (old[path] == new[path])
    for path in new.keys() - old.keys():
        assert first.answer(quote(path)).status == 404
        assert second.answer(quote(path)).status == 200
    for stray in newspaper(slug).strays:
        assert first.answer(quote(stray.path)).status == second.answer(quote(stray.path)).status


def test_the_page_is_turned_while_the_newspapers_are_served():
    with Newspapers(NOW) as papers:
        before, _ = ask(papers, "demo_herald", "/atom.xml")
        papers.edition = 2
        after, body = ask(papers, "demo_herald", "/atom.xml", If_None_Match=before.headers["ETag"])
        assert after.status == 200
        assert "tram-depot-5141" in body.decode("windows-1251")
        later, _ = ask(papers, "demo_herald", "/atom.xml", If_Modified_Since=before.headers["Last-Modified"])
        assert later.status == 200


@pytest.mark.parametrize("edition", [1, 2])
def test_every_story_and_every_stray_is_listed_by_an_enabled_source(edition):
    for slug in SLUGS:
        site = print_site(slug, "http://127.0.0.1:1", NOW, edition)
        listed = {
            "demo_gazette": lambda site: site.answer("/feed.xml").body.decode(),
            "demo_courier": lambda site: (
                site.answer("/news-sitemap.xml").body.decode() + gzip.decompress(site.answer("/archive-sitemap.xml.gz").body).decode()
            ),
            "demo_herald": lambda site: (
                site.answer("/atom.xml").body.decode("windows-1251") + site.answer("/en/").body.decode("windows-1251")
            ),
        }[slug](site)
        for path in [*gold(slug, edition, NOW), *(stray.path for stray in newspaper(slug).strays)]:
            assert path in listed


def test_the_sitemap_index_leads_to_a_news_sitemap_and_a_gzipped_archive(papers):
    _, index = ask(papers, "demo_courier", "/sitemap_index.xml")
    assert paths(located(index)) == {"/news-sitemap.xml", "/archive-sitemap.xml.gz"}
    _, news = ask(papers, "demo_courier", "/news-sitemap.xml")
    answer, archive = ask(papers, "demo_courier", "/archive-sitemap.xml.gz")
    assert answer.headers["Content-Type"] == "application/gzip"
    older = paths(located(gzip.decompress(archive)))
    assert older
    assert not older & paths(located(news))


def test_wordpress_pages_its_posts_and_refuses_one_page_too_many(papers):
    answer, body = ask(papers, "demo_gazette", "/wp-json/wp/v2/posts?per_page=5&page=2")
    posts = json.loads(body)
    assert answer.headers["X-WP-TotalPages"] == "3"
    assert len(posts) == 5
    published = {story.path: story.published_at for story in gold("demo_gazette", 1, NOW).values()}
    known = [post for post in posts if urlsplit(post["link"]).path in published]
    assert all(datetime.fromisoformat(post["date_gmt"] + "Z") == published[urlsplit(post["link"]).path] for post in known)
    assert ask(papers, "demo_gazette", "/wp-json/wp/v2/posts?per_page=5&page=9")[0].status == 400


def test_the_listing_has_pages_and_an_end(papers):
    pages = [ask(papers, "demo_herald", f"/novosti/?page={page}")[1].decode("windows-1251") for page in (1, 2)]
    assert [page.count('class="headline"') for page in pages] == [6, 6]
    assert [page.count('rel="next"') for page in pages] == [1, 0]
    assert ask(papers, "demo_herald", "/novosti/?page=9")[0].status == 404
    assert ask(papers, "demo_herald", "/novosti/?page=none")[1] == ask(papers, "demo_herald", "/novosti/")[1]


def test_the_json_feed_lists_both_languages(papers):
    answer, body = ask(papers, "demo_herald", "/feed.json")
    feed = json.loads(body)
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    titles = {item["title"] for item in feed["items"]}
    assert {story.title for story in gold("demo_herald", 1, NOW).values()} <= titles


@pytest.mark.parametrize("slug", SLUGS)
def test_each_newspaper_has_a_dead_link_an_old_slug_a_forbidden_page_and_a_page_that_is_no_article(papers, slug):
    answers = {stray.path: ask(papers, slug, quote(stray.path))[0] for stray in newspaper(slug).strays}
    assert sorted(answer.status for answer in answers.values()) == [200, 200, 301, 404]
    moved = next(answer for answer in answers.values() if answer.status == 301)
    assert moved.headers["Location"] in gold(slug, 1, NOW)
    _, robots = ask(papers, slug, "/robots.txt")
    assert b"Disallow: /preview/" in robots
    assert any(path.startswith("/preview/") for path in answers)


def test_who_asked_for_what_is_on_record():
    with Newspapers(NOW) as papers:
        ask(papers, "demo_gazette", "/nothing?here=1", Accept="text/html")
        [seen] = papers.requests
    assert (seen.outlet, seen.method, seen.path, seen.status, seen.user_agent) == ("demo_gazette", "GET", "/nothing?here=1", 404, "test")
    assert seen.headers["Accept"] == "text/html"


def test_nothing_is_left_running():
    before = set(threading.enumerate())
    with Newspapers(NOW):
        assert set(threading.enumerate()) != before
    assert set(threading.enumerate()) <= before


def test_the_same_moment_prints_the_same_bytes_and_another_moment_other_dates():
    one, same, later = (
        print_site("demo_gazette", "http://127.0.0.1:1", at, 1) for at in (NOW, NOW.replace(second=1), NOW + timedelta(hours=1))
    )
    assert one.pages == same.pages
    assert one.answer("/feed.xml") == same.answer("/feed.xml")
    assert one.answer("/feed.xml") != later.answer("/feed.xml")


@pytest.mark.parametrize(
    ("slug", "furniture"),
    [
        (
            "demo_gazette",
            ["- Advertisement -", "Click to see full-size image", "By Ada Quill", "Two crowns a month", "moderates everything"],
        ),
        ("demo_herald", ["Supervisor Kira Vetlugina", "NOVEMBER 2026", "BITCOIN (BTC)"]),
    ],
)
def test_a_generic_extractor_takes_the_furniture_for_the_story(slug, furniture):
    """Otherwise the newspapers would prove nothing."""
    site = print_site(slug, "http://127.0.0.1:1", NOW, 1)
    pages = [site.answer(path).body.decode(story.charset) for path, story in gold(slug, 1, NOW).items()]
    text = "\n".join(trafilatura.extract(page, include_comments=False) or "" for page in pages)
    assert [piece for piece in furniture if piece not in text] == []
