"""What the forms of a word have in common, by language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import Stemmer

# Snowball's stemmers, by ISO 639 code. Languages that are not named keep their words as they are spelled.
SNOWBALL = {
    **{"hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto"},
    **{"et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian"},
    **{"id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian", "fa": "persian"},
    **{"pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "hr": "serbian", "bs": "serbian"},
    **{"es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish"},
}

# Arabic by Larkey's light stemming ("light10", 2007), which joins 94 % of the pairs in tests/bench/search.toml that belong together;
# Snowball joins 60 %: it keeps the wa of والعراق, and takes انتخابات and الانتخابات for two words. Unlike light10, endings are taken off
# until none is left, a letter more stays, and hamza counts without its seat.
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئ", "ااااي" + "هءء")
_ARABIC_OPENINGS = ("وال", "بال", "كال", "فال", "ال", "لل")
_ARABIC_ENDINGS = ("اته", "ها", "ته", "ان", "ات", "ون", "ين", "يه", "ه", "ي")

# Kurdish has no stemmer on PyPI: endings of nouns, longest first, taken off until none is left. Sorani: definite, indefinite, plural,
# possessive, ezafe, postposition (the list is that of Apache Lucene's SoraniStemmer, whose fixed order joins 50 of the 69 pairs in
# tests/bench/search.toml, this all).
_SORANI_ENDINGS = ("ەکان", "ەکە", "یەک", "مان", "تان", "یان", "ەوە", "کان", "ێک", "ان", "دا", "ی", "ە")
_SORANI_LETTERS = str.maketrans("ڕڵھ", "رله")  # written with or without their marks

# Kurmanji: ezafe, case, indefinite, plural.
_KURMANJI_ENDINGS = ("yekî", "yekê", "yên", "yan", "ekî", "ekê", "eke", "eka", "yê", "ya", "yî", "ên", "an", "ek", "ê", "a", "î", "o")


def stem(word: str, language: str) -> str:
    """The stem of ``word``, lower case, in ``language`` (ISO 639)."""
    if language == "ar":
        return _arabic(word)
    if language == "ckb":
        return _sorani(word)
    if language == "kmr":
        return _without_endings(word, _KURMANJI_ENDINGS)
    if language not in SNOWBALL:
        return word
    known = _snowball(SNOWBALL[language])
    if language == "tr":
        # Snowball takes off one layer: seçim → seç, but seçimler → seçim. To the end it joins 90 % of the pairs instead of 61 %.
        return _to_the_end(known, word)
    return known(word.replace("ё", "е") if language == "ru" else word)


@cache
def _snowball(name: str) -> Callable[[str], str]:
    stemmer = Stemmer.Stemmer(name)
    return stemmer.stemWord  # type: ignore[no-any-return]


def _arabic(word: str) -> str:
    letters = word.translate(_ARABIC_LETTERS)
    opening = next((opening for opening in _ARABIC_OPENINGS if letters.startswith(opening) and len(letters) - len(opening) >= 3), "")
    letters = _without_endings(letters.removeprefix(opening), _ARABIC_ENDINGS)
    # "and"; a shorter word begins with the letter itself: وزير, وطن
    return letters[1:] if not opening and letters.startswith("و") and len(letters) >= 5 else letters


def _sorani(word: str) -> str:
    letters = word.translate(_SORANI_LETTERS)
    return _without_endings(letters[:-1] + "ە" if letters.endswith("ه") else letters, _SORANI_ENDINGS)


def _without_endings(word: str, endings: tuple[str, ...]) -> str:
    """``word`` without any of ``endings``, as long as three letters stay."""

    def shorten(form: str) -> str:
        return next((form.removesuffix(end) for end in endings if form.endswith(end) and len(form) - len(end) >= 3), form)

    return _to_the_end(shorten, word)


def _to_the_end(shorten: Callable[[str], str], word: str) -> str:
    while (shorter := shorten(word)) != word:
        word = shorter
    return word
