import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.detection import guesses_of, is_known, is_written_in, only_language, sample_of, script_of

PROJECT = Path(__file__).resolve().parents[3]
TEXTS = tomllib.loads((PROJECT / "tests" / "bench" / "languages.toml").read_text(encoding="utf-8"))
KURMANJI = PROJECT / ".." / "shared" / "corpus" / "languages" / "kurmanji.jsonl"
# The model is weak in these: a page's word or an outlet's is needed.
WEAK = {"so": "fi", "sk": "cs"}


def top(text: str) -> str | None:
    sample = sample_of(text)
    return next(iter(guesses_of(sample, script_of(sample))), None)


@pytest.mark.parametrize("language", [language for language in TEXTS if language not in WEAK])
def test_a_paragraph_of_news_shows_its_language_in_small_letters_and_capitals(language):
    for text in TEXTS[language]:
        assert top(text) == language
        assert top(text.upper()) == language


@pytest.mark.skipif(not KURMANJI.exists(), reason="the corpus lies beside the project")
def test_every_article_in_kurmanji_is_recognized():
    articles = [json.loads(line) for line in KURMANJI.read_text(encoding="utf-8").split("\n") if line]
    assert [article["url"] for article in articles if article["text"] and top(article["text"]) != "kmr"] == []


@pytest.mark.parametrize(
    "text",
    [
        "ئه‌نجومه‌ني شار رۆژي سێشه‌ممه‌ كۆبووه‌وه‌ و بودجه‌ي ساڵي داهاتووي په‌سه‌ند كرد، سه‌رۆكي شاره‌واني رايگه‌ياند",
        "ئةنجومةني شار رؤذي سيَشةممة كؤبووةوة و بودجةي سالَي داهاتووي ثةسةند كرد، سةرؤكي شارةواني رايطةياند",
    ],
    ids=["with Arabic letters", "as old fonts wrote it"],
)
def test_sorani_is_known_in_its_older_spellings(text):
    assert top(text) == "ckb"


def test_arabic_persian_and_uyghur_are_not_taken_for_sorani():
    for language in ("ar", "fa", "ur", "ps", "ug"):
        assert all("ckb" not in guesses_of(text, "arab") or top(text) != "ckb" for text in TEXTS[language])


@pytest.mark.parametrize(
    ("language", "script"),
    [
        *[("en", "latn"), ("ru", "cyrl"), ("ckb", "arab"), ("el", "grek"), ("he", "hebr"), ("hy", "armn"), ("ka", "geor"), ("am", "ethi")],
        *[("hi", "deva"), ("bn", "beng"), ("th", "thai"), ("ja", "kana"), ("zh", "hani"), ("ko", "hang"), ("vi", "latn")],
    ],
)
def test_scripts_are_told_by_their_letters(language, script):
    assert script_of(TEXTS[language][0]) == script


def test_a_short_or_mixed_text_has_no_script():
    assert script_of("Ja") is None
    assert script_of("") is None
    assert script_of("1,234,567 × 89 — 2026/11/22 … 33%" * 5) is None
    assert script_of(" ".join([TEXTS["en"][0][:80], TEXTS["ru"][0][:60], TEXTS["ar"][0][:60]])) is None


def test_languages_keep_to_their_scripts():
    assert is_written_in("sr", "cyrl") and is_written_in("sr", "latn")
    assert not is_written_in("ckb", "latn") and not is_written_in("en", "arab") and not is_written_in("ru", "latn")
    assert is_written_in("en", None)
    assert [only_language(script) for script in ("grek", "hang", "latn", "arab", "cyrl", None)] == ["el", "ko", None, None, None, None]


def test_a_long_text_is_heard_at_its_head_and_in_its_middle():
    quotation, story = TEXTS["en"][0][:300], " ".join(TEXTS["tr"] * 4)
    assert len(sample_of(quotation + story)) <= 1001
    assert top(quotation + " " + story) == "tr"


def test_the_model_says_what_it_knows():
    assert all(is_known(language) for language in ("ar", "tr", "ckb", "kmr", "en", "fa"))
    assert not any(is_known(language) for language in ("zu", "xh", "kl"))


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=2500))
def test_any_text_is_taken(text):
    sample = sample_of(text)
    guesses = guesses_of(sample, script_of(sample))
    assert dict(guesses) == dict(guesses_of(sample, script_of(sample)))
    assert all(0 <= share <= 1.001 for share in guesses.values())
