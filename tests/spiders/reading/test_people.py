import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from spiders.reading.people import authors_of, people, split
from spiders.reading.text import key

OWN = frozenset({key("The Gazette"), "gazette", "gazetteorg", key("رووداو"), "rudaw"})


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Rima Haddad", ["Rima Haddad"]),
        ("Rima Haddad and Omar Nasser", ["Rima Haddad", "Omar Nasser"]),
        ("By Rima Haddad, Omar Nasser & Lin Wei", ["Rima Haddad", "Omar Nasser", "Lin Wei"]),
        ("بقلم: ريما حداد و عمر ناصر", ["ريما حداد", "عمر ناصر"]),
        ("سلمى النجار | عمر دياب", ["سلمى النجار", "عمر دياب"]),
        ("Rojda Azad û Dilan Şêx", ["Rojda Azad", "Dilan Şêx"]),
        ("Ayşe Demir ve Can Öz", ["Ayşe Demir", "Can Öz"]),
        ("Von Anna Groß und Jan Klein", ["Anna Groß", "Jan Klein"]),
        ("Marie Curie et Jean Perrin", ["Marie Curie", "Jean Perrin"]),
        ("Rima Haddad, The Gazette", ["Rima Haddad"]),
        ("Rima Haddad | The Jersey Journal", ["Rima Haddad"]),
        ("Rima Haddad, political correspondent", ["Rima Haddad"]),
        ("Rima Haddad Senior Reporter", ["Rima Haddad"]),
        ("Rima Haddad @rimahaddad rima@gazette.org", ["Rima Haddad"]),
        ("Rima Haddad (Damascus)", ["Rima Haddad"]),
        ("RIMA HADDAD", ["Rima Haddad"]),
        ("Haddad, Rima", ["Rima Haddad"]),
        ("Lauren Manaker MS, RDN, LD", ["Lauren Manaker"]),
        ("Martin Luther King, Jr.", ["Martin Luther King"]),
        ("View all posts by Rima Haddad", ["Rima Haddad"]),
        ("<a href='/rima'>Rima Haddad</a>", ["Rima Haddad"]),
        ("Cassandra O&#8217;Neil", ["Cassandra O’Neil"]),
    ],
)
def test_a_byline_names_people(byline, names):
    assert list(people([byline], OWN)) == names


@pytest.mark.parametrize(
    "byline",
    [
        "The Gazette",
        "Gazette Staff",
        "admin",
        "Newsroom",
        "https://www.facebook.com/gazette",
        "news@gazette.org",
        "@gazette",
        "رووداو",
        "هيئة التحرير",
        "",
        "12",
        "—",
    ],
)
def test_an_outlet_an_address_and_a_desk_are_nobody(byline):
    assert people([byline], OWN) == ()


def test_each_is_named_once():
    assert people(["Rima Haddad", "By Rima Haddad", "rima haddad"], OWN) == ("Rima Haddad",)


def test_an_agency_is_named_where_there_is_no_person():
    assert people(["AFP"], OWN) == ("AFP",)
    assert people(["Rima Haddad, AFP"], OWN) == ("Rima Haddad",)


def authors(head: str, body: str = "") -> tuple[str, ...]:
    tree = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return authors_of(collect(tree, "https://gazette.org/a"), tree, OWN)


def test_authors_stand_in_the_data_in_many_shapes():
    for value in [
        '"Rima Haddad"',
        '{"name": "Rima Haddad"}',
        '[{"@type": "Person", "name": ["Rima Haddad"]}]',
        '{"givenName": "Rima", "familyName": "Haddad"}',
    ]:
        assert authors(f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {value}}}</script>') == ("Rima Haddad",)


def test_a_reference_is_followed_and_a_circle_is_left():
    graph = '{"@graph": [{"@type": "Article", "author": {"@id": "#p"}}, {"@type": "Person", "@id": "#p", "name": "Rima Haddad"}]}'
    assert authors(f'<script type="application/ld+json">{graph}</script>') == ("Rima Haddad",)
    circle = '{"@graph": [{"@type": "Article", "author": {"@id": "#p"}}, {"@id": "#p", "x": {"@id": "#p"}}]}'
    assert authors(f'<script type="application/ld+json">{circle}</script>') == ()


def test_an_organisation_gives_way_to_the_printed_byline():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Gazette"}}</script>'
    assert authors(head, '<p class="article-byline">By Rima Haddad</p>') == ("Rima Haddad",)
    assert authors('<meta property="article:author" content="https://facebook.com/g">', '<a rel="author">Omar Nasser</a>') == (
        "Omar Nasser",
    )


def test_those_who_comment_and_those_of_other_stories_are_not_the_authors():
    assert authors("", '<aside><span class="author">Lin Wei</span></aside><form><p class="comment-form-author">Name</p></form>') == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_byline_is_taken(text):
    for name in people([text], OWN):
        assert name == name.strip()
        assert 2 <= len(name) <= 60
    list(split(text))
