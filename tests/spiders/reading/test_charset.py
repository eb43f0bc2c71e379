from encodings.aliases import aliases

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.charset import decode

STORIES = {
    "en": "The council met on Tuesday – “at last”, said the mayor – and it’s adopted the budget of £3m for the coming year.",
    "ar": "اجتمع مجلس المدينة يوم الثلاثاء وأقر ميزانية العام المقبل، كما أعلن رئيس البلدية. وسيحصل سكان ثلاثة أحياء على خط حافلات جديد.",
    "fa": "شورای شهر روز سه شنبه گرد هم آمد و بودجه سال آينده را تصويب کرد. ساکنان سه محله خط اتوبوس تازه اي خواهند داشت.",
    "ru": "Совет города собрался во вторник и принял бюджет на следующий год. Ремонт старого моста начнётся в мае.",
    "uk": "Міська рада зібралася у вівторок і ухвалила бюджет на наступний рік, повідомив мер. Ремонт старого мосту почнеться в травні.",
    "el": "Το δημοτικό συμβούλιο συνεδρίασε την Τρίτη και ενέκρινε τον προϋπολογισμό για το επόμενο έτος, είπε ο δήμαρχος.",
    "he": "מועצת העיר התכנסה ביום שלישי ואישרה את התקציב לשנה הבאה, אמר ראש העיר. שיפוץ הגשר הישן יתחיל במאי.",
    "tr": "Şehir meclisi salı günü toplandı ve gelecek yılın bütçesini kabul etti, dedi başkan. Köprünün onarımı mayısta başlayacak.",
    "pl": "Rada miasta zebrała się we wtorek i przyjęła budżet na przyszły rok. Mieszkańcy trzech dzielnic dostaną nową linię autobusową.",
    "cs": "Městská rada se sešla v úterý a schválila rozpočet na příští rok. Obyvatelé tří čtvrtí dostanou novou autobusovou linku.",
    "es": "El concejo se reunió el martes y aprobó el presupuesto del próximo año. ¿Por qué tardó tanto? Mañana se sabrá más.",
    "de": "Der Stadtrat tagte am Dienstag und beschloss den Haushalt für das nächste Jahr. Die Brücke wird ab Mai erneuert, größer als je.",
    "ja": "市議会は火曜日に開かれ、来年度の予算を可決したと市長が発表した。古い橋の修理は五月に始まる。",
    "ko": "시의회는 화요일에 열려 내년도 예산을 통과시켰다고 시장이 밝혔다. 낡은 다리의 보수 공사는 오월에 시작된다.",
    "zh": "市议会星期二开会并通过了明年的预算，市长说。三个街区的居民将有一条新的公共汽车路线，旧桥的修缮将于五月开始。",
    "th": "สภาเมืองประชุมเมื่อวันอังคารและอนุมัติงบประมาณสำหรับปีหน้า นายกเทศมนตรีกล่าว",
}
CHARSETS = {
    "en": ["windows-1252"],
    "ar": ["windows-1256", "iso-8859-6"],
    "fa": ["windows-1256"],
    "ru": ["windows-1251", "koi8-r", "iso-8859-5"],
    "uk": ["windows-1251", "koi8-u"],
    "el": ["windows-1253", "iso-8859-7"],
    "he": ["windows-1255", "iso-8859-8"],
    "tr": ["windows-1254", "iso-8859-9"],
    "pl": ["windows-1250", "iso-8859-2"],
    "cs": ["windows-1250", "iso-8859-2"],
    "es": ["windows-1252", "iso-8859-1"],
    "de": ["windows-1252", "iso-8859-15"],
    "ja": ["shift_jis", "euc-jp", "iso-2022-jp"],
    "ko": ["euc-kr"],
    "zh": ["gb18030", "big5"],
    "th": ["tis-620"],
}
CASES = [(language, charset) for language, charsets in CHARSETS.items() for charset in [*charsets, "utf-8", "utf-16"]]
HEADERS = {
    "true": "text/html; charset={}",
    "absent": "text/html",
    "the server's default": "text/html; charset=ISO-8859-1",
    "wrong": "text/html; charset=utf-8",
}


def page(language: str, charset: str, names_language: bool) -> tuple[str, bytes]:
    lang = f' lang="{language}"' if names_language else ""
    text = f"<html{lang}><head><title>x</title></head><body><p class='story'>{STORIES[language]}</p></body></html>"
    body = text.encode(charset, "ignore")
    return body.decode(charset), body


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize(("language", "charset"), CASES)
def test_a_page_is_read_whatever_its_header_says(language, charset, header):
    for names_language in (True, False):
        text, body = page(language, charset, names_language)
        assert decode(body, HEADERS[header].format(charset)) == text


def test_the_outlets_language_helps_where_the_page_says_nothing():
    body = "<p>Ошибка</p>".encode("koi8-r")  # too short to tell
    assert decode(body, "", ["ru"]) == "<p>Ошибка</p>"


def test_the_page_is_believed_before_a_servers_default():
    body = f'<html><head><meta charset="windows-1256"></head><p>{STORIES["ar"]}</p>'.encode("windows-1256")
    assert STORIES["ar"] in decode(body, "text/html; charset=iso-8859-1")


def test_a_byte_order_mark_goes_before_everything_and_is_no_text():
    assert decode(b"\xef\xbb\xbf<p>\xc3\xa9", "text/html; charset=windows-1251") == "<p>é"


def test_utf16_without_a_mark_shows_in_its_nuls():
    for charset in ("utf-16-le", "utf-16-be"):
        assert decode("<html><body><p>plain words</p></body></html>".encode(charset)) == "<html><body><p>plain words</p></body></html>"


@pytest.mark.parametrize("language", ["es", "de", "tr", "ru", "ar", "zh"])
def test_one_broken_byte_does_not_cost_a_utf8_page(language):
    body = f"<p>{STORIES[language]}</p>".encode()
    broken = body[:-4] + b"\xff" + body[-4:]
    assert STORIES[language][:30] in decode(broken, "text/html; charset=utf-8")
    assert decode(broken).count("\ufffd") == 1


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=no-such-thing", "text/html; charset=", "charset=utf-7", "\x00", "text/html; charset=utf-16"]
)
def test_a_nonsense_charset_is_passed_over(content_type):
    assert decode("<p>naïve café</p>".encode(), content_type) == "<p>naïve café</p>"
    assert decode("<p>naïve café à la carte</p>".encode("latin-1"), content_type) == "<p>naïve café à la carte</p>"


@pytest.mark.parametrize("codec", ["undefined", "unicode_escape", "punycode", "idna", "rot13", "base64", "utf-7", "cp037", "hz", "mbcs"])
def test_what_browsers_refuse_is_no_charset_of_a_page(codec):
    text = "<p>naïve café à la carte \\u0041 +AGE-</p>"
    assert decode(text.encode("latin-1"), f"text/html; charset={codec}") == text
    assert decode(text.encode(), f"text/html; charset={codec}") == text


@pytest.mark.parametrize(
    ("label", "language", "codec"),
    [
        ("x-cp1256", "ar", "cp1256"),
        ("x-gbk", "zh", "gbk"),
        ("ks_c_5601-1989", "ko", "cp949"),
        ("x-euc-jp", "ja", "euc-jp"),
        ("koi", "ru", "koi8-r"),
        ("logical", "he", "iso8859-8"),
        ("x-sjis", "ja", "cp932"),
        ("dos-874", "th", "cp874"),
        ("x-cp1251", "uk", "cp1251"),
        ("l2", "cs", "iso8859-2"),
    ],
)
def test_a_label_that_only_browsers_know_is_understood(label, language, codec):
    text = f'<html><head><meta charset="{label}"></head><p>{STORIES[language]}</p></html>'
    body = text.encode(codec, "ignore")
    assert decode(body) == body.decode(codec)
    assert decode(body.replace(label.encode(), b"x"), f"text/html; charset={label}") == body.decode(codec).replace(label, "x")


def test_a_page_of_utf8_that_calls_itself_otherwise_is_read_as_utf8():
    for label in ("iso-8859-1", "windows-1251", "gb2312", "utf-16", "x-user-defined"):
        text = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head><p>{STORIES["tr"]}</p></html>'
        assert decode(text.encode(), f"text/html; charset={label}") == text


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["cp1251", "cp1256", "koi8-r", "cp1254", "shift_jis", "euc-kr", "gb18030", "big5", "utf-8", "utf-16"]))
def test_what_was_encoded_as_stated_comes_back(data, codec):
    """Text long enough to be its charset's, under a header that names it."""
    language = {"cp1251": "ru", "koi8-r": "ru", "cp1256": "ar", "cp1254": "tr", "shift_jis": "ja", "euc-kr": "ko"}.get(codec, "zh")
    words = STORIES[language].split() if language not in ("ja", "zh") else [STORIES[language][at : at + 5] for at in range(0, 35, 5)]
    text = "<p>" + " ".join(data.draw(st.lists(st.sampled_from(words), min_size=12, max_size=60))) + "</p>"
    body = text.encode(codec, "ignore")
    assert decode(body, f"text/html; charset={codec}") == body.decode(codec)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.one_of(st.text(max_size=40), st.sampled_from(sorted(aliases)).map("text/html; charset={}".format)))
def test_any_bytes_decode(body, content_type):
    assert isinstance(decode(body, content_type), str)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff\x1b"), max_size=200))
def test_utf8_comes_back_as_it_was(text):
    assert decode(f"<p>{text}</p>".encode()) == f"<p>{text}</p>"
