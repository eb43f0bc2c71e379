"""What is read from the newspapers' pages, word by word, against what they wrote."""

from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import quote

import pytest

from spiders.demo.server import Newspapers, outlet_text
from spiders.demo.site import Site, print_site
from spiders.demo.stories import SLUGS, Story, gold, newspaper
from spiders.outlet import Outlet, Read
from spiders.reading import Page, read
from spiders.registry import read_outlet
from warehouse.contracts import Article, Capture, Rejection

NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:9"
RULES = [
    ("demo_gazette", "drop", 5),
    ("demo_gazette", "drop_texts", 1),
    ("demo_herald", "body", 1),
    ("demo_herald", "title", 1),
    ("demo_herald", "author", 1),
    ("demo_herald", "date", 1),
    ("demo_herald", "drop", 5),
]


@pytest.fixture(scope="module")
def outlets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outlets")
    for slug in SLUGS:
        (folder / f"{slug}.toml").write_text(outlet_text(slug, ORIGIN), encoding="utf-8")
    return {slug: read_outlet(folder / f"{slug}.toml") for slug in SLUGS}


@cache
def site(slug: str, edition: int) -> Site:
    return print_site(slug, ORIGIN, NOW, edition)


def read_at(outlet: Outlet, edition: int, path: str, story: Story | None = None) -> Article | Rejection:
    """The page at ``path`` as it would have been captured; ``story`` is what its source said of it, if that is to be known."""
    answer, url = site(outlet.slug, edition).answer(quote(path)), ORIGIN + quote(path)
    facts = {"link_published_at": story.published_at, "link_modified_at": story.updated_at, "link_title": story.title} if story else {}
    capture = Capture(
        capture_id="c",
        outlet=outlet.slug,
        url=url,
        final_url=url,
        article_id=f"{outlet.slug}:{path}",
        captured_at=NOW + timedelta(minutes=1),
        status=answer.status,
        content_type=answer.content_type,
        file="f",
        offset=0,
        length=1,
        sha256="0",
        **facts,
    )
    return read(Page(capture, answer.body), outlet)


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize("slug", SLUGS)
def test_the_text_is_the_story_the_whole_story_and_nothing_else(outlets, slug, edition):
    for path, story in gold(slug, edition, NOW).items():
        article = read_at(outlets[slug], edition, path)
        assert isinstance(article, Article), article
        assert article.text == story.text


@pytest.mark.parametrize("edition", [1, 2])
@pytest.mark.parametrize("slug", SLUGS)
def test_title_byline_dates_and_language_become_columns(outlets, slug, edition):
    for path, story in gold(slug, edition, NOW).items():
        article = read_at(outlets[slug], edition, path, story)
        assert isinstance(article, Article), article
        assert (article.title, article.authors, article.language) == (story.title, story.authors, story.language)
        assert (article.published_at, article.modified_at or article.published_at) == (story.published_at, story.updated_at)
        if slug != "demo_herald":  # whose pages have no metadata
            assert (article.section, article.tags) == (story.section, story.tags)


def test_a_printed_date_is_read_where_there_is_no_other(outlets):
    for path, story in gold("demo_herald", 1, NOW).items():
        article = read_at(outlets["demo_herald"], 1, path)
        assert isinstance(article, Article), article
        assert (article.published_at, article.published_precision, article.published_source) == (story.published_at, "minute", "text")


@pytest.mark.parametrize("slug", SLUGS)
def test_pages_that_are_no_article_are_rejected(outlets, slug):
    read_strays = {stray.path: read_at(outlets[slug], 1, stray.path) for stray in newspaper(slug).strays}
    assert [path for path, reading in read_strays.items() if not isinstance(reading, Rejection)] == []


@pytest.mark.parametrize(("slug", "field", "number"), [(slug, field, n) for slug, field, count in RULES for n in range(count)])
def test_every_rule_changes_the_reading_of_some_page(outlets, slug, field, number):
    outlet = outlets[slug]
    rules = getattr(outlet.read, field)
    fewer = outlet.model_copy(update={"read": outlet.read.model_copy(update={field: rules[:number] + rules[number + 1 :]})})
    assert any(read_at(fewer, 1, path) != read_at(outlet, 1, path) for path in gold(slug, 1, NOW)), rules[number]


def test_no_rule_is_left_out_above(outlets):
    given = {
        (slug, field): len(rules) for slug, outlet in outlets.items() for field, rules in outlet.read if rules != getattr(Read(), field)
    }
    assert given == {(slug, field): count for slug, field, count in RULES}


def test_what_was_cut_and_why_is_on_record(outlets):
    article = read_at(outlets["demo_gazette"], 1, "/2417/ouselle-bridge-reopens/")
    assert isinstance(article, Article)
    cut = {block.rule: block.text for block in article.removed_blocks if block.reason == "outlet"}
    assert cut.keys() == set(outlets["demo_gazette"].read.drop) | set(outlets["demo_gazette"].read.drop_texts)
    assert "Two crowns a month" in cut[".appeal"]


def test_the_pages_served_are_the_pages_read_here():
    with Newspapers(NOW) as papers:
        served = papers.sites["demo_courier"].answer("/81204/old-market-roof/").body.decode()
    assert served.replace(papers.origins["demo_courier"], ORIGIN) == site("demo_courier", 1).answer("/81204/old-market-roof/").body.decode()
