"""What a spreadsheet would run or turn around in a cell of text, and the cell that is safe."""

from __future__ import annotations

import re

# A cell that opens with one of these is a formula to Excel, LibreOffice or Google Sheets; tab and return smuggle one in, leading
# spaces are dropped by some importers, and the full-width signs count in East Asian versions (OWASP: CSV injection).
# Written for DuckDB's RE2; below the same for Python, and a test that they agree.
FORMULA = r"^[\s]*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
# Overrides, embeddings and isolates turn text around: "gpj.exe" for "exe.jpg", also over the border of a cell. Marks (U+200E, U+200F,
# U+061C) and joiners stay: Arabic and Persian are spelt with them.
BIDI = r"[\x{202A}-\x{202E}\x{2066}-\x{2069}]"

_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def safe_cell(text: str) -> str:
    """``text`` as a spreadsheet may have it: never a formula, and in the order that it is written in."""
    text = _BIDI.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text
