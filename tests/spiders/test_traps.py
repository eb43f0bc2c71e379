"""Sites without an end: recognized, told, and bounded by a budget."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from spiders.traps import CROWD, GIVE_UP, SAME_AT_MOST, Crowds, SamePages, digest_of, shape_of
from spiders.urls import article_id, skip_reason
from tests.spiders.conftest import Serve
from tests.spiders.crawling import Run, fetch, outlet
from tests.spiders.faulty_server import Route, Visit, answer

PAPER = outlet("https://paper.example/")
TEXT = "<p>The page that you asked for is not here, or not here any more. Try our front page.</p>"


def ends(crawl: Run) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in crawl.failures:
        found[row.state, row.reason] = found.get((row.state, row.reason), 0) + 1
    return found


SOFT_404S: dict[str, Route] = {
    "the same page": answer(TEXT),
    "with the address in it": lambda visit: answer(f"<title>{visit.target}</title><a href='{visit.target}'>{visit.target[1:]}</a>{TEXT}"),
    "with a time and a token": lambda visit: answer(
        f"<meta name=csrf content={uuid.uuid4().hex}>{TEXT}<i>{1_790_000_000 + visit.at:.3f} 12:{visit.number:02}:59</i>"
    ),
}


@pytest.mark.parametrize("kind", SOFT_404S)
def test_an_outlet_that_answers_all_with_one_page_is_given_up(kind: str, serve: Serve, tmp_path: Path) -> None:
    server = serve({"/robots.txt": answer("", 404), "/.well-known/tdmrep.json": answer("", 404)}, default=SOFT_404S[kind])
    asked = SAME_AT_MOST + GIVE_UP + 30
    crawl = fetch(tmp_path, outlet(server.url("/")), *(server.url(f"/story-of-{number:04}-things") for number in range(asked)))
    assert len(crawl.captures) == SAME_AT_MOST
    assert ends(crawl) == {("failed", "same page"): GIVE_UP, ("waiting", "same page"): 30}
    assert len(server.targets()) == 1 + SAME_AT_MOST + GIVE_UP


def test_stories_between_same_pages_are_kept_and_the_outlet_is_not_given_up(serve: Serve, tmp_path: Path) -> None:
    def told(visit: Visit) -> bytes:
        return answer(TEXT if "gone" in visit.target else f"<h1>Story {visit.target}</h1><p>It is about {len(visit.target) * 'a '}</p>")

    server = serve({}, default=told)
    urls = [server.url(f"/{'gone' if number % 2 else 'here'}/{'x' * number}") for number in range(2 * (SAME_AT_MOST + GIVE_UP) + 20)]
    crawl = fetch(tmp_path, outlet(server.url("/")), *urls)
    assert set(ends(crawl)) == {("failed", "same page")}
    assert sum("/here/" in row.url for row in crawl.captures) == len(urls) // 2


def test_a_run_fetches_no_more_than_its_budget_and_the_rest_waits(serve: Serve, tmp_path: Path) -> None:
    server = serve({}, default=lambda visit: answer(f"<p>{visit.target}: {uuid.uuid4()} {visit.target * 9}</p>"))
    crawl = fetch(tmp_path, outlet(server.url("/"), crawl={"budget": 4}), *(server.url(f"/{number}") for number in range(10)))
    assert len(crawl.captures) == 4
    assert ends(crawl) == {("waiting", "over budget"): 6}
    assert all(row.retry_at == row.failed_at for row in crawl.failures)


def test_two_stories_that_differ_in_a_word_or_a_number_are_two() -> None:
    pages = [f"<h1>Day {day}</h1><p>On day {day} the river rose by {day} cm.</p>".encode() for day in range(1, 40)]
    assert len({digest_of(page, f"https://paper.example/day-{day}") for day, page in enumerate(pages, 1)}) == len(pages)


def test_a_page_is_counted_under_each_address() -> None:
    pages = SamePages()
    assert [pages.add(b"<p>x</p>", f"https://paper.example/{n}") for n in range(SAME_AT_MOST + 2)][-1] == SAME_AT_MOST + 2
    assert pages.in_a_row == 2
    pages.add(b"<p>another</p>", "https://paper.example/y")
    assert pages.in_a_row == 0


def test_links_with_headlines_are_no_crowd() -> None:
    crowds = Crowds()
    assert not any(crowds.is_trap(f"https://paper.example/news.php?id={n}", f"Council votes for the {n}th time") for n in range(3000))
    assert not any(crowds.is_trap(f"https://paper.example/story/{n}", f"Story {n}") for n in range(3000))


def test_links_without_text_say_nothing() -> None:
    crowds = Crowds()
    assert not any(crowds.is_trap(f"https://paper.example/news.php?id={n}", None) for n in range(3000))


@pytest.mark.parametrize(
    ("href", "text"),
    [
        ("/calendar?day={}", "{}"),
        ("/calendar/2031/05/{}", "5 May 20{:02}"),
        ("/list?sort={}&page=2", "Sort by price"),
        ("/search?page={}", "Next"),
    ],
)
def test_days_pages_and_filters_are_a_crowd(href: str, text: str) -> None:
    crowds = Crowds()
    found = [crowds.is_trap(f"https://paper.example{href.format(n)}", text.format(n % 90)) for n in range(300)]
    assert found == [False] * CROWD + [True] * (300 - CROWD)


def test_a_shape_is_an_address_without_its_values() -> None:
    assert shape_of("https://paper.example/2026/05/a?b=1&a=x") == shape_of("https://paper.example/1999/12/a?a=&b=77")
    assert shape_of("https://paper.example/a") != shape_of("https://paper.example/b")


@pytest.mark.parametrize(
    "path", ["/a/a/a/", "/x/a/b/a/b/a/b/story", "/calendar/calendar/calendar", "/" + "/".join(f"level{n}" for n in range(25))]
)
def test_a_path_that_grows_on_itself_is_no_article(path: str) -> None:
    assert skip_reason(PAPER, f"https://paper.example{path}") == "trap"


@pytest.mark.parametrize("path", ["/a/a/story", "/news/2026/11/11/11-dead", "/2026/11/11/1", "/a/b/a/b/story", "/aa/aaa/aaaa"])
def test_a_path_that_repeats_itself_a_little_may_be_one(path: str) -> None:
    assert skip_reason(PAPER, f"https://paper.example{path}") is None


@pytest.mark.parametrize(
    "url",
    [
        "/story?id=7&PHPSESSID=abc123",
        "/story;jsessionid=0123ABC?id=7",
        "/story?sid=0123456789abcdef0123456789abcdef&id=7",
        "/story?id=7&CFID=1&CFTOKEN=2",
        "/story?id=7&ASPSESSIONIDQABC=XYZ",
        "/(S(0123456789abcdefghijklmn))/story?id=7",
    ],
)
def test_a_session_in_an_address_is_no_part_of_it(url: str) -> None:
    assert article_id(PAPER, f"https://paper.example{url}") == article_id(PAPER, "https://paper.example/story?id=7")


@pytest.mark.parametrize("url", ["/story?sid=7", "/story?s=council", "/story?id=7&session=2026"])
def test_what_looks_like_a_session_and_may_be_a_story_stays(url: str) -> None:
    assert article_id(PAPER, f"https://paper.example{url}") != article_id(PAPER, "https://paper.example/story")
