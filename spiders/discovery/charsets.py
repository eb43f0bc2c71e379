"""Which letters a feed, sitemap or listing is written in: headers, declarations and bytes disagree, and the bytes decide."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

# Text as UTF-16 or UTF-32 without its mark: where the zeros of the first "<?", "<r", "{ " stand.
_ZEROS = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
_SAMPLE = 64 * 1024  # bytes that the detector is shown: it takes a tenth of a second for them
_TOLERATED = 0.02  # of the letters beyond ASCII: one bad byte must not turn a whole page into another alphabet (faults 44)
_ESCAPES = frozenset({"unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode"})
_ANY_BYTES = frozenset({"cp1252", "iso8859-1", "latin-1"})  # decode almost anything, and are the header of servers that never asked


def decoded(body: bytes, content_type: str = "") -> str:
    """``body`` as text, never raising: mark, UTF-8 if it is UTF-8, what header and document say if it fits, a detector's guess."""
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return body[len(mark) :].decode(encoding, "replace")
    wide = _ZEROS.get(tuple(byte == 0 for byte in body[:4]))  # type: ignore[arg-type]
    if wide is not None:
        return body.decode(wide, "replace")
    for name in _candidates(body, content_type):
        text = _fitting(body, name)
        if text is not None:
            return text
    return body.decode(_guessed(body), "replace")


def _candidates(body: bytes, content_type: str) -> list[str]:
    header, declared = http_content_type_encoding(content_type[:500]), html_body_declared_encoding(body)
    named = [name for name in (header, declared) if name and _is_for_text(name)]
    named.sort(key=lambda name: name in _ANY_BYTES)
    # ISO-2022-JP and its kin are ASCII with escapes: valid UTF-8, and wrong
    return [*named, "utf-8"] if b"\x1b" in body else ["utf-8", *named]


def _is_for_text(name: str) -> bool:
    """Python counts "hex", "zlib" (a bomb) and "unicode_escape" among its codecs too."""
    try:
        b"\0\0\0\0".decode(name)
    except LookupError:  # "is not a text encoding"
        return False
    except UnicodeError:
        pass
    return name not in _ESCAPES


def _fitting(body: bytes, name: str) -> str | None:
    """The text, if ``name`` fits but for a few bytes. A last letter cut in half does not count."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(body, False)
    except (UnicodeError, LookupError, TypeError):
        pass
    try:
        text = body.decode(name, "replace")
    except (UnicodeError, LookupError, TypeError):
        return None
    bad = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if bad <= _TOLERATED * beyond_ascii else None


def _guessed(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE]).best()
    return best.encoding if best is not None else "cp1252"
