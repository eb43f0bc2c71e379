"""Links in, articles out: what the merge promises."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.conftest import NOON, Mill, article, capture, failure, link, rejection
from warehouse.check import check
from warehouse.connect import writing
from warehouse.contracts import to_json
from warehouse.load import load

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def states(mill: Mill) -> dict[str, tuple[str, str | None]]:
    return {url: (state, reason) for url, state, reason in mill.ask("SELECT url, state, reason FROM links")}


def test_new_links_are_due_once_and_settled_by_what_came_of_them(mill: Mill) -> None:
    first = mill.plan(link("a"), link("b"), link("c"), link("d"), link("e", skip="not an article URL"))
    assert (first.discovered, first.new, sorted(due.url for due in first.due)) == (5, 5, ["a", "b", "c", "d"])
    mill.load(article("a"), rejection("b"), failure("c"), failure("d", retry=HOUR))
    assert states(mill) == {
        "a": ("loaded", None),
        "b": ("rejected", "too short"),
        "c": ("failed", "http 404"),
        "d": ("failed", "http 500"),
        "e": ("skipped", "not an article URL"),
    }
    assert mill.plan(link("a"), link("b"), link("c"), link("d")).due == []
    assert [due.url for due in mill.plan(now=NOON + HOUR + MINUTE).due] == ["d"]


def test_a_page_that_fails_again_and_again_is_given_up_and_says_so(mill: Mill) -> None:
    mill.plan(link("a"))
    for hours in range(5):
        mill.load(failure("a", NOON + hours * HOUR, retry=HOUR))
    assert states(mill)["a"] == ("failed", "http 500, given up after 5 tries")
    assert mill.plan(now=NOON + timedelta(days=300)).due == []


def test_an_article_under_two_urls_is_fetched_once(mill: Mill) -> None:
    plan = mill.plan(link("world/1", "demo:1"), link("chan/1", "demo:1", published_at=NOON))
    assert [due.url for due in plan.due] == ["chan/1"], "the one with a date speaks"
    assert states(mill)["world/1"] == ("skipped", "same article as chan/1")
    mill.load(article("chan/1", article_id="demo:1"))
    mill.plan(link("third/1", "demo:1"))
    assert states(mill)["third/1"] == ("skipped", "same article as chan/1")


def test_another_url_is_tried_when_the_first_came_to_nothing(mill: Mill) -> None:
    mill.plan(link("old", "demo:1"))
    mill.load(failure("old"))
    assert [due.url for due in mill.plan(link("new", "demo:1")).due] == ["new"]


def test_a_page_is_due_again_when_its_source_says_that_it_changed(mill: Mill) -> None:
    mill.plan(link("a", modified_at=NOON))
    mill.load(article("a"))
    assert mill.plan(link("a", modified_at=NOON)).due == []
    assert [due.url for due in mill.plan(link("a", modified_at=NOON + HOUR)).due] == ["a"]
    mill.load(article("a", at=NOON + HOUR))
    assert states(mill)["a"] == ("unchanged", None)
    assert mill.plan(link("a", modified_at=NOON + HOUR)).due == []


def test_a_changed_text_is_a_revision_and_the_newest_reading_wins(mill: Mill) -> None:
    mill.plan(link("a"))
    mill.load(article("a", "One two three."))
    mill.load(article("a", "One two four five.", NOON + HOUR, title="A title"))
    assert mill.ask("SELECT revision, text, first_seen_at, last_changed_at, last_seen_at FROM articles") == [
        (2, "One two four five.", NOON, NOON + HOUR, NOON + HOUR)
    ]
    assert mill.ask("SELECT revision, change, words_added, words_removed FROM revisions ORDER BY 1") == [
        (1, "new", 5, 0),
        (2, "body", 2, 1),
    ]


def test_changes_are_told_apart(mill: Mill) -> None:
    readings = [
        article("a"),
        article("a", at=NOON + HOUR, title="Another title"),
        article("a", at=NOON + 2 * HOUR, title="Another title", authors=("Ada",)),
        article("a", "One, two three!", NOON + 3 * HOUR, title="Another title", authors=("Ada",)),
        article("a", "One, two three!", NOON + 4 * HOUR, title="Another title", authors=("Ada",)),
        article("a", "One, two three, four!", NOON + 5 * HOUR, title="Another title", authors=("Ada",)),
    ]
    mill.load(*readings)
    assert [change for (change,) in mill.ask("SELECT change FROM revisions ORDER BY revision")] == [
        "new",
        "headline",
        "metadata",
        "minor",
        "body",
    ]
    assert mill.ask("SELECT count(*) FROM removed_blocks") == [(5,)]
    assert mill.ask("SELECT count(*) FROM date_evidence") == [(1,)]


def test_a_link_that_redirects_to_a_known_article_is_skipped_from_then_on(mill: Mill) -> None:
    mill.plan(link("new", modified_at=NOON), link("old", modified_at=NOON))
    mill.load(article("new"), article("old", at=NOON + HOUR, article_id="demo:new"))
    assert states(mill) == {"new": ("loaded", None), "old": ("skipped", "same article as new")}
    assert mill.ask("SELECT article_id, revision FROM articles") == [("demo:new", 1)]
    assert [due.url for due in mill.plan(link("old", modified_at=NOON + HOUR), link("new", modified_at=NOON + HOUR)).due] == ["new"]


def test_a_link_that_redirects_to_an_article_of_no_other_link_leads_to_it(mill: Mill) -> None:
    mill.plan(link("old"))
    mill.load(article("old", article_id="demo:new"))
    assert states(mill) == {"old": ("loaded", None)}
    assert mill.ask("SELECT article_id FROM links") == [("demo:new",)]
    assert check_names(mill) == set()


def test_the_same_page_under_another_date_is_no_revision(mill: Mill) -> None:
    later = article("a", at=NOON + HOUR, published_at=NOON)
    mill.load(article("a"), capture("a", sha256="ab"), later, capture("a", NOON + HOUR, sha256="ab"))
    assert mill.ask("SELECT revision, last_seen_at FROM articles") == [(1, NOON + HOUR)]


def test_an_article_stays_when_a_later_visit_fails(mill: Mill) -> None:
    mill.plan(link("a"), link("b"))
    mill.load(article("a"), article("b"))
    mill.load(failure("a", NOON + HOUR), rejection("b", "challenge page", NOON + HOUR))
    assert states(mill) == {"a": ("loaded", "later visit: http 404"), "b": ("loaded", "later visit: challenge page")}
    assert mill.ask("SELECT count(*) FROM articles") == [(2,)]


def test_the_same_files_loaded_twice_change_nothing(mill: Mill) -> None:
    mill.plan(link("a"), link("b"), link("c"), link("d"))
    folder = mill.load(article("a"), article("a", "Changed.", NOON + HOUR), rejection("b"), failure("c", retry=HOUR))
    before = mill.tables()
    load(mill.db, folder, "run1")
    assert mill.tables() == before


def test_an_older_capture_never_replaces_a_newer_reading(mill: Mill) -> None:
    mill.load(article("a", "New text.", NOON))
    mill.load(article("a", "Old text.", NOON - HOUR))
    assert mill.ask("SELECT text, revision FROM articles") == [("New text.", 1)]


def test_a_row_that_says_too_little_is_left_out_and_told(mill: Mill) -> None:
    mill.plan(link("a"), link("b"))
    folder = mill.load(article("a"))
    broken = json.loads(to_json(article("b"))) | {"title": None, "text": None}
    (folder / "articles.jsonl").write_text(to_json(article("a")) + "\n" + json.dumps(broken) + "\n" + '{"article_id": null}\n')
    load(mill.db, folder, "run1")
    assert mill.ask("SELECT article_id FROM articles") == [("demo:a",)]
    found = [(each.outlet, each.detail) for each in check(mill.db, folder, "run1", ["demo"], NOON) if each.name == "row_incomplete"]
    assert found[0] == ("demo", "1 × article without title, text: left out, and due again")
    assert found[1][0] is None and found[1][1].startswith("1 × article without article_id, outlet, url")
    assert mill.ask("SELECT url, state FROM links ORDER BY ALL") == [("a", "loaded"), ("b", "waiting")]


def test_a_torn_last_line_is_no_row(mill: Mill) -> None:
    mill.plan(link("a"))
    folder = mill.load(article("a"))
    with (folder / "articles.jsonl").open("a") as out:
        out.write('{"article_id":"demo:b","outl')
    load(mill.db, folder, "run1")
    assert mill.ask("SELECT count(*) FROM articles") == [(1,)]


def test_checks_find_what_is_wrong(mill: Mill) -> None:
    mill.plan(link("a"))
    mill.load(article("a"))
    assert check_names(mill) == set()
    mill.db.execute("INSERT INTO store.articles SELECT * FROM store.articles")
    mill.db.execute("INSERT INTO store.links SELECT * REPLACE ('demo:gone' AS article_id) FROM store.links")
    mill.db.execute("UPDATE store.revisions SET revision = 3")
    assert check_names(mill) == {"article_twice", "article_unseen", "link_twice", "loaded_without_article", "revisions_with_gaps"}


def check_names(mill: Mill) -> set[str]:
    return {finding.name for finding in check(mill.db, mill.folder / "run1", "run1", ["demo"], NOON)}


def test_long_texts_and_odd_characters_come_back_as_they_went_in(mill: Mill) -> None:
    text = "م" * 6_000_000 + "\n\n\u202eabc \\ \" ' \t 👨\u200d👩\u200d👧 \x1b end"
    mill.load(article("a", text))
    assert mill.ask("SELECT text FROM articles") == [(text,)]


@given(
    visits=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x y", "x z", "q"]), st.sampled_from(["T", "U"]), st.integers(0, 9)), max_size=12
    ),
    cut=st.integers(0, 12),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_batches_in_order_give_the_same_tables_as_one_batch(tmp_path_factory, visits, cut) -> None:
    """Merging is set-wise, so a split must not show; nor may loading twice."""
    rows = {(url, hour): article(url, text, NOON + hour * HOUR, title=title) for url, text, title, hour in visits}
    ordered = [rows[key] for key in sorted(rows, key=lambda key: key[1])]
    tables = []
    for batches in ([ordered], [ordered[:cut], ordered[cut:], ordered]):
        home: Path = tmp_path_factory.mktemp("mill")
        with writing(home / "warehouse.duckdb") as db:
            mill = Mill(db, home)
            mill.plan(*(link(url) for url in "abc"))
            for batch in batches:
                mill.load(*batch)
            tables.append({name: rows for name, rows in mill.tables().items() if name in ("articles", "revisions", "sightings")})
    assert tables[0] == tables[1]
