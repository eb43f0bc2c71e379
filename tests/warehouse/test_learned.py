"""Profiles in the tables, when learning is due, from which captures, and readings exchanged for later ones."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.conftest import NOON, Mill, article, capture, link, rejection
from warehouse import learned, reread
from warehouse.check import check
from warehouse.contracts import Article, Capture, DateCandidate, Learned, Learning, Profile, Row, Translation, write_rows
from warehouse.load import OutletRow, begin_run, load
from warehouse.migrate import LEDGER, migrate, sql_files
from warehouse.transaction import transaction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def profile(layout: str = "article", at: datetime = NOON, **facts: Any) -> Profile:
    rule = Learned(layout, 8, "likeness 0.98", at - DAY, at, "A story")
    values: dict[str, Any] = {"is_promoted": True, "verdict": "keeps 95 %", "body": (rule,), "drop": (rule, rule), **facts}
    return Profile("demo", values.pop("version", f"{at:%Y-%m-%d}-{layout}"), layout, at, at - DAY, 8, **values)


class Lessons(Mill):
    """A mill whose runs also learn."""

    def learn(self, *profiles: Profile, at: datetime = NOON, pages: int = 8) -> None:
        self.runs += 1
        folder = self.folder / f"lesson{self.runs}"
        folder.mkdir()
        write_rows(folder / "profiles.jsonl", profiles)
        write_rows(folder / "learnings.jsonl", [Learning("demo", at, pages)])
        learned.store(self.db, folder)

    def fresh(self, *articles: Article) -> Path:
        """A run's folder in which ``articles`` were read and are not loaded yet."""
        self.runs += 1
        folder = self.folder / f"fresh{self.runs}"
        folder.mkdir()
        rows = list(articles)
        random.Random(self.runs).shuffle(rows)
        write_rows(folder / "articles.jsonl", rows)
        write_rows(folder / "captures.jsonl", [capture(row.url, row.captured_at, article_id=row.article_id) for row in rows])
        learned.stage_run(self.db, folder)
        return folder

    def due(self, *articles: Article) -> bool:
        self.fresh(*articles)
        return learned.due(self.db, ["demo"]) == ["demo"]


@pytest.fixture
def lessons(mill: Mill) -> Lessons:
    return Lessons(mill.db, mill.folder)


def articles(count: int, at: datetime = NOON, prefix: str = "a", **facts: Any) -> list[Article]:
    return [article(f"{prefix}{number}", at=at + timedelta(seconds=number), **facts) for number in range(count)]


def test_profiles_come_out_as_they_went_in_the_newest_of_a_layout_alone_or_all(lessons: Lessons) -> None:
    old, new, other = profile(at=NOON), profile(at=NOON + DAY), profile("main", NOON, is_promoted=False)
    lessons.learn(old, other)
    lessons.learn(new, at=NOON + DAY)
    assert learned.known_profiles(lessons.db, ["demo", "nobody"]) == {"demo": [new, other]}
    assert set(learned.known_profiles(lessons.db, ["demo"], is_every=True)["demo"]) == {old, new, other}
    assert lessons.ask("SELECT version, is_current FROM profiles WHERE layout = 'article' ORDER BY 1") == [
        (old.version, False),
        (new.version, True),
    ]
    assert lessons.ask("SELECT outlet, learned_at FROM store.learnings") == [("demo", NOON + DAY)]


def test_a_profile_stored_twice_stands_once(lessons: Lessons) -> None:
    lessons.learn(profile(), profile())
    lessons.learn(profile(verdict="keeps 97 %"))
    assert lessons.ask("SELECT verdict FROM profiles") == [("keeps 97 %",)]


def test_an_outlet_is_learned_when_three_of_its_articles_are_there_stored_or_fresh(lessons: Lessons) -> None:
    assert not lessons.due()
    assert not lessons.due(*articles(2))
    assert not lessons.due(*articles(2), article("a0", at=NOON + HOUR)), "one article twice is one page"
    assert lessons.due(*articles(3))
    lessons.load(*articles(2))
    assert not lessons.due(article("a0", at=NOON + HOUR))
    assert lessons.due(article("b", at=NOON + HOUR))


@pytest.mark.parametrize(("pages", "needed"), [(3, 5), (8, 8), (40, 40), (500, 50)])
def test_it_is_learned_again_after_a_share_of_new_pages(lessons: Lessons, pages: int, needed: int) -> None:
    lessons.learn(profile(), pages=pages)
    lessons.load(*articles(2, NOON - DAY))
    known: dict[str, Any] = {"profile_version": "v"}
    assert not lessons.due(*articles(needed - 1, NOON + HOUR, "b", **known))
    assert lessons.due(*articles(needed, NOON + HOUR, "b", **known))


def test_it_is_learned_again_when_half_of_a_runs_pages_fit_no_profile(lessons: Lessons) -> None:
    lessons.learn(profile(), pages=40)
    fitting, unfit = articles(3, NOON + HOUR, "f", profile_version="v"), articles(3, NOON + HOUR, "u")
    assert lessons.due(*fitting, *unfit)
    assert not lessons.due(*fitting, *unfit[:2]), "two pages are no layout"
    assert not lessons.due(*articles(4, NOON + HOUR, "g", profile_version="v"), *unfit)


def test_an_outlet_that_taught_nothing_is_not_asked_at_every_run(lessons: Lessons) -> None:
    lessons.learn(pages=5)
    assert not lessons.due(*articles(4, NOON + HOUR))
    assert lessons.due(*articles(5, NOON + HOUR))


def test_the_sample_is_the_newest_capture_of_each_article_whatever_the_order(lessons: Lessons) -> None:
    lessons.load(*articles(50), article("a49", "Another text.", NOON + HOUR), rejection("index", at=NOON + 2 * HOUR))
    lessons.fresh(*articles(3, NOON + DAY, "new"))
    first = learned.sample(lessons.db, ["demo"])
    assert len(first) == learned.SAMPLE
    assert [one.url for one in first][-4:] == ["a49", "new0", "new1", "new2"]
    assert "index" not in {one.url for one in first} and len({one.article_id for one in first}) == len(first)
    assert all(isinstance(one, Capture) for one in first)
    lessons.fresh(*articles(3, NOON + DAY, "new"))  # shuffled in another way
    assert learned.sample(lessons.db, ["demo"]) == first


def test_a_backfill_of_old_pages_is_half_of_the_sample(lessons: Lessons) -> None:
    lessons.load(*articles(60))
    lessons.fresh(*articles(60, NOON - 1000 * DAY, "old"))
    found = learned.sample(lessons.db, ["demo"])
    assert [one.url.startswith("old") for one in found] == [True] * 20 + [False] * 20


def test_a_second_reading_of_a_run_counts_and_loses_no_article(lessons: Lessons) -> None:
    lessons.plan(link("a"), link("b"), link("c"))
    folder = lessons.folder / "again"
    folder.mkdir()
    write_rows(folder / "articles.jsonl", [article("a"), article("b")])
    write_rows(folder / "rejections.jsonl", [rejection("c")])
    write_rows(folder / "captures.jsonl", [capture("a"), capture("b"), capture("c")])
    write_rows(folder / "articles_again.jsonl", [article("a", "Better.", profile_version="v"), article("c", "Found after all.")])
    begin_run(lessons.db, "again", "ingest", [], NOON)
    for _ in range(2):
        load(lessons.db, folder, "again")
        assert lessons.ask("SELECT url, text, profile_version, revision FROM articles ORDER BY url") == [
            ("a", "Better.", "v", 1),
            ("b", "One two three.", None, 1),
            ("c", "Found after all.", None, 1),
        ]
        assert lessons.ask("SELECT count(*) FROM rejections") == [(0,)]
        assert lessons.ask("SELECT DISTINCT state FROM links") == [("loaded",)]


def test_translations_lead_to_the_article_where_it_has_been_read(lessons: Lessons) -> None:
    lessons.plan(link("http://a/en/1"), link("http://a/ar/1"), link("http://a/tr/1"))
    told = (Translation("ar", "http://a/ar/1"), Translation("tr", "http://a/tr/1"), Translation("ckb", "http://a/canonical"))
    lessons.load(
        article("http://a/en/1", translations=(*told, Translation("en", "http://a/en/1"))),
        article("http://a/ar/1"),
        article("http://a/ckb/1", canonical_url="http://a/canonical"),
    )
    assert lessons.ask("SELECT language, translated_id FROM translations ORDER BY 1") == [
        ("ar", "demo:http://a/ar/1"),
        ("ckb", "demo:http://a/ckb/1"),
        ("en", None),
        ("tr", None),
    ]


def test_kinds_and_dates_of_changes_are_kept(lessons: Lessons) -> None:
    evidence = (DateCandidate("meta", "x", NOON, "day", True), DateCandidate("meta", "y", NOON, "day", True, "modified"))
    lessons.load(article("a", kind="live blog", kind_rule="LiveBlogPosting", dates_disagree=True, date_evidence=evidence))
    assert lessons.ask("SELECT kind, kind_rule, dates_disagree FROM articles") == [("live blog", "LiveBlogPosting", True)]
    assert lessons.ask("SELECT raw, about FROM date_evidence ORDER BY 1") == [("x", "published"), ("y", "modified")]


def changed_layouts(lessons: Lessons, *rows: Row, has_own_body: bool = False) -> list[str]:
    folder = lessons.load(*rows)
    outlet = OutletRow("demo", "Demo", "http://demo/", [], None, None, True, None, None, None, None, has_own_body)
    begin_run(lessons.db, folder.name, "ingest", [outlet], NOON)
    found = check(lessons.db, folder, folder.name, ["demo"], NOON)
    return [finding.detail for finding in found if finding.name == "layout_changed"]


def test_pages_that_fit_no_profile_any_more_are_a_warning_with_a_day(lessons: Lessons) -> None:
    assert changed_layouts(lessons, *articles(5, NOON - HOUR)) == [], "no profile, no layout to change"
    lessons.learn(profile())
    assert changed_layouts(lessons, *articles(5, NOON + DAY, "b", profile_version="v")) == []
    assert changed_layouts(lessons, *articles(5, NOON + 2 * DAY, "c")) == [
        "5 of 5 articles seen last fit no profile: the layout may have changed by 2026-11-03"
    ]
    assert changed_layouts(lessons, *articles(5, NOON + 3 * DAY, "e"), has_own_body=True) == []


def test_a_layout_that_breaks_is_seen_on_pages_whose_text_stays_as_it_was(lessons: Lessons) -> None:
    lessons.learn(profile())
    known = articles(12, NOON + DAY, profile_version="v")
    assert changed_layouts(lessons, *known) == []
    again = [replace(one, captured_at=NOON + 2 * DAY, capture_id=f"{one.url} again", profile_version=None) for one in known[:5]]
    assert changed_layouts(lessons, *again) == ["5 of 5 articles seen last fit no profile: the layout may have changed by 2026-11-03"]
    assert lessons.ask("SELECT count(*) FROM revisions") == [(12,)], "the text is what it was"
    older = [replace(one, captured_at=NOON + 2 * DAY - HOUR, capture_id=f"{one.url} late", profile_version="v") for one in known[:5]]
    assert len(changed_layouts(lessons, *older)) == 1, "an older capture says nothing of today"
    healed = [replace(one, captured_at=NOON + 3 * DAY, capture_id=f"{one.url} healed", profile_version="w") for one in known[:5]]
    assert changed_layouts(lessons, *healed) == []


def reading(lessons: Lessons, *rows: Row) -> reread.Comparison:
    good, bad = lessons.folder / "good.jsonl", lessons.folder / "bad.jsonl"
    write_rows(good, [row for row in rows if isinstance(row, Article)])
    write_rows(bad, [row for row in rows if not isinstance(row, Article)])
    return reread.compare(lessons.db, "demo", good, bad)


def test_a_reading_anew_is_compared_and_takes_the_place_of_the_old_one(lessons: Lessons) -> None:
    lessons.load(article("a", "One two three."), article("b"), article("c"))
    lessons.load(article("a", "One two four five.", NOON + HOUR))
    before = lessons.ask("SELECT * FROM revisions WHERE revision = 1 AND article_id = 'demo:a'")
    read = article("a", "Four five six.", NOON + HOUR, profile_version="w")
    found = reading(lessons, read, article("b", title="Retitled"), rejection("c", "soft 404"))
    assert (found.read, found.changed, found.words_gained, found.words_lost, found.titles, found.dates, found.rejected) == (
        2,
        2,
        3,
        5,
        1,
        0,
        1,
    )
    assert [(one.article_id, one.reason) for one in found.refused] == [("demo:c", "soft 404")]
    assert [one.article_id for one in found.examples] == ["demo:a", "demo:b"]
    with transaction(lessons.db):
        reread.replace(lessons.db)
    assert lessons.ask("SELECT text, revision, first_seen_at, last_changed_at FROM articles WHERE url = 'a'") == [
        ("Four five six.", 2, NOON, NOON + HOUR)
    ]
    assert lessons.ask("SELECT revision, text, change, words_added, words_removed FROM revisions WHERE article_id = 'demo:a' ORDER BY 1")[
        1:
    ] == [(2, "Four five six.", "body", 2, 1)], "how the page changed is told as before"
    assert lessons.ask("SELECT * FROM revisions WHERE revision = 1 AND article_id = 'demo:a'") == before
    assert lessons.ask("SELECT text FROM articles WHERE url = 'c'") == [("One two three.",)]
    assert lessons.ask("SELECT profile_version FROM store.sightings ORDER BY article_id") == [("w",), (None,), (None,)]
    assert lessons.ask("SELECT count(*) FROM removed_blocks") == [(4,)]
    assert check_names(lessons) == set()
    tables = lessons.tables()
    again = reading(lessons, read, article("b", title="Retitled"), rejection("c", "soft 404"))
    assert again.changed == 0
    reread.replace(lessons.db)
    assert lessons.tables() == tables


def test_no_readings_change_nothing(lessons: Lessons) -> None:
    found = reading(lessons)
    assert (found.read, found.changed, found.words_gained, found.rejected) == (0, 0, 0, 0)
    reread.replace(lessons.db)


def check_names(lessons: Lessons) -> set[str]:
    return {finding.name for finding in check(lessons.db, lessons.folder, "run1", ["demo"], NOON)}


def test_captures_are_read_again_with_what_their_links_said(lessons: Lessons) -> None:
    told = capture("a", link_title="From the feed", link_published_at=NOON - HOUR, link_published_precision="minute", link_source="sitemap")
    lessons.load(article("a"), told, article("b", at=NOON + DAY))
    path = lessons.folder / "captures.jsonl"
    assert reread.write_captures(lessons.db, "demo", None, path) == 2
    assert reread.write_captures(lessons.db, "demo", NOON + HOUR, path) == 1
    assert reread.write_captures(lessons.db, "nobody", None, path) == 0
    lessons.fresh()
    assert told in learned.sample(lessons.db, ["demo"])


OLD_ROWS = """
INSERT INTO store.articles BY NAME
SELECT 'demo:a' AS article_id, 'demo' AS outlet, 'http://a/1' AS url, 'T' AS title, []::VARCHAR[] AS authors, 'none' AS published_precision,
       'none' AS published_source, []::VARCHAR[] AS tags, 'One two.' AS text, 2 AS word_count, FALSE AS is_paywalled,
       now() AS last_changed_at, 1 AS revision, 'test' AS extractor, 'c1' AS capture_id, 'x' AS text_sha256, 'x' AS facts_sha256;
INSERT INTO store.sightings VALUES ('demo:a', now(), now());
INSERT INTO store.date_evidence VALUES ('demo:a', 'meta', 'x', now(), 'day', TRUE);
INSERT INTO store.outlets BY NAME
SELECT 'demo' AS outlet, 'Demo' AS title, 'http://a/' AS homepage, []::VARCHAR[] AS language, TRUE AS enabled;
INSERT INTO store.links BY NAME
SELECT md5_number_lower('http://a/1') AS url_hash, 'http://a/1' AS url, 'demo' AS outlet, 'demo:a' AS article_id, 'sitemap' AS source,
       's' AS source_url, 'A link' AS title, 'day' AS published_precision, '2026-10-01 00:00:00+00'::TIMESTAMPTZ AS published_at,
       '2026-10-01' AS published_raw, '2027-01-01 00:00:00+00'::TIMESTAMPTZ AS modified_at, now() AS discovered_at, 'loaded' AS state,
       0 AS attempts;
INSERT INTO store.captures
SELECT 'c' || i, 'demo', 'http://a/' || i, 'http://a/' || i, 'demo:' || i, '2026-11-01 00:00:00+00', 200, 'text/html', 'f', i, 1, 'x', FALSE
FROM range(1, 3) AS r(i);
"""


def test_a_warehouse_of_the_first_release_is_brought_up_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    first = sql_files("migrations")[0]
    with duckdb.connect(path) as db:
        db.execute("SET TimeZone = 'UTC'")
        db.execute(LEDGER + first.read_text(encoding="utf-8") + OLD_ROWS)
        digest = hashlib.sha256(first.read_text(encoding="utf-8").encode()).hexdigest()
        db.execute("INSERT INTO schema_history.migrations VALUES (1, ?, ?, now())", [first.name, digest])
        migrate(db, path)
        migrate(db, path)
        assert db.execute("SELECT kind, kind_rule, dates_disagree, text FROM articles").fetchall() == [("article", "", False, "One two.")]
        assert db.execute("SELECT about FROM date_evidence").fetchall() == [("published",)]
        assert db.execute("SELECT has_own_body FROM store.outlets").fetchall() == [(False,)]
        assert db.execute("SELECT article_id, profile_version FROM store.sightings").fetchall() == [("demo:a", None)]
        assert db.execute("FROM profiles").fetchall() == db.execute("FROM translations").fetchall() == []
        captures = db.execute(
            "SELECT link_source, link_title, link_published_raw, link_published_precision, link_modified_at "
            "FROM store.captures ORDER BY capture_id"
        ).fetchall()
        assert captures == [("sitemap", "A link", "2026-10-01", "day", None), ("feed", None, None, "none", None)]
        with pytest.raises(duckdb.ConstraintException, match="NOT NULL"):
            db.execute("UPDATE store.articles SET kind = NULL")
        Mill(db, tmp_path).load(article("z", at=NOON))
        assert db.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
