import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.ages import age_of, day_named
from spiders.reading.date_words import about, fold, languages, month_of

LATIN = ("en de fr es it pt ca gl ro nl sv nb da fi is pl cs sk hr sl hu et lv lt sq eu tr az ku id").split()  # noqa: SIM905
OTHERS = ("ru uk be bg sr mk kk el ar ckb fa ur he hy ka hi").split()  # noqa: SIM905


@pytest.mark.parametrize("language", [*LATIN, *OTHERS])
def test_every_month_of_the_unicode_locale_data_is_known(language):
    """The months as they stand in dates; the stand-alone ones of babel 2.18 change with the locales loaded before."""
    names = Locale.parse(language).months["format"]["wide"]
    clean = {number: name.removeprefix("de ").removeprefix("d’").removesuffix("ٔ") for number, name in names.items()}
    assert {number: month_of(name, language) for number, name in clean.items()} == {number: number for number in range(1, 13)}


@pytest.mark.parametrize("region", ["SY", "MA", "TN", "DZ", "EG", "IQ"])
def test_every_arab_region_has_its_months(region):
    names = Locale.parse(f"ar_{region}").months["format"]["wide"]
    assert {number: month_of(name, "ar") for number, name in names.items()} == {number: number for number in range(1, 13)}


def test_twelve_months_in_every_language():
    assert all(months == set(range(1, 13)) for months in languages().values())


@pytest.mark.parametrize(
    ("word", "language", "month"),
    [
        ("Mayıs", "", 5),
        ("AĞUSTOS", "tr", 8),
        ("İlon", "ku", 9),
        ("Gulana", "ku", 5),
        ("Îlonê", "", 9),
        ("Çileya Paşîn", "ku", 1),
        ("ئایاری", "ckb", 5),
        ("کانوونی دووەم", "", 1),
        ("تشرین الاول", "", 10),
        ("اغسطس", "ar", 8),
        ("янв.", "", 1),
        ("мая", "ru", 5),
        ("fevrier", "fr", 2),
        ("Sept.", "", 9),
        ("mar", "fi", 11),
        ("mar", "", 3),
        ("listopada", "pl", 11),
        ("listopada", "hr", 10),
        ("listopada", "", None),  # October in Zagreb, November in Warsaw
        ("jui", "fr", None),
        ("marching", "", None),
        ("", "", None),
        ("ma", "en", None),
    ],
)
def test_months_are_known_by_name_and_by_their_beginning(word, language, month):
    assert month_of(word, language) == month


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2 hours ago", 7200),
        ("Updated 5 mins ago", 300),
        ("2h ago", 7200),
        ("an hour ago", 3600),
        ("about 2 hours ago", 7200),
        ("قبل ساعتين", 7200),
        ("منذ 3 ساعات", 10800),
        ("نُشر قبل يوم واحد", 86400),
        ("vor 3 Stunden", 10800),
        ("2 saat önce", 7200),
        ("il y a 2 heures", 7200),
        ("hace una hora", 3600),
        ("há 2 dias", 172800),
        ("2 giorni fa", 172800),
        ("1 uur geleden", 3600),
        ("3 godziny temu", 10800),
        ("för 2 timmar sedan", 7200),
        ("2 timer siden", 7200),
        ("20 минут назад", 1200),
        ("2 години тому", 7200),
        ("berî 2 saetan", 7200),
        ("پێش 2 کاتژمێر", 7200),
        ("بەر لە 2 کاتژمێر", 7200),
        ("3 کاتژمێر لەمەوپێش", 10800),
        ("just now", 0),
        ("2 hours", None),
        ("ago", None),
        ("2 hours ago the bridge fell", None),
        ("60 years ago", None),
        ("9999 hours ago", None),
        ("", None),
    ],
)
def test_ages_are_counted_in_many_languages(text, seconds):
    age = age_of(text)
    assert (age and age[0]) == seconds


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Today, 10:20", 0),
        ("gestern um 10:20 Uhr", 1),
        ("Aujourd'hui à 10:20", 0),
        ("dün 10:20", 1),
        ("أمس", 1),
        ("ئەمڕۆ", 0),
        ("вчера, 10:20", 1),
        ("Today in history", None),
        ("10:20", None),
    ],
)
def test_today_and_yesterday_are_days(text, days):
    assert day_named(text) == days


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Published: ", "published"),
        ("Last updated on ", "modified"),
        ("Güncelleme : ", "modified"),
        ("آخر تحديث: ", "modified"),
        ("تاريخ النشر", "published"),
        ("Обновлено", "modified"),
        ("Aktualisiert am", "modified"),
        ("Mis à jour le", "modified"),
        ("입력 : ", "published"),
        ("수정 : ", "modified"),
        ("بڵاوکرایەوە", "published"),
        ("By Jane Doe, ", None),
    ],
)
def test_labels_tell_what_a_date_is_of(label, said):
    assert about(label) == said


def test_folding_makes_the_spellings_of_a_name_one():
    assert fold("Ağustos") == fold("AGUSTOS")
    assert fold("أبريل") == fold("ابريل")
    assert fold("تەمووز") == fold("ته‌مووز")
    assert fold("수정") == "수정"


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=70))
def test_any_words_are_taken(text):
    assert month_of(text) in {None, *range(1, 13)}
    assert age_of(text) is None or day_named(text) is None or len(text) <= 60
