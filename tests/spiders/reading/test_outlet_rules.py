import pytest

from spiders.reading.markup import parse
from spiders.reading.rules import body_of, dropping, prune, said, select
from spiders.reading.text import blocks
from tests.spiders.reading.gazette import HEADLINE, SENTENCES, article, article_page, outlet, page, paragraphs

STORY = "\n\n".join(SENTENCES)
METER = '<div class="goal"><p>0 $</p><p>2,500 $</p><p>JULY 2022</p></div>'
PLEA = '<div class="plea"><p>Support us: free media need you.</p></div>'


def tree(markup: str):
    found = parse(markup)
    assert found is not None
    return found


def test_a_dropped_element_is_out_of_the_text_and_in_the_record_at_its_place():
    story = paragraphs(*SENTENCES[:3]) + PLEA + paragraphs(*SENTENCES[3:]) + PLEA
    found = article(article_page(story, before=METER), outlet(drop=[".goal", ".plea"]))
    assert found.text == STORY
    assert [(block.position, block.text, block.reason, block.rule) for block in found.removed_blocks] == [
        (0, "0 $\n\n2,500 $\n\nJULY 2022", "outlet", ".goal"),
        (3, "Support us: free media need you.", "outlet", ".plea"),
        (6, "Support us: free media need you.", "outlet", ".plea"),
    ]


def test_an_empty_element_leaves_no_record():
    assert article(article_page(before="<div class='goal'><img src='x'></div>"), outlet(drop=[".goal"])).removed_blocks == ()


def test_a_selector_that_names_the_same_element_twice_counts_once():
    found = article(article_page(before=METER), outlet(drop=["div.goal", ".goal p", ".goal"]))
    assert [block.rule for block in found.removed_blocks] == ["div.goal"]


def test_what_is_kept_survives_the_drop_around_it():
    story = f"<div class='box'><p>Newsletter: subscribe now!</p><p class='fact'>{SENTENCES[0]}</p></div>{paragraphs(*SENTENCES[1:])}"
    found = article(article_page(story), outlet(drop=[".box"], keep=[".fact"]))
    assert found.text == STORY
    assert [block.text for block in found.removed_blocks] == ["Newsletter: subscribe now!"]


def test_what_is_kept_comes_back_where_it_stood():
    story = (
        paragraphs(*SENTENCES[:2])
        + "<aside class='correction'><p>Correction: two arches, not three.</p></aside>"
        + paragraphs(*SENTENCES[2:])
    )
    assert "Correction" not in article(article_page(story)).text
    kept = article(article_page(story), outlet(keep=[".correction"])).text.split("\n\n")
    assert kept == [*SENTENCES[:2], "Correction: two arches, not three.", *SENTENCES[2:]]


def test_the_body_is_where_the_outlet_says():
    other = f"<article>{paragraphs('Another story, long enough to be taken for that of this page, stands first on it. ' * 16)}</article>"
    markup = page(f"{other}<div id='column'>{paragraphs(*SENTENCES)}</div>")
    assert article(markup).text != STORY
    assert article(markup, outlet(body=["#column"])).text == STORY
    assert article(markup, outlet(body=["#nowhere", "#column"])).text == STORY


def test_no_sentence_of_a_given_body_is_lost():
    quote = "“Nobody asked us,” said the baker at the northern end of the bridge on Monday evening."
    parts = paragraphs(*SENTENCES[:2]) + f"<div class='share-box'><p>{quote}</p></div>" + paragraphs(*SENTENCES[2:])
    story = f"<div class='widget sidebar'>{parts}</div>"
    assert article(page(f"<h1>{HEADLINE}</h1>{story}"), outlet(body=[".widget"])).text == "\n\n".join(
        [*SENTENCES[:2], quote, *SENTENCES[2:]]
    )


def test_several_parts_of_a_body_are_read_in_order():
    markup = page("".join(f"<div class='part'>{paragraphs(text)}</div><div class='ad'>Buy!</div>" for text in SENTENCES))
    assert article(markup, outlet(body=["div.part"])).text == STORY


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("- Advertisement -", "- Advertisement -"),
        (r"(?i)click to see .*", "Click to see full-size image"),
        (r"Share|Tweet", "- Share"),
        (r"(Supervisor|Editor in Chief)\s.+", "Supervisor Elham AbolFateh"),
    ],
)
def test_a_text_that_a_pattern_matches_in_full_goes(pattern, text):
    story = paragraphs(*SENTENCES[:2], text, *SENTENCES[2:])
    found = article(article_page(story), outlet(drop_texts=["no such text", pattern]))
    assert found.text == STORY
    assert [(block.position, block.text, block.rule) for block in found.removed_blocks] == [(2, text, pattern)]


def test_a_text_that_a_pattern_matches_in_part_stays():
    assert dropping("Advertisement feature of the year", ["Advertisement"]) is None


def test_a_pattern_that_takes_for_ever_removes_nothing():
    assert dropping("a" * 60 + "!", [r"(a|a|aa)+$(?<!b)b|(?:(a+)+)+c"]) is None


def test_title_author_and_date_come_from_where_the_outlet_points():
    printed = {"title": "The bridge, again", "pen": "Rima Haddad - Damascus", "stamp": "Sat 04 May 2024 | 02:53 PM"}
    before = "".join(f"<div class='{name}'>{text}</div>" for name, text in printed.items())
    rules = outlet(
        title=[".title"], author=[".pen"], date=[".stamp"], date_format=["%a %d %b %Y | %I:%M %p"], drop=[".title", ".pen", ".stamp"]
    )
    found = article(article_page(before=before, head='<meta name="author" content="Someone Else">'), rules)
    assert (found.title, found.authors, found.published_source) == ("The bridge, again", ("Rima Haddad",), "text")


def test_a_selector_that_finds_nothing_gives_way():
    found = article(article_page(head='<meta name="author" content="Omar Nasser">'), outlet(title=[".no"], author=[".no"], body=[".no"]))
    assert (found.title, found.authors, found.text) == (HEADLINE, ("Omar Nasser",), STORY)


def test_the_first_selector_that_finds_anything_is_used():
    page_tree = tree("<p class=a>one</p><p class=b>two</p><meta name=x content=three>")
    assert [element.text for element in select(page_tree, [".c", ".b", ".a"])] == ["two"]
    assert said(page_tree, [".a, .b"]) == ["one", "two"]
    assert said(page_tree, ["meta[name=x]"]) == ["three"]


def test_nested_bodies_count_once():
    assert len(body_of(tree("<div class=a><div class=a><p>x</p></div></div>"), [".a"])) == 1
    assert body_of(tree("<div class=a></div><p>x</p>"), [".a"]) == []


def test_pruning_tells_where_a_cut_stood():
    page_tree = tree("<p>one</p><div class=x>cut</div><p>two</p>")
    pruned = prune(page_tree, [".x"], [])
    assert blocks(page_tree) == ["one", "two"]
    assert [(cut.text, cut.rule, pruned.place(["one", "two"], cut.at)) for cut in pruned.cuts] == [("cut", ".x", 1)]
