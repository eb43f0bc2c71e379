import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading import Page, read
from tests.spiders.reading.gazette import HEADLINE, SENTENCES, URL, article, article_page, capture, outlet, page, paragraphs, read_page
from warehouse.contracts import Article, Rejection, to_json

STORY = "\n\n".join(SENTENCES)
HEAD = (
    '<link rel="canonical" href="/2024/05/06/bridge"><meta property="og:type" content="article"><meta property="og:image" content="/b.jpg">'
    '<meta property="article:published_time" content="2024-05-06T08:00:00+02:00">'
    '<meta property="article:modified_time" content="2024-05-06T09:30:00+02:00">'
    '<meta property="article:section" content="City"><meta property="article:tag" content="Bridges">'
    '<meta name="author" content="Rima Haddad">'
)
FURNITURE = (
    '<nav><ul><li><a href="/city">City</a></li><li><a href="/sport">Sport</a></li></ul></nav>',
    "<footer><p>© The Gazette. All rights reserved. Read our rules for comments and our data policy before you write to us.</p></footer>",
)


def test_a_page_becomes_an_article_with_all_its_columns():
    found = article(article_page(head=HEAD, before=FURNITURE[0], after=FURNITURE[1]))
    assert found.text == STORY
    assert found.title == HEADLINE
    assert found.authors == ("Rima Haddad",)
    assert found.published_at is not None
    assert (found.published_at.isoformat(), found.published_precision, found.published_source) == (
        "2024-05-06T06:00:00+00:00",
        "second",
        "meta",
    )
    assert found.modified_at is not None
    assert found.modified_at.isoformat() == "2024-05-06T07:30:00+00:00"
    assert (found.language, found.section, found.tags) == ("en", "City", ("Bridges",))
    assert (found.canonical_url, found.image_url) == (URL, "https://gazette.org/b.jpg")
    assert found.word_count == len([word for word in STORY.replace("’", " ").replace("-", " ").split() if any(map(str.isalnum, word))])
    assert (found.article_id, found.capture_id, found.url) == ("gazette:bridge", "c-1", URL)
    assert found.extractor.startswith("trafilatura 2.")


def test_headline_byline_date_and_controls_at_the_top_leave_the_text_and_are_recorded():
    top = paragraphs(HEADLINE, "By Rima Haddad", "Published: 6 May 2024, 08:00", "A+ A-", "3 min read")
    found = article(article_page(top + paragraphs(*SENTENCES), head=HEAD))
    assert found.text == STORY
    assert [(block.position, block.text, block.reason, block.rule) for block in found.removed_blocks] == [
        (0, HEADLINE, "generic", "headline"),
        (0, "By Rima Haddad", "generic", "byline"),
        (0, "Published: 6 May 2024, 08:00", "generic", "date"),
        (0, "A+ A-", "generic", "control"),
        (0, "3 min read", "generic", "control"),
    ]


def test_a_name_or_a_date_inside_the_story_stays():
    story = [*SENTENCES, "The bridge was built by Rima Haddad in 1784.", "6 May 2024"]
    assert article(article_page(paragraphs(*story), head=HEAD)).text == "\n\n".join(story)


def test_the_dateline_is_part_of_the_first_paragraph():
    first = f"ERBIL, Kurdistan Region – {SENTENCES[0]}"
    assert article(article_page(paragraphs(first, *SENTENCES[1:]))).text.startswith("ERBIL, Kurdistan Region – The old")


def test_lists_quotes_and_sub_headings_stay_in_order():
    story = (
        paragraphs(*SENTENCES[:2])
        + "<h2>What comes next</h2>"
        + f"<blockquote><p>{SENTENCES[2]}</p></blockquote>"
        + "<ul><li>Lamps on every pillar, paid for by the town</li><li>Ramps on the southern bank, ready in June</li></ul>"
        + paragraphs(*SENTENCES[3:])
    )
    assert article(article_page(story)).text.split("\n\n") == [
        *SENTENCES[:2],
        "What comes next",
        SENTENCES[2],
        "- Lamps on every pillar, paid for by the town",
        "- Ramps on the southern bank, ready in June",
        *SENTENCES[3:],
    ]


def test_the_lead_is_kept_as_the_first_paragraph():
    lead = "Hundreds crossed it in the first hour; lorries will have to go round."
    before = f'<header><p class="standfirst teaser">{lead}</p></header>'
    assert article(article_page(before=before, head=f'<meta property="og:description" content="{lead}">')).text == f"{lead}\n\n{STORY}"
    assert article(article_page(head=f'<meta property="og:description" content="{lead}">')).text == STORY  # not in print


def test_a_body_in_several_parts_is_read_whole():
    parts = "".join(
        f'<div class="body__chunk article-body">{paragraphs(*pair)}</div><div class="ad">Advertisement</div>'
        for pair in zip(SENTENCES[::2], SENTENCES[1::2], strict=True)
    )
    assert article(page(f"<h1>{HEADLINE}</h1><main>{parts}</main>")).text == STORY


def test_what_follows_the_articles_own_text_is_cut():
    body = " ".join(SENTENCES).replace('"', "'")
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}", "articleBody": "{body}"}}</script>'
    found = article(
        article_page(paragraphs(*SENTENCES, "Rima Haddad is a reporter in our city office and writes about rivers."), head=head)
    )
    assert found.text == STORY
    assert [(block.position, block.rule) for block in found.removed_blocks] == [(6, "after the articleBody")]


def test_a_teaser_in_the_data_cuts_nothing():
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{SENTENCES[0]}"}}</script>'
    assert article(article_page(head=head)).text == STORY


def test_a_page_without_a_visible_story_is_read_from_its_data():
    body = "\\n\\n".join(SENTENCES)
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}", "articleBody": "{body}"}}</script>'
    found = article(page('<div id="app"></div>', head))
    assert (found.text, found.extractor) == (STORY, "json_ld articleBody")


def test_a_page_without_a_visible_story_is_read_from_its_state():
    html = paragraphs(*SENTENCES).replace("<", "\\u003c")
    state = f'self.__next_f.push([1,"x:{{\\"content\\":\\"{html}\\"}}"])'
    found = article(page(f'<div id="app"></div><script>{state}</script>', '<meta property="og:type" content="article">'))
    assert (found.text, found.extractor) == (STORY, "page state")


@pytest.mark.parametrize("name", ["subTitle", "standfirst", "sub_title"])
def test_the_standfirst_in_a_page_s_state_comes_before_its_story(name):
    html = paragraphs(*SENTENCES).replace("<", "\\u003c")
    lead = "Hundreds crossed it in the first hour\\u003cbr\\u003eLorries go round by the motorway"
    other = f'{{\\"{name}\\":\\"Another story, and what is said of it there\\"}}'
    state = f'self.__next_f.push([1,"x:[{other},{{\\"{name}\\":\\"{lead}\\",\\"id\\":7,\\"content\\":\\"{html}\\"}}]"])'
    found = article(page(f'<div id="app"></div><script>{state}</script>', '<meta property="og:type" content="article">'))
    assert found.text.split("\n\n") == ["Hundreds crossed it in the first hour", "Lorries go round by the motorway", *SENTENCES]


def test_the_first_of_several_lines_in_a_division_is_not_lost():
    lines = ("Opened after nine years", "Hundreds on the first day", "Lorries must <b>go</b> round")
    story = f"<div class='points'>{'<br>'.join(lines)}</div>{paragraphs(*SENTENCES)}"
    expected = [*lines[:2], "Lorries must go round", *SENTENCES]
    assert article(article_page(story)).text.split("\n\n") == expected
    lined = f"<div>{'<br><br>'.join(SENTENCES)}</div>"
    assert article(article_page(lined)).text == STORY


def test_a_page_with_nothing_but_a_description_is_an_article_that_says_so():
    head = f'<meta property="og:type" content="article"><meta property="og:description" content="{SENTENCES[1]}">'
    found = article(page('<div id="app"></div>', head))
    assert (found.text, found.extractor) == (SENTENCES[1], "description")


def test_joiners_survive_extraction_and_overrides_do_not():
    story = paragraphs("او می\u200cخواهد به خانه برود\u202e و 👨\u200d👩\u200d👧 با او می&zwnj;روند.", *SENTENCES)
    text = article(article_page(story)).text
    assert text.count("\u200c") == 2
    assert text.count("\u200d") == 2
    assert "\u202e" not in text


def test_markup_in_words_is_text():
    found = article(
        article_page(
            paragraphs("He wrote &lt;script&gt;alert(1)&lt;/script&gt; and =HYPERLINK(1) on the wall of the old house.", *SENTENCES)
        )
    )
    assert found.text.startswith("He wrote <script>alert(1)</script> and =HYPERLINK(1)")


def test_reading_is_the_same_whatever_was_read_before():
    pages = [article_page(head=HEAD), article_page(paragraphs(*SENTENCES[::-1])), article_page(paragraphs(*SENTENCES * 3))]
    first = [to_json(read_page(markup)) for markup in pages]
    again = [to_json(read_page(markup)) for markup in [*pages[::-1], *pages[::-1]]]
    assert again == first[::-1] * 2


@pytest.mark.parametrize("seed", ["1", "77"])
def test_reading_is_the_same_in_another_process(seed):
    code = (
        "from tests.spiders.reading.gazette import *; from warehouse.contracts import to_json;"
        "print(to_json(read_page(article_page(before='<p class=byline>By Rima Haddad</p>'))))"
    )
    root = Path(__file__).resolve().parents[3]
    told = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, cwd=root, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == to_json(read_page(article_page(before="<p class=byline>By Rima Haddad</p>")))


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='article-body'>",
            "</div>",
            "<article>",
            "<table><tr><td>",
            "<ul><li>",
            "<br>",
            "<h1>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
        ]
    )
    | st.sampled_from(
        [
            "<script type='application/ld+json'>",
            '{"@type":"NewsArticle","author":[null,{"name":1}],"datePublished":["x"]}',
            "<meta property='og:title' content='&#0;'>",
        ]
    )
    | st.sampled_from(
        [
            "<time datetime='2024-99-99T'>",
            "<a href='http://['>",
            "<link rel=canonical href='http://['>",
            "&#xD800;",
            "\x00",
            "\ufffe",
            *SENTENCES,
        ]
    )
    | st.text(max_size=20),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(MARKUP)
def test_any_markup_is_read_without_an_exception(pieces):
    found = read_page("".join(pieces))
    assert isinstance(found, Article | Rejection)
    assert getattr(found, "reason", "") != "unreadable"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_read_without_an_exception(body, content_type):
    found = read(
        Page(capture(content_type=content_type), body), outlet(drop=["p"], keep=["p:first-child"], body=["body"], drop_texts=["a{3}"])
    )
    assert isinstance(found, Article | Rejection)
    assert getattr(found, "reason", "") != "unreadable"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("- Advertisement -", "control"),
        ("ADVERTISEMENT", "control"),
        ("Story continues below advertisement", "control"),
        ("Click to see full-size image", "control"),
        ("Tap on the photo to enlarge", "control"),
        ("إعلان", "control"),
        ("РЕКЛАМА", "control"),
        ("- Anzeige -", "control"),
        ("$$ARTICLEAD$$", "template"),
        ("{{ advert.label }}", "template"),
    ],
)
def test_a_line_that_is_no_story_anywhere_goes_from_the_middle_of_it(line, rule):
    found = article(article_page(paragraphs(*SENTENCES[:3], line, *SENTENCES[3:])))
    assert found.text == STORY
    assert [(block.text, block.rule) for block in found.removed_blocks if block.text == line] in ([], [(line, rule)])  # or trafilatura's


def test_a_caption_that_is_printed_again_as_a_paragraph_goes():
    caption = "Masons set the last stone of the third arch, on a Sunday in April."
    figure = f"<figure><img src='b.jpg'><figcaption>{caption}</figcaption></figure><p>{caption}</p>"
    assert article(article_page(paragraphs(*SENTENCES[:2]) + figure + paragraphs(*SENTENCES[2:]))).text == STORY


def test_section_and_tags_leave_the_edges_and_stay_as_sub_headings():
    head = '<meta property="article:section" content="Bridges"><meta name="keywords" content="floods, masons, Ouselle">'
    story = (
        "<p>Bridges</p>"
        + paragraphs(*SENTENCES[:3])
        + "<h2>Masons</h2>"
        + paragraphs(*SENTENCES[3:])
        + "<p>Tags: floods, masons, Ouselle</p>"
    )
    assert article(article_page(story, head=head)).text.split("\n\n") == [*SENTENCES[:3], "Masons", *SENTENCES[3:]]


def test_a_change_date_below_the_story_goes():
    assert article(article_page(paragraphs(*SENTENCES, "Last updated: 7 May 2024, 10:30"))).text == STORY
