"""The newspapers' outlet files, as a user would have written them."""

from datetime import UTC, datetime

from spiders.demo.server import Newspapers
from spiders.demo.stories import SLUGS
from spiders.registry import read_outlets

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)


def test_the_outlet_files_are_read_without_complaint_and_point_to_the_newspapers(tmp_path):
    with Newspapers(NOW) as papers:
        written = papers.outlet_files(tmp_path / "outlets")
    outlets = read_outlets([tmp_path / "outlets"])
    assert {path.stem for path in written} == set(outlets) == set(SLUGS)
    for slug, outlet in outlets.items():
        assert outlet.homepage == papers.origins[slug] + "/"
        assert "{origin}" not in outlet.model_dump_json()


def test_one_of_them_needs_no_rules_and_each_is_discovered_in_a_way_of_its_own(tmp_path):
    with Newspapers(NOW) as papers:
        papers.outlet_files(tmp_path)
    gazette, courier, herald = (read_outlets([tmp_path])[slug] for slug in SLUGS)
    assert courier.read == type(courier.read)()
    assert (len(gazette.feeds), len(courier.sitemaps), len(herald.feeds), len(herald.listings)) == (1, 1, 1, 1)
