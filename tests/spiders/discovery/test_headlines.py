"""Headlines: markup in, plain text out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.discovery.titles import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Plain", "Plain"),
        (" two\n  lines ", "two lines"),
        ("<b>Bold</b> and <i>not</i>", "Bold and not"),
        ("One<br/>two<p>three", "One two three"),
        ("AT&amp;T &#8217;s &nbsp; day", "AT&T ’s day"),
        ("a < b > c &lt;b&gt;", "a < b > c <b>"),
        ("<script>alert(1)</script>Story<style>p{}</style>", "Story"),
        ("<!-- note -->Story", "Story"),
        ("Safe\u202eevil\u2066 \x07bell", "Safeevil bell"),
        ("می\u200cخواهم 👩\u200d👧", "می\u200cخواهم 👩\u200d👧"),  # joiners are letters of their own kind
        ("\ud800", "?"),
        ("<p></p>", None),
        ("", None),
    ],
)
def test_markup_becomes_text(markup: str, text: str | None) -> None:
    assert plain_text(markup) == text


def test_a_headline_is_cut_at_a_thousand_characters() -> None:
    assert len(plain_text("x" * 100_000) or "") == 1_000


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>!-/abcript& ;#0\u202e\n", max_size=80))
def test_no_markup_raises_and_the_result_is_one_line(markup: str) -> None:
    text = plain_text(markup)
    assert text is None or (text == text.strip() and "\n" not in text and text)
