"""Search: which articles a query finds, in which order, with which passage; and that the index is kept up."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.conftest import NOON, Mill, article
from warehouse import search
from warehouse.connect import reading, writing
from warehouse.publish import publish
from warehouse.stems import SNOWBALL, stem
from warehouse.transaction import transaction

HOUR = timedelta(hours=1)
LABELLED = tomllib.loads((Path(__file__).resolve().parents[1] / "bench" / "search.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The labelled documents of all languages, published, as a consumer opens them."""
    folder = tmp_path_factory.mktemp("library")
    rows = [
        article(f"{language}-{place}", text, article_id=f"{language}:{place}", title=title, language=language)
        for language, part in LABELLED.items()
        for place, (title, text) in enumerate(part.get("documents", []))
    ]
    with writing(folder / "w.duckdb") as db:
        Mill(db, folder).load(*rows)
        assert search.update(db) == len(rows)
    publish(folder / "w.duckdb", folder / "published" / "newsmill.duckdb")
    with reading(folder / "published" / "newsmill.duckdb") as db:
        yield db


def found(db: duckdb.DuckDBPyConnection, query: str, **filters: Any) -> list[str]:
    named = "".join(f", {name} := ${name}" for name in filters)
    return [row[0] for row in db.execute(f"SELECT article_id FROM search($query{named})", {"query": query, **filters}).fetchall()]


# What the rules of no stemmer reach: a softened consonant, a fleeting vowel.
MISSED = {("tr", "kitabı"), ("ru", "беженец")}
QUERIES = [(language, query, answers) for language, part in LABELLED.items() for query, answers in part.get("queries", [])]


@pytest.mark.parametrize(("language", "query", "answers"), QUERIES, ids=[f"{language}-{query}" for language, query, _ in QUERIES])
def test_a_word_finds_its_other_forms(library: duckdb.DuckDBPyConnection, language: str, query: str, answers: list[int]) -> None:
    hits = {f"{language}:{place}" for place in answers} & set(found(library, query))
    assert bool(hits) != ((language, query) in MISSED)


@pytest.mark.parametrize("language", LABELLED)
def test_forms_of_one_word_share_a_stem_and_those_of_another_do_not(library: duckdb.DuckDBPyConnection, language: str) -> None:
    def stems(line: str) -> list[str]:
        words = library.execute("SELECT store.search_words_of($line, $language)", {"line": line, "language": language}).fetchall()[0][0]
        return [stem(word, language) for word in words if len(word) > 2]  # not what follows an apostrophe

    families = [stems(line) for line in LABELLED[language]["families"]]
    pairs = [one == other for family in families for one, other in itertools.combinations(family, 2)]
    assert sum(pairs) / len(pairs) >= 0.85
    assert not [one & other for one, other in itertools.combinations(map(set, families), 2) if one & other]


@pytest.mark.parametrize("language", [*SNOWBALL, "ar", "ckb", "kmr", "xx", ""])
@pytest.mark.parametrize("word", ["a", "و", "ان", "ё", "漢", "1", "x" * 40, "ааааааааа", "يييييي", "êêêê"])
def test_every_word_has_a_stem_in_every_language(language: str, word: str) -> None:
    assert stem(word, language)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("IRAK", "tr:2"),
        ("ırak", "tr:2"),
        ("ILISU", "tr:10"),
        ("Елку", "ru:8"),
        ("ogretmen", "tr:8"),
        ("المَدِينَة حـــلب", "ar:13"),
        ("انتخابات", "ar:0"),
    ],
)
def test_marks_and_capitals_do_not_matter(library: duckdb.DuckDBPyConnection, query: str, answer: str) -> None:
    assert answer in found(library, query)


@pytest.mark.parametrize("query", ["", " ", "'; DROP TABLE x; --", '"', "%_*", "ZZZZQQQQ", "\u200c", "💥", "a" * 100_000, "$query"])
def test_any_query_is_answered(library: duckdb.DuckDBPyConnection, query: str) -> None:
    assert found(library, query) == []


def test_the_passage_is_the_sentence_that_answers(library: duckdb.DuckDBPyConnection) -> None:
    title, passage, words = library.execute("SELECT title, passage, words FROM search('journalist prison')").fetchall()[0]
    assert title == "Two reporters sentenced"
    assert passage == "A court sentenced two journalists to a year in prison for defamation."
    assert set(words) == {"journalists", "prison"}


def test_who_has_all_the_words_comes_first_and_a_headline_counts_more(mill: Mill) -> None:
    mill.load(
        article("a", "The bridge over the river was closed. " * 3, title="Traffic"),
        article("b", "A bridge was opened far from any water.", title="Opening"),
        article("c", "Nobody could cross for a day, and the ferry was full.", title="River bridge closed"),
        article("d", "The council met on Tuesday.", title="Council"),
    )
    search.update(mill.db)
    assert found(mill.db, "river bridge")[:2] == ["demo:c", "demo:a"] and set(found(mill.db, "river bridge")) == {
        "demo:a",
        "demo:b",
        "demo:c",
    }
    assert mill.ask("SELECT passage FROM search('ferry')") == [("Nobody could cross for a day, and the ferry was full.",)]
    assert mill.ask("SELECT passage, words FROM search('council')")[0][0] == "The council met on Tuesday."


def test_a_long_sentence_is_cut_around_the_word(mill: Mill) -> None:
    mill.load(article("a", "yes and " * 400 + "the heron stood " + "and no " * 400))
    search.update(mill.db)
    ((passage,),) = mill.ask("SELECT passage FROM search('heron')")
    assert "heron" in passage and passage.startswith("… ") and passage.endswith(" …") and len(passage) == 304


def test_filters_hold_before_the_cut(mill: Mill) -> None:
    mill.load(
        *[
            article(f"{number}", f"A heron stood by lake {number}.", language="en-GB", published_at=NOON + number * HOUR)
            for number in range(12)
        ],
        article("old", "A heron flew home and slept for a while.", language="de", published_at=NOON - 999 * HOUR),
    )
    search.update(mill.db)
    assert len(found(mill.db, "heron")) == 10 and len(found(mill.db, "heron", most=100)) == 13
    assert found(mill.db, "heron", most=1, language="de") == ["demo:old"]
    assert len(found(mill.db, "heron", most=100, language="EN")) == 12
    assert set(found(mill.db, "heron", since=NOON + 10 * HOUR)) == {"demo:10", "demo:11"}
    assert len(found(mill.db, "heron", since="2026-11-01", most=50)) == 12
    assert found(mill.db, "heron", outlet="elsewhere") == []


def test_only_what_is_new_is_taken_in_and_a_changed_text_is_found_by_its_new_words_alone(mill: Mill) -> None:
    mill.load(article("a", "A heron stood by the lake."), article("b", "The council met."))
    assert search.update(mill.db) == 2
    assert search.update(mill.db) == 0
    mill.load(article("a", "A cormorant stood by the lake.", NOON + HOUR))
    assert search.update(mill.db) == 1
    assert (found(mill.db, "heron"), found(mill.db, "cormorant"), found(mill.db, "lake")) == ([], ["demo:a"], ["demo:a"])


def test_sorting_the_postings_changes_no_answer(mill: Mill) -> None:
    for number in range(4):
        mill.load(*[article(f"{number}.{other}", f"A heron stood by lake {other} of {number}.") for other in range(5)])
        search.update(mill.db)
    before = [mill.ask(f"FROM search('{query}', most := 30)") for query in ("heron", "lake 2", "of 3")]
    search.sort(mill.db, parts=3)
    assert mill.ask(
        "SELECT count(*) FROM store.search_postings AS one POSITIONAL JOIN (FROM store.search_postings ORDER BY term, reading) AS other "
        "WHERE one.term <> other.term"
    ) == [(0,)]
    assert mill.ask("SELECT count(*) FROM store.search_recent") == [(0,)]
    assert [mill.ask(f"FROM search('{query}', most := 30)") for query in ("heron", "lake 2", "of 3")] == before
    mill.load(article("0.0", "A cormorant.", NOON + HOUR))
    search.update(mill.db)
    assert len(found(mill.db, "heron", most=30)) == 19


def test_an_index_made_anew_answers_the_same(mill: Mill) -> None:
    mill.load(article("a", "A heron stood by the lake."), article("b", "The council met by the lake."))
    search.update(mill.db)
    mill.load(article("a", "Two herons stood by the lake.", NOON + HOUR))
    search.update(mill.db)
    asked = "SELECT article_id, passage FROM search('herons by the lake')"
    before = mill.ask(asked)
    search.rebuild(mill.db)
    assert mill.ask(asked) == before and len(before) == 2
    assert mill.ask("SELECT count(DISTINCT reading) FROM store.search_recent") == [(2,)]


def test_another_scheme_makes_the_index_anew(mill: Mill) -> None:
    mill.load(article("a", "A heron stood by the lake."))
    search.update(mill.db)
    mill.db.execute("UPDATE store.passed SET scheme = '0' WHERE reader = 'search'")
    mill.db.execute("DELETE FROM store.search_recent")
    assert search.update(mill.db) == 1
    assert found(mill.db, "heron") == ["demo:a"]


def test_nothing_of_a_text_that_is_taken_away_stays_in_the_index(mill: Mill) -> None:
    mill.load(article("a", "The xylophonist Quetzalwort spoke."), article("b", "The council spoke."))
    search.update(mill.db)
    with transaction(mill.db):
        mill.db.execute("DELETE FROM store.articles WHERE article_id = 'demo:a'")
        search.sweep(mill.db)
    assert found(mill.db, "xylophonist") == [] and found(mill.db, "spoke") == ["demo:b"]
    assert mill.ask("SELECT count(*) FROM store.search_words WHERE word LIKE 'xylo%' OR word LIKE 'quetz%'") == [(0,)]
    assert mill.ask("SELECT count(DISTINCT reading) FROM store.search_recent") == [(1,)]


def test_a_copy_within_an_outlet_is_not_listed_beside_its_original(mill: Mill) -> None:
    mill.load(article("a", "A heron stood by the lake."), article("b", "A heron stood by the lake."))
    search.update(mill.db)
    mill.db.execute("UPDATE store.articles SET duplicate_of = 'demo:a' WHERE article_id = 'demo:b'")
    assert found(mill.db, "heron") == ["demo:a"]


def test_texts_of_any_kind_are_taken_in(mill: Mill) -> None:
    texts = [
        "",
        "。。。",
        "漢字かな交じり文",
        "\u200c\u200d\u202e",
        "x" * 200_000,
        "क्षत्रिय हिन्दी",
        "ประเทศไทย",
        "a\u0301" * 50,
        "هەڵبژاردنی په\u200cرله\u200cمان",
    ]
    mill.load(
        *[
            article(f"{place}", text, language=language)
            for place, (text, language) in enumerate(itertools.product(texts, ["ckb", "tr", None]))
        ]
    )
    assert search.update(mill.db) == len(texts) * 3
    assert (
        len(found(mill.db, "漢字")) == 3
        and found(mill.db, "پەرلەمان")
        and found(mill.db, "په\u200cرله\u200cمان")
        and found(mill.db, "हिन्दी")
    )


def test_a_number_is_never_given_twice(mill: Mill) -> None:
    mill.load(article("a", "A heron."), article("b", "A cormorant."))
    search.update(mill.db)
    with transaction(mill.db):
        mill.db.execute("DELETE FROM store.articles WHERE article_id = 'demo:b'")
    mill.load(article("c", "A stork."))
    search.update(mill.db)
    assert mill.ask("SELECT article_id, reading FROM store.articles ORDER BY 2") == [("demo:a", 1), ("demo:c", 3)]
    assert found(mill.db, "cormorant") == []
