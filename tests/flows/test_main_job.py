"""The main job on the built-in newspapers: from outlet files to rows, twice."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from spiders.demo.stories import SLUGS, gold
from tests.flows.conftest import Desk


@pytest.mark.parametrize("slug", SLUGS)
def test_every_story_is_loaded_word_by_word_and_nothing_else(printed: Desk, slug: str) -> None:
    rows = printed.ask(f"SELECT title, text FROM articles WHERE outlet = '{slug}' ORDER BY ALL")
    assert rows == sorted((story.title, story.text) for story in gold(slug, 2, printed.papers.now).values())


@pytest.mark.parametrize("slug", SLUGS)
def test_times_authors_and_languages_are_those_of_the_newspaper(printed: Desk, slug: str) -> None:
    rows = printed.ask(
        f"SELECT title, date_trunc('minute', published_at), authors, language FROM articles WHERE outlet = '{slug}' ORDER BY ALL"
    )
    stories = gold(slug, 2, printed.papers.now).values()
    assert rows == sorted((story.title, story.published_at, list(story.authors), story.language) for story in stories)


def test_every_link_ends_in_one_state_and_the_counts_add_up(printed: Desk) -> None:
    states = dict(printed.ask("SELECT state, count(*) FROM links GROUP BY state"))
    (discovered,) = printed.ask("SELECT sum(new) FROM runs")[0]
    assert sum(states.values()) == discovered
    assert set(states) == {"loaded", "unchanged", "rejected", "failed", "skipped"} - ({"unchanged"} - set(states))
    leading = "SELECT count(DISTINCT article_id) FROM links WHERE state IN ('loaded', 'unchanged')"
    assert printed.ask(leading) == printed.ask("SELECT count(*) FROM articles")
    assert printed.ask("SELECT DISTINCT state FROM links WHERE reason IS NULL") in (
        [("loaded",)],
        [("loaded",), ("unchanged",)],
        [("unchanged",), ("loaded",)],
    )


def test_what_was_cut_is_told_with_its_reason(printed: Desk) -> None:
    reasons = {reason for (reason,) in printed.ask("SELECT DISTINCT reason FROM removed_blocks")}
    assert reasons <= {"learned", "outlet", "generic"} and "outlet" in reasons
    assert printed.ask("SELECT count(*) FROM removed_blocks WHERE text = '' OR rule = ''") == [(0,)]


def test_the_second_run_finds_the_updates_and_fetches_little_else(printed: Desk) -> None:
    first, second = printed.ask("SELECT discovered, new, fetched, loaded, unchanged FROM runs ORDER BY started_at")
    assert second[2] < first[2] / 2
    changes = {change for (change,) in printed.ask("SELECT change FROM revisions WHERE revision > 1")}
    assert {"body", "headline"} <= changes
    assert printed.ask("SELECT count(*) FROM articles WHERE revision > 1 AND first_seen_at = last_changed_at") == [(0,)]


def test_the_ledger_has_every_request_that_the_newspapers_saw(printed: Desk) -> None:
    noted = sorted(path(url) for (url,) in printed.ask("SELECT url FROM requests"))
    assert noted == sorted(seen.path for seen in printed.seen)


def path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def test_captures_lie_where_their_rows_say(printed: Desk) -> None:
    for file, offset, length in printed.ask('SELECT file, "offset", length FROM captures'):
        with (printed.home / "captures" / file).open("rb") as warc:
            warc.seek(offset)
            assert warc.read(length)[:2] == b"\x1f\x8b"


def test_no_page_that_robots_forbid_was_asked_for(printed: Desk) -> None:
    refused = printed.ask("SELECT url FROM links WHERE reason = 'robots'")
    assert refused
    assert not {path(url) for (url,) in refused} & {seen.path for seen in printed.seen}


def test_the_user_agent_says_who_asks(printed: Desk) -> None:
    agents = {seen.user_agent for seen in printed.seen}
    assert len(agents) == 1 and re.fullmatch(r"newsmill/\S+( \(\+.*\))?", agents.pop())


def test_nothing_new_means_one_request_a_source(taken: Desk) -> None:
    before, rows = taken.asked(), taken.ask("SELECT * EXCLUDE (last_seen_at) FROM articles ORDER BY ALL")
    done = taken.run("ingest", "demo_gazette")
    assert done.returncode == 0, done.stderr
    assert [seen.path for seen in taken.papers.requests[before:]] == ["/feed.xml"]
    assert taken.papers.requests[-1].status == 304
    assert taken.ask("SELECT * EXCLUDE (last_seen_at) FROM articles ORDER BY ALL") == rows


def test_every_article_has_a_story_and_is_found_by_a_word_of_its_headline(printed: Desk) -> None:
    assert printed.ask("SELECT count(*) FROM articles ANTI JOIN stories USING (story_id)") == [(0,)]
    assert printed.ask("SELECT count(*) > 0, bool_and(article_count > 0) FROM stories") == [(True, True)]
    articles = printed.ask("SELECT article_id, title FROM articles WHERE duplicate_of IS NULL")
    for article_id, title in articles:
        asked = title.replace("'", "''")
        assert (article_id,) in printed.ask(f"SELECT article_id FROM search('{asked}')"), title
