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
        ("https://x.org/2024/05/16-new-officers-join", None),
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


def test_days_more_than_one_apart_disagree_and_the_nights_turn_does_not():
    def disagree(*stated: str, body: str = "") -> bool:
        return dates(ld(datePublished=stated[0]) + "".join(map(meta, stated[1:])), body).disagree

    assert not disagree("2024-05-06T23:30:00Z", "2024-05-07T01:30:00+02:00")
    assert not disagree("2024-05-06", "2024-05-05T22:00:00Z")
    assert disagree("2024-05-06", "2024-05-04T22:00:00Z")
    assert not disagree("2024-05-06", "2099-05-04", "1970-01-01T00:00:00Z")  # not credible
    assert disagree("2024-05-06", body="<h1>The bridge is open again</h1><p>3 May 2024</p>")
    assert not disagree("2024-05-06", body="<h1>The bridge is open again</h1><p>6 May 2024</p><p>3 May 2024</p>")  # another story's
    assert not dates(ld(datePublished="2024-05-03", dateModified="2024-05-06")).disagree  # a change is no contradiction


def test_a_printed_day_that_is_the_datas_change_tells_of_the_change():
    found = dates(ld(datePublished="2020-05-03", dateModified="2024-05-06T09:00:00Z"), "<h1>The bridge is open again</h1><p>6 May 2024</p>")
    assert (found.published_at, found.modified_at) == (datetime(2020, 5, 3, tzinfo=UTC), datetime(2024, 5, 6, 9, tzinfo=UTC))
    assert [(one.source, one.about, one.chosen) for one in found.evidence] == [
        ("json_ld", "published", True),
        ("json_ld", "modified", True),
        ("text", "modified", False),
    ]
    assert not found.disagree


def test_the_day_where_it_was_stated_is_told_beside_the_moment():
    found = dates(ld(datePublished="2024-05-06T01:30:00+09:00"))
    assert (found.published_at, str(found.published_on)) == (datetime(2024, 5, 5, 16, 30, tzinfo=UTC), "2024-05-06")
    assert str(dates(ld(datePublished="2024-05-05T22:30:00Z"), outlet=CAIRO).published_on) == "2024-05-06"
    assert str(dates(ld(datePublished="2024-05-05T22:30:00Z")).published_on) == "2024-05-05"
    assert dates().published_on is None


def test_a_time_without_zone_takes_the_one_that_its_page_writes():
    changed = meta("2024-05-06T23:00:00+03:00", "article:modified_time")
    assert dates(ld(datePublished="2024-05-06T10:20:00") + changed).published_at == datetime(2024, 5, 6, 7, 20, tzinfo=UTC)
    assert dates(ld(datePublished="2024-05-06T10:20:00") + changed, outlet=CAIRO).published_at == datetime(2024, 5, 6, 7, 20, tzinfo=UTC)
    two = changed + meta("2024-05-06T10:30:00-05:00", "article:modified_time")
    assert dates(ld(datePublished="2024-05-06T10:20:00") + two).published_at == datetime(2024, 5, 6, 10, 20, tzinfo=UTC)


def test_a_local_time_that_calls_itself_utc_yields_to_the_same_time_with_its_offset():
    found = dates(ld(datePublished="2024-05-06T21:05:52+00:00") + meta("2024-05-06T21:05:52-05:00"))
    assert (found.published_at, found.source) == (datetime(2024, 5, 7, 2, 5, 52, tzinfo=UTC), "meta")


def test_midnight_in_the_outlets_zone_is_a_day_and_half_a_second_past_midnight_is_a_time():
    found = dates(ld(datePublished="2024-05-05T21:00:00Z"), outlet=CAIRO)
    assert (found.published_at, found.precision) == (datetime(2024, 5, 6, tzinfo=UTC), "day")
    assert dates(ld(datePublished="2024-05-06T00:00:00.408Z")).precision == "second"
    assert dates(ld(datePublished="2024-05-06T00:00:00.000Z")).precision == "day"


def test_relative_times_are_resolved_against_the_capture_and_give_way_to_data():
    body = "<h1>The bridge is open again</h1><span>{}</span>"
    for text in ("2 hours ago", "قبل ساعتين", "vor 2 Stunden", "2 saat önce"):
        found = dates(body=body.format(text))
        assert (found.published_at, found.precision, found.source) == (datetime(2024, 5, 7, 10, tzinfo=UTC), "minute", "text")
        assert found.evidence[0].raw == text
    assert dates(meta("2024-05-07T09:48:11Z"), body.format("2 hours ago")).published_at == datetime(2024, 5, 7, 9, 48, 11, tzinfo=UTC)
    stamped = OUTLET.model_copy(update={"read": Read(date=(".stamp",))})
    assert dates(body="<p class='stamp'>yesterday</p>", outlet=stamped).published_at == datetime(2024, 5, 6, tzinfo=UTC)


def test_a_page_that_tells_its_change_alone_is_dated_by_it_and_says_so():
    found = dates(meta("2024-05-06T11:00:00Z", "article:modified_time"))
    assert found.published_at == found.modified_at == datetime(2024, 5, 6, 11, tzinfo=UTC)
    assert [(one.about, one.chosen) for one in found.evidence] == [("modified", True)]


def test_a_printed_day_goes_before_the_urls_and_after_the_feeds():
    body = "<h1>The bridge is open again</h1><p>6 May 2024</p>"
    capture = replace(CAPTURE, final_url="https://gazette.org/2024/05/04/a")
    assert (dates(body=body, capture=capture).source, dates(body=body, capture=capture).disagree) == ("text", True)
    feed = replace(CAPTURE, link_published_at=datetime(2024, 5, 6, 9, tzinfo=UTC), link_published_precision="second")
    assert dates(body=body, capture=feed).published_at == datetime(2024, 5, 6, 9, tzinfo=UTC)
    stale = replace(feed, link_published_at=datetime(2024, 5, 1, 9, tzinfo=UTC))
    assert dates(body=body, capture=stale).source == "text"


def test_a_title_may_end_with_its_day():
    assert dates("<title>The bridge is open again | Gazette | 06.05.2024</title>").published_at == datetime(2024, 5, 6, tzinfo=UTC)
    assert dates("<title>The bridge is open again | Gazette since 06.05.1994</title>").published_at is None


def test_a_donation_bar_and_a_caption_date_nothing():
    body = (
        "<div class='top'>JULY 2022</div><div>$1,278 donated of $3,000</div><h1>The bridge is open again</h1>"
        "<figure><img src='a.jpg'><figcaption>The bridge – 17 May 2019 (The Gazette)</figcaption></figure><p>It is open.</p>"
    )
    assert dates(body=body).published_at is None


def test_evidence_is_bounded_however_many_dates_a_page_holds():
    body = "<h1>The bridge is open again</h1>" + "<p>6 May 2024</p><time datetime='2024-05-06T10:00:00Z'>x</time>" * 20_000
    head = "".join(meta(f"2024-05-06T10:{minute:02}:00Z") for minute in range(60))
    assert len(dates(head, body).evidence) < 40


@pytest.mark.parametrize("raw", ["0001-01-01T00:00:01", "9999-12-31T23:59:59", "9999-12-31T23:59:59-12:00"])
def test_moments_at_the_ends_of_time_are_no_trouble(raw):
    for outlet in (CAIRO, OUTLET.model_copy(update={"timezone": "America/New_York"})):
        assert dates(ld(datePublished=raw, dateModified=raw) + meta(raw), outlet=outlet).published_at is None
