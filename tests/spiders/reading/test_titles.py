import pytest

from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from spiders.reading.titles import names_of, site_affixes, title_of, without_site

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


def test_the_headline_is_the_h1_that_the_head_speaks_of():
    head = f'<title>{HEADLINE} | Unknown Paper</title><meta property="og:title" content="{HEADLINE} | Unknown Paper">'
    assert title(head, f"<h1>Rivers</h1><article><h1>{HEADLINE}</h1></article><aside><h1>Most read</h1></aside>") == HEADLINE
    assert title(head, "<h1>Unknown Paper</h1>").startswith(HEADLINE)


def test_print_and_data_outweigh_what_is_written_for_networks_and_search_engines():
    ld = f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{HEADLINE}"}}</script>'
    social = (
        '<meta property="og:title" content="Budget night"><meta name="twitter:title" content="Budget night"><title>Budget night</title>'
    )
    assert title(social + ld, f"<h1>{HEADLINE}</h1>") == HEADLINE


def test_a_kicker_in_the_headlines_element_is_no_part_of_it():
    head = f'<meta property="og:title" content="{HEADLINE}">'
    assert title(head, f"<h1><span>City</span><span>{HEADLINE}</span></h1>") == HEADLINE
    assert title("", f"<h1><span>City</span> <span>{HEADLINE}</span></h1>") == f"City {HEADLINE}"


def test_elements_in_a_headline_break_no_word_and_no_punctuation():
    assert (
        title("", "<h1>The <em>Ouselle</em>: a river, <b>not</b> a border<script>x()</script></h1>") == "The Ouselle: a river, not a border"
    )
    assert title("", "<h1>What l’<i>Humanité</i> wrote<button>Copy link</button></h1>") == "What l’Humanité wrote"


def test_labels_and_sections_at_the_ends_are_taken_off():
    assert title(f"<title>{HEADLINE} (video)</title>") == HEADLINE
    assert title(f"<title>Opinion | {HEADLINE} | Editorial – The Gazette</title>") == HEADLINE
    section = '<meta property="article:section" content="Town Hall">'
    assert title(f"<title>{HEADLINE} | Town Hall</title>{section}") == HEADLINE
    assert title(f"<title>{HEADLINE} | The mayor explains</title>") == f"{HEADLINE} | The mayor explains"


def test_the_longer_part_behind_a_dash_is_of_the_headline():
    told = "Rivers in 2024 - floods, levels and all results"
    assert title(f'<title>{told}</title><meta property="og:title" content="{told}">', "<h1>Rivers in 2024</h1>") == told


def test_a_cut_headline_votes_for_the_whole_one():
    whole = "The council of the town has after a long night of talks adopted the budget that it had rejected"
    metas = f'<meta property="og:title" content="{whole[:70]}…"><meta name="twitter:title" content="{whole[:66]}...">'
    head = f"{metas}<title>{whole[:64]}</title>"
    assert title(head, f"<h1>{whole}</h1>") == whole


def test_a_page_without_h1_may_print_its_headline_otherwise():
    assert title(f"<title>{HEADLINE} - Some - Paper</title>", f"<h2>{HEADLINE}</h2>") == HEADLINE
    assert title(f"<title>{HEADLINE} :: Paper</title>", f"<div itemprop='headline'>{HEADLINE}</div>") == HEADLINE


def test_the_pages_of_an_outlet_teach_its_affixes():
    headlines = [
        "Bridge opens",
        "Mayor resigns - again",
        "Flood: what we know",
        "Bakery wins | the interview",
        "School shuts",
        "Road closed",
    ]
    titles = [f"{headline} | {'City' if number % 2 else 'Sport'} | The Gazette" for number, headline in enumerate(headlines)]
    assert site_affixes(titles) == ("The Gazette", "City", "Sport")
    assert site_affixes(reversed(titles)) == site_affixes(titles)
    assert site_affixes([f"Gazette » {headline}" for headline in headlines]) == ("Gazette",)
    assert site_affixes(headlines) == ()
    assert site_affixes(titles[:2]) == ()
    assert title(f"<title>{titles[0]}</title>", names=site_affixes(titles)) == "Bridge opens"


@pytest.mark.parametrize("hostile", ["a | " * 50_000, "—" * 100_000, "x" * 1_000_000, " - ".join("ab" * 20_000)])
def test_a_hostile_title_is_cut(hostile):
    assert len(title(f"<title>{hostile}</title><meta property='og:title' content='{hostile}'>", f"<h1>{hostile}</h1>")) <= 1000
