"""What a page's tree tells of its kind before anything is cut from it: pictures, players, entries, cards, guards, further stories."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from spiders.reading.json_ld import main_nodes, texts
from spiders.reading.markup import found
from spiders.reading.metadata import Facts
from spiders.reading.text import key

MOST = 400  # elements of one sort that are looked at
MOST_CARDS = 60
MOST_VALUES = 16  # classes of one meaning on a page
STORY = 600  # characters in the paragraphs under a heading that make a story of its own
PARAGRAPH = 60  # characters of a paragraph that counts for it
MOST_SCRIPTS = 30  # of a page that is nothing but a question
FEW_SCRIPTS = 12  # challenges have one to six; what honest pages run is not read
LONGEST = 300  # characters of an address or a name that are read
SCRIPT = 4000  # characters of a script in which a guard's name stands; challenges are short

_EDGES = ("aside", "footer", "nav", "dialog", "form")
_WALKED = ("article", "figcaption", "video", "audio", "iframe", "script", "h1", "h2", "h3", "h4")

# Software between a site and its readers. Most of it is loaded on honest pages too: it counts only where there is next to no text.
# Plain strings, in small letters: one pattern of them all took 2 ms a page.
_GUARDS = (
    (
        "Cloudflare",
        ("_cf_chl_opt", "challenges.cloudflare.com", "cf-browser-verification", "cf-challenge", "cf-turnstile", "cf-error-details"),
    ),
    ("DataDome", ("captcha-delivery.com", "dd={'rt'")),
    ("Akamai", ("/_sec/cp_challenge", "/_sec/verify", "bm-verify", "sec-if-cpt", "sec-bc-")),
    ("PerimeterX", ("px-captcha", "captcha.px-cdn", "_pxcaptcha", "human-challenge")),
    ("Anubis", ("anubis_challenge", "within.website/x/cmd/anubis")),
    ("Imperva", ("_incapsula_resource",)),
    ("AWS WAF", ("awswaf.com", "gokuprops", "aws-waf-token")),
    ("Sucuri", ("sucuri_cloudproxy",)),
    ("DDoS-Guard", ("ddos-guard",)),
    ("Qrator", ("__qrator",)),
    ("a captcha", ("g-recaptcha", "h-captcha", "hcaptcha.com", "smartcaptcha", "friendlycaptcha")),
)
_BANNERS = (
    *(
        "onetrust",
        "cookielaw",
        "sourcepoint",
        "sp_message",
        "privacy-mgmt",
        "didomi",
        "usercentrics",
        "consentmanager",
        "cmpbox",
        "trustarc",
    ),
    *("truste", "quantcast", "qc-cmp", "cookiebot", "iubenda", "axeptio", "fundingchoices", "contentpass", "cookie-wall", "cookiewall"),
    *("cookie-consent", "cookieconsent", "consent-wall", "consent-gate", "consent-page"),
)
_VIDEOS = (
    *("youtube.com/embed", "youtube-nocookie.com/embed", "player.vimeo", "dailymotion", "brightcove", "jwplayer", "jwplatform"),
    *("rumble.com/embed", "facebook.com/plugins/video", "ok.ru/videoembed", "rutube.ru/play"),
)
_AUDIOS = (
    *("soundcloud.com/player", "open.spotify.com/embed", "podcasts.apple", "megaphone", "acast.com", "omny.fm", "audioboom", "spreaker"),
)

# A class, and the parts of which it must hold one, whatever its case.
_GALLERY = (
    re.compile(r"galler|slide-?show|diashow|fotostrecke|bilderstrecke|galerie|galeri|photo-?story|photo-?essay", re.IGNORECASE),
    ("galler", "slideshow", "slide-show", "diashow", "strecke", "galeri", "photostory", "photo-story", "photoessay", "photo-essay"),
)
_ENTRY = (
    re.compile(
        r"live-?blog[-_]*(?:post|entry|item|update)|(?:live|ticker)[-_]*(?:post|entry|event|update|item)s?(?:$|[\s_-])|lb-post",
        re.IGNORECASE,
    ),
    ("live", "ticker", "lb-post"),
)
_PAYWALL = (
    re.compile(
        r"(?:^|[\s_-])(?:pay-?wall|reg-?wall|subscri(?:be|ption|ber)-?(?:wall|gate|prompt|barrier)|premium-?(?:wall|gate|barrier)|"
        r"paid-?(?:barrier|content-?(?:box|wall|banner))|piano-?(?:container|offer|template)|tp-container|offer-?wall|abo-?wall|"
        r"content-?gate|article-?gate)(?:$|[\s_-])",
        re.IGNORECASE,
    ),
    ("wall", "gate", "prompt", "barrier", "paid", "piano", "tp-container"),
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the tree of a page shows."""

    types: frozenset[str] = frozenset()  # of JSON-LD's main objects, in small letters, without "https://schema.org/"
    guard: str = ""  # software that asks whether a reader is human
    banner: str = ""  # software that asks for consent
    pictures: int = 0  # in elements that are called a gallery
    captions: int = 0  # of pictures outside of links
    entries: int = 0  # elements that are called an entry of a live blog
    players: tuple[str, ...] = ()  # "video", "audio"
    paywall: str = ""  # the class of an element that is called a paywall
    cards: frozenset[str] = frozenset()  # keys of headlines that lead to other pages, and of the paragraphs beside them
    card_count: int = 0
    stories: int = 0  # headings with a story of their own
    has_own_story: bool = True  # one of them is what the page is about
    others: tuple[HtmlElement, ...] = ()  # the elements of the further stories, where the page's own is known


def signs_of(tree: HtmlElement, facts: Facts) -> Signs:
    """The signs of the page whose ``facts`` were collected from ``tree``; nothing is changed in it."""
    walked: dict[str, list[HtmlElement]] = {tag: [] for tag in _WALKED}
    for element in tree.iter(*_WALKED):
        elements = walked[element.tag]
        if len(elements) < MOST:
            elements.append(element)
    types = frozenset(kind.rsplit("/", 1)[-1].lower() for node in main_nodes(facts.nodes) for kind in texts(node, "@type"))
    together = "\n".join(facts.classes).lower()
    loaded = _loaded(walked["script"], walked["iframe"], tree)
    cards, card_count = _cards([*walked["h2"], *walked["h3"], *walked["h4"]], facts)
    stories = _stories(walked["h1"], walked["article"])
    own = [story for story in stories if _is_own(*story, facts)]
    return Signs(
        types=types,
        guard=next((name for name, marks in _GUARDS if any(mark in loaded for mark in marks)), ""),
        banner=next((mark for mark in _BANNERS if mark in loaded), ""),
        pictures=_pictures(_classed(tree, _values(facts.classes, together, *_GALLERY))),
        captions=sum(1 for caption in walked["figcaption"] if not _is_aside(caption, "a")),
        entries=_entries(_classed(tree, _values(facts.classes, together, *_ENTRY))),
        players=_players(walked),
        paywall=next(iter(_values(facts.classes, together, *_PAYWALL)), ""),
        cards=cards,
        card_count=card_count,
        stories=len(stories),
        has_own_story=bool(own) or len(stories) < 2,
        others=_others(stories, own[0][1]) if own else (),
    )


def _loaded(scripts: Sequence[HtmlElement], frames: Sequence[HtmlElement], tree: HtmlElement) -> str:
    """Addresses and beginnings of what the page runs, and the names of its first elements, in small letters."""
    if len(scripts) > MOST_SCRIPTS:
        return ""
    is_short = len(scripts) < FEW_SCRIPTS
    pieces = [f"{(script.get('src') or '')[:LONGEST]} {(script.get('id') or '')[:LONGEST]}" for script in scripts]
    pieces += [(script.text or "")[:SCRIPT] for script in scripts if is_short]
    pieces += [(frame.get("src") or "")[:LONGEST] for frame in frames]
    pieces += [
        f"{(element.get('id') or '')[:LONGEST]} {(element.get('class') or '')[:LONGEST]}"
        for element in islice(tree.iter("div", "form", "main"), 60)
    ]
    return "\n".join(pieces).lower()


def _is_aside(element: HtmlElement, *more: str) -> bool:
    return next(element.iterancestors(*_EDGES, *more), None) is not None


def _values(classes: Sequence[str], together: str, pattern: re.Pattern[str], parts: Sequence[str]) -> list[str]:
    """The values that match ``pattern``, which only those with one of ``parts`` can; ``together`` are all of them, in small letters."""
    held = [part for part in parts if part in together]
    return [value for value in classes if any(part in value.lower() for part in held) and pattern.search(value)] if held else []


def _classed(tree: HtmlElement, values: Sequence[str]) -> list[HtmlElement]:
    """Elements that have one of ``values`` as their class; on few pages is there any."""
    given = {f"v{at}": value for at, value in enumerate(values[:MOST_VALUES])}
    return found(_with_values(len(given)), tree, **given)[:MOST] if given else []


@cache
def _with_values(count: int) -> XPath:
    return XPath("//@class[" + " or ".join(f". = $v{at}" for at in range(count)) + "]/..")


def _pictures(galleries: Sequence[HtmlElement]) -> int:
    """Pictures in the elements that are called a gallery, each once; those that lead to other pages are a list of articles."""
    seen: set[HtmlElement] = set()
    inside: set[HtmlElement] = set()
    for gallery in galleries:
        if any(above in inside for above in gallery.iterancestors()) or _is_aside(gallery):
            continue
        inside.add(gallery)
        for picture in gallery.iter("figure", "img"):
            if len(seen) >= MOST:
                return len(seen)
            if next(picture.iterancestors("figure"), None) is None and not _is_small(picture) and not _leads_away(picture):
                seen.add(picture)
    return len(seen)


def _is_small(picture: HtmlElement) -> bool:
    width = picture.get("width") or ""
    return width.isdecimal() and len(width) < 3  # a thumbnail, a button


def _leads_away(picture: HtmlElement) -> bool:
    links = [*picture.iterancestors("a"), *picture.iter("a")]
    return any((link.get("href") or "#")[:1] != "#" and not _PICTURE.search(link.get("href") or "") for link in links)


def _entries(elements: Sequence[HtmlElement]) -> int:
    counts = Counter((element.tag, element.get("class")) for element in elements if next(element.iter("p"), None) is not None)
    return max(counts.values(), default=0)


def _players(walked: dict[str, list[HtmlElement]]) -> tuple[str, ...]:
    frames = " ".join(frame.get("src") or frame.get("data-src") or "" for frame in walked["iframe"] if not _is_aside(frame)).lower()
    has_video = any(not _is_aside(video) and not _is_loop(video) for video in walked["video"]) or any(host in frames for host in _VIDEOS)
    has_audio = any(not _is_aside(audio) for audio in walked["audio"]) or any(host in frames for host in _AUDIOS)
    return tuple(name for name, has in (("video", has_video), ("audio", has_audio)) if has)


def _is_loop(video: HtmlElement) -> bool:
    return video.get("loop") is not None and video.get("controls") is None  # a moving picture


def _cards(headings: Iterable[HtmlElement], facts: Facts) -> tuple[frozenset[str], int]:
    """What the page says of other pages: headlines in links with the paragraphs beside them; and how many they are."""
    names: set[str] = set()
    addresses: set[str] = set()
    own = _path(facts.url)
    for heading in islice(headings, MOST_CARDS):
        link = next(heading.iterancestors("a"), None)
        link = link if link is not None else next(heading.iter("a"), None)
        href = link.get("href") if link is not None else None
        if not href or href[0] == "#" or (len(own) > 1 and href.split("?")[0].rstrip("/").endswith(own)):
            continue
        addresses.add(href)
        names.add(key(_beginning(heading)))
        for paragraph in islice(heading.itersiblings("p", "div", "span"), 2):
            names.add(key(_beginning(paragraph)))
    return frozenset(name for name in names if len(name) > 8), len(addresses)


def _beginning(element: HtmlElement) -> str:
    return " ".join(islice(element.itertext(), 16))[:500]  # an element may hold the whole page, and others of its kind too


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/") or "/"
    except ValueError:
        return ""


def _stories(h1s: Sequence[HtmlElement], articles: Sequence[HtmlElement]) -> list[tuple[HtmlElement, HtmlElement]]:
    """Headings that stand above a story of their own, each with the largest element that holds it and no other one."""
    outer = [article for article in articles if next(article.iterancestors("article"), None) is None and not _is_aside(article)]
    first = [heading for article in outer if (heading := next(article.iter("h1", "h2", "h3"), None)) is not None] if len(outer) > 1 else []
    headings = list(dict.fromkeys([*(h1 for h1 in h1s[:40] if not _is_aside(h1)), *first[:40]]))
    if len(headings) < 2:
        return []
    held = Counter(above for heading in headings for above in heading.iterancestors())
    stories = []
    for heading in headings:
        alone = [above for above in heading.iterancestors() if held[above] == 1]
        if alone and _prose(alone[-1]) >= STORY:
            stories.append((heading, alone[-1]))
    return stories


def _others(stories: Iterable[tuple[HtmlElement, HtmlElement]], own: HtmlElement) -> tuple[HtmlElement, ...]:
    """The elements of further stories, as endless pages append them: beside the first, and named like it. Less would cut real stories."""
    return tuple(element for _, element in stories if element is not own and _is_twin(element, own))


def _is_twin(one: HtmlElement, other: HtmlElement) -> bool:
    names, others = (one.get("class") or "").split(), (other.get("class") or "").split()
    return one.tag == other.tag and names[:1] == others[:1] and bool(names) and one.getparent() is other.getparent()


def _prose(element: HtmlElement) -> int:
    """Characters in the longer paragraphs of ``element``, as far as they are needed."""
    count = 0
    for paragraph in element.iter("p"):
        length = len(" ".join("".join(paragraph.itertext()).split()))
        count += length if length >= PARAGRAPH else 0
        if count >= STORY:
            break
    return count


def _is_own(heading: HtmlElement, element: HtmlElement, facts: Facts) -> bool:
    """Whether a story is what the page is about: by its heading, or the address that it or its heading gives."""
    name = key(_beginning(heading))
    told = [*facts.meta("og:title", "twitter:title")[:4], facts.title_element, *texts(facts.article, "headline", "name")]
    names = list(map(key, told))  # a heading that is a small part of a title names the site
    if len(name) > 8 and any((name in other and 2 * len(name) >= len(other)) or (len(other) > 15 and other in name) for other in names):
        return True
    links = [link.get("href") or "" for link in [*heading.iterancestors("a"), *heading.iter("a")]]
    own = {_path(url) for url in (facts.url, *facts.links.get("canonical", ()), *facts.meta("og:url"))} - {"/", ""}
    return any(_path(href) in own for href in (*links, element.get("data-url") or "", element.get("data-href") or "") if href)
