"""Sources that are gzip files: told by their first bytes, since names and headers lie both ways."""

from __future__ import annotations

from spiders.encodings import BadEncoding, unpack

# The sitemap protocol allows 50 MB (52,428,800 bytes) unpacked.
LARGEST = 52 * 1024 * 1024
_MAGIC = b"\x1f\x8b"
_LAYERS = 2  # a .gz file that a server packed once more


def unpacked(body: bytes) -> tuple[bytes, tuple[str, ...]]:
    """``body`` without gzip, as far as it goes, and what was wrong."""
    warnings: list[str] = []
    for _ in range(_LAYERS):
        if not body.startswith(_MAGIC):
            break
        try:
            plain = unpack(body, "gzip", LARGEST)
        except BadEncoding:
            return b"", (*warnings, "bad gzip")
        warnings += ["truncated"] * (not plain.whole and not plain.over) + ["too large"] * plain.over
        body = plain.body
    if len(body) > LARGEST:
        return body[:LARGEST], (*warnings, "too large")
    return body, tuple(dict.fromkeys(warnings))
