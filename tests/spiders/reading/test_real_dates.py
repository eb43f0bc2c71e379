"""Pages with a gold day, which lie beside the project: the day that a page states is found, and what it prints agrees with its data."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from spiders.outlet import Outlet
from spiders.reading.charset import decode
from spiders.reading.dates import Dates, dates_of
from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from warehouse.contracts import Capture

CORPUS = Path(__file__).resolve().parents[3] / ".." / "shared" / "corpus"
OUTLET = Outlet(slug="bench", title="Bench", homepage="https://bench.invalid/")
TODAY = "2026-11-22T00:00:00+00:00"  # of pages whose capture's time is not known


def dates_on(row: dict[str, str], body: bytes) -> Dates:
    at = datetime.fromisoformat(row.get("crawl_date") or TODAY)
    at = at if at.tzinfo else datetime.fromisoformat(f"{row['crawl_date']}+00:00")
    capture = Capture("c", "bench", row["url"], row["url"], "bench:1", at, 200, "text/html", "", 0, 0, "")
    tree = parse(decode(body, "text/html", ()))
    assert tree is not None
    return dates_of(collect(tree, row["url"]), tree, capture, OUTLET)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus lies beside the project")
@pytest.mark.parametrize(("name", "share"), [("fundus", 0.98), ("fundus_history", 1.0), ("newspaper4k", 1.0)])
def test_the_day_of_the_gold_is_the_day_that_the_page_states(name, share):
    lines = (CORPUS / name / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for row in (json.loads(line) for line in lines if line) if row.get("url") and row.get("date")]
    found = [(row, dates_on(row, (CORPUS / name / row["file"]).read_bytes())) for row in rows]
    right = [row for row, dates in found if str(dates.published_on) == row["date"][:10]]
    assert len(right) >= share * len(rows)


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus lies beside the project")
@pytest.mark.parametrize("name", ["fundus", "aed"])
def test_what_stands_beside_a_headline_agrees_with_the_data(name):
    lines = (CORPUS / name / "gold.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [row for row in (json.loads(line) for line in lines if line) if row.get("url")]
    agree = 0
    differ = []
    for row in rows:
        evidence = [
            one for one in dates_on(row, (CORPUS / name / row["file"]).read_bytes()).evidence if one.about == "published" and one.value
        ]
        stated = [one.value for one in evidence if one.source == "json_ld"]
        printed = [one.value for one in evidence if one.source == "text"]
        if stated and printed and stated[0] and printed[0]:
            is_near = abs(stated[0] - printed[0]) <= timedelta(days=1, hours=14)
            agree += is_near
            differ += [] if is_near else [row["file"]]
    assert agree >= 20
    assert len(differ) <= 0.1 * agree, differ
