import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.language import language_of, normal
from spiders.reading.markup import parse
from spiders.reading.metadata import collect

TEXTS = {
    "en": "The council met on Tuesday and adopted its budget for the coming year, the mayor said.",
    "ar": "اجتمع مجلس المدينة يوم الثلاثاء وأقر ميزانية العام المقبل، كما أعلن رئيس البلدية.",
    "ckb": "ئەنجوومەنی شار ڕۆژی سێشەممە کۆبووەوە و بودجەی ساڵی داهاتووی پەسەند کرد، سەرۆکی شارەوانی ڕایگەیاند.",
    "kmr": "Encûmena bajêr roja sêşemê civiya û budceya sala bê pejirand, serokê şaredariyê got.",
    "fa": "شورای شهر روز سه‌شنبه گرد هم آمد و بودجهٔ سال آینده را تصویب کرد. پل چوبی نیز ترمیم می‌شود.",
    "ru": "Совет города собрался во вторник и принял бюджет на следующий год, сообщил мэр.",
    "ja": "市議会は火曜日に開かれ、来年度の予算を可決したと市長が発表した。",
    "zh": "市议会星期二开会并通过了明年的预算，市长说。三个街区的居民将有一条新的公共汽车路线。",
    "ko": "시의회는 화요일에 열려 내년도 예산을 통과시켰다고 시장이 밝혔다.",
    "el": "Το δημοτικό συμβούλιο συνεδρίασε την Τρίτη και ενέκρινε τον προϋπολογισμό.",
}


def long(language: str) -> str:
    """The text of ``language``, long enough to speak for itself."""
    return " ".join([TEXTS[language]] * 3)


def language(text: str, lang: str = "", declared: tuple[str, ...] = (), head: str = "") -> str | None:
    tree = parse(f'<html lang="{lang}"><head>{head}</head><body></body></html>')
    assert tree is not None
    return language_of(collect(tree, "https://x.org/"), TEXTS.get(text, text), declared)


@pytest.mark.parametrize(
    ("tag", "subtag"),
    [
        ("en_US", "en"),
        ("en-GB", "en"),
        ("AR", "ar"),
        ("zh-Hant-TW", "zh"),
        ("ckb", "ckb"),
        ("English", "en"),
        ("iw", "he"),
        ("", None),
        ("x", None),
        ("12", None),
        ("english-us", None),
    ],
)
def test_tags_are_brought_to_their_primary_subtag(tag, subtag):
    assert normal(tag) == subtag


@pytest.mark.parametrize("tag", ["en", "ar", "fa", "ru", "ja", "zh", "ko", "el"])
def test_a_page_that_is_right_is_believed(tag):
    assert language(tag, lang=tag) == tag


def test_kurdish_goes_by_its_script():
    assert language("ckb", lang="ku") == "ckb"
    assert language("kmr", lang="ku") == "kmr"
    assert language("ckb", lang="ku-Arab", declared=("ckb", "kmr")) == "ckb"
    assert language("kmr", lang="ku", declared=("kmr",)) == "kmr"


def test_an_absurd_statement_gives_way_to_the_outlets():
    assert language("ar", lang="en", declared=("ar",)) == "ar"
    assert language("ckb", lang="ar", declared=("ckb",)) == "ckb"
    assert language("en", lang="fr", declared=("en",)) == "en"
    assert language("ru", lang="en", declared=("ru", "en")) == "ru"
    assert language("en", lang="ru", declared=("ru", "en")) == "en"


def test_the_outlets_name_for_a_language_is_used():
    assert language("Stortinget vedtok budsjettet tirsdag kveld, sier ordføreren.", lang="nb-NO", declared=("no",)) == "no"


def test_where_nobody_says_anything_the_text_does():
    assert {text: language(text) for text in TEXTS} == {text: text for text in TEXTS}
    assert language("en", declared=("en",)) == "en"


@pytest.mark.parametrize("tag", TEXTS)
def test_a_templates_statement_does_not_change_a_texts_language(tag):
    for lang in ("en", "ar", "tr", "ku", "de"):
        if not (tag in ("ckb", "kmr") and lang == "ku"):
            assert language(long(tag), lang=lang) == tag
            assert language(long(tag), lang=lang, declared=(lang,)) == tag


@pytest.mark.parametrize("lang", ["en", "ku", "ar", "tr", ""])
def test_kurdish_under_any_name_is_told_by_its_words(lang):
    assert language(long("kmr"), lang=lang, declared=("ku",)) == "kmr"
    assert language(long("ckb"), lang=lang, declared=("ku",)) == "ckb"
    assert language(long("ckb"), lang=lang, declared=("ar", "kmr")) == "ckb"


def test_a_short_text_is_in_the_language_that_is_stated():
    assert language("Roja Sêşemê", lang="ku") == "kmr"
    assert language("Serokomar ziyareta Amedê kir", lang="ku", declared=("kmr", "tr")) == "kmr"
    assert language("Wie geht es dir?", declared=("nl",)) == "nl"
    assert language("Ja", lang="da") == "da"
    assert language("Ja") is None


def test_of_two_statements_about_a_short_text_the_likelier_is_believed():
    assert language("Cumhurbaşkanı Erdoğan Ankara'da konuştu", lang="en", declared=("en", "tr")) == "tr"
    assert language("Cumhurbaşkanı Erdoğan Ankara'da konuştu", lang="en", declared=("tr",)) == "tr"
    assert language("Hewlêr, 22.11.2026", lang="en", declared=("kmr",)) == "kmr"


def test_close_languages_are_told_apart_by_what_is_stated():
    text = "Byen fikk en ny linje, sa ordføreren. Arbeidet begynner i mai, og det varer til november. Alle er glade for det nye."
    assert language(text, lang="nb") == "nb"
    assert language(text, lang="nn-NO", declared=("no",)) == "no"
    serbian = "Sud je odredio pritvor za pet osoba koje su optužene za krađu novca. Njihov advokat kaže da su nevini."
    assert [language(serbian, declared=(declared,)) for declared in ("sr", "hr", "bs")] == ["sr", "hr", "bs"]
    assert language(serbian, lang="hr", declared=("sr", "hr")) == "hr"


def test_a_language_that_the_model_does_not_know_is_believed():
    zulu = (
        "Umkhandlu wedolobha uhlangane ngoLwesibili waphasisa isabelomali sonyaka ozayo, kusho imeya. "
        "Abahlali bezindawo ezintathu bazothola umzila omusha webhasi, kanti ukulungiswa kwebhuloho elidala kuzoqala ngoMeyi."
    )
    assert language(zulu, lang="en", declared=("zu",)) == "zu"
    assert language(zulu, lang="en", declared=("zu", "en")) == "zu"


def test_meta_and_json_ld_are_asked_too():
    assert language("en", head='<meta property="og:locale" content="en_GB">') == "en"
    assert language("en", head='<script type="application/ld+json">{"@type": "Article", "inLanguage": "en-US"}</script>') == "en"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.text(max_size=12), st.lists(st.text(max_size=8), max_size=3))
def test_any_text_and_tags_are_taken(text, lang, declared):
    tree = parse("<html><body></body></html>")
    assert tree is not None
    tree.set("lang", "".join(filter(str.isprintable, lang)).encode("utf-8", "ignore").decode())
    facts = collect(tree, "https://x.org/")
    found = language_of(facts, text, declared)
    assert found is None or (found.isascii() and 2 <= len(found) <= 3)
    assert language_of(facts, text, declared) == found
