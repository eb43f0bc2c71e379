"""What a found link means for its outlet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from spiders.discovery import FoundLink
from spiders.discovery.dates import parse_date
from spiders.outlet import Outlet
from spiders.sightings import landed, link_of
from warehouse.contracts import LinkSource, Planned

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
RUDAW = Outlet(slug="rudaw", title="Rudaw", homepage="https://www.rudaw.net/english", timezone="Asia/Baghdad")


def found(raw: str, url: str = "https://www.rudaw.net/english/categories/iraq/1") -> FoundLink:
    stated = parse_date(raw)
    return FoundLink(url, None, stated.at, stated.raw, stated.precision, None)


@pytest.mark.parametrize(
    ("raw", "source", "at"),
    [
        ("2026-06-02T16:48:00", "listing", datetime(2026, 6, 2, 13, 48, tzinfo=UTC)),
        ("2026-06-02T16:48:00Z", "listing", datetime(2026, 6, 2, 16, 48, tzinfo=UTC)),
        ("2026-06-02T16:48:00+01:00", "listing", datetime(2026, 6, 2, 15, 48, tzinfo=UTC)),
        ("Tue, 02 Jun 2026 16:48:00", "feed", datetime(2026, 6, 2, 13, 48, tzinfo=UTC)),
        ("Tue, 02 Jun 2026 16:48:00 GMT", "feed", datetime(2026, 6, 2, 16, 48, tzinfo=UTC)),
        ("1780418880", "listing", datetime(2026, 6, 2, 16, 48, tzinfo=UTC)),
        ("2026-06-02T16:48:00", "wordpress", datetime(2026, 6, 2, 16, 48, tzinfo=UTC)),
        ("2026-06-02", "listing", datetime(2026, 6, 2, tzinfo=UTC)),
        ("yesterday", "listing", None),
    ],
)
def test_a_time_without_a_zone_is_the_outlets_own(raw: str, source: LinkSource, at: datetime | None) -> None:
    assert link_of(RUDAW, found(raw), source, "https://www.rudaw.net/english", NOON).published_at == at


def test_a_redirect_leads_to_the_article_under_its_new_name_but_not_to_the_front_page() -> None:
    link = Planned("rudaw", "https://www.rudaw.net/old", "rudaw:rudaw.net/old", "listing")
    assert landed(RUDAW, link, "https://www.rudaw.net/new").article_id == "rudaw:rudaw.net/new"
    for elsewhere in ("https://www.rudaw.net/old", "https://www.rudaw.net/english", "https://elsewhere.example/new"):
        assert landed(RUDAW, link, elsewhere) == link
