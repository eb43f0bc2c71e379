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
    r"making sure you(?:'|’)?re not a bot",
    r"please (?:wait|stand by) while we (?:verify|check)|please verify you are|press (?:&|and) hold",
    r"you(?:'|’)?ve been blocked|blocked by (?:network )?security|sorry, you have been blocked",
    r"checking if the site connection is secure|validating your (?:browser|request)|browser check",
    r"please (?:enable|turn on) (?:js|javascript)|javascript is (?:required|disabled)",
    r"vérification (?:de sécurité|que vous)|vous n.êtes pas un robot|sicherheits(?:überprüfung|prüfung)|sind sie ein mensch",
    r"verificando (?:que|si)|comprobando|no eres un robot|verifica di essere umano|verificação de segurança",
    r"robot olmadığınızı|güvenlik (?:doğrulaması|kontrolü)|insan olduğunuzu",
    r"(?:подтвердите|докажите|убедиться),? что (?:вы|запросы|вы не)|вы не робот|проверка (?:браузера|безопасности)",
    r"لست (?:برنامج )?روبوت|التحقق (?:الأمني|من المتصفح|البشري)",
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
    r"weiter mit werbung|mit werbung (?:weiter)?lesen|pur-abo|alle(?:s)? akzeptieren|ablehnen",
    r"accepter et continuer|tout (?:accepter|refuser)|continuer sans accepter|traceurs",
    r"aceptar y continuar|aceptar todo|rechazar todo|nuestros (?:\d+ )?socios",
    r"accetta (?:e continua|tutt)|rifiuta|informativa sulla privacy|nostri partner",
    r"kabul et|reddet|kişisel veri|aydınlatma metni",
    r"файлы cookie|принять (?:все|и продолжить)|отклонить",
    r"قبول الكل|رفض الكل|تفضيلات|سياسة الخصوصية",
    r"alles accepteren|toestemming|samtykke|samtycke|integritet|ciasteczk|zgod[ęy]",
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

# What a wall of consent says to its reader, and no story does.
ASKING = any_of(
    r"we value your privacy|before you continue|your privacy (?:choices|matters)|\bwe,? and our (?:\d+ )?(?:\w+ )?partners"
    r"|accept (?:all|and continue)",
    r"(?:accept|agree|allow|manage|reject)\W+(?:all )?(?:cookies|options|preferences)|(?:by clicking"
    r"|if you click).{0,40}(?:accept|agree)",
    r"we (?:and our partners )?use cookies|we (?:need|ask for) your consent",
    r"wir (?:benötigen|brauchen|bitten um) (?:ihre|deine) (?:einwilligung|zustimmung)|alle(?:s)? akzeptieren|weiter mit werbung"
    r"|mit werbung (?:weiter)?lesen",
    r"pur-abo|(?:ihre|deine) privatsphäre|(?:continuer sans|tout) accept(?:er)?|accepter et continuer|nous et nos (?:\d+ )?partenaires",
    r"respect(?:ons|er) votre vie privée|aceptar (?:y continuar|todo)|valoramos (?:tu|su) privacidad"
    r"|nosotros y nuestros (?:\d+ )?socios|accetta (?:e continua|tutt)",
    r"aceitar (?:todos|e continuar)|alles accepteren|akkoord en doorgaan|tillåt alla|godta alle|zaakceptuj|přijmout vše",
    r"tümünü kabul et|çerezleri kabul|kabul et ve devam|gizliliğinize|принять (?:все|и продолжить)"
    r"|мы используем (?:файлы )?(?:cookie|куки)",
    r"نستخدم ملفات تعريف الارتباط|قبول (?:الكل|الجميع)|نحن نقدر خصوصيتك|خصوصيتك تهمنا|hemûyan qebûl|هەمووی قبوڵ",
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
    r"no se (?:ha )?encontr\w*(?: la página)?",
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
_WRITTEN = (
    r"(?:(?:written|words|reported|reporting|story|text|report|analysis|opinion|review|posted|published)\s+(?:by|von)"
    r"|by|von|par|por|di|door|av|af|przez|autor(?:en|in|es|a)?|auteurs?|authors?|writer|reporter|text|reportage|view all (?:posts"
    r"|articles) by"
    r"|بقلم|كتب|كتبت|كتبه|كتبها|إعداد|تقرير|نویسنده|نووسینی|نوسینی|ئامادەکردنی|ji aliyê)"
)
# "By" only with a colon or a slash behind it: alone, they begin other things
_LABEL = (
    r"(?:haber|muhabir|yazan|yazar|hazırlayan|röportaj|автор[ыа]?|текст|беседовал[аи]?|подготовил[аи]?|إعداد وتحرير|كتابة|حوار"
    r"|خاص|الكاتبة?"
    r"|گزارش|نووسەر|نووسین|ڕاپۆرت|ئامادەکردن|nivîskar|nûçe|amadekar|amadekirin|from|source|quelle|kaynak|источник|المصدر)"
)
BY = any_of(rf"{_LABEL}\s*[:/]\s*", rf"{_WRITTEN}(?:\s*[:/]\s*|\s+)", around=r"^{}")

# Before the name of one who had a part in a story and did not write it.
OTHER_ROLE = any_of(
    r"(?:photo(?:graph(?:y|s|ed)?|s)?|pictures?|images?|illustrat(?:ed|ions?)|art(?:work)?|graphics?|styl(?:ed|ing)|film(?:ed)?"
    r"|video|edit(?:ed|ing)"
    r"|additional reporting|translat(?:ed|ion)|produced|hair|make-?up|fotos?|bilder|photographies?|fotografía"
    r"|foto(?:ğraf)?)\s*(?:by|von|par|por|de|:)",
    r"(?:editör|çeviri|çeviren|fotoğraf|kamera|фото|перевод|редактор)\s*:",
    r"(?:ترجمة|تحرير|تصوير|تدقيق|وەرگێڕانی?|وێنە)\s*[:/]",
    around=r"^{}\s*",
)

# What a person is, before the name.
JOB = any_of(
    r"(?:(?:our|chief|senior|staff|political|foreign|special|freelance|diplomatic|news)\s+)*"
    r"(?:reporter|writer|correspondent|journalist|columnist|contributor|columnist)",
    r"корреспондент|журналист|обозреватель|muhabirimiz|gazeteci|الصحفية?|الصحافية?|المراسلة?|مراسلنا|ڕۆژنامەنووس|rojnameger",
    around=r"^{}\s+(?=\S+\s+\S)",
)

# Bylines of nobody.
NOBODY = any_of(
    r"admin(?:istrator)?|wp|root|user|home|news|online|team|wire|unknown|anonymous|none|null|n/?a|by|red",
    r"editor(?:s|ial)?(?: (?:team|board|staff|desk))?|the editors?|web editor|guest(?: (?:author|contributor|post|writer|column))?",
    r"(?:our )?staff(?: (?:reporter|writer|report|desk|correspondent|and agencies))?s?|newsroom|(?:news|web|sports?|city"
    r"|foreign) ?desk|agencies",
    r"(?:our |special |own |senior |chief )*(?:correspondent|reporter)s?|from our .*",
    r"authors?|contributor|press release|agenc(?:y|ies)|editorial|in \w+|de (?:notre|nos) (?:envoyée?s?|correspondante?s?).*"
    r"|view (?:all )?(?:posts|profile|bio)|follow|read more|share|comments?",
    r"redaktion(?:en)?|redaction|la rédaction|rédaction|redacción|la redacción|redação|da redação|redazione|la redazione|redakcja"
    r"|redaktionen",
    r"редакция|от редакции|пресс-служба|корреспондент|наш корреспондент",
    r"haber merkezi|editör|muhabir|dış haberler(?: servisi)?|spor servisi|ekonomi servisi|web servisi|haber servisi|yazı işleri",
    r"المحرر|التحرير|هيئة التحرير|فريق التحرير|أسرة التحرير|قسم التحرير|وكالات|متابعات|خاص|مراسلنا|غرفة الأخبار|تحریریه"
    r"|ناوەندی هەواڵ|دەستەی نووسەران",
    r"navenda nûçeyan|deste(?:ya)? weşanê",
    around=r"^{}$",
)

# Words in the names of papers, offices and parties.
ORGANISATION = any_of(
    r"agency|board|bureau|council|daily|editorial|foundation|gazette|herald|institute|journal|magazine|media|ministry|network"
    r"|news|newspaper",
    r"office|party|post|press|radio|report|service|sponsored|staff|team|telegram|television|times|tribune|tv|university",
    r"contributors?|correspondents?|agenturen|zeitung|verlag|redaktion",
    r"agence|agencia|agenzia|agentur|ajansa|ajansı?|агентство|газета|gazetesi|"
    r"وكالة|صحيفة|جريدة|شبكة|موقع|قناة",
    r"ئاژانسی|ڕۆژنامەی",
    around=r"^the\b|\b{}\b",
)

# News agencies, as ``text.key`` writes them.
AGENCIES = frozenset(
    re.findall(
        r"\w+",
        """
        aa aap afp agencefrancepresse anadolu anadoluagency anha anp ansa ap apa associatedpress belga bloomberg bloombergnews
        canadianpress dha
        dpa dpaafx dpainfocom efe epd europapress iha ina interfax irna isna keystonesda kna kyodo kyodonews lusa ntb pa pamedia
        pressassociation reuters ria rianovosti ritzau sana sda sid spa tass theassociatedpress thecanadianpress thomsonreuters tt ukrinform
        unian upi wafa xinhua anadoluajansı anadoluajansi aaajans ajansanadolu demiröreneveajansı ihlashaberajansı mezopotamyaajansı
        ma anf firatnews тасс риановости ріановини интерфакс укринформ уніан рейтер أفب فرانسبرس رويترز الأناضول الاناضول
        وكالةالأناضول سانا وفا واس وام قنا بترا شينخوا سبوتنيك أسوشيتدبرس ئەنادۆڵ ڕۆیتەرز
        """,
    )
)

# Headlines of live blogs.
LIVE = any_of(
    r"\blive\b|liveticker|live-?blog|\bas it happen(?:s|ed)\b|live updates|\bticker\b|en direct|\bdirecto\b|última hora"
    r"|in diretta|ao vivo|på direkten",
    r"canlı|son dakika|прямой эфир|онлайн|хроника|مباشر|لحظة بلحظة|تغطية مباشرة|ڕاستەوخۆ|zindî|rasterast|नवीनतम|速報",
)

# What stands where a story stops for those who do not pay.
SUBSCRIBE = any_of(
    r"(?:subscribe|sign up|register|log ?in|sign in|become a (?:member|subscriber)).{0,40}\b(?:to|and) (?:continue|keep|read"
    r"|access|unlock|view)",
    r"(?:this|the (?:rest|full)|to (?:continue|keep) reading|read the).{0,60}\b(?:is )?(?:for|available (?:only )?(?:to|for)"
    r"|reserved for) (?:our )?"
    r"(?:paid |paying |premium |registered )?(?:subscribers|members)",
    r"(?:to (?:continue|keep) reading|continue reading).{0,60}(?:subscri|sign|log|regist)|subscriber[- ]only"
    r"|already a (?:subscriber|member)\?",
    r"unlock (?:this|the full) (?:article|story)|you(?:'|’)?ve reached your (?:limit|monthly)|free articles? (?:left|remaining)",
    r"(?:jetzt )?(?:weiterlesen|freischalten).{0,40}(?:abo|\+|plus|testen|registrier)|(?:abo|registrier"
    r"|abonnier).{0,60}weiter(?:zu)?lesen|bereits abonnent"
    r"|exklusiv für abonnent|nur für abonnent",
    r"(?:article|contenu|suite) (?:est )?réservée? (?:à nos|aux) abonnés|il vous reste .{0,30}% |(?:abonnez-vous"
    r"|connectez-vous).{0,40}(?:lire|continuer|accéder)",
    r"(?:suscr[ií]b|regístr|inicia sesión).{0,60}(?:leyendo|leer|acceder|continuar)|(?:contenido|artículo"
    r"|noticia) (?:exclusiv[oa]|sólo|solo) para suscriptores",
    r"(?:abbonati|accedi|registrati).{0,60}(?:leggere|continuare)|contenuto (?:riservato|per) (?:agli )?abbonati"
    r"|conteúdo exclusivo para assinantes"
    r"|assine.{0,40}(?:ler|continuar)",
    r"(?:abone ol|üye ol|giriş yap).{0,60}(?:oku|devam)|(?:haberin )?devamı(?:nı okumak)? için.{0,40}(?:abone|üye|giriş)"
    r"|(?:sadece|yalnızca) aboneler",
    r"(?:оформите|по) подписк.{0,60}(?:чита|доступ|продолж)|(?:только|доступ(?:ен|но)).{0,20}(?:для )?подписчик|чтобы (?:читать"
    r"|продолжить|дочитать).{0,60}(?:подпи|войд|зарегистр)",
    r"(?:اشترك|سجل|سجّل).{0,60}(?:لقراءة|لمتابعة|للاطلاع|المتابعة)|(?:محتوى|مقال) (?:مخصص|حصري) للمشتركين|للمشتركين فقط",
    r"(?:lees|les) (?:verder|videre|vidare).{0,40}(?:abon|logg|inlog)|(?:alleen|kun|endast) (?:voor|for|för) (?:abonnees"
    r"|abonnenter|prenumeranter)",
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
    # what a list of a story's points is called
    r"(?:key (?:points?|takeaways?|facts)|at a glance|in (?:brief|short)|the (?:essentials|gist)|darum geht(?:[’']?s| es)"
    r"|(?:das wichtigste )?in kürze"
    r"|auf einen blick|l[’']essentiel|en (?:bref|résumé)|(?:las )?claves|lo esencial|en resumen|in (?:breve|sintesi)|em resumo"
    r"|özetle|kısaca"
    r"|главное|кратко|коротко|باختصار|أبرز النقاط|النقاط الرئيسية)\s*[:.]?",
)

# Lines that are no story wherever they stand: marks of an advertisement, buttons of pictures. The whole line must say it.
ANYWHERE = any_of(
    r"advertise?ments?|advertising|sponsored(?: content)?|story continues below(?: this)?(?: advertisement)?|continue reading(?: below)?",
    r"anzeige|werbung|publicité|publicidad|pubblicità|reklam(?:a|ı)?|реклама|إعلان|اعلان|ڕیکلام",
    r"(?:click|tap)(?: (?:here|on the (?:image|photo|picture|map)))? to (?:see|view|open|enlarge|zoom)"
    r"(?: (?:the|a|in|full[- ]?size|full[- ]?screen|larger|image|photo|picture|map|gallery|version))*",
    r"(?:zum vergrößern|cliquez pour agrandir|haz clic para ampliar|büyütmek için tıklayın|нажмите,? чтобы увеличить).{0,30}",
    r"اضغط لتكبير الصورة",
    around=r"[\s\-–—*_|•.:\[(]*{}[\s\-–—*_|•.:\])]*",
)

# Marks of a page's template that nothing was filled in for.
UNFILLED = any_of(r"\$\$[\w.:-]+\$\$", r"\{\{[^{}]*\}\}", r"\[\[[\w.:-]+\]\]", r"%%[\w.:-]+%%", r"<%[^<>]*%>", around=r"\s*{0}\s*")

# What a page says of a summary, a translation or a voice that a machine made; a short paragraph of its own.
_MACHINE = (
    r"(?:\b(?:A\.?I|K\.?I|I\.?A)\b|artificial intelligence|künstliche\w* intelligenz|intelligen\w+ artifici\w+|inteligencia artificial"
    r"|inteligência artificial|yapay zek\w+|chatgpt|openai|gemini)"
)
_NEAR, _REST = "[^,]{0,60}", ".{0,120}"
MACHINE = any_of(
    r"(?:this (?:[\w-]+ ){0,3}(?:text|voice|version|article)"
    r"|(?:this|the) (?:[\w-]+ ){0,3}(?:summar\w+|translation|audio|transcript|key points?))\b"
    rf"{_NEAR}\b(?:generated|created|produced|made|translated|written|powered|narrated)\b{_NEAR}{_MACHINE}{_REST}",
    rf"(?:AI|artificial intelligence)[- ]generated (?:summar|translation|audio|transcript|key points){_REST}",
    rf"(?:dies\w+|die|der) (?:\w+ ){{0,2}}(?:zusammenfassung|übersetzung|text|audio\w*|überblick)\b{_NEAR}{_MACHINE}{_NEAR}"
    rf"\b(?:erstellt|generiert|erzeugt|übersetzt|vertont){_REST}",
    rf"(?:ce|cette|le|la) (?:\w+ ){{0,2}}(?:résumé|traduction|synthèse|texte|audio)\b{_NEAR}"
    rf"\b(?:généré|créé|réalisé|traduit|produit|rédigé)\w*{_NEAR}{_MACHINE}{_REST}",
    rf"(?:est[ea]|el|la) (?:\w+ ){{0,2}}(?:resumen|traducción|texto|audio)\b{_NEAR}"
    rf"\b(?:generad|cread|elaborad|realizad|traducid)\w+{_NEAR}{_MACHINE}{_REST}",
    rf"(?:bu|aşağıdaki) (?:\w+ ){{0,2}}(?:özet|çeviri|metin|ses)\w*\b{_NEAR}{_MACHINE}{_REST}",
    rf"(?:эт\w+|данн\w+) (?:\w+ ){{0,2}}(?:пересказ|перевод|текст|резюме|саммари|озвуч\w+)\b{_NEAR}"
    rf"(?:\bИИ\b|искусственн\w+ интеллект|нейросет){_REST}",
    rf"(?:هذا|هذه|تم) (?:\w+ ){{0,2}}(?:ال)?(?:ملخص|ترجمة|نص|صوت)\w*{_NEAR}الذكاء الاصطناعي{_REST}",
    r"(?:이 )?AI (?:요약|번역)\S*\s.{0,120}니다\b.{0,60}",  # in the polite form, which no story is written in
    rf"(?:この|本)(?:要約|翻訳|記事)は{_NEAR}(?:AI|人工知能){_REST}",
    around=r"\W*{0}$",
)

# A label of what a page holds besides its text, in brackets at the end of its headline.
MEDIUM = any_of(
    r"watch|videos?|photos?|pics|pictures|listen|audio|podcast|gallery|interactive|live|updated?",
    r"vidéos?|fotos?|bilder|galerie|galería|фото|видео|فيديو|صور|ڤیدیۆ|وێنە",
    around=r"\s*[\[(]\s*(?:with )?{}(?:\s*(?:[+&,/]|and|und|et|y)\s*{})?\s*[\])]$".replace("{}", "{0}"),
)

# Genres that titles carry, set off by a bar.
GENRE = any_of(
    r"opinions?|editorials?|columns?|comment(?:ary)?|analysis|news|latest news|top stories|features?|interviews?|reviews?|letters?",
    r"video|watch|live|breaking(?: news)?|exclusive|explainer|podcast|photos?|in pictures|home",
    r"meinung|kommentar|analyse|nachrichten|politik|opinión|noticias|tribune|actualités|haberler|haber|yazarlar|новости|мнение",
    r"أخبار|رأي|مقالات|هەواڵ|nûçe",
    around=r"{}",
)
