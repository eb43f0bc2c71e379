"""robots.txt by RFC 9309: what an answer means, which group is ours, what a rule matches, how long a copy lasts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.robots import (
    FORBIDDING,
    FRESH,
    MOST_BYTES,
    STALE,
    RobotsCopy,
    allowed,
    is_due,
    keep_copy,
    parse_robots,
    policy_of,
    read_copy,
    robots_url,
    settles,
    usable,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGE = "http://paper.example/news/1"


def may(text: str, path: str = "/news/1", status: int = 200) -> bool:
    return allowed(parse_robots(status, text.encode()), f"http://paper.example{path}")


@pytest.mark.parametrize("status", [None, 429, 500, 502, 503, 504, 599])
def test_a_robots_txt_that_cannot_be_had_forbids_all_for_now(status: int | None) -> None:
    policy = parse_robots(status, b"User-agent: *\nAllow: /")
    assert policy.verdict == "unreachable"
    assert not allowed(policy, PAGE)
    assert not settles(status)


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 410, 418, 451])
def test_a_robots_txt_that_is_not_there_allows_all_whatever_its_body_says(status: int) -> None:
    assert may("User-agent: *\nDisallow: /", status=status)
    assert settles(status)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: newsmill\nDisallow: /", False),
        ("user-AGENT:NewsMill\ndisALLOW:/", False),
        ("User-agent: newsmill/2.0 (a comment)\nDisallow: /", False),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", False),
        ("User-agent: *\rDisallow: /\r", False),
        ("User-agent *\nDisallow /", False),
        ("User-agent: * # everyone\nDisallow: / # everything", False),
        ("<html><body>Not a robots.txt</body></html>", True),
        ("Disallow: /", True),  # under nobody's name
    ],
)
def test_rules_are_read_as_they_are_written(text: str, expected: bool) -> None:
    assert may(text) is expected


@pytest.mark.parametrize("name", ["news", "mill", "newsmill-images", "newsmillbot", "http", "contact"])
def test_a_group_named_by_a_part_of_our_name_is_not_ours(name: str) -> None:
    assert may(f"User-agent: {name}\nDisallow: /")


def test_our_own_group_wins_over_everyones() -> None:
    assert may("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\nDisallow: /private")
    assert not may("User-agent: newsmill\nDisallow: /\n\nUser-agent: *\nAllow: /")


def test_our_own_group_may_be_empty() -> None:
    assert may("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\nCrawl-delay:")
    assert may("User-agent: *\nDisallow: /\n\nUser-agent: newsmill\n")


def test_groups_of_one_name_are_one() -> None:
    text = "User-agent: newsmill\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: newsmill\nDisallow: /b"
    assert [may(text, path) for path in ("/a", "/b", "/c")] == [False, False, True]


@pytest.mark.parametrize("between", ["Crawl-delay: 3", "Sitemap: http://paper.example/s.xml", "Noindex: /x", "what is this", ""])
def test_no_line_but_a_rule_ends_the_names_of_a_group(between: str) -> None:
    assert not may(f"User-agent: newsmill\n{between}\nUser-agent: other\nDisallow: /")
    assert not may(f"User-agent: newsmill\n{between}\nDisallow: /")


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        ("Disallow: /news", "/news/1", False),
        ("Disallow: /news\nAllow: /news/1", "/news/1", True),  # the longest match
        ("Allow: /news\nDisallow: /news", "/news/1", True),  # a draw
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x=1", True),
        ("Disallow: /n*1", "/news/1/more", False),
        ("Disallow: /NEWS", "/news/1", True),
        ("Disallow: /%61bc", "/abc", False),
        ("Disallow: /خبر", "/%D8%AE%D8%A8%D8%B1", False),
        ("Disallow: /?print=", "/?print=1", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_a_rule_matches_as_the_rfc_has_it(rules: str, path: str, expected: bool) -> None:
    assert may(f"User-agent: *\n{rules}", path) is expected


@pytest.mark.parametrize(("text", "delay"), [("7", 7.0), ("0.5", 0.5), ("", None), ("soon", None), ("-1", None), ("inf", None)])
def test_a_crawl_delay_is_read(text: str, delay: float | None) -> None:
    assert parse_robots(200, f"User-agent: *\nCrawl-delay: {text}\nDisallow: /x".encode()).crawl_delay == delay


def test_another_bots_crawl_delay_is_not_ours() -> None:
    assert parse_robots(200, b"User-agent: other\nCrawl-delay: 60").crawl_delay is None


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    filler = "# filler\n" * (MOST_BYTES // 9)
    assert may(f"User-agent: *\n{filler}{' ' * 20}\nDisallow: /")
    assert not may(f"User-agent: *\nDisallow: /\n{filler}")


def test_a_hostile_file_is_soon_judged() -> None:
    policy = parse_robots(200, b"User-agent: *\n" + b"".join(b"Disallow: /*a%d*b\n" % number for number in range(60_000)))
    assert allowed(policy, PAGE)


@settings(max_examples=100)
@given(st.binary(max_size=300), st.text(max_size=50))
def test_no_body_and_no_path_raises(body: bytes, path: str) -> None:
    assert isinstance(allowed(parse_robots(200, body), f"http://paper.example/{path}"), bool)


def test_a_copy_is_found_again_under_its_own_address_alone(tmp_path: Path) -> None:
    copy = RobotsCopy(NOON, 200, "User-agent: *\nDisallow: /\n# ü")
    keep_copy(tmp_path, "http://paper.example:8080/robots.txt", copy)
    assert read_copy(tmp_path, "http://paper.example:8080/robots.txt") == copy
    assert read_copy(tmp_path, "https://paper.example:8080/robots.txt") is None
    assert read_copy(tmp_path, "http://paper.example/robots.txt") is None
    assert not allowed(policy_of(copy), PAGE)


def test_a_host_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    keep_copy(tmp_path / "robots", "http://../../up/robots.txt", RobotsCopy(NOON, 404, ""))
    assert [path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*.json")] == ["robots"]


@pytest.mark.parametrize(
    "torn", ["", "{", "[]", '{"url": 1}', '{"url": "http://a/robots.txt", "fetched_at": "x", "status": 200, "body": ""}']
)
def test_a_torn_copy_is_no_copy(tmp_path: Path, torn: str) -> None:
    keep_copy(tmp_path, "http://a/robots.txt", RobotsCopy(NOON, 404, ""))
    (file,) = tmp_path.iterdir()
    file.write_text(torn, encoding="utf-8")
    assert read_copy(tmp_path, "http://a/robots.txt") is None


def test_a_copy_serves_for_a_day_and_another_if_the_host_fails() -> None:
    copy = RobotsCopy(NOON, 200, "")
    assert usable(copy, NOON + FRESH, FRESH)
    assert not usable(copy, NOON + FRESH + timedelta(seconds=1), FRESH)
    assert usable(copy, NOON + STALE, STALE)
    assert not usable(copy, NOON - timedelta(seconds=1), FRESH)
    assert not usable(None, NOON, FRESH)


def test_a_copy_that_forbids_a_source_is_asked_for_anew_within_hours() -> None:
    copy, later = RobotsCopy(NOON, 200, "User-agent: *\nDisallow: /feed"), NOON + FORBIDDING + timedelta(seconds=1)
    assert is_due(copy, later, "http://a/feed") and not is_due(copy, NOON + FORBIDDING, "http://a/feed")
    assert not is_due(copy, later, "http://a/news") and not is_due(copy, later), "what it allows, and pages, wait for a day"
    assert is_due(copy, NOON + FRESH + timedelta(seconds=1)) and is_due(None, NOON)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://paper.example/a/b?c#d", "http://paper.example/robots.txt"),
        ("https://paper.example:444/", "https://paper.example:444/robots.txt"),
        ("http://[::1]:80/x", "http://[::1]:80/robots.txt"),
    ],
)
def test_each_scheme_host_and_port_has_its_own(url: str, expected: str) -> None:
    assert robots_url(url) == expected
