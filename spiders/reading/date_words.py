"""The words that dates are written with, in the languages of the world's newsrooms: months, "published", "updated".

The names are the Unicode locale data's (CLDR), with what newsrooms write besides; a test holds them against the library babel. babel itself
is not asked at run time: 57 languages cost a process 56 MB and 0.2 s, and its answer depends on what was asked before (2.18: once
Azerbaijani is loaded, the stand-alone months of Arabic are "yanvar" and "fevral").
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import Literal

# Twelve words a row, "_" for a space; a word's variants stand behind "|". Dates take the genitive in Slavic languages, Greek and Finnish.
_MONTHS = """
en january february march april may june july august september october november december
de januar|jänner februar|feber märz|maerz april mai juni juli august september oktober november dezember
fr janvier février mars avril mai juin juillet août septembre octobre novembre décembre
es enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre
it gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
pt janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
ca gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
gl xaneiro febreiro marzo abril maio xuño xullo agosto setembro outubro novembro decembro
ro ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
nl januari februari maart|mrt april mei juni juli augustus september oktober november december
sv januari februari mars april maj juni juli augusti september oktober november december
nb januar februar mars april mai juni juli august september oktober november desember
da januar februar marts april maj juni juli august september oktober november december
is janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
fi tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
pl stycznia|styczeń lutego|luty marca|marzec kwietnia|kwiecień maja|maj czerwca|czerwiec lipca|lipiec sierpnia|sierpień
   września|wrzesień października|październik listopada|listopad grudnia|grudzień
cs ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec srpna|srpen září října|říjen
   listopadu|listopad prosince|prosinec
sk januára|január februára|február marca|marec apríla|apríl mája|máj júna|jún júla|júl augusta|august septembra|september októbra|október
   novembra|november decembra|december
hr siječnja|siječanj veljače|veljača ožujka|ožujak travnja|travanj svibnja|svibanj lipnja|lipanj srpnja|srpanj kolovoza|kolovoz
   rujna|rujan listopada|listopad studenoga|studenog|studeni prosinca|prosinac
sl januar|januarja februar|februarja marec|marca april|aprila maj|maja junij|junija julij|julija avgust|avgusta september|septembra
   oktober|oktobra november|novembra december|decembra
sr_Latn januar|januara februar|februara mart|marta april|aprila maj|maja jun|juna jul|jula avgust|avgusta septembar|septembra
   oktobar|oktobra novembar|novembra decembar|decembra
hu január február március április május június július augusztus szeptember október november december
et jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
lv janvāris|janvārī februāris|februārī marts|martā aprīlis|aprīlī maijs|maijā jūnijs|jūnijā jūlijs|jūlijā augusts|augustā
   septembris|septembrī oktobris|oktobrī novembris|novembrī decembris|decembrī
lt sausio|sausis vasario|vasaris kovo|kovas balandžio|balandis gegužės|gegužė birželio|birželis liepos|liepa rugpjūčio|rugpjūtis
   rugsėjo|rugsėjis spalio|spalis lapkričio|lapkritis gruodžio|gruodis
sq janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor
eu urtarrila otsaila martxoa apirila maiatza ekaina uztaila abuztua iraila urria azaroa abendua
tr ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
az yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr
ku rêbendan|çile|çileya_paşîn|kanûna_paşîn|kanûna_duyem sibat|reşemî adar nîsan|avrêl gulan hezîran|pûşper tîrmeh|temûz tebax|gelawêj
   îlon|rezber cotmeh|çiriya_pêşîn|çiriya_yekem mijdar|çiriya_paşîn|çiriya_duyem berfanbar|kanûn|çileya_pêşîn|kanûna_pêşîn|kanûna_yekem
ru января|январь февраля|февраль марта|март апреля|апрель мая|май июня|июнь июля|июль августа|август сентября|сентябрь
   октября|октябрь ноября|ноябрь декабря|декабрь
uk січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень серпня|серпень
   вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень
be студзеня|студзень лютага|люты сакавіка|сакавік красавіка|красавік мая|май чэрвеня|чэрвень ліпеня|ліпень жніўня|жнівень
   верасня|верасень кастрычніка|кастрычнік лістапада|лістапад снежня|снежань
bg януари февруари март април май юни юли август септември октомври ноември декември
sr јануар|јануара фебруар|фебруара март|марта април|априла мај|маја јун|јуна јул|јула август|августа септембар|септембра
   октобар|октобра новембар|новембра децембар|децембра
mk јануари февруари март април мај јуни јули август септември октомври ноември декември
kk қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
el ιανουαρίου|ιανουάριος φεβρουαρίου|φεβρουάριος μαρτίου|μάρτιος απριλίου|απρίλιος μαΐου|μάιος ιουνίου|ιούνιος ιουλίου|ιούλιος
   αυγούστου|αύγουστος σεπτεμβρίου|σεπτέμβριος οκτωβρίου|οκτώβριος νοεμβρίου|νοέμβριος δεκεμβρίου|δεκέμβριος
ar يناير|كانون_الثاني|جانفي فبراير|شباط|فيفري مارس|آذار أبريل|نيسان|أفريل|ابريل مايو|أيار|ماي يونيو|حزيران|جوان|يونيه
   يوليو|تموز|جويلية|يوليوز|يوليه أغسطس|آب|أوت|غشت سبتمبر|أيلول|شتنبر أكتوبر|تشرين_الأول نوفمبر|تشرين_الثاني|نونبر ديسمبر|كانون_الأول|دجنبر
ckb کانوونی_دووەم|کانونی_دووەم|ڕێبەندان شوبات|ڕەشەمێ ئازار|مارس نیسان|نەورۆز ئایار|گوڵان حوزەیران|جۆزەردان تەمووز|تەمموز|پووشپەڕ ئاب|گەلاوێژ
   ئەیلوول|خەرمانان تشرینی_یەکەم|ڕەزبەر تشرینی_دووەم|گەڵاڕێزان کانوونی_یەکەم|کانونی_یەکەم|سەرماوەز
fa ژانویه فوریه مارس آوریل مه ژوئن ژوئیه|جولای اوت|آگوست سپتامبر اکتبر نوامبر دسامبر
ur جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر
he ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
hy հունվարի|հունվար փետրվարի|փետրվար մարտի|մարտ ապրիլի|ապրիլ մայիսի|մայիս հունիսի|հունիս հուլիսի|հուլիս օգոստոսի|օգոստոս
   սեպտեմբերի|սեպտեմբեր հոկտեմբերի|հոկտեմբեր նոյեմբերի|նոյեմբեր դեկտեմբերի|դեկտեմբեր
ka იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი
id januari februari maret april mei juni juli agustus september oktober november desember
hi जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
"""

# The same letter in the keyboards of Arabic, Persian and Sorani; letters that Unicode does not take apart.
_SAME = str.maketrans(
    {
        **{"ی": "ي", "ى": "ي", "ێ": "ي", "ک": "ك", "ە": "ه", "ة": "ه", "ھ": "ه", "ۆ": "و", "ڕ": "ر", "ڵ": "ل"},
        **{"ı": "i", "ł": "l", "ø": "o", "đ": "d", "’": "'", "\u0640": "", "\u200c": "", "\u200d": ""},
    }
)
_ENDINGS = ("a", "e", "an", "en", "ye", "ya", "ي")  # of the Kurdish genitive: "6ê Gulana 2024an", "٦ی ئایاری ٢٠٢٤"
SHORTEST = 3  # letters of an abbreviation


def fold(text: str) -> str:
    """``text`` in small letters without accents, so that "Ağustos" and "agustos", "أبريل" and "ابريل" are one."""
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(_SAME)  # Korean letters are whole again


def _rows() -> dict[str, list[list[str]]]:
    """The variants of the twelve names of each language, folded."""
    lines = _MONTHS.strip().replace("\n   ", " ").split("\n")
    cut = (line.split() for line in lines)
    return {row[0]: [[fold(name.replace("_", " ")) for name in names.split("|")] for names in row[1:]] for row in cut}


@cache
def _tables() -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Months by their names and beginnings: of each language, and of all where all agree."""
    own: dict[str, dict[str, int]] = {}
    everywhere: defaultdict[str, set[int]] = defaultdict(set)
    for language, row in _rows().items():
        starts: defaultdict[str, set[int]] = defaultdict(set)
        full = {name: number for number, names in enumerate(row, 1) for name in names}
        for name, number in full.items():
            for length in range(SHORTEST, len(name) + 1):
                starts[name[:length]].add(number)
        clear = {start: numbers.copy().pop() for start, numbers in starts.items() if len(numbers) == 1 and not start.endswith(" ")}
        own[language] = clear | full
        for start, number in own[language].items():
            everywhere[start].add(number)
    return own, {start: numbers.pop() for start, numbers in everywhere.items() if len(numbers) == 1}


def languages() -> dict[str, set[int]]:
    """The languages whose months are known, and which months."""
    return {language: {number for number, names in enumerate(row, 1) if all(names)} for language, row in _rows().items()}


def month_of(word: str, language: str = "") -> int | None:
    """The month that ``word`` names or abbreviates, by the page's language first; None if it names none, or several in several tongues."""
    own, everywhere = _tables()
    spelled = fold(word).strip(" .,")
    for names in (own.get(language.split("-")[0].lower(), {}), everywhere):
        if (month := names.get(spelled)) is not None:
            return month
    if (month := own["en"].get(spelled)) is not None:  # "mar" begins Finland's November too
        return month
    stems = (spelled.removesuffix(ending) for ending in _ENDINGS if spelled.endswith(ending))
    kurdish = own["ku"] | own["ckb"]
    return next((month for stem in stems if len(stem) > SHORTEST and (month := kurdish.get(stem)) is not None), None)


# What newsrooms print before a date. Stems, found in folded text.
_CHANGED = re.compile(
    r"updat|modif|edited|revised|amended|aktuali|geandert|bearbeitet|actuali|mis a jour|mise a jour|\bmaj\b|aggiornat|atualiza|bijgewerkt|"
    r"gewijzigd|uppdatera|andrad|oppdater|opdater|paivitetty|muokattu|zaktualiz|обновл|изменен|оновл|змінен|guncel|degisti|"
    r"تحديث|تعديل|نويكرا|دهستكاري|nukir|nuve kir|rojanekir|به\s?روز|ενημερ|עודכן|更新|수정|diperbarui"
)
_PUBLISHED = re.compile(
    r"publi|posted|issued|created|veroffentl|erstellt|erschienen|pubbl|gepost|geplaatst|opubl|wydan|objavljen|publik|"
    r"опубл|размещ|дата|yayin|eklen|olustur|نشر|بلاو\s?كرا|وهشان|wesan|belav|انتشار|δημοσ|פורסם|公開|配信|掲載|입력|등록|diterbitkan"
)
_LABEL = re.compile(rf"(?:(?:last|zuletzt|son|آخر)\s)?\w*(?:{_CHANGED.pattern}|{_PUBLISHED.pattern})\w*")


def about(text: str) -> Literal["published", "modified"] | None:
    """Whether ``text`` beside a date says that it is the date of publication or of a change. None: it says neither."""
    spelled = fold(text)
    if _CHANGED.search(spelled):
        return "modified"
    return "published" if _PUBLISHED.search(spelled) else None


def without_labels(text: str) -> str:
    """Folded ``text`` less the words that tell what a date is."""
    return _LABEL.sub("", fold(text))
