from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.outlet import Outlet, Read
from spiders.reading.dates import Dates, dates_of, day_of_url, parse
from spiders.reading.markup import parse as tree_of
from spiders.reading.metadata import collect
from warehouse.contracts import Capture

CAPTURED = datetime(2024, 5, 7, 12, tzinfo=UTC)
OUTLET = Outlet(slug="gazette", title="The Gazette", homepage="https://gazette.org/")
CAIRO = OUTLET.model_copy(update={"timezone": "Africa/Cairo"})
CAPTURE = Capture(
    "c", "gazette", "https://gazette.org/a", "https://gazette.org/a", "gazette:a", CAPTURED, 200, "text/html", "f.warc.gz", 0, 1, "0"
)


def dates(head: str = "", body: str = "", outlet: Outlet = OUTLET, capture: Capture = CAPTURE) -> Dates:
    tree = tree_of(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return dates_of(collect(tree, capture.final_url), tree, capture, outlet)


def ld(**values: str) -> str:
    members = "".join(f', "{name}": "{value}"' for name, value in values.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle"{members}}}</script>'


def meta(value: str, name: str = "article:published_time") -> str:
    return f'<meta property="{name}" content="{value}">'


@pytest.mark.parametrize(
    ("raw", "value", "precision"),
    [
        ("2024-05-06T10:20:30+02:00", datetime(2024, 5, 6, 10, 20, 30, tzinfo=timezone(timedelta(hours=2))), "second"),
        ("2024-05-06T10:20:30.123456Z", datetime(2024, 5, 6, 10, 20, 30, tzinfo=UTC), "second"),
        ("2024-05-06T10:20:30.5Z EST", datetime(2024, 5, 6, 10, 20, 30, tzinfo=UTC), "second"),
        ("2024-05-06 10:20", datetime(2024, 5, 6, 10, 20), "minute"),  # noqa: DTZ001
        ("2024-05-06T10:20+0300", datetime(2024, 5, 6, 10, 20, tzinfo=timezone(timedelta(hours=3))), "minute"),
        ("2024-05-06", datetime(2024, 5, 6), "day"),  # noqa: DTZ001
        ("2024-05-06T00:00:00Z", datetime(2024, 5, 6, tzinfo=UTC), "day"),
        ("Mon, 06 May 2024 10:20:30 GMT", datetime(2024, 5, 6, 10, 20, 30, tzinfo=UTC), "second"),
        ("May 6, 2024, 10:20 PM EST", datetime(2024, 5, 6, 22, 20, tzinfo=timezone(timedelta(hours=-5))), "minute"),
        ("06.05.2024, 10:20 Uhr".replace(" Uhr", ""), datetime(2024, 5, 6, 10, 20), "minute"),  # noqa: DTZ001
        ("6 May 2024", datetime(2024, 5, 6), "day"),  # noqa: DTZ001
        ("٢٠٢٤-٠٥-٠٦", datetime(2024, 5, 6), "day"),  # noqa: DTZ001
        ("1714990830", datetime(2024, 5, 6, 10, 20, 30, tzinfo=UTC), "second"),
        ("1714990830000", datetime(2024, 5, 6, 10, 20, 30, tzinfo=UTC), "second"),
    ],
)
def test_dates_are_read_however_they_are_written(raw, value, precision):
    stamp = parse(raw)
    assert stamp is not None
    assert (stamp.value, stamp.precision) == (value, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "2 hours ago",
        "10:20",
        "May 6",
        "JULY 2022",
        "2024",
        "2024-13-45",
        "Paragraph 1995",
        "2025-02-30T10:00:00Z",
        "99999999999",
        "{{date}}",
    ],
)
def test_what_names_no_day_is_no_date(raw):
    assert parse(raw) is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="0123456789-:T Z+/.MayAPM", max_size=30))
def test_any_text_is_taken(raw):
    stamp = parse(raw)
    assert stamp is None or stamp.raw == raw


def test_json_ld_goes_before_meta_and_time():
    found = dates(ld(datePublished="2024-05-06T10:00:00Z") + meta("2024-05-05T09:00:00Z"), "<time datetime='2024-05-04T08:00:00Z'></time>")
    assert (found.published_at, found.precision, found.source) == (datetime(2024, 5, 6, 10, tzinfo=UTC), "second", "json_ld")
    assert [(one.source, one.chosen) for one in found.evidence] == [("json_ld", True), ("meta", False), ("time", False)]


def test_a_day_gives_way_to_a_time_on_that_day_and_to_no_other():
    assert dates(ld(datePublished="2024-05-06") + meta("2024-05-06T10:20:00Z")).source == "meta"
    assert dates(ld(datePublished="2024-05-06") + meta("2024-05-05T10:20:00Z")).source == "json_ld"


def test_a_day_stays_the_day_that_was_printed_whatever_the_zone():
    for outlet in (OUTLET, CAIRO, OUTLET.model_copy(update={"timezone": "Pacific/Auckland"})):
        found = dates(ld(datePublished="2024-05-06T00:00:00+03:00"), outlet=outlet)
        assert (found.published_at, found.precision) == (datetime(2024, 5, 6, tzinfo=UTC), "day")


def test_a_time_without_zone_is_the_outlets_or_else_utc():
    assert dates(meta("2024-05-06T10:20:00"), outlet=CAIRO).published_at == datetime(2024, 5, 6, 7, 20, tzinfo=UTC)
    assert dates(meta("2024-05-06T10:20:00")).published_at == datetime(2024, 5, 6, 10, 20, tzinfo=UTC)


def test_a_time_takes_its_zone_from_the_same_time_with_one():
    found = dates(ld(datePublished="2024-05-06T10:20:00") + meta("2024-05-06T10:20:00+02:00"), outlet=CAIRO)
    assert found.published_at == datetime(2024, 5, 6, 8, 20, tzinfo=UTC)


def test_the_future_and_the_time_before_the_web_are_refused_and_kept_as_evidence():
    found = dates(ld(datePublished="2099-01-01T00:00:01Z") + meta("0001-01-01T00:00:01Z") + meta("2024-05-06T10:20:00Z", "date"))
    assert found.published_at == datetime(2024, 5, 6, 10, 20, tzinfo=UTC)
    assert [one.raw for one in found.evidence] == ["2099-01-01T00:00:01Z", "0001-01-01T00:00:01Z", "2024-05-06T10:20:00Z"]
    assert dates(ld(datePublished="2024-05-08T11:00:00Z")).published_at is not None  # a clock may be a day ahead
    assert dates(ld(datePublished="2024-05-08T13:00:00Z")).published_at is None


def test_the_feed_is_believed_after_the_page_and_before_the_url():
    feed = replace(
        CAPTURE, link_published_at=datetime(2024, 5, 6, 9, tzinfo=UTC), link_published_raw="Mon …", link_published_precision="second"
    )
    assert dates(capture=feed).source == "feed"
    assert dates(meta("2024-05-06T10:00:00Z"), capture=feed).source == "meta"
    url = replace(feed, final_url="https://gazette.org/2024/05/06/a")
    assert dates(capture=url).source == "feed"
    old = replace(feed, final_url="https://gazette.org/2019/05/06/a")  # a feed that gives the time of its own making
    assert (dates(capture=old).source, dates(capture=old).published_at) == ("url", datetime(2019, 5, 6, tzinfo=UTC))


def test_a_sitemap_says_sitemap():
    link = replace(CAPTURE, link_source="sitemap", link_published_at=datetime(2024, 5, 6, tzinfo=UTC), link_published_precision="day")
    assert (dates(capture=link).source, dates(capture=link).precision) == ("sitemap", "day")


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://x.org/2024/05/06/a", "2024-05-06"),
        ("https://x.org/news/2024-05-06-a.html", "2024-05-06"),
        ("https://x.org/20240506/a", "2024-05-06"),
        ("https://x.org/a_20240506", "2024-05-06"),
        ("https://x.org/2024/05/a", None),
        ("https://x.org/120240506/a", None),
        ("https://x.org/2024/02/31/a", None),
        ("https://x.org/a?d=2024/05/06", None),
        ("http://[", None),
    ],
)
def test_a_url_may_hold_the_day(url, day):
    found = day_of_url(url)
    assert (found and found.isoformat()) == day


def test_the_outlets_pattern_finds_the_day_in_its_urls():
    outlet = OUTLET.model_copy(
        update={"articles": OUTLET.articles.model_copy(update={"patterns": (r"/(?P<day>\d\d)(?P<month>\d\d)(?P<year>20\d\d)\d*$",)})}
    )
    capture = replace(CAPTURE, url="https://gazette.org/x/060520242", final_url="https://gazette.org/x/060520242")
    assert dates(outlet=outlet, capture=capture).published_at == datetime(2024, 5, 6, tzinfo=UTC)


def test_the_outlets_selector_and_format_go_before_everything():
    outlet = CAIRO.model_copy(update={"read": Read(date=(".stamp",), date_format=("%a %d %b %Y | %I:%M %p",))})
    found = dates(meta("2024-01-01T00:00:01Z"), "<p class='stamp'>Sat 14 Mar 2020 | 02:53 PM</p>", outlet=outlet)
    assert (found.published_at, found.precision, found.source) == (datetime(2020, 3, 14, 12, 53, tzinfo=UTC), "minute", "text")
    assert dates(meta("2024-01-01T00:00:01Z"), "<p class='stamp'>2 hours ago</p>", outlet=outlet).source == "meta"


def test_times_of_comments_and_other_stories_are_not_the_articles():
    body = (
        "<ul><li><time datetime='2024-05-01T08:00:00Z'></time></li></ul>"
        "<div class='comment'><time datetime='2024-05-02T08:00:00Z'></time></div>"
        "<time class='updated' datetime='2024-05-04T08:00:00Z'></time><time class='published' datetime='2024-05-03T08:00:00Z'></time>"
    )
    found = dates(body=body)
    assert (found.published_at, found.modified_at) == (datetime(2024, 5, 3, 8, tzinfo=UTC), datetime(2024, 5, 4, 8, tzinfo=UTC))


def test_a_change_before_the_publication_or_in_the_future_is_none():
    published = ld(datePublished="2024-05-06T10:00:00Z")
    assert dates(published + meta("2024-05-06T11:00:00Z", "article:modified_time")).modified_at == datetime(2024, 5, 6, 11, tzinfo=UTC)
    assert dates(published + meta("2024-05-05T11:00:00Z", "article:modified_time")).modified_at is None
    assert dates(published + meta("2030-05-05T11:00:00Z", "article:modified_time")).modified_at is None
    linked = replace(CAPTURE, link_modified_at=datetime(2024, 5, 6, 12, tzinfo=UTC))
    assert dates(published, capture=linked).modified_at == datetime(2024, 5, 6, 12, tzinfo=UTC)


def test_a_number_in_the_text_is_no_date():
    assert dates(body="<article><p>In 1995 the bridge was closed. Paragraph 2001 says so.</p></article>").published_at is None
    assert dates(body="<p>JULY 2022</p><p>2,500 $</p>").published_at is None
