"""Feeds and sitemaps of other parsers' test suites, where they lie beside the project: nothing that others find is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from spiders.discovery import Found, parse_feed, parse_sitemap

CORPUS = Path(__file__).resolve().parents[3] / ".." / "shared" / "corpus"
URL = "https://gazette.example/source.xml"

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus lies beside the project")


def rows(folder: str) -> list[dict[str, object]]:
    index = CORPUS / folder / "index.jsonl"
    return [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()] if index.exists() else []


def count(found: Found, what: str) -> int:
    return sum(int(warning.rpartition(": ")[2]) for warning in found.warnings if warning.startswith(what))


@pytest.mark.parametrize("row", rows("feeds"), ids=lambda row: str(row["file"]))
def test_every_entry_is_a_link_or_counted_as_none(row: dict[str, object]) -> None:
    found = parse_feed((CORPUS / "feeds" / str(row["file"])).read_bytes(), URL)
    seen = len(found.links) + count(found, "items without a link") + count(found, "repeated links")
    assert seen >= int(str(row["n_entries"]))
    assert found.links or found.warnings


@pytest.mark.parametrize("row", rows("sitemaps"), ids=lambda row: str(row["file"]))
def test_every_location_but_pictures_is_a_link_or_followed(row: dict[str, object]) -> None:
    body = (CORPUS / "sitemaps" / str(row["file"])).read_bytes()
    found = parse_sitemap(body, URL, newest=500)
    pictures = len(re.findall(rb"<image:loc>", body))
    assert len(found.links) + len(found.follow) >= int(str(row["n_loc"])) - pictures
    assert found.links or found.follow or found.warnings
