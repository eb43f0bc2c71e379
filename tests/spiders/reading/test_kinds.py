import pytest

from spiders.reading.kinds import refuse_bytes, weight
from tests.spiders.reading.gazette import SENTENCES, article, article_page, page, paragraphs, reason

LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Budget"}</script>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 ...", "text/html"),
        (b"\x89PNG\r\n\x1a\n", ""),
        (b"\xff\xd8\xff\xe0", "text/html"),
        (b"PK\x03\x04", "application/octet-stream"),
        (b'{"ok": true}', "text/html"),
        (b'[{"id": 1}]', ""),
        (b'<?xml version="1.0"?>\n<rss version="2.0"></rss>', "text/xml"),
        (b"<urlset></urlset>", ""),
        (b"<html></html>", "application/json"),
        (b"<html></html>", "image/png"),
    ],
)
def test_what_is_no_page_is_not_read(body, content_type):
    assert refuse_bytes(body, content_type, 200) == "not html"


@pytest.mark.parametrize(
    "content_type", ["", "text/html", "TEXT/HTML; charset=x", "application/xhtml+xml", "text/plain", "application/octet-stream", "text/xml"]
)
def test_a_page_is_a_page_under_many_names(content_type):
    assert refuse_bytes(b'<?xml version="1.0"?><!DOCTYPE html><html><body>words</body></html>', content_type, 200) is None


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\0\0\0"])
def test_nothing_is_empty(body):
    assert refuse_bytes(body, "text/html", 200) == "empty"


@pytest.mark.parametrize("status", [204, 301, 403, 404, 410, 500, 503])
def test_an_error_is_named_by_its_status(status):
    assert reason(article_page(), status=status) == f"http {status}"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Just a moment...",
            "Checking if the site connection is secure. gazette.org needs to review the security of your connection before proceeding.",
        ),
        ("Attention Required! | Cloudflare", "Sorry, you have been blocked. You are unable to access gazette.org. " * 3),
        (
            "gazette.org",
            "Verifying you are human. This may take a few seconds. gazette.org needs to review your connection before proceeding. " * 2,
        ),
        (
            "Pardon Our Interruption",
            "As you were browsing something about your browser made us think you were a bot. There are a few reasons. " * 3,
        ),
        ("Access Denied", "You don't have permission to access this page on this server. Reference 18.2f. " * 2),
        ("لحظة واحدة", "جارٍ التحقق من أنك إنسان. قد يستغرق هذا بضع ثوان قبل المتابعة إلى الموقع الذي تريده." * 2),
    ],
)
def test_a_challenge_is_no_article(title, text):
    assert reason(page(f"<h1>{title}</h1>{paragraphs(text)}", title=title)) == "challenge page"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "We value your privacy",
            "We and our 842 partners store and/or access information on a device, such as cookies, for personalised ads and content. " * 2,
        ),
        (
            "The Gazette",
            "Before you continue: we use cookies. You may accept all cookies or manage preferences. See our cookie policy.",
        ),
        (
            "Ihre Privatsphäre",
            "Wir benötigen Ihre Einwilligung, um Cookies zu setzen. Datenschutz ist uns wichtig. Mit Ihrer Zustimmung zeigen wir Werbung. "
            * 2,
        ),
    ],
)
def test_a_wall_of_consent_is_no_article(title, text):
    assert reason(page(f"<h1>{title}</h1>{paragraphs(text)}", title=title)) == "consent wall"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found",
        "404 | The Gazette",
        "Error 404",
        "Oops! That page can’t be found.",
        "Seite nicht gefunden",
        "Page introuvable",
        "الصفحة غير موجودة",
        "Sayfa bulunamadı",
        "Страница не найдена",
    ],
)
def test_a_page_that_is_not_there_is_no_article_whatever_its_status(title):
    text = "The page that you asked for may have moved, or it never was. Try the search, or go back to our front page and look at the news."
    assert reason(page(f"<h1>{title}</h1>{paragraphs(text, text)}", title=title)) == "soft 404"


def test_a_story_about_such_pages_is_an_article():
    for headline in (
        "Just a moment of silence",
        "Court: cookie consent walls unlawful",
        "404 hours in space",
        "Access denied: a journey to the border",
    ):
        assert (
            article(page(f"<h1>{headline}</h1><article>{paragraphs(*SENTENCES, *SENTENCES)}</article>", title=headline)).title == headline
        )
        assert article(page(f"<h1>{headline}</h1><article>{paragraphs(*SENTENCES[:2])}</article>", LD, title=headline)).text


def test_a_front_page_is_no_article():
    cards = "".join(f"<div><h2><a href='/{n}'>{text}</a></h2><p>{text}</p></div>" for n, text in enumerate(SENTENCES))
    assert reason(page(cards), url="https://gazette.org/old-story", final_url="https://gazette.org/") == "not an article: index page"
    collection = '<script type="application/ld+json">{"@type": "CollectionPage", "name": "City"}</script>'
    assert reason(page(cards, collection), final_url="https://gazette.org/city/") == "not an article: index page"


def test_a_caption_is_too_short_and_a_news_flash_is_not():
    assert reason(page(paragraphs("Photo: Rima Haddad"))) == "too short"
    assert reason(page(paragraphs("Subscribe to our channel and never miss the news."))) == "too short"
    flash = "The mayor of the town resigned on Monday, his office says."
    assert article(page(f"<h1>Mayor resigns</h1><article>{paragraphs(flash)}</article>", LD)).text == flash


def test_an_ideograph_weighs_more_than_a_letter():
    assert weight("市議会は") == 12
    assert weight("Rat, 2") == 4
