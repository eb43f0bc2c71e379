"""Stories: what hangs together, whatever the order, and what keys it gets."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.conftest import NOON, Mill, article
from warehouse import stories
from warehouse.connect import writing
from warehouse.contracts import Article, write_rows
from warehouse.likeness import bands, compare, shingles
from warehouse.reread import compare as compare_readings
from warehouse.reread import replace as replace_readings
from warehouse.transaction import transaction

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = ["river", "council", "bridge", "water", "market", "border", "school", "minister", "court", "strike", "harvest", "police"]
WORDS += ["doctor", "train", "museum", "election", "price", "road"]


def told(seed: int, words: int = 120) -> str:
    """A text of its own."""
    rng = random.Random(seed)
    return " ".join(f"{rng.choice(WORDS)}{rng.randrange(200)}" for _ in range(words))


def piece(outlet: str, name: str, text: str, at: datetime = NOON, published: datetime | None = None, **facts: Any) -> Article:
    made = article(f"http://{outlet}/{name}", text, at, article_id=f"{outlet}:{name}", published_at=published or at, **facts)
    return replace(made, outlet=outlet)


def story_of(mill: Mill) -> dict[str, str]:
    return dict(mill.ask("SELECT article_id, story_id FROM articles ORDER BY 1"))


def grown(mill: Mill, *loads: list[Article]) -> None:
    for rows in loads:
        mill.load(*rows)
        stories.update(mill.db)


def test_an_agencys_copy_in_two_outlets_is_one_story_with_two_articles(mill: Mill) -> None:
    text = told(1)
    grown(
        mill,
        [
            piece("north", "a", text, title="Floods"),
            piece("south", "b", f"BAGHDAD (Agency) {text} More soon.", NOON + HOUR),
            piece("south", "c", told(2)),
        ],
    )
    assert story_of(mill) == {"north:a": "north:a", "south:b": "north:a", "south:c": "south:c"}
    assert mill.ask("FROM stories ORDER BY 1") == [("north:a", "Floods", NOON, 2, 2), ("south:c", "A title", NOON, 1, 1)]
    assert mill.ask("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL") == [(0,)]


def test_copies_to_the_letter_under_many_urls_are_duplicates_of_the_first_and_one_article(mill: Mill) -> None:
    text = told(1)
    grown(
        mill,
        [piece("north", "b", text, NOON + HOUR)],
        [
            piece("north", "c", text.upper().replace(" ", ", "), NOON + 300 * DAY, title="Another headline"),
            piece("north", "d", text, NOON + 2 * HOUR),
        ],
    )
    assert mill.ask("SELECT article_id, story_id, duplicate_of FROM articles ORDER BY 1") == [
        ("north:b", "north:b", None),
        ("north:c", "north:b", "north:b"),
        ("north:d", "north:b", "north:b"),
    ]
    assert mill.ask("SELECT article_count, outlet_count FROM stories") == [(1, 1)]


def test_pages_that_say_no_more_than_that_there_is_a_video_are_no_copies(mill: Mill) -> None:
    grown(mill, [piece("north", name, "Watch the video here.", title=f"Headline {name}") for name in "ab"])
    assert story_of(mill) == {"north:a": "north:a", "north:b": "north:b"}
    grown(mill, [piece("north", "c", "Watch the video here.", NOON + HOUR, title="Headline a")])
    assert mill.ask("SELECT duplicate_of FROM articles WHERE article_id = 'north:c'") == [("north:a",)]


def cut(text: str) -> str:
    return " ".join(text.split()[: len(text.split()) * 2 // 3])


def edited(text: str) -> str:
    return " ".join("other" if place % 20 == 7 else word for place, word in enumerate(text.split()))


@pytest.mark.parametrize("change", [cut, edited, lambda text: f"{text} {told(77, 40)}"], ids=["cut", "edited", "extended"])
def test_a_changed_copy_is_found_and_another_text_is_not(mill: Mill, change: Any) -> None:
    text = told(1, 240)
    grown(
        mill,
        [piece("north", "a", text), piece("north", "x", told(3, 240))],
        [piece("south", "b", change(text), NOON + HOUR, title="Other words")],
    )
    assert story_of(mill) == {"north:a": "north:a", "north:x": "north:x", "south:b": "north:a"}


def test_an_outlet_that_tells_each_days_figures_in_the_same_sentences_tells_a_story_a_day(mill: Mill) -> None:
    text = told(1, 240)
    daily = " ".join(f"figure{place}" if place % 14 == 7 else word for place, word in enumerate(text.split()))
    jaccard, contained = compare(shingles(text), shingles(daily))
    assert 0.5 < jaccard < 0.75 and contained < 0.9
    grown(mill, [piece("north", "a", text), piece("north", "b", daily, NOON + DAY)])
    assert story_of(mill) == {"north:a": "north:a", "north:b": "north:b"}


def test_what_is_told_again_after_the_window_is_another_story_unless_it_is_the_same_to_the_letter_in_one_outlet(mill: Mill) -> None:
    text = told(1)
    grown(
        mill,
        [piece("north", "a", text), piece("south", "b", text, NOON + stories.WINDOW), piece("west", "c", text, NOON + stories.WINDOW * 3)],
    )
    assert story_of(mill) == {"north:a": "north:a", "south:b": "north:a", "west:c": "west:c"}


def test_nothing_new_changes_nothing(mill: Mill) -> None:
    grown(mill, [piece("north", "a", told(1)), piece("south", "b", told(1))])
    before = mill.tables()
    assert stories.update(mill.db) == 0
    assert mill.tables() == before


CROWD = [
    piece(f"o{number % 5}", f"{number}", text, NOON + number * HOUR)
    for number, text in enumerate(
        [
            told(1),
            edited(told(1)),
            told(2),
            cut(told(1, 120)),
            told(2),
            edited(told(2)),
            told(3),
            told(4),
            f"{told(3)} {told(4)}",
            told(1),
            told(2),
        ]
    )
]


@pytest.mark.parametrize("seed", range(4))
def test_stories_and_their_keys_are_the_same_in_whatever_order_and_portions_they_come(tmp_path: Path, seed: int) -> None:
    def grouped(folder: Path, portions: list[list[Article]]) -> list[Any]:
        folder.mkdir()
        with writing(folder / "w.duckdb") as db:
            mill = Mill(db, folder)
            grown(mill, *portions)
            return mill.ask("SELECT article_id, story_id, duplicate_of FROM articles ORDER BY 1") + mill.ask("FROM stories ORDER BY 1")

    rng = random.Random(seed)
    shuffled = rng.sample(CROWD, len(CROWD))
    at = sorted(rng.sample(range(1, len(CROWD)), 3))
    portions = [shuffled[start:end] for start, end in zip([0, *at], [*at, len(CROWD)], strict=True)]
    assert grouped(tmp_path / "a", portions) == grouped(tmp_path / "b", [CROWD])


def test_a_story_keeps_its_key_when_it_grows_and_the_older_ones_stays_when_two_merge(mill: Mill) -> None:
    one, two = told(1), told(2)
    grown(mill, [piece("north", "a", one)], [piece("south", "b", two, NOON + HOUR)], [piece("west", "c", two, NOON + 2 * HOUR)])
    assert story_of(mill) == {"north:a": "north:a", "south:b": "south:b", "west:c": "south:b"}
    grown(mill, [piece("east", "d", f"{one} {two}", NOON + 3 * HOUR)])
    assert set(story_of(mill).values()) == {"north:a"}
    assert mill.ask("FROM stories") == [("north:a", "A title", NOON, 4, 4)]


def test_a_story_falls_apart_when_the_text_that_held_it_together_changes(mill: Mill) -> None:
    one, two = told(1), told(2)
    grown(mill, [piece("north", "a", one), piece("south", "b", two), piece("east", "d", f"{one} {two}")])
    assert set(story_of(mill).values()) == {"east:d"}
    grown(mill, [piece("east", "d", told(5), NOON + HOUR)])
    assert story_of(mill) == {"east:d": "east:d", "north:a": "north:a", "south:b": "south:b"}
    assert mill.ask("SELECT story_id, article_count FROM stories ORDER BY 1") == [("east:d", 1), ("north:a", 1), ("south:b", 1)]


def test_a_changed_headline_leaves_the_story_as_it_is(mill: Mill) -> None:
    grown(
        mill, [piece("north", "a", told(1)), piece("south", "b", told(1))], [piece("south", "b", told(1), NOON + HOUR, title="New words")]
    )
    assert story_of(mill) == {"north:a": "north:a", "south:b": "north:a"}
    assert mill.ask("SELECT count(*) FROM store.signatures") == [(2,)]


@pytest.mark.parametrize("tables", [["articles"], ["articles", "signatures"]], ids=["articles", "articles and signatures"])
def test_the_rest_of_a_story_goes_on_when_an_article_is_taken_away(mill: Mill, tables: list[str]) -> None:
    grown(
        mill,
        [piece("north", "a", told(1)), piece("south", "b", told(1), NOON + HOUR), piece("west", "c", told(1), NOON + 2 * HOUR)],
        [
            piece("north", "x", told(2)),
            piece("north", "y", told(2), NOON + HOUR),
            piece("north", "z", told(2), NOON + 2 * HOUR),
            piece("north", "w", told(3)),
        ],
    )
    with transaction(mill.db):
        for table in tables:
            mill.db.execute(f"DELETE FROM store.{table} WHERE article_id IN ('north:a', 'north:x', 'north:w')")
        stories.sweep(mill.db)
    assert mill.ask("SELECT article_id, story_id, duplicate_of FROM articles ORDER BY 1") == [
        ("north:y", "north:y", None),
        ("north:z", "north:y", "north:y"),
        ("south:b", "south:b", None),
        ("west:c", "south:b", None),
    ]
    assert mill.ask("SELECT story_id, article_count FROM stories ORDER BY 1") == [("north:y", 1), ("south:b", 2)]
    assert mill.ask("SELECT count(*) FROM store.signatures UNION ALL SELECT count(*) FROM store.likenesses") == [(4,), (1,)]


def test_an_article_that_reads_otherwise_today_is_grouped_anew(mill: Mill, tmp_path: Path) -> None:
    grown(mill, [piece("north", "a", told(1)), piece("south", "b", told(1))])
    write_rows(tmp_path / "again.jsonl", [piece("south", "b", told(9))])
    compare_readings(mill.db, "south", tmp_path / "again.jsonl", tmp_path / "none.jsonl")
    with transaction(mill.db):
        replace_readings(mill.db)
    stories.update(mill.db)
    assert story_of(mill) == {"north:a": "north:a", "south:b": "south:b"}
    assert mill.ask("SELECT story_id, article_count FROM stories ORDER BY 1") == [("north:a", 1), ("south:b", 1)]


def test_signatures_of_another_scheme_are_made_anew(mill: Mill) -> None:
    grown(mill, [piece("north", "a", told(1)), piece("south", "b", told(1))])
    before = mill.tables()
    mill.db.execute("UPDATE store.passed SET scheme = 'rensa 1' WHERE reader = 'stories'")
    mill.db.execute("UPDATE store.signatures SET bands = [1]")
    assert stories.update(mill.db) == 2
    assert mill.tables() == before


@pytest.mark.parametrize("text", ["", " ", "。", "one", "漢字" * 400, "ا" * 100_000, "word " * 300_000], ids=len)
def test_any_text_has_a_signature(text: str) -> None:
    assert len(bands(text)) in (0, 42)
    assert compare(shingles(text), shingles(text))[0] in (0.0, 1.0)


def test_signatures_are_those_that_earlier_releases_stored() -> None:
    assert bands(" ".join(WORDS))[:3] == [155438057, 145733939, 161051770], "if this changes, SCHEME must"
