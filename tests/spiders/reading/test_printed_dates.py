from datetime import UTC, datetime

import pytest

from spiders.reading.markup import parse as tree_of
from spiders.reading.printed_dates import Printed, Reader, far_dates, printed_dates, times
from spiders.reading.state_dates import state_dates

HEADLINE = "The bridge over the river is open again"
PROSE = "<p>" + "The mayor cut a ribbon and the first lorries rolled over the new steel to the other bank of the river. " * 3 + "</p>"
NOW = datetime(2024, 5, 7, 12, tzinfo=UTC)


def read(body: str, language: str = "en") -> list[Printed]:
    tree = tree_of(f"<html><body>{body}</body></html>")
    assert tree is not None
    return printed_dates(tree, [HEADLINE], Reader(language, NOW, UTC))


def days(body: str, language: str = "en") -> list[tuple[str, str, str]]:
    return [(str(one.stamp.value.date()), one.about, one.place) for one in read(body, language) if one.stamp]


def around(above: str = "", below: str = "", end: str = "") -> str:
    return f"<main>{above}<h1>{HEADLINE}</h1>{below}{PROSE}{PROSE}{end}</main>"


@pytest.mark.parametrize(
    ("below", "language"),
    [
        ("<div>6 May 2024</div>", "en"),
        ("<span>By Jane Doe</span> | <span>6 May 2024, 10:20</span>", "en"),
        ("<ul class='meta'><li><a href='/jane'>Jane Doe</a></li><li>06.05.2024</li></ul>", "de"),
        ("<div><b>6</b> <b>May</b> <b>2024</b></div>", "en"),
        (
            "<p>A standfirst that says in one sentence what the story is about.</p><img src='a.jpg'><div class='date'>٦ أيار ٢٠٢٤</div>",
            "ar",
        ),
        ("<p>٦ی ئایاری ٢٠٢٤</p>", "ckb"),
        ("<p>6 Mayıs 2024 Pazartesi 10:20</p>", "tr"),
        ("<p>Hewlêr - 6 Gulan 2024</p>", "ku"),
        ("<p>6 мая 2024, 10:20</p>", "ru"),
        ("<time>6 May 2024</time>", "en"),
        ("<p>May 6, 2024 – The Gazette – Jane Doe</p>", "en"),
        ("<span class='stamp'>yesterday</span>", "en"),
    ],
)
def test_the_date_beside_the_headline_is_found(below, language):
    assert days(around(below=below), language) == [("2024-05-06", "published", "headline")]
    above = days(around(above=below.replace("<p>A standfirst", "<p>A standfirst")), language)
    assert above == [("2024-05-06", "published", "above")]


@pytest.mark.parametrize(
    "other",
    [
        "<figure><img src='a.jpg'><figcaption>The old bridge, 17 May 2019</figcaption></figure>",
        "<div class='wp-caption'>The old bridge, 17 May 2019</div>",
        "<p>The old bridge – 17 May 2019 (Gazette Pictures)</p>",
        "<div class='donation-bar'>Goal of 6 April 2024: 40 %</div>",
        "<aside>6 April 2024</aside>",
        "<nav>6 April 2024</nav>",
        "<div class='related'><h3><a href='/b'>Another story of the town</a></h3><span>6 April 2024</span></div>",
        "<div><a href='/b'>Another story of the town and its river</a> 6 April 2024</div>",
        "<section id='comments'><time datetime='2024-04-06'>6 April 2024</time></section>",
        "<p>She wore the dress on that evening in Florence, 23 April 1985.</p>",
        "<p>Release date 8 Dec 2023</p>",
        "<p>JULY 2022</p>",
        "<script>var day = '6 April 2024'</script>",
    ],
)
def test_dates_of_other_things_are_not_the_articles(other):
    assert days(around(below=other)) == []
    assert days(around(below=other + "<p>6 May 2024</p>")) == [("2024-05-06", "published", "headline")]


def test_labels_and_names_tell_change_from_publication():
    both = [("2024-05-06", "published", "headline"), ("2024-05-07", "modified", "headline")]
    assert days(around(below="<p>Published: 6 May 2024 10:20 - Updated: 7 May 2024 09:00</p>")) == both
    assert days(around(below="<p>6 May 2024</p><p class='updated'>7 May 2024</p>")) == both
    assert days(around(below="<p>نشر: 6 مايو 2024</p><p>آخر تحديث: 7 مايو 2024</p>"), "ar") == both
    times = "<time datetime='2024-05-06T10:00Z'>6 May 2024</time> updated <time datetime='2024-05-07T10:00Z'>7 May 2024</time>"
    assert days(around(below=f"<div>{times}</div>")) == both


def test_one_line_dates_the_article_and_one_that_says_published_goes_first():
    found = days(around(below="<p>4 May 2024</p><p>Published 6 May 2024</p><p>5 May 2024</p>"))
    assert found == [("2024-05-04", "published", "below"), ("2024-05-06", "published", "headline"), ("2024-05-05", "published", "below")]


def test_the_masthead_is_not_above_the_headline():
    masthead = "<header><div>Tuesday, 7 May 2024</div></header><div class='today'>7 May 2024</div>"
    assert days(masthead + around()) == []


def test_what_stands_behind_the_story_is_far():
    body = around(end="<ul><li><b>Published</b> 6 May 2024</li></ul><p>4 May 2024</p><div class='entry-date'>3 May 2024</div>")
    tree = tree_of(body)
    assert tree is not None
    assert days(body) == []
    assert [str(one.stamp.value.date()) for one in far_dates(tree, Reader("en", NOW, UTC)) if one.stamp] == ["2024-05-03", "2024-05-06"]


def test_times_for_machines_tell_what_they_mark():
    tree = tree_of(
        "<time datetime='2024-05-01'></time><time class='updated' datetime='2024-05-02'></time><time pubdate datetime='2024-05-03'></time>"
        "<b itemprop='datePublished' content='2024-05-04'></b><ul><li><time datetime='2024-05-05'></time></li></ul><time></time>"
    )
    assert tree is not None
    assert list(times(tree, 60)) == [
        ("2024-05-04", "published", True),
        ("2024-05-01", "published", False),
        ("2024-05-02", "modified", True),
        ("2024-05-03", "published", True),
    ]


@pytest.mark.parametrize(
    "script",
    [
        f'{{"title":"{HEADLINE}","publishedAt":"2024-05-06T10:00:00Z"}}',
        f'self.__next_f.push([1,"{{\\"publish_date\\":\\"2024-05-06T10:00:00Z\\",\\"title\\":\\"{HEADLINE}\\"}}"])',
        f'[{{"publishedAt":"2019-01-01","title":"{"Another " * 30}"}},{{"publishedAt":"2024-05-06T10:00:00Z","title":"{HEADLINE}"}}]',
    ],
)
def test_the_state_of_a_framework_dates_its_article(script):
    tree = tree_of(f"<h1>{HEADLINE}</h1><script>{script}</script>")
    assert tree is not None
    assert state_dates(tree, [HEADLINE]) == ["2024-05-06T10:00:00Z"]


def test_a_state_of_many_stories_dates_none_of_them():
    tree = tree_of('<script>[{"publishedAt":"2024-05-06"},{"publishedAt":"2024-05-04"}]</script>')
    assert tree is not None
    assert state_dates(tree, [HEADLINE]) == []
