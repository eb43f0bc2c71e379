import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.markup import parse
from spiders.reading.text import blocks, clean, count_words, is_sentence, key


def read(markup: str) -> list[str]:
    tree = parse(markup)
    assert tree is not None
    return blocks(tree.find("body"))


def test_blocks_come_in_the_order_of_the_page():
    assert read("<h2>One</h2><p>Two <b>and</b> more</p><ul><li>three</li><li><p>four</p></li></ul><blockquote>five</blockquote>six") == [
        "One",
        "Two and more",
        "- three",
        "- four",
        "five",
        "six",
    ]


def test_line_breaks_end_a_block_and_inline_elements_do_not():
    assert read("<p>Roses<br>are <em>r</em>ed<br/><br/>violets</p>") == ["Roses", "are red", "violets"]


def test_a_row_is_one_block_unless_its_cells_hold_paragraphs():
    assert read("<table><tr><td>a</td><td>b</td></tr><tr><td><p>One.</p><p>Two.</p></td></tr></table>") == ["a | b", "One.", "Two."]


def test_what_is_not_said_is_not_read():
    assert read("<p>words</p><script>code()</script><style>p{}</style><p>* * *</p><p>&nbsp;</p><select><option>x</option></select>") == [
        "words"
    ]


def test_an_item_of_several_paragraphs_is_marked_once():
    assert read("<ul><li><p>one</p><p>more of one</p></li><li></li><li>two</li></ul><p>after</p>") == [
        "- one",
        "more of one",
        "- two",
        "after",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("one \u00a0 two\n\tthree", "one two three"),
        ("so\u00adft hy\u200bphen\ufeff", "soft hyphen"),
        ("evil \u202etxt\u202c \u2066x\u2069 \u200emark\u200f", "evil txt x mark"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧 ✌️", "👨\u200d👩\u200d👧 ✌️"),
        ("cafe\u0301", "café"),
        ("icon \ue001 gone \x1b[0m\x07", "icon gone [0m"),
        ("line\u2028two\u2029three", "line two three"),
        ("تـطـويل ١٢٣", "تـطـويل ١٢٣"),
    ],
)
def test_characters_are_cleaned_knowingly(written, read):
    assert clean(written) == read


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n" not in once


def test_words_are_counted_over_joiners():
    assert count_words("می\u200cخواهم بروم – 2,5 Mio.") == 5
    assert count_words("") == 0


def test_a_key_is_what_a_text_says():
    assert key("“It’s over,” he said – 2:1") == key("It's over he said 21") == "itsoverhesaid21"


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_a_key_of_ascii_is_made_by_bytes_and_is_the_same(text):
    assert key(text) == re.sub(r"[\W_]+", "", text).casefold()


@pytest.mark.parametrize("text", ["He said so.", "Really?", "“Yes.”", "قال ذلك؟", "終わった。", "He said:", "«Да!»"])
def test_sentences_are_told_by_their_end(text):
    assert is_sentence(text)
    assert not is_sentence("Share this story")
