"""Which characters a page's bytes mean: read as a browser would, and checked, since headers lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from charset_normalizer import from_bytes
from w3lib.encoding import read_bom

from spiders.reading.labels import header_codec, meta_codec

SAMPLE = 16 * 1024  # bytes that a guess looks at: charset-normalizer takes milliseconds for so many, seconds for a whole page
LOOK = 1024 * 1024  # bytes that are searched for the sample
# What servers send when nobody told them: says nothing about the page, and decodes anything.
LATIN = frozenset({"cp1252", "iso8859-15"})
# Answers of the detector that no newspaper of the last thirty years was written in.
UNLIKELY = re.compile(r"cp(037|273|424|437|500|7\d\d|8[5-6]\d|1006|1026|1125|1140)|mac_(?!cyrillic)|hp_roman|ptcp|utf_7|johab|tis_620")

_TAG = re.compile(rb"<(?:script|style)\b.*?</(?:script|style)|<[^<>]{1,4096}>", re.IGNORECASE | re.DOTALL)
_ASCII_RUN = re.compile(rb"[\x00-\x7f]{200,}")
_ESCAPED_JAPANESE = re.compile(rb"\x1b\$[@B].{2,}?\x1b\([BJ]", re.DOTALL)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_LANG = re.compile(rb"""<html\b[^>]{0,2000}?\slang\s*=\s*["']?([a-z]{2,3})\b""", re.IGNORECASE)
_BROKEN = re.compile(
    r"[\ufffd\x80-\x84\x86-\x9f\ue000-\uf8ff]"
)  # what cannot be decoded, and controls and private signs that nobody writes
_SMALL = re.compile(r"[а-яѐ-џ]")
_SMALL_BEFORE_CAPITAL = re.compile(r"[а-яѐ-џ][А-ЯЀ-Џ]")
_WORD_BEYOND_ASCII = re.compile(r"[^\W\d_\x00-\x7f]{4,}")
_LETTERS_BEYOND_ASCII = re.compile(r"[^\W\d_\x00-\x7f]")
_SIGN_IN_WORD = re.compile(r"(?<=[a-z])(?:[£©°²³¹»×÷](?=[a-z])|[¡¢¤¥¦¨¬¯±´¶¸¼½¾¿])")  # "zebra³a", "now±": Polish read as Latin

# The charsets that a language's newspapers used before UTF-8, most frequent first.
_CYRILLIC, _CENTRAL, _WESTERN = ("cp1251", "koi8_r", "iso8859_5"), ("cp1250", "iso8859_2"), ("cp1252",)
_OF_LANGUAGES = {
    "ar fa ur ckb ps": ("cp1256", "iso8859_6"),
    "ru bg mk sr be kk": _CYRILLIC,
    "uk": ("cp1251", "koi8_u"),
    "pl cs sk hu sl hr bs ro sq": _CENTRAL,
    "tr az ku kmr": ("cp1254",),
    "el": ("cp1253", "iso8859_7"),
    "he yi": ("cp1255", "iso8859_8"),
    "lt lv et": ("cp1257", "iso8859_13"),
    "vi": ("cp1258",),
    "th": ("cp874",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5"),
    "en de fr es pt it nl da sv no nb nn fi is ca eu gl ga af id ms sw": _WESTERN,
}
# Letters beyond ASCII of languages that are written in Latin letters, by charset: detectors take Spanish for Polish.
_CENTRAL_ALPHABETS = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ")
ALPHABETS = {
    "cp1252": (
        "áéíñóúüçàèòï",
        "àâæçéèêëîïôœùûüÿ",
        "äöüßé",
        "àèéìíîòóùú",
        "áâãàçéêíóôõúü",
        "åäöéæøèòóôü",
        "áéíðóúýþæö",
        "äöåšž",
        "ëïéöüèêíó",
    ),
    "cp1250": _CENTRAL_ALPHABETS,
    "iso8859_2": _CENTRAL_ALPHABETS,
    "cp1254": ("çğıöşüâîûi̇",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}
OF_LANGUAGE = {language: names for languages, names in _OF_LANGUAGES.items() for language in languages.split()}


def decode(body: bytes, content_type: str = "", languages: Sequence[str] = ()) -> str:
    """The text of ``body``. ``languages``, as the outlet declares them, help a guess. What no charset explains becomes U+FFFD."""
    mark, rest = read_mark(body)
    if mark:
        return rest.decode(mark, "replace")
    if wide := unmarked_utf16(body):
        return body.decode(wide, "replace")
    if _ESCAPED_JAPANESE.search(body, 0, LOOK):
        return body.decode("iso2022_jp", "replace")
    try:
        return body.decode()  # text of another charset is valid UTF-8 only by a miracle, whatever the header says
    except UnicodeDecodeError:
        return body.decode(charset_of(body, content_type, languages), "replace")


def read_mark(body: bytes) -> tuple[str | None, bytes]:
    """The charset that a byte order mark names, and the bytes after it."""
    name, mark = read_bom(body)
    return name, body[len(mark) :] if mark else body


def unmarked_utf16(body: bytes) -> str | None:
    """UTF-16 without its mark shows in the NULs of its markup."""
    head = body[:512]
    if not head or head.count(0) * 4 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def charset_of(body: bytes, content_type: str, languages: Sequence[str] = ()) -> str:
    """The charset of bytes that are not UTF-8 throughout."""
    if is_nearly_utf8(body):
        return "utf-8"
    header, meta = header_codec(content_type), meta_codec(body)
    # The header goes first, as in a browser, unless it names what servers name by default.
    names = (meta, header) if header in LATIN else (header, meta)
    stated = [name for name in names if name and not name.startswith("utf") and explains(name, body)]
    telling = [name for name in stated if name not in LATIN]
    return next(iter(telling), None) or guessed(body, languages) or next(iter(stated), "cp1252")


def is_nearly_utf8(body: bytes) -> bool:
    """UTF-8 with some broken bytes: a cut character, a pasted quotation mark. One broken byte must not cost the whole page."""
    sequences = _MULTIBYTE.findall(body)
    broken = len(_HIGH.findall(body)) - sum(map(len, sequences))
    # In windows-125x and the East Asian charsets, fewer than one character in five looks like UTF-8 by chance.
    return len(sequences) >= 5 * broken


def explains(name: str, body: bytes) -> bool:
    """Whether ``body`` read as ``name`` makes sense: hardly a broken character, and no Latin letters where other scripts stand."""
    text = body.decode(name, "replace")
    if len(_BROKEN.findall(text)) * 50 > len(_HIGH.findall(body)):
        return False
    return name not in LATIN or is_western(text)


def is_western(text: str) -> bool:
    """Accented letters stand alone among plain ones; Cyrillic or Arabic read as Latin makes words of them, Polish puts signs into words."""
    beyond = len(_LETTERS_BEYOND_ASCII.findall(text))
    return sum(map(len, _WORD_BEYOND_ASCII.findall(text))) * 5 < 1 + beyond and len(_SIGN_IN_WORD.findall(text)) * 20 < 1 + beyond


def guessed(body: bytes, languages: Sequence[str]) -> str | None:
    """The charset that ``body``'s own words speak for, among those of its language if that is known."""
    sample = words_of(body)
    for language in (*_lang_of(body), *languages):
        names = OF_LANGUAGE.get(language.split("-")[0].lower(), ())
        likely = [name for name in names if explains(name, sample)]
        if likely:
            return likeliest(likely, sample)
    latin = max(ALPHABETS, key=lambda name: fit(name, sample))  # the first of equals
    if fit(latin, sample) >= 0.9:
        return latin
    matches = (match.encoding for match in from_bytes(sample))
    return next((name for name in matches if not UNLIKELY.match(name) and explains(name, body)), None)


def fit(name: str, sample: bytes) -> float:
    """How many of the letters beyond ASCII, and of the signs inside words, belong to one alphabet that is written in charset ``name``."""
    text = sample.decode(name, "replace").lower()
    odd = Counter(_LETTERS_BEYOND_ASCII.findall(text) + _SIGN_IN_WORD.findall(text))
    most = max(sum(odd[letter] for letter in alphabet) for alphabet in ALPHABETS[name])
    return most / odd.total() if odd else 1.0  # quotation marks and dashes alone


def likeliest(names: list[str], sample: bytes) -> str:
    """Of a language's charsets, the one in which ``sample`` has its alphabet, its small letters, or the detector's favour."""
    if len(names) > 1 and all(name in ALPHABETS for name in names):
        return max(names, key=lambda name: fit(name, sample))
    small = {name: _small_letters(sample.decode(name, "replace")) for name in names}
    best = [name for name in names if small[name] == max(small.values())]
    guesses = [match.encoding for match in from_bytes(sample, cp_isolation=best)] if len(best) > 1 else []
    return next(iter(guesses), best[0])


def _small_letters(text: str) -> int:
    """Small Cyrillic letters, less those before a capital: in the wrong charset, words are full of capitals."""
    return len(_SMALL.findall(text)) - 3 * len(_SMALL_BEFORE_CAPITAL.findall(text))


def _lang_of(body: bytes) -> list[str]:
    found = _LANG.search(body, 0, 8192)
    return [found[1].decode()] if found else []


def words_of(body: bytes) -> bytes:
    """Text with bytes beyond ASCII, without markup: the part of ``body`` that tells charsets apart."""
    text = _ASCII_RUN.sub(b" ", _TAG.sub(b" ", body[:LOOK]))
    return text[:SAMPLE] if len(text) > 64 else body[:SAMPLE]
