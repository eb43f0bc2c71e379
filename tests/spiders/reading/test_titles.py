import pytest

from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from spiders.reading.titles import names_of, title_of, without_site

HEADLINE = "Council adopts budget after long night"


def title(head: str, body: str = "", names: tuple[str, ...] = ("The Gazette",), offered: str | None = None) -> str:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return title_of(collect(tree, "https://www.gazette.org/a"), names, offered)


@pytest.mark.parametrize(
    "glued",
    [
        f"{HEADLINE} | The Gazette",
        f"{HEADLINE} - The Gazette",
        f"{HEADLINE} – City – The Gazette Online",
        f"The Gazette: {HEADLINE}".replace(":", " :"),
        f"{HEADLINE} | gazette.org",
        f"{HEADLINE}|The Gazette",
        f"{HEADLINE} « The Gazette",
    ],
)
def test_the_sites_name_is_taken_off(glued):
    assert title(f"<title>{glued}</title>").startswith(HEADLINE)
    assert "gazette" not in title(f"<title>{glued}</title>").lower()


def test_a_dash_in_a_headline_stays():
    assert title("<title>Budget adopted – mayor relieved | The Gazette</title>") == "Budget adopted – mayor relieved"
    assert without_site("Left-wing gain", frozenset({"left"})) == "Left-wing gain"


def test_the_title_is_what_most_statements_agree_on():
    head = f'<title>{HEADLINE} | The Gazette</title><meta property="og:title" content="{HEADLINE}">'
    assert title(head, "<h1>The Gazette</h1>") == HEADLINE
    assert title(head, "<h1>Weather and traffic</h1>") == HEADLINE
    assert title('<meta property="og:title" content="Short for networks">', f"<h1>{HEADLINE}</h1>") == HEADLINE


def test_an_unknown_name_is_taken_off_where_another_statement_lacks_it():
    head = f'<title>{HEADLINE} | Opinion | Unknown Paper</title><meta property="og:title" content="{HEADLINE} | Opinion | Unknown Paper">'
    assert title(head, f"<h1>{HEADLINE}</h1>") == HEADLINE


def test_references_are_undone_once():
    assert title('<meta property="og:title" content="Q&amp;amp;A: what&amp;#8217;s next">') == "Q&A: what’s next"
    assert title("", "<h1>How to write &amp;lt;b&amp;gt;</h1>") == "How to write &lt;b&gt;"


def test_the_links_title_is_the_last_resort_and_a_url_is_none():
    assert title("", "", offered="From the feed") == "From the feed"
    assert title("", "", offered="https://x.org/a") == ""
    assert title("<title>The Gazette</title>") == "The Gazette"
    assert title("<title>The Gazette</title>", "", offered="From the feed") == "From the feed"


def test_arabic_titles_lose_the_sites_name_too():
    assert title("<title>المجلس يقر الميزانية | عنب بلدي</title>", names=("عنب بلدي",)) == "المجلس يقر الميزانية"


def test_a_site_goes_by_its_host_too():
    tree = parse("<html><body></body></html>")
    assert tree is not None
    assert {"gazette", "gazetteorg"} <= names_of(collect(tree, "https://www.gazette.org/a"), [])
