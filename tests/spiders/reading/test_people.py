import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from spiders.reading.people import authors_of, people, split
from spiders.reading.text import key

SENTENCE = "<p>The old bridge over the Ouselle opened again on Monday, nine years after a flood took two of its five arches.</p>" * 3
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
        ("By Rima Haddad in Berlin and Omar Nasser in Paris", ["Rima Haddad", "Omar Nasser"]),
        ("Rima Haddad, Omar Nasser, and Lin Wei, The Gazette", ["Rima Haddad", "Omar Nasser", "Lin Wei"]),
        ("Rima Haddad/AFP", ["Rima Haddad"]),
        ("Rima Haddad – Reuters", ["Rima Haddad"]),
        ("The Gazette – Rima Haddad", ["Rima Haddad"]),
        ("ANKARA - Ayşe Demir", ["Ayşe Demir"]),
        ("AYŞE DEMİR", ["Ayşe Demir"]),
        ("Von Rima Haddad, Berlin", ["Rima Haddad"]),
        ("Par Rima Haddad avec AFP", ["Rima Haddad"]),
        ("Reporting by Rima Haddad; Editing by Omar Nasser", ["Rima Haddad"]),
        ("By Rima Haddad; Photographs by Omar Nasser", ["Rima Haddad"]),
        ("Muhabir: Ayşe Demir, Kamera: Can Öz", ["Ayşe Demir"]),
        ("Автор: Иван Петров", ["Иван Петров"]),
        ("Анна Иванова и Пётр Сидоров, корреспонденты", ["Анна Иванова", "Пётр Сидоров"]),
        ("إعداد وتحرير: ريما حداد", ["ريما حداد"]),
        ("ريما حداد - مراسلة", ["ريما حداد"]),
        ("ئامادەکردنی: هێمن عەبدوڵڵا", ["هێمن عەبدوڵڵا"]),
        ("Ji aliyê Rojda Azad ve", ["Rojda Azad"]),
        ("Staff Writer Rima Haddad", ["Rima Haddad"]),
        ("Rima Haddad, Chief Political Correspondent", ["Rima Haddad"]),
        ("Rima HaddadRima Haddad", ["Rima Haddad"]),
        ("Rima Haddad 3 min read", ["Rima Haddad"]),
        ("By Rima Haddad May 3, 2024", ["Rima Haddad"]),
        ("rima@gazette.org (Rima Haddad)", ["Rima Haddad"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Ana García y Luis Pérez", ["Ana García", "Luis Pérez"]),
        ("박준석 기자, 김태연 기자", ["박준석", "김태연"]),
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
        "Nusaybin/Mardin",
        "MARDİN / NUSAYBİN (DHA)",
        "Staff reporter",
        "Our Correspondent",
        "Haber Merkezi",
        "Редакция",
        "Navenda Nûçeyan",
        "De nos correspondants",
        "Photo by Omar Nasser",
        "Die Gazette (www.gazette.org)",
        "in Beirut",
    ],
)
def test_an_outlet_an_address_and_a_desk_are_nobody(byline):
    assert people([byline], OWN) == ()


def test_each_is_named_once():
    assert people(["Rima Haddad", "By Rima Haddad", "rima haddad"], OWN) == ("Rima Haddad",)


def test_an_agency_is_named_where_there_is_no_person():
    assert people(["AFP"], OWN) == ("AFP",)
    assert people(["Rima Haddad, AFP"], OWN) == ("Rima Haddad",)
    assert people(["AFP/Reuters"], OWN) == ("AFP", "Reuters")
    assert people(["ТАСС"], OWN) == ("ТАСС",)
    assert people(["رويترز"], OWN) == ("رويترز",)


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


def test_who_made_the_pictures_did_not_write_though_the_data_count_him_in():
    head = '<script type="application/ld+json">{"@type": "Article", "author": [{"name": "Rima Haddad"}, {"name": "Omar Nasser"}]}</script>'
    assert authors(head) == ("Rima Haddad", "Omar Nasser")
    body = "<h1>Bridge</h1><div><p class='byline'>By Rima Haddad</p><p class='byline'>Photography by Omar Nasser</p></div>"
    assert authors(head, body) == ("Rima Haddad",)


def test_the_byline_behind_the_headline_is_the_storys_and_cards_are_others():
    card = "<div><h3>Another story of today that is told at some length, so that it is no byline, and goes on</h3>{}</div>"
    bylines = "<div><b class='author'>Rima Haddad</b><b class='author'>Omar Nasser</b></div>"
    body = f"<div class='author'>Lin Wei</div><h1>Bridge</h1>{bylines}{SENTENCE}"
    assert authors("", body + card.format("<b class='author'>Jo Doe</b>") * 3) == ("Rima Haddad", "Omar Nasser")


def test_a_link_to_a_writers_page_is_a_byline_where_nothing_else_is():
    link = "<a href='/autoren/{}'>{}</a>"
    body = f"<h1>Bridge</h1><div>{link.format('rima-haddad', 'Rima Haddad')}</div>{SENTENCE}"
    body += f"<div>{SENTENCE}{link.format('lin-wei', 'Lin Wei')}</div>"
    assert authors("", body) == ("Rima Haddad",)
    assert authors("", "<h1>Bridge</h1><a href='/authority/reports'>Harbour Master</a>") == ()
    assert authors("", "<h1>Bridge</h1><footer><a href='/author/x-y'>Lin Wei</a></footer>") == ()


@pytest.mark.parametrize(
    "hostile", ["by " * 100_000, "a@" * 100_000, "- " * 100_000, "<" * 100_000, "reporter " * 50_000, " " * 500_000 + "x"]
)
def test_a_hostile_byline_is_cut(hostile):
    people([hostile], OWN)
    authors(f"<meta name='author' content='{hostile}'>", f"<h1>x</h1><p class='byline'>{hostile}</p>")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_byline_is_taken(text):
    for name in people([text], OWN):
        assert name == name.strip()
        assert 2 <= len(name) <= 60
    list(split(text))
