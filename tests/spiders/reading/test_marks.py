import pytest

from spiders.reading.marks import mark
from spiders.reading.markup import drop_unseen, parse
from spiders.reading.profile import steady


def element(markup: str):
    tree = parse(f"<html><body>{markup}</body></html>")
    assert tree is not None
    return tree.find("body")[0]


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<div>a</div>", ()),
        ("<p>a</p>", ()),
        ("<article>a</article>", ("article",)),
        ("<div class='text body'>a</div>", ("div.body", "div.text")),
        ("<div id='story' itemprop='articleBody'>a</div>", ('div[itemprop="articleBody"]', "div#story")),
        ("<div id='post-17' class='post-1552834 text'>a</div>", ("div.text",)),  # numbers are of this page alone
        ("<div class='md:flex w-1/2 text'>a</div>", ("div.text",)),
    ],
)
def test_an_element_answers_to_what_is_steady_in_it(markup, names):
    assert mark(element(markup)) == names


def test_an_appeal_that_counts_is_the_same_every_day():
    assert steady("wehave12of300readers") == steady("wehave115of9readers")


@pytest.mark.parametrize(
    "hidden",
    [
        "<span class='sr-only'>, opens new tab</span>",
        "<span class='visually-hidden'>, opens new tab</span>",
        "<span class='screen-reader-text'>, opens new tab</span>",
        "<span style='clip: rect(0 0 0 0); position: absolute'>, opens new tab</span>",
        "<span style='border:0;clip-path:inset(50%)'>, opens new tab</span>",
    ],
)
def test_words_for_screen_readers_go_from_the_middle_of_a_sentence(hidden):
    found = element(f"<p>The bridge <a href='/x'>opened{hidden}</a> on Monday.</p>")
    drop_unseen(found)
    assert found.text_content() == "The bridge opened on Monday."


def test_a_long_text_that_is_not_seen_yet_stays():
    found = element(f"<div><div class='visually-hidden'>{'A story that waits for a click. ' * 10}</div></div>")
    drop_unseen(found)
    assert "waits for a click" in found.text_content()
