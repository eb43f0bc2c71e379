"""How long ago: "2 hours ago", "قبل ساعتين", "yesterday", in the languages that news sites count time in."""

from __future__ import annotations

import re

from spiders.reading.date_words import fold, without_labels

_UNITS = {
    1: """
    s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondi seconden sekund sekundy saniye sn
    секунд секунды секунду ثانية ثوان ثواني چرکە çirke
    """,
    60: """
    m min mins minute minutes minuten minuto minutos minuti minut minuty minutę minuta minuter minutter minutt minuuttia minuut
    dakika dk dakka минут минуту минуты мин хвилин хвилину хвилини хв دقيقة دقائق دقایق دقیقه خولەک دەقە
    deqe deqeyan deqîqe xulek xulekan λεπτά דקות 分 분
    """,
    3600: """
    h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren timme timmar tim time timer
    godz godzin godzinę godziny tuntia saat sa час часа часов ч година години годину годин год ساعة ساعات ساعت کاتژمێر
    saet saetan demjimêr demjimêran seet ώρες ώρα שעות 時間 시간 jam
    """,
    86400: """
    d day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen dagar dage dager dzień dni päivää gün
    день дня дней дні днів يوم أيام يوما روز ڕۆژ roj rojan ημέρες ימים 日 일 hari
    """,
    604800: """
    w week weeks woche wochen semaine semaines semana semanas settimana settimane weken vecka veckor uke uker uge uger
    tydzień tygodnie hafta неделю недели недель тиждень тижні أسبوع أسابيع هفته هەفتە hefte hefteyan
    """,
}
_DUALS = {"دقيقتين": 60, "ساعتين": 3600, "يومين": 86400, "أسبوعين": 604800}
_ONES = "a an one ein eine einem einer un une una uno uma bir en ett et واحد واحدة یەک yek"
_AGO = """
ago önce evvel vor il_y_a hace há fa geleden temu назад тому sedan sen siden sitten قبل منذ پێش لەمەوبەر لەمەوپێش
پیش berî berê بەر_لە πριν לפני 前 전 lalu yang_lalu
"""
_TODAY = """
today heute aujourd_hui hoy avui oggi hoje vandaag dziś dzisiaj idag i_dag сегодня сьогодні bugün اليوم ئەمڕۆ îro امروز σήμερα היום
"""
_YESTERDAY = """
yesterday gestern hier ayer ahir ieri ontem gisteren wczoraj igår i_går вчера вчора dün أمس البارحة دوێنێ duh دیروز χθες אתמול
"""
_NOW = "just_now gerade_eben à_l_instant şimdi az_önce الآن только_что niha ئێستا"
_FILLERS = "about around circa ca etwa environ over nearly almost حوالي نحو at um à a las alle om kl ob o в for för uhr am pm"


def _folded(words: str) -> list[str]:
    return [fold(word) for word in words.split()]


_SECONDS = {word: seconds for seconds, words in _UNITS.items() for word in _folded(words)}
_TWICE = {fold(word): seconds for word, seconds in _DUALS.items()}
_ONCE = frozenset(_folded(_ONES))
_MARKS = frozenset(_folded(_AGO))
_DAYS = {word: days for days, words in enumerate((_TODAY, _YESTERDAY)) for word in _folded(words)}
_JUST_NOW = frozenset(_folded(_NOW))
_SAID_BESIDES = frozenset(_folded(_FILLERS))
_PHRASES = re.compile(r"\b(il y a|yang lalu|aujourd'?\s?hui|i dag|i gar|بهر له)\b")
_PIECE = re.compile(r"\d+|[^\W\d_]+(?:_[^\W\d_]+)*")
# With the first words of the phrases: a quick look tells that no such word is there.
_AGE_WORDS = _MARKS | _JUST_NOW | frozenset(_DAYS) | {"il", "بهر", "aujourd", "just", "gerade", "az", "i", "yang", "только"}
LONGEST_AGE = 60  # characters
MOST_DIGITS = 3  # of a number of hours


def may_tell_age(text: str) -> bool:
    """Whether a short text holds a word like "ago" or "yesterday": quick, and no promise."""
    words = fold(text).replace("'", " ").split() if len(text) <= LONGEST_AGE else []
    return 0 < len(words) <= 8 and not _AGE_WORDS.isdisjoint(words)


def age_of(text: str) -> tuple[int, int] | None:
    """How long ago ``text`` says something happened, and the unit it counts in, both in seconds: ("2 hours ago" → 7200, 3600).

    Nothing else may stand in the text but what tells that a date follows.
    """
    if len(text) > LONGEST_AGE or not may_tell_age(text):
        return None
    said = _pieces(text)
    if "_".join(said) in _JUST_NOW:
        return 0, 60
    pieces = [piece for piece in said if piece not in _SAID_BESIDES or piece in _SECONDS or piece in _ONCE]
    words = [piece for piece in pieces if piece not in _MARKS]
    return _counted(words) if len(words) < len(pieces) else None


def _counted(words: list[str]) -> tuple[int, int] | None:
    """Of "2", "hours" in either order: the seconds; of a unit alone, or a word for two of them, likewise."""
    if len(words) == 1:
        count, unit = (2, _TWICE[words[0]]) if words[0] in _TWICE else (1, _SECONDS.get(words[0], 0))
        return (count * unit, unit) if unit else None
    if len(words) != 2:
        return None
    for number, name in (words, reversed(words)):
        count = int(number) if number.isdecimal() and len(number) <= MOST_DIGITS else int(number in _ONCE)
        if count and name in _SECONDS:
            return count * _SECONDS[name], _SECONDS[name]
    return None


def day_named(text: str) -> int | None:
    """How many days ago: 0 for "today", 1 for "yesterday"; None if ``text`` says more than that and a time of the day."""
    words = [piece for piece in _pieces(text) if not piece.isdecimal() and piece not in _SAID_BESIDES]
    return _DAYS.get(words[0]) if len(words) == 1 else None


def _pieces(text: str) -> list[str]:
    """Numbers and folded words of ``text``, phrases as one word."""
    return _PIECE.findall(_PHRASES.sub(lambda found: re.sub(r"[ ']+", "_", found[0]), without_labels(text)))
