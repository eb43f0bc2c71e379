"""Words that pages say around their stories, in the languages of our outlets and their neighbours; regular expressions, case aside."""

from __future__ import annotations

import re


def any_of(*alternatives: str, around: str = "{}") -> re.Pattern[str]:
    """One pattern of ``alternatives``, set into ``around``."""
    return re.compile(around.format(f"(?:{'|'.join(alternatives)})"), re.IGNORECASE)


# Headlines and first words of pages that ask whether a reader is human, or turn him away.
CHALLENGE = any_of(
    r"just a moment\W*$",
    r"attention required",
    r"checking your browser",
    r"verif(?:y(?:ing)?|ication).{0,20}\bhuman",
    r"human verification",
    r"are you (?:a )?(?:human|robot)",
    r"not a (?:ro)?bot",
    r"pardon our interruption",
    r"access (?:to this (?:page|site) (?:has been )?)?denied",
    r"you have been blocked",
    r"security (?:check|verification)",
    r"ddos protection",
    r"unusual traffic",
    r"bot (?:verification|protection)",
    r"captcha",
    r"one more step",
    r"enable javascript and (?:cookies|disable)",
    r"request unsuccessful",
    r"incapsula incident",
    r"einen moment",
    r"un momento",
    r"bir dakika",
    r"один момент",
    r"zugriff verweigert",
    r"accès refusé",
    r"acceso denegado",
    r"erişim engellendi",
    r"доступ (?:запрещ|ограничен)",
    r"تم رفض الوصول",
    r"التحقق من أنك",
    r"لحظة واحدة",
)

# What a wall of consent talks about. One of these says nothing, three different ones in a short text do.
CONSENT = any_of(
    r"we value your privacy",
    r"before you continue",
    r"your privacy(?: choices| matters)?",
    r"privacy (?:settings|preferences|policy)",
    r"cookie (?:settings|preferences|consent|policy)",
    r"we,? and our (?:\d+ )?(?:\w+ )?partners",
    r"accept (?:all )?(?:cookies|and continue)",
    r"(?:stores?|uses?|using) (?:and/or access )?(?:cookies|information on a device)",
    r"(?:reject|manage) (?:all|cookies|options|preferences)",
    r"consent",
    r"legitimate interest",
    r"personali[sz]ed (?:ads|advertising)",
    r"datenschutz",
    r"einwilligung",
    r"zustimm",
    r"respect(?:ons|er) votre vie privée",
    r"partenaires",
    r"consentimiento",
    r"su privacidad",
    r"gizlilik",
    r"çerez",
    r"конфиденциальност",
    r"куки",
    r"خصوصي",
    r"ملفات تعريف الارتباط",
)

# What a page says that does not exist, with status 200.
_GONE = (
    r"(?:not found|(?:does not|doesn.t|no longer) exists?|is (?:no longer|not) available"
    r"|(?:has|have) (?:been )?(?:removed|moved|expired|deleted))"
)
MISSING = any_of(
    r"\b(?:error )?404\b",
    r"page (?:not|cannot be|could ?n.t be|can.t be) found",
    rf"(?:page|article|story|content|url) (?:you.{{0,40}} )?{_GONE}",
    r"^(?:oops|not found|nothing (?:was )?found|page missing|gone)\b",
    r"no longer available",
    r"seite (?:wurde )?nicht (?:mehr )?gefunden",
    r"nicht gefunden",
    r"page (?:introuvable|non trouvée)",
    r"no se (?:ha )?encontr",
    r"página no (?:existe|encontrada)",
    r"página não (?:existe|encontrada)",
    r"pagina non trovata",
    r"sayfa bulunamad",
    r"страница не (?:найдена|существует)",
    r"сторінку не знайдено",
    r"nie znaleziono",
    r"stránka nenalezena",
    r"sidan (?:kunde inte|hittades inte)",
    r"siden (?:ble|blev) ikke",
    r"غير موجودة?$",
    r"الصفحة غير موجودة",
    r"لم يتم العثور",
    r"عذرا.{0,30}الصفحة",
    r"صفحه.{0,20}(?:یافت|پیدا) نشد",
    r"لاپەڕە.{0,20}نەدۆزرا",
    r"rûpel.{0,20}nehat",
    r"ページが見つかりません",
    r"页面不存在",
)

# "By", before a name.
BY = any_of(
    r"(?:written|words|reported|story|text|report|analysis|opinion|review|edited|posted|published|translated|photographs?)\s+(?:by|von)",
    r"by|von|par|por|di|door|av|af|przez",
    r"autor(?:en|in)?|auteurs?|authors?|writer|reporter|text|reportage",
    r"view all (?:posts|articles) by",
    r"بقلم|كتب|كتبت|إعداد|تقرير|نویسنده|نووسینی|ئامادەکردنی",
    around=r"^{}(?:\s*:\s*|\s+)",
)

# Bylines of nobody.
NOBODY = any_of(
    r"admin(?:istrator)?|wp|root|user|home|news|online|team|wire|unknown|anonymous|none|null|n/?a|by|red",
    r"editor(?:s|ial)?(?: (?:team|board|staff|desk))?|the editors?",
    r"staff(?: (?:reporter|writer|report|desk))?s?|newsroom|(?:news|web) ?desk",
    r"authors?|contributor|correspondent|guest(?: (?:author|contributor|post))?|press release|agenc(?:y|ies)",
    r"redaktion(?:en)?|redaction|la rédaction|redacción|redação|redazione|redakcja|редакция",
    r"المحرر|التحرير|هيئة التحرير|فريق التحرير|تحریریه|ناوەندی هەواڵ",
    around=r"^{}$",
)

# Words in the names of papers, offices and parties.
ORGANISATION = any_of(
    r"agency|board|bureau|council|daily|editorial|foundation|gazette|herald|institute|journal|magazine|media|ministry|network|news|newspaper",
    r"office|party|post|press|radio|report|service|sponsored|staff|team|telegram|television|times|tribune|tv|university",
    r"contributors?|correspondents?|agenturen|zeitung|verlag|redaktion",
    r"وكالة|صحيفة|جريدة|شبكة|موقع|قناة",
    around=r"^the\b|\b{}\b",
)

# News agencies, as ``text.key`` writes them.
AGENCIES = frozenset(
    re.findall(
        r"\w+",
        """
        aa afp agencefrancepresse anadolu anadoluagency anha anp ansa ap apa associatedpress belga bloomberg bloombergnews canadianpress dha
        dpa dpaafx dpainfocom efe epd europapress iha ina interfax irna isna keystonesda kna kyodo kyodonews lusa ntb pa pamedia
        pressassociation reuters ria rianovosti ritzau sana sda sid spa tass theassociatedpress thecanadianpress thomsonreuters tt ukrinform
        unian upi wafa xinhua
        """,
    )
)

# "Published on …", alone in its line; what follows is in the group "when".
STAMP = any_of(
    r"(?:first |last )?(?:published|posted|updated?|modified|created)|date",
    r"aktualisiert|stand|veröffentlicht",
    r"publié|mis à jour|publicado|actualizado",
    r"güncelleme|yayınlan\w+",
    r"опубликовано|обновлено",
    r"نشر(?: في| بتاريخ)?|تاريخ النشر|آخر تحديث|بڵاوکراوەتەوە|hatiye weşandin",
    around=r"{}(?:\s+(?:on|at|in|am|le|il|el|um))?\s*[:\-–—|]?\s*(?P<when>.*)",
)

# Buttons and labels above a text.
CONTROLS = any_of(
    r"A(?:\s*[-+A]){1,3}\s*[-+]?",
    r"(?:\d+\s*)?min(?:ute)?s?\.?(?:\s+(?:to )?read(?:ing time)?)?",
    r"(?:reading time|lesezeit|temps de lecture|tiempo de lectura|okuma süresi)\s*:?\s*\d+.*",
    r"(?:share|print|save|listen|advertisement|copy link|follow us|comments?)(?:\s*\d*)?",
)
