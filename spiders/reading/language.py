"""The language of an article, as a primary subtag: what the page says, checked against its letters and its outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spiders.reading.json_ld import texts
from spiders.reading.metadata import Facts

SAMPLE = 4000  # letters that are looked at

_TAG = re.compile(r"\s*([a-zA-Z]{2,3})(?:$|[-_ ,;@.])")
# Retired codes, and those that pages use for a language they mean otherwise.
_SAME = {
    "iw": "he",
    "in": "id",
    "ji": "yi",
    "mo": "ro",
    "cmn": "zh",
    "arb": "ar",
    "pes": "fa",
    "gr": "el",
    "cz": "cs",
    "jp": "ja",
    "ua": "uk",
    "dk": "da",
}
_NAMES = {
    "english": "en",
    "arabic": "ar",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "turkish": "tr",
    "russian": "ru",
    "kurdish": "ku",
    "persian": "fa",
}
# Languages that a page may call by the name of their group.
_GROUPS = ({"ku", "ckb", "kmr"}, {"no", "nb", "nn"}, {"zh", "yue"}, {"fa", "prs"}, {"sh", "sr", "hr", "bs", "cnr"}, {"ms", "id"})
_SCRIPTS = {
    "arab": re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "cyrl": re.compile(r"[\u0400-\u052f]"),
    "hebr": re.compile(r"[\u05d0-\u05ea]"),
    "grek": re.compile(r"[\u0370-\u03ff]"),
    "deva": re.compile(r"[\u0900-\u097f]"),
    "hang": re.compile(r"[\uac00-\ud7af]"),
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "hani": re.compile(r"[\u4e00-\u9fff]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
    "latn": re.compile(r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]"),
}
# Languages that are written in these scripts and hardly in Latin letters; all others are taken to be.
_WRITTEN_IN = {
    "arab": "ar fa prs ur ckb ps sd ug",
    "cyrl": "ru uk be bg mk sr kk ky tg mn tt ce",
    "hebr": "he yi",
    "grek": "el",
    "deva": "hi mr ne sa",
    "hang": "ko",
    "kana": "ja",
    "hani": "zh yue ja ko",
    "thai": "th",
}
_ALONE = {"hebr": "he", "grek": "el", "hang": "ko", "kana": "ja", "hani": "zh", "thai": "th"}
_EITHER = frozenset({"ku", "az", "uz", "sr", "kk", "ks", "pa", "ms"})
_SCRIPTS_OF: dict[str, frozenset[str]] = {
    language: frozenset(script for script, languages in _WRITTEN_IN.items() if language in languages.split())
    for language in " ".join(_WRITTEN_IN.values()).split()
}
# Letters that one language of the Arabic script has and the others lack.
_SORANI, _URDU, _PERSIAN, _PASHTO = re.compile("[ێۆڕڵەڤ]"), re.compile("[ٹڈڑےں]"), re.compile("[پچژگ]"), re.compile("[ټډړښځڅۍې]")


def language_of(facts: Facts, text: str, declared: Sequence[str], content_language: str = "") -> str | None:
    """The language of ``text`` on the page of ``facts``; ``declared`` are its outlet's languages."""
    script = script_of(text)
    outlet = [language for language in map(normal, declared) if language]
    stated = [exact(language, text, script) for language in _stated(facts, content_language)]
    fitting = [language for language in stated if is_written_in(language, script)]
    for language in fitting:
        for own in outlet:
            if language == own or same_group(language, own):
                return own if is_written_in(own, script) else language
    possible = [language for language in outlet if is_written_in(language, script)]
    if len(possible) == 1 and len(outlet) == 1:
        return possible[0]  # the page names a language that its outlet does not publish in: a template's left-over
    if script == "arab" and not possible:
        return by_letters(text)
    return next(iter([*fitting, *possible]), None) or (by_script(text, script))


def _stated(facts: Facts, content_language: str) -> Iterator[str]:
    """Languages that the page names, the surest first."""
    ld = texts(facts.article, "inLanguage")
    named = [facts.html_language, *ld, *facts.meta("og:locale", "content-language", "language", "dc.language"), content_language]
    return (language for language in map(normal, named) if language)


def normal(tag: str) -> str | None:
    """The primary subtag of ``tag``: ``en`` of ``en_US``; None if it is none."""
    if tag.strip().lower() in _NAMES:
        return _NAMES[tag.strip().lower()]
    match = _TAG.match(tag)
    return _SAME.get(match[1].lower(), match[1].lower()) if match else None


def exact(language: str, text: str, script: str | None) -> str:
    """Kurdish by its script: Sorani in Arabic letters, Kurmanji in Latin ones. Arabic that is written with Sorani's letters is Sorani."""
    if language == "ku":
        return "ckb" if script == "arab" else "kmr" if script == "latn" else language
    return language


def same_group(one: str, other: str) -> bool:
    return any(one in group and other in group for group in _GROUPS)


def is_written_in(language: str, script: str | None) -> bool:
    """Whether ``language`` can be written in ``script``; an unknown script fits all."""
    if script is None or language in _EITHER:
        return True
    return script in _SCRIPTS_OF.get(language, ("latn",))


def script_of(text: str) -> str | None:
    """The script of most letters of ``text``; None if there are too few to say."""
    sample = text[:SAMPLE]
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    if counts["kana"] * 10 > counts["hani"] > 0 or counts["kana"] > 20:
        counts["kana"] += counts["hani"]  # Japanese is written in both
    best = max(counts, key=lambda script: counts[script])
    return best if counts[best] >= 20 and counts[best] * 2 > sum(counts.values()) - (counts["hani"] if best == "kana" else 0) else None


def by_script(text: str, script: str | None) -> str | None:
    """The language where the script leaves one alone."""
    if script == "arab":
        return by_letters(text)
    return _ALONE.get(script or "")


def by_letters(text: str) -> str:
    """Which language of the Arabic script has ``text``'s letters."""
    sample = text[:SAMPLE]
    for language, letters, share in (("ckb", _SORANI, 50), ("ur", _URDU, 100), ("ps", _PASHTO, 100), ("fa", _PERSIAN, 60)):
        if len(letters.findall(sample)) * share > len(sample):
            return language
    return "ar"
