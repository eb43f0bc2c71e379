"""The words of dates: month names of many languages, halves of the day, zone names."""

from __future__ import annotations

# English, French, German, Spanish, Portuguese, Italian, Dutch, Scandinavian, Turkish, Russian, Arabic of three regions.
_MONTH_NAMES = (
    "jan january janvier janv januar jänner jän enero ene janeiro gennaio gen januari ocak oca января янв يناير جانفي",
    "feb february février fevrier févr fév februar febrero fevereiro fev febbraio februari şubat şub февраля фев فبراير شباط فيفري",
    "mar march mars märz mär maerz marzo março marco maart mrt mart марта мар مارس آذار اذار",
    "apr april avril avr abril abr aprile nisan nis апреля апр أبريل ابريل إبريل نيسان أفريل",
    "may mai mayo maio maggio mag mei maj mayıs мая май مايو أيار ايار ماي",
    "jun june juin juni junio junho giugno giu haziran haz июня июн يونيو حزيران جوان",
    "jul july juillet juil juli julio julho luglio lug temmuz tem июля июл يوليو تموز جويلية",
    "aug august août aout agosto ago augustus augusti ağustos ağu августа авг أغسطس اغسطس آب أوت",
    "sep sept september septembre septiembre setiembre setembro set settembre eylül eyl сентября сен сент سبتمبر أيلول ايلول",
    "oct october octobre oktober okt octubre outubro out ottobre ott ekim eki октября окт أكتوبر اكتوبر",
    "nov november novembre noviembre novembro kasım kas ноября ноя нояб نوفمبر",
    "dec december décembre decembre déc dezember dez diciembre dic dezembro dicembre desember des aralık ara декабря дек ديسمبر",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

# The Levant's months of two words; Sorani has them too.
TWO_WORD_MONTHS = {
    "كانون الثاني": "January",
    "تشرين الأول": "October",
    "تشرين الاول": "October",
    "تشرين الثاني": "November",
    "كانون الأول": "December",
    "كانون الاول": "December",
    "کانوونی دووەم": "January",
    "تشرینی یەکەم": "October",
    "تشرینی دووەم": "November",
    "کانوونی یەکەم": "December",
}

OTHER_WORDS = {
    "am": "AM",
    "pm": "PM",
    "ص": "AM",
    "صباحا": "AM",
    "صباحاً": "AM",
    "م": "PM",
    "مساء": "PM",
    "مساءً": "PM",
    "st": "",
    "nd": "",
    "rd": "",
    "th": "",
    "t": "T",
}

# Seconds ahead of UTC. Names that two zones share (IST, AST, CST of China, BST of Bangladesh) have the meaning of RFC 822 or none.
ZONES = {
    name: int(hours * 3600)
    for name, hours in {
        **dict.fromkeys(("Z", "UT", "UTC", "GMT", "WET"), 0),
        **dict.fromkeys(("CET", "MEZ", "WEST", "BST", "WAT"), 1),
        **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT"), 2),
        **dict.fromkeys(("EEST", "MSK", "TRT", "EAT"), 3),
        "IRST": 3.5,
        "GST": 4,
        "PKT": 5,
        **dict.fromkeys(("WIB", "ICT"), 7),
        **dict.fromkeys(("HKT", "SGT", "PHT", "AWST"), 8),
        **dict.fromkeys(("JST", "KST"), 9),
        "AEST": 10,
        "AEDT": 11,
        "NZST": 12,
        "NZDT": 13,
        "BRT": -3,
        "ART": -3,
        "EDT": -4,
        **dict.fromkeys(("EST", "CDT"), -5),
        **dict.fromkeys(("CST", "MDT"), -6),
        **dict.fromkeys(("MST", "PDT"), -7),
        **dict.fromkeys(("PST", "AKDT"), -8),
        "AKST": -9,
        "HST": -10,
    }.items()
}
