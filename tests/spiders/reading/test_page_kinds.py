"""Kinds of page: each with its rule; walls, errors and lists in many languages, and the stories that resemble them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.reading.kinds import Verdict, judge, signs_of
from spiders.reading.markup import parse
from spiders.reading.metadata import collect
from spiders.reading.text import clean
from tests.spiders.reading.gazette import HEADLINE, SENTENCES, page, paragraphs

URL = "https://gazette.org/2024/05/06/bridge"
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The old bridge reopens after nine years"%s}</script>'
STORY = paragraphs(*SENTENCES)


def verdict(markup: str, url: str = URL, is_dated: bool = False) -> Verdict:
    tree = parse(markup)
    assert tree is not None
    facts = collect(tree, url)
    texts = [text for element in tree.iter("p") if (text := clean(" ".join(element.itertext())))]
    return judge(facts, signs_of(tree, facts), texts, is_dated)


def typed(kind: str, more: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}"{more}}}</script>'


def test_a_story_is_an_article_and_the_rule_counts_its_words():
    found = verdict(page(f"<article><h1>{HEADLINE}</h1>{STORY}</article>", LD % ""))
    assert (found.kind, found.rejection) == ("article", None)
    assert found.rule.endswith("words")


@pytest.mark.parametrize(
    ("title", "body", "named"),
    [
        (
            "Just a moment...",
            "<script>window._cf_chl_opt={cType:'managed'};</script><noscript>Enable JavaScript</noscript>",
            "Just a moment",
        ),
        ("gazette.org", "<script>window._cf_chl_opt={cType:'managed'};</script><div id='cf-wrapper'></div>", "Cloudflare"),
        ("gazette.org", "<script>var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script><p>Please enable JS</p>", "enable JS"),
        ("gazette.org", "<iframe src='https://geo.captcha-delivery.com/captcha/?cid=1'></iframe>", "DataDome"),
        ("&nbsp;", "<div id='sec-if-cpt-container'></div><script src='/_sec/cp_challenge/sec-3-4.js'></script>", "Akamai"),
        ("gazette.org", "<script src='/abc?bm-verify=AAQA'></script><div></div>", "Akamai"),
        ("Access to this page has been denied", "<div id='px-captcha'></div><p>Press &amp; Hold to confirm you are a human</p>", "denied"),
        ("gazette", "<div id='px-captcha'></div><p>gazette.org</p>", "PerimeterX"),
        (
            "Making sure you're not a bot!",
            "<script id='anubis_challenge' type='application/json'>{}</script><p>Loading...</p>",
            "not a bot",
        ),
        ("Ô hé !", "<script id='anubis_challenge' type='application/json'>{}</script><p>Calcul en cours</p>", "Anubis"),
        ("", "<iframe src='/_Incapsula_Resource?CWUDNSAI=23'></iframe><p>Request unsuccessful.</p>", "Request unsuccessful"),
        ("gazette.org", "<script src='https://x.token.awswaf.com/x/challenge.js'></script>", "AWS WAF"),
        ("DDoS-Guard", "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script>", "DDoS-Guard"),
        ("Вы не робот?", "<p>Подтвердите, что запросы отправляли вы, а не робот</p>", "Вы не робот"),
        ("gazette.org", "<p>Robot olmadığınızı doğrulamak için aşağıdaki kutuyu işaretleyin.</p>", "Robot olmadığınızı"),
        ("gazette.org", "<p>يرجى إثبات أنك لست روبوت للمتابعة إلى الموقع.</p>", "لست روبوت"),
        (
            "Un instant",
            "<p>Vérification de sécurité en cours, votre navigateur est contrôlé avant l'accès au site.</p>",
            "Vérification de sécurité",
        ),
    ],
)
def test_a_challenge_is_named_by_its_words_or_by_its_guard(title, body, named):
    found = verdict(page(body, title=title))
    assert found.rejection == "challenge page"
    assert named.casefold() in found.rule.casefold()


def test_a_guard_on_an_honest_page_says_nothing():
    guards = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script><script src='https://js.captcha-delivery.com/c.js'></script>"
    assert verdict(page(f"{guards}<h1>{HEADLINE}</h1>{STORY}")).kind == "article"
    assert verdict(page(f"{guards}<h1>{HEADLINE}</h1>{paragraphs(SENTENCES[0])}", LD % "")).kind == "article"
    assert verdict(page(f"<div class='g-recaptcha'></div><h1>{HEADLINE}</h1>{paragraphs(*SENTENCES[:3])}")).kind == "article"


@pytest.mark.parametrize(
    "body",
    [
        "<div id='onetrust-consent-sdk'><p>We use cookies to serve you better.</p><p>Accept all cookies or manage preferences.</p></div>",
        "<script src='https://cdn.privacy-mgmt.com/wrapper.js'></script><p>Mit Werbung weiterlesen</p><p>Besuchen Sie uns wie gewohnt.</p>",
        "<div id='didomi-host'><p>Nous et nos 842 partenaires utilisons des traceurs.</p><p>Continuer sans accepter</p></div>",
        "<div id='didomi-host'><p>Nosotros y nuestros 320 socios almacenamos datos.</p><p>Aceptar y continuar</p></div>",
        "<div class='cookie-wall'><p>Wij vragen uw toestemming voor cookies.</p><p>Alles accepteren</p></div>",
        "<script src='https://consent.cookiebot.com/uc.js'></script><p>Çerez politikamız: kişisel veri işlenir.</p><p>Tümünü kabul et</p>",
        "<div id='usercentrics-root'></div><p>Мы используем файлы cookie. Политика конфиденциальности.</p><p>Принять все</p>",
        "<p>نحن نقدر خصوصيتك. نستخدم ملفات تعريف الارتباط لتحسين تجربتك.</p><p>قبول الكل</p><p>سياسة الخصوصية</p>",
    ],
)
def test_a_wall_of_consent_speaks_to_its_reader(body):
    assert verdict(page(body, title="The Gazette")).rejection == "consent wall"


def test_a_wall_that_calls_itself_an_article_is_still_a_wall():
    wall = paragraphs(
        "We value your privacy. We and our 842 partners store and access information on a device.",
        "You can accept all cookies, or manage preferences and give your consent to each purpose.",
    )
    assert verdict(page(wall, LD % "")).rejection == "consent wall"


def test_a_story_about_cookies_is_no_wall():
    told = paragraphs(
        "A court in Leipzig ruled on Monday that a newspaper may not ask for consent to cookies before it shows its price.",
        "The paper had asked readers to accept all cookies or to pay; privacy settings stood on a second page, the judges said.",
        SENTENCES[1],
        SENTENCES[4],
    )
    assert verdict(page(f"<h1>Court: cookie walls unlawful</h1>{told}", LD % "")).kind == "article"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found - The Gazette",
        "404: Seite nicht gefunden",
        "Page introuvable",
        "No se ha encontrado la página",
        "Sayfa bulunamadı | Gazete",
        "Страница не найдена — Газета",
        "الصفحة غير موجودة",
        "Pagina non trovata",
        "Página não encontrada",
        "لاپەڕەکە نەدۆزرایەوە",
        "صفحه یافت نشد",
    ],
)
def test_a_page_that_is_not_there_may_recommend_others(title):
    found = verdict(page(f"<h1>{title}</h1>{STORY}", title=title))
    assert found.rejection == "soft 404"
    assert "headline" in found.rule


@pytest.mark.parametrize(
    "title", ["404 hours in space", "Painting thought lost not found in the palace, says its keeper", "Gone with the river"]
)
def test_a_headline_that_says_more_is_a_storys(title):
    assert verdict(page(f"<h1>{title}</h1>{STORY}", LD % "", title=title)).kind == "article"
    assert verdict(page(f"<h1>{title}</h1>{STORY}{STORY}", title=title)).kind == "article"


def cards(count: int) -> str:
    texts = [f"On page {number}: {SENTENCES[number % 6]}" for number in range(count)]
    return "".join(
        f"<div><h2><a href='/2024/{number}'>Headline number {number}</a></h2><p>{text}</p></div>" for number, text in enumerate(texts)
    )


def test_a_page_whose_text_is_what_it_says_of_others_is_an_index():
    found = verdict(
        page(f"<h1>City</h1>{cards(9)}", '<meta property="og:type" content="article">', title="City"), "https://gazette.org/city/"
    )
    assert found.rejection == "not an article: index page"
    assert found.rule.startswith("9 headlines lead to other pages")
    assert verdict(page(f"<h1>City</h1>{cards(3)}"), "https://gazette.org/city/").rejection != "not an article: index page"


def test_a_story_above_cards_is_an_article():
    assert verdict(page(f"<h1>{HEADLINE}</h1>{STORY}{STORY}{cards(6)}")).kind == "article"
    assert verdict(page(f"<h1>{HEADLINE}</h1>{cards(9)}", LD % "")).kind == "article"


def test_a_collection_says_so_though_its_preview_says_article():
    head = typed("CollectionPage") + '<meta property="og:type" content="article">'
    assert verdict(page(STORY, head)).rule == "json_ld @type collectionpage"


def post(number: int) -> str:
    return f"<article class='post'><h2><a href='/post/{number}'>Post number {number} of the blog</a></h2>{STORY}</article>"


def test_several_posts_on_a_front_page_are_no_article():
    found = verdict(page("".join(map(post, range(4))), title="A blog of rivers"), "https://gazette.org/blog/")
    assert found.rejection == "several articles"
    assert found.rule == "4 headings with a story of their own, none of them the page's"


def test_of_an_endless_page_the_further_articles_are_named_to_be_cut():
    further = "".join(
        f"<div class='article-wrap'><h1>Another story, the {number}th of today</h1>{paragraphs(*SENTENCES[::-1])}</div>"
        for number in (2, 3)
    )
    tree = parse(page(f"<main><div class='article-wrap'><h1>{HEADLINE}</h1>{STORY}</div>{further}</main>", LD % ""))
    assert tree is not None
    facts = collect(tree, URL)
    signs = signs_of(tree, facts)
    assert (signs.stories, signs.has_own_story) == (3, True)
    assert ["Another story" in "".join(other.itertext()) for other in signs.others] == [True, True]
    assert judge(facts, signs, list(SENTENCES), True).kind == "article"


def test_one_article_with_a_masthead_and_teasers_has_one_story():
    body = (
        f"<h1>The Gazette</h1><article><h1>{HEADLINE}</h1>{STORY}</article><article><h2><a href='/x'>Teaser</a></h2><p>Short.</p></article>"
    )
    tree = parse(page(body, LD % ""))
    assert tree is not None
    assert signs_of(tree, collect(tree, URL)).others == ()


def test_a_live_blog_is_told_by_its_data_its_entries_or_its_clocks():
    assert verdict(page(STORY, typed("LiveBlogPosting"))).rule == "json_ld @type LiveBlogPosting"
    entries = "".join(f"<div class='liveblog-entry'><p>{text}</p></div>" for text in SENTENCES)
    assert verdict(page(f"<h1>{HEADLINE}</h1>{entries}", LD % "")).rule == "6 entries of a live blog"
    clocks = "".join(f"<p>1{number}:30 {text}</p>" for number, text in enumerate(SENTENCES))
    for title in ("Live: the bridge opens", "Liveticker zur Brücke", "Canlı: köprü açılıyor", "مباشر: افتتاح الجسر"):
        assert verdict(page(f"<h1>{title}</h1>{clocks}", LD % "", title=title)).kind == "live blog"
    assert verdict(page(f"<h1>{HEADLINE}</h1>{clocks}", LD % "")).kind == "article"


def slides(count: int) -> str:
    return "".join(
        f"<figure><img src='/{number}.jpg'><figcaption>Arch {number} of the bridge</figcaption></figure>" for number in range(count)
    )


def test_a_gallery_has_more_pictures_than_words():
    found = verdict(page(f"<h1>{HEADLINE}</h1><div class='photo-gallery'>{slides(8)}</div>{paragraphs(SENTENCES[0])}", LD % ""))
    assert found.kind == "gallery"
    assert found.rule.startswith("8 pictures in a gallery element and ")
    assert verdict(page(f"<h1>{HEADLINE}</h1>{slides(6)}{paragraphs(SENTENCES[0])}", LD % "")).rule.startswith("6 captions of pictures")
    assert verdict(page(f"<h1>{HEADLINE}</h1>{slides(6)}{STORY}{STORY}{STORY}", LD % "")).kind == "article"
    related = "".join(f"<a href='/{number}'><figure><img><figcaption>Story {number}</figcaption></figure></a>" for number in range(9))
    assert verdict(page(f"<h1>{HEADLINE}</h1>{paragraphs(*SENTENCES[:3])}<div class='gallery'>{related}</div>", LD % "")).kind == "article"


def test_a_gallery_without_a_word_is_refused_as_what_it_is():
    found = verdict(page(f"<h1>{HEADLINE}</h1><div class='gallery'>{slides(8)}</div>", typed("ImageGallery")))
    assert found.rejection == "too short"
    assert "gallery: json_ld @type imagegallery" in found.rule


def test_a_film_and_a_recording_are_told_by_data_or_player():
    short = f"<h1>{HEADLINE}</h1>{paragraphs(*SENTENCES[:2])}"
    assert verdict(page(short, '<meta property="og:type" content="video.other">')).rule.startswith("og:type video")
    assert verdict(page(short, typed("VideoObject"))).kind == "video"
    assert verdict(page(f"<iframe src='https://www.youtube.com/embed/1'></iframe>{short}", LD % "")).kind == "video"
    assert verdict(page(short, typed("PodcastEpisode"))).kind == "audio"
    assert verdict(page(f"<audio src='/1.mp3'></audio>{short}", LD % "")).kind == "audio"
    assert verdict(page(f"<video loop src='/1.mp4'></video>{short}", LD % "")).kind == "article"
    assert verdict(page(f"<video src='/1.mp4'></video>{short}{STORY}{STORY}", LD % "")).kind == "article"


@pytest.mark.parametrize(
    "asked",
    [
        "Subscribe to continue reading.",
        "This article is for subscribers only. Already a subscriber? Log in.",
        "Jetzt weiterlesen mit Gazette Plus",
        "Cet article est réservé aux abonnés. Il vous reste 80 % de cet article à lire.",
        "Suscríbete para seguir leyendo",
        "Contenuto riservato agli abbonati",
        "Haberin devamını okumak için abone olun",
        "Чтобы дочитать статью, оформите подписку",
        "اشترك الآن لقراءة المقال كاملا",
    ],
)
def test_a_stub_asks_to_subscribe(asked):
    found = verdict(page(f"<h1>{HEADLINE}</h1>{paragraphs(SENTENCES[0], SENTENCES[1], asked)}", LD % ""))
    assert found.kind == "paywall stub"
    assert verdict(page(f"<h1>{HEADLINE}</h1>{STORY}{STORY}{paragraphs(asked)}", LD % "")).kind == "article"


def test_a_stub_is_told_by_its_data_too():
    data = LD % ', "isAccessibleForFree": false'
    assert verdict(page(paragraphs(*SENTENCES[:3]), data)).rule.startswith("isAccessibleForFree false and ")
    assert verdict(page(STORY + STORY, data)).kind == "article"
    cut = paragraphs(*SENTENCES, *SENTENCES[:2], "The council expects the last work to be finished before …")
    assert verdict(page(cut, data)).kind == "paywall stub"
    walled = f"<div class='paywall-overlay paywall'></div>{paragraphs(SENTENCES[0], 'Several hundred people crossed it in…')}"
    assert verdict(page(walled, LD % "")).rule.startswith("class “paywall-overlay paywall”")


def test_too_little_says_how_little():
    assert verdict(page("<p>Photo: Rima Haddad</p>")).rule == "15 letters, fewer than 120"


@pytest.mark.parametrize(
    "hostile",
    [
        "<h1>" * 3000 + "x",
        "<article>" * 1500 + STORY,
        "".join(f"<div class='gallery c{number}'><img></div>" for number in range(20_000)),
        "<h2><a href='/x'>" * 3000,
        "<p>" + "." * 200_000 + "</p>",
        "<p>1</p>" * 50_000,
        f"<iframe src='{'youtube' * 50_000}'></iframe>",
        "<figure><figcaption>" * 3000,
    ],
)
def test_hostile_pages_end_in_a_verdict(hostile):
    assert verdict(page(hostile)).rule


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<h1>",
                "</h1>",
                "<h2><a href='#'>",
                "<article>",
                "</article>",
                "<p>text of a story",
                "<figure class='gallery'>",
                "<video>",
                "<iframe src=x>",
            ]
        ),
        max_size=30,
    ),
    st.text(max_size=80),
)
def test_any_page_has_a_kind_or_a_reason(tags, text):
    found = verdict(f"<html><body><div>{''.join(tags)}{text}")
    assert (found.kind is None) != (found.rejection is None)
    assert found.rule
