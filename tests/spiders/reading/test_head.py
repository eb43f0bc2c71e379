import pytest

from tests.spiders.reading.gazette import HEADLINE, SENTENCES, article, article_page, page, paragraphs

STORY = "\n\n".join(SENTENCES)
LEAD = "Hundreds crossed it in the first hour; lorries will have to go round by the motorway."
DESCRIBED = f'<meta property="og:description" content="{LEAD}">'


def under_headline(head: str, described: str = "", inside: str = "") -> str:
    body = f'<article><header><h1>{HEADLINE}</h1>{head}</header><div class="article-body">{inside}{paragraphs(*SENTENCES)}</div></article>'
    return page(body, described)


@pytest.mark.parametrize(
    "head",
    [
        f"<p class='standfirst'>{LEAD}</p>",
        f"<h2 class='article__subtitle'>{LEAD}</h2>",
        f"<div class='entry-summary'><p>{LEAD}</p></div>",
        f"<p class='einleitung'>{LEAD}</p>",
        f"<div class='news-spot'><h4>{LEAD}</h4></div>",
        f"<p class='chapeau'>{LEAD}</p>",
        f"<p>{LEAD}</p>",
    ],
)
def test_a_standfirst_below_the_headline_is_the_first_paragraph(head):
    assert article(under_headline(head + "<p class='byline'>By Rima Haddad</p>")).text == f"{LEAD}\n\n{STORY}"


def test_a_standfirst_of_several_lines_is_taken_whole():
    lines = ("Hundreds crossed it in the first hour.", "Lorries have to go round by the motorway.", "The last work ends before winter.")
    head = f"<div class='sub-title'>{''.join(f'<p>{line}</p>' for line in lines)}</div>"
    assert article(under_headline(head)).text.split("\n\n")[:4] == [*lines, SENTENCES[0]]


@pytest.mark.parametrize("where", ["", "<p>Some words about the weather, and what it will be tomorrow.</p>"])
def test_what_the_page_describes_itself_with_is_its_standfirst_wherever_it_stands(where):
    before = f"<div class='top'><p>{LEAD}</p></div>{where}"
    body = f"{before}<article><h1>{HEADLINE}</h1><div class='article-body'>{paragraphs(*SENTENCES)}</div></article>"
    assert article(page(body, DESCRIBED)).text.split("\n\n")[0] == LEAD


@pytest.mark.parametrize(
    "head",
    [
        "<figure><img src='b.jpg'><figcaption>The old bridge on Monday, seen from the southern bank of the river.</figcaption></figure>",
        "<p class='photo-credit'>Photograph: Rima Haddad for The Gazette, taken on Monday.</p>",
        "<div class='newsletter-subtitle'><p>Our letter comes every morning at six, and costs you nothing at all.</p></div>",
        "<div class='gated-overlay-summary'><p>With an account of yours you read more stories, free of charge and at once.</p></div>",
        "<ul><li>A first point of the summary that a machine has made of this.</li></ul>",
        f"<h2>{HEADLINE}</h2>",
        "<p class='date'>Monday, 6 May 2024, 08:00</p>",
    ],
)
def test_what_is_no_standfirst_stays_out(head):
    assert article(under_headline(head)).text == STORY


def test_a_standfirst_that_the_story_begins_with_is_not_doubled():
    assert article(under_headline(f"<p class='lead'>{SENTENCES[0]}</p>")).text == STORY


def test_labels_above_a_standfirst_go():
    inside = f"<p>Update</p><p>Exclusive</p><p>{LEAD}</p>"
    found = article(under_headline("", DESCRIBED, inside))
    assert found.text == f"{LEAD}\n\n{STORY}"


def test_a_page_without_a_headline_is_read_all_the_same():
    assert article(page(f"<div class='article-body'>{paragraphs(*SENTENCES)}</div>", DESCRIBED)).text == STORY
    assert article(article_page(head=DESCRIBED)).text == STORY


@pytest.mark.parametrize(("second", "is_standfirst"), [("Bridge open again, and lorries stay on the motorway", False), (LEAD, True)])
def test_a_second_headline_is_no_standfirst_unless_it_is_a_sentence(second, is_standfirst):
    data = f'{{"@type": "NewsArticle", "headline": "{HEADLINE}", "alternativeHeadline": "{second}"}}'
    head = f'<script type="application/ld+json">{data}</script>'
    text = article(under_headline(f"<h2 class='t3'>{second}</h2>", head)).text
    assert text == (f"{second}\n\n{STORY}" if is_standfirst else STORY)
