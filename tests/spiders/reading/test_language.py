import pytest

from spiders.reading.language import language_of, normal, script_of
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


def test_where_nobody_says_anything_the_letters_may():
    assert [language(text) for text in ("ar", "ckb", "fa", "el", "ko", "ja", "zh")] == ["ar", "ckb", "fa", "el", "ko", "ja", "zh"]
    assert language("en") is None
    assert language("en", declared=("en",)) == "en"


def test_meta_and_json_ld_are_asked_too():
    assert language("en", head='<meta property="og:locale" content="en_GB">') == "en"
    assert language("en", head='<script type="application/ld+json">{"@type": "Article", "inLanguage": "en-US"}</script>') == "en"


def test_a_short_or_mixed_text_has_no_script():
    assert script_of("Ja") is None
    assert script_of(TEXTS["en"]) == "latn"
