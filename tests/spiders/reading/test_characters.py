"""What becomes of single characters: the reader sees the same text, and no reader sees what is not there."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.text import clean


@pytest.mark.parametrize("control", list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_controls_of_direction_go(control):
    assert clean(f"قال {control}BBC{control} اليوم") == "قال BBC اليوم"


@pytest.mark.parametrize("control", list("\u200b\u2060\ufeff\u00ad\u180e\u2061\u2063\ufff9"))
def test_what_has_no_width_and_no_meaning_goes(control):
    assert clean(f"coun{control}cil") == "council"


@pytest.mark.parametrize("text", ["می\u200cخواهم", "سه\u200cشنبه", "ئه\u200cنجومه\u200cن", "क्\u200dष", "नमस्\u200cते", "👩\u200d👧 ❤️"])
def test_joiners_that_spell_stay(text):
    assert clean(text) == text


@pytest.mark.parametrize("text", ["القاهرة ـ رويترز", "عام 1445 هـ", "محمــد", "بەهـێز"])
def test_tatweel_stays_as_it_was_printed(text):
    """It is a dash between agency and place, part of the sign for the Hijri era, and shapes the Kurdish h: to cut it is no cleaning."""
    assert clean(text) == text


@pytest.mark.parametrize("digits", ["٢٠٢٦", "۲۰۲۶", "2026", "२०२६"])
def test_digits_stay_as_printed(digits):
    assert clean(digits) == digits


def test_vowel_signs_stay():
    assert clean("كَتَبَ") == "كَتَبَ"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_cleaning_is_done_once(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(
        unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} for character in cleaned
    )
