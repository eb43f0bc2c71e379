"""The language of an article, as a primary subtag: what its text is in, checked against its page and its outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from spiders.reading.detection import guesses_of, is_known, is_written_in, only_language, sample_of, script_of
from spiders.reading.json_ld import texts
from spiders.reading.metadata import Facts

# The share of the model's guesses that a text of so many bytes of UTF-8 needs to speak for itself. Measured on 610 texts of 60 languages:
# of 200 characters and more, none was in another language than one with half; cut to 60 characters, one in 600 than one with nine tenths.
SURE = ((100, 0.5), (40, 0.9))
SURE_ENOUGH = ((40, 0.5),)  # where nobody states a language
TIE = 2  # as likely as half the best, and stated: Danish and Norwegian, Czech and Slovak

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
# Under "ku", pages mean one of the two, and their script tells which.
_KURDISH = {"arab": "ckb", "latn": "kmr"}


def language_of(facts: Facts, text: str, declared: Sequence[str], content_language: str = "") -> str | None:
    """The language of ``text`` on the page of ``facts``; ``declared`` are its outlet's languages.

    A text that is long enough decides by itself: templates are copied from other editions. Its page and its outlet name it where several
    names fit, break ties, and speak for short texts and for languages that the model does not know.
    """
    sample = sample_of(text)
    script = script_of(sample)
    claims = _claims([*_stated(facts, content_language)], [language for language in map(normal, declared) if language], script)
    guesses = guesses_of(sample, script)
    top = next(iter(guesses), "")
    share = support(top, guesses)
    backed = max(claims, key=lambda claim: support(claim, guesses), default="")  # the first of equals
    if any(len(sample.encode()) >= size and share >= needed for size, needed in (SURE if claims else SURE_ENOUGH)):
        return backed if support(backed, guesses) * TIE >= guesses[top] else top
    # The text fits no language well: one that the model does not know is likely meant, if any is claimed.
    unknown = next((claim for claim in claims if not is_known(claim)), "")
    return unknown or backed or only_language(script)


def support(claim: str, guesses: Mapping[str, float]) -> float:
    """The share of the guesses that ``claim`` is a name for."""
    return sum(share for language, share in guesses.items() if language == claim or same_group(language, claim))


def _claims(stated: Sequence[str], outlet: Sequence[str], script: str | None) -> tuple[str, ...]:
    """The languages that the page and its outlet name and ``script`` allows, the most credible first; each by the outlet's name."""
    stated, outlet = [[exact(language, script) for language in named] for named in (stated, outlet)]
    agreed = [own for language in stated for own in sorted(outlet, key=lambda own: own != language) if same_group(language, own)]
    # A page of an outlet that has one language, and that names another, has a copied template.
    order = [*agreed, *outlet, *stated] if len(outlet) == 1 else [*agreed, *stated, *outlet]
    return tuple(dict.fromkeys(language for language in order if is_written_in(language, script)))


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


def exact(language: str, script: str | None) -> str:
    """Kurdish by its script: Sorani in Arabic letters, Kurmanji in Latin ones."""
    return _KURDISH.get(script or "", language) if language == "ku" else language


def same_group(one: str, other: str) -> bool:
    return one == other or any(one in group and other in group for group in _GROUPS)
