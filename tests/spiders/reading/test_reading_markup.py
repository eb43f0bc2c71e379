import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.markup import LONGEST_TAG, defused, drop_unseen, has_overlong_tag, parse, unshielded


def text_of(markup: str) -> str:
    tree = parse(markup)
    return "" if tree is None else unshielded(tree.text_content())


def test_a_fragment_becomes_a_page():
    tree = parse("<p>Words</p>")
    assert tree is not None
    assert tree.tag == "html"
    assert tree.find("body/p").text == "Words"


@pytest.mark.parametrize("markup", ["", " \n ", "<!-- nothing -->", "<!DOCTYPE html>"])
def test_nothing_is_no_page(markup):
    assert parse(markup) is None


@pytest.mark.parametrize("joiner", ["\u200c", "&zwnj;", "&#8204;", "&#x200C;", "&#x200c"])
def test_the_joiner_that_spells_persian_survives_in_every_notation(joiner):
    assert text_of(f"<p>می{joiner}خواهم</p>") == "می\u200cخواهم"


def test_the_joiner_that_makes_families_survives():
    assert text_of("<p>👨&#8205;👩\u200d👧</p>") == "👨\u200d👩\u200d👧"


def test_a_doctype_is_gone_before_any_pattern_meets_it():
    markup = "<!DOCTYPE " + "/ " * 40_000 + "><html><body><p>words</p></body></html>"
    assert defused(markup.encode()) == b"<html><body><p>words</p></body></html>"
    assert text_of(markup) == "words"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["<a", "<1", "<", ">", "x", "<script>", "ж"]),
            st.sampled_from([0, 1, 77, LONGEST_TAG // 2, LONGEST_TAG - 2, LONGEST_TAG - 1, LONGEST_TAG, LONGEST_TAG + 1, 2 * LONGEST_TAG]),
        ),
        max_size=6,
    )
)
def test_a_tag_is_overlong_wherever_it_stands(parts):
    markup = "".join(mark + "y" * size for mark, size in parts).encode()
    assert has_overlong_tag(markup) == (re.search(rb"<[a-zA-Z][^<>]{%d,}" % (LONGEST_TAG - 1), markup) is not None)


def test_a_tag_of_a_hundred_thousand_attributes_keeps_none():
    markup = "<div " + " ".join(f"a{i}=1" for i in range(100_000)) + "><p>words</p></div>"
    assert defused(markup.encode()) == b"<div ><p>words</p></div>"
    assert text_of(markup) == "words"


def test_a_long_value_goes_and_the_names_of_its_element_stay():
    tree = parse(f'<div class="story" data-state="{"x" * LONGEST_TAG}" id="one"><p>words</p></div>')
    assert tree is not None
    div = tree.find(".//div")
    assert (div.get("class"), div.get("id"), div.get("data-state")) == ("story", "one", "")


def test_what_lies_deep_or_behind_megabytes_is_still_there():
    assert "words" in text_of("<body>" + "<div>" * 1000 + "<p>words</p>")
    assert "words" in text_of("<body><script>" + "a;" * 6_000_000 + "</script><p>words</p>")


def test_html_that_closes_itself_does_not_end_the_page():
    assert text_of('<html lang="en" />\n<body><p>words</p></body>').strip() == "words"


def test_controls_and_lone_surrogates_are_no_text():
    assert text_of("<p>a\x00b\x07c\x1b[1md\ufffee\uffff&#xD800;f</p>").replace("\ufffd", "") == "abc[1mdef"


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_any_text_parses(text):
    parse(text)
    parse(f"<html><body>{text}</body></html>")


def test_what_a_page_says_to_printers_alone_is_no_text():
    story = "".join(f"<p>The ferry was late on day {day}, and nobody on the pier had been told why it was.</p>" for day in range(9))
    page = parse(
        f"<body><article>{story}</article><div class='print-warning'><div>Not all pictures are loaded: close this.</div></div></body>"
    )
    drop_unseen(page)
    assert "pictures" not in page.text_content() and "day 8" in page.text_content()
    for name in ("print-only", "only-print", "col print-only wide"):
        page = parse(
            f"<body><p class='{name}'>Printed from our pages.</p><p class='d-print-none'>Seen.</p><p class='blueprint'>Drawn.</p></body>"
        )
        drop_unseen(page)
        assert page.text_content() == "Seen.Drawn."
