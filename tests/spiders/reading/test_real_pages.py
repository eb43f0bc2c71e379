"""Pages with gold text, which lie beside the project: none of them may be lost. ``tests/bench`` measures how well they are read."""

import json
from pathlib import Path

import pytest

from tests.spiders.reading.gazette import read_page
from warehouse.contracts import Article, Rejection

CORPUS = Path(__file__).resolve().parents[3] / ".." / "shared" / "corpus"
# Every page of the two that acceptance replays, a part of the others.
STEPS = {"fundus_eval": 1, "aeb": 1, "fundus": 4, "fundus_history": 4, "aed": 8, "newspaper4k": 2}


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus lies beside the project")
@pytest.mark.parametrize("name", STEPS)
def test_every_page_with_a_gold_text_is_an_article(name):
    lines = (CORPUS / name / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for row in (json.loads(line) for line in lines if line) if row.get("url")]
    refused = {}
    for row in rows[:: STEPS[name]]:
        found = read_page((CORPUS / name / row["file"]).read_bytes(), url=row["url"], final_url=row["url"], content_type="text/html")
        if isinstance(found, Rejection):
            refused[row["url"]] = found.reason
        else:
            assert isinstance(found, Article)
            assert found.title
            assert len(found.text) >= 100, row["url"]
    assert refused == {}
