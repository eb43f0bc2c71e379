"""trafilatura alone, comments off, in the modes that its documentation names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import trafilatura

MODES: dict[str, dict[str, bool]] = {
    "trafilatura": {},
    "trafilatura-precision": {"favor_precision": True},
    "trafilatura-fast": {"fast": True},
    "trafilatura-metadata": {"with_metadata": True},
}


@dataclass(frozen=True, slots=True)
class Bare:
    """One of its modes."""

    options: dict[str, bool]

    def learn(self, pages: Iterable[object]) -> int:
        return 0

    def read(self, body: bytes, url: str, crawled: str) -> dict[str, Any] | None:
        document = trafilatura.bare_extraction(body, url=url, include_comments=False, **self.options)
        if document is None:
            return None
        return {"text": document.text or "", "title": document.title or "", "published_at": document.date or ""}


def engine(name: str) -> tuple[Bare, str]:
    """The engine and its version."""
    return Bare(MODES[name]), version("trafilatura")
