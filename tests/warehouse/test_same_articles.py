"""One article, however many addresses: redirects, new slugs, moved hosts, copies that name their original."""

from __future__ import annotations

from datetime import timedelta

from tests.warehouse.conftest import NOON, Mill, article, link

HOUR = timedelta(hours=1)
STORY = "The bridge over the river was opened again on Tuesday, two years after the flood."
OTHER = "Rowers from four towns will cross the bay in open boats next weekend, weather permitting."


def ids(mill: Mill) -> list[str]:
    return [key for (key,) in mill.ask("SELECT article_id FROM articles ORDER BY 1")]


def test_a_page_that_names_a_known_article_as_canonical_is_that_article(mill: Mill) -> None:
    mill.plan(link("first"))
    mill.load(article("first", STORY))
    mill.plan(link("copy"))
    mill.load(article("copy", STORY, NOON + HOUR, canonical_id="demo:first"))
    assert ids(mill) == ["demo:first"]
    assert mill.ask("SELECT state, reason FROM links WHERE url = 'copy'") == [("skipped", "same article as first")]
    assert mill.plan(link("copy/again", "demo:copy")).due == [], "the copy's key stands for the article from now on"


def test_a_copy_that_comes_first_keeps_its_key_and_the_original_is_not_fetched(mill: Mill) -> None:
    mill.plan(link("copy"))
    mill.load(article("copy", STORY, canonical_id="demo:first"))
    assert mill.plan(link("first")).due == []
    assert mill.ask("SELECT state, reason FROM links WHERE url = 'first'") == [("skipped", "same article as copy")]


def test_copy_and_original_of_one_run_are_one_article(mill: Mill) -> None:
    mill.plan(link("first"), link("copy"))
    mill.load(article("first", STORY, canonical_id="demo:first"), article("copy", STORY, NOON + HOUR, canonical_id="demo:first"))
    assert ids(mill) == ["demo:first"]


def test_a_new_slug_to_which_the_old_one_redirects_is_the_old_article(mill: Mill) -> None:
    mill.plan(link("old-slug"))
    mill.load(article("old-slug", STORY))
    mill.load(article("old-slug", f"{STORY} Ten thousand came.", NOON + HOUR, article_id="demo:new-slug", title="Bridge opened"))
    assert mill.ask("SELECT article_id, revision, title FROM articles") == [("demo:old-slug", 2, "Bridge opened")]
    assert mill.plan(link("new-slug")).due == []


def test_a_redirect_to_another_story_is_another_article(mill: Mill) -> None:
    mill.plan(link("a"))
    mill.load(article("a", STORY))
    mill.load(article("a", OTHER, NOON + HOUR, article_id="demo:b"))
    assert ids(mill) == ["demo:a", "demo:b"]


def test_an_address_that_every_page_calls_canonical_is_believed_by_none(mill: Mill) -> None:
    mill.plan(link("a"), link("b"), link("c"))
    mill.load(
        article("a", STORY, canonical_id="demo:wrong"),
        article("b", OTHER, canonical_id="demo:wrong"),
        article("c", "Something else entirely happened elsewhere.", canonical_id="demo:wrong"),
    )
    assert ids(mill) == ["demo:a", "demo:b", "demo:c"]
    assert mill.ask("FROM store.aliases") == []
    assert [each.url for each in mill.plan(link("wrong")).due] == ["wrong"]


def test_the_second_page_of_a_story_does_not_replace_the_first(mill: Mill) -> None:
    mill.plan(link("a"), link("a/2"))
    mill.load(article("a", STORY), article("a/2", OTHER, NOON + HOUR, canonical_id="demo:a"))
    assert ids(mill) == ["demo:a", "demo:a/2"]


def test_a_page_whose_canonical_was_forgotten_is_not_kept(mill: Mill) -> None:
    mill.plan(link("first"))
    mill.db.execute("UPDATE store.links SET state = 'forgotten'")
    mill.plan(link("copy"))
    mill.load(article("copy", STORY, canonical_id="demo:first"))
    assert ids(mill) == []


def test_the_same_files_again_change_nothing(mill: Mill) -> None:
    from warehouse.load import load

    mill.plan(link("first"), link("copy"))
    folder = mill.load(article("first", STORY), article("copy", STORY, NOON + HOUR, canonical_id="demo:first"))
    before = mill.tables()
    load(mill.db, folder, "run1")
    assert mill.tables() == before


def test_a_feed_that_puts_a_new_word_behind_the_question_mark_each_time_brings_nothing_new(mill: Mill) -> None:
    facts = {"title": "The bridge is open again", "published_at": NOON}
    mill.plan(link("http://demo/bridge?visit=1", **facts))
    later = mill.plan(
        link("http://demo/bridge?visit=2", **facts), link("http://demo/bridge?visit=3", title="Another headline", published_at=NOON)
    )
    assert [each.url for each in later.due] == ["http://demo/bridge?visit=1", "http://demo/bridge?visit=3"]
    ((reason,),) = mill.ask("SELECT reason FROM links WHERE url LIKE '%visit=2'")
    assert reason == "same article as http://demo/bridge?visit=1"
