"""Outlets that never were: each with a dozen stories, and with furniture inside the element that holds them, as real sites have it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from spiders.outlet import Outlet
from spiders.reading import Page
from spiders.reading.learning import learn, sketch
from warehouse.contracts import Capture, Profile

_WHO = (
    "The council",
    "A farmer",
    "The harbour master",
    "Her neighbour",
    "The ministry",
    "One of the drivers",
    "The school",
    "A clerk",
    "The union",
)
_DID = (
    "said on Monday that",
    "denied that",
    "could not say whether",
    "wrote in a letter that",
    "had known for weeks that",
    "told our reporter that",
)
_WHAT = (
    "the dam",
    "the new line",
    "the grain",
    "the old archive",
    "the ferry",
    "the strike",
    "the water meter",
    "the summer school",
    "the border post",
)
_NAMES = ("Ada", "Bela", "Cem", "Dora", "Emil", "Fatma", "Gor", "Hana", "Ilse", "Jovan", "Kemal", "Lin")
_THEN = (
    "would open before winter.",
    "cost more than was planned.",
    "stands empty since March.",
    "was never inspected.",
    "will be sold to the town.",
    "is safe again.",
)

BACKGROUND = (
    "The valley has been without a railway since the flood of 1987, when two bridges fell and eleven villages were cut off for a month, "
    "and no government since has found the money to build them again."
)  # reporters reuse it


def story(number: int, paragraphs: int = 8) -> list[str]:
    """The paragraphs of story ``number``; no two are alike."""
    draw = random.Random(number)

    def sentence() -> str:
        return f"{draw.choice(_WHO)} of district {draw.randint(10, 99)} {draw.choice(_DID)} {draw.choice(_WHAT)} {draw.choice(_THEN)}"

    told = [" ".join(sentence() for _ in range(draw.randint(2, 4))) for _ in range(paragraphs)]
    return [*told[:5], f"{_NAMES[number % len(_NAMES)]} did not reply.", *told[5:]]


@dataclass(frozen=True)
class Furniture:
    """HTML in the container beside the story: before it, behind its third paragraph, after it; ``{number}`` is the page's.

    ``head`` stands between the headline and the container.
    """

    top: str = ""
    middle: str = ""
    end: str = ""
    head: str = ""
    container: str = "div class='entry'"
    words: tuple[str, ...] = ()  # of it, none of which may be left in a text


@dataclass(frozen=True)
class Site:
    """An outlet of ``pages`` pages."""

    furniture: Furniture
    pages: int = 12
    background: tuple[int, ...] = (2, 5, 7, 10)  # pages that have BACKGROUND before their last paragraph

    def outlet(self) -> Outlet:
        return Outlet(slug="valley", title="The Valley", homepage="https://valley.org/", language=("en",))

    def paragraphs(self, number: int) -> list[str]:
        told = story(number)
        return [*told[:-1], BACKGROUND, told[-1]] if number in self.background else told

    def title(self, number: int) -> str:
        return f"District {number} waits for {_WHAT[number % len(_WHAT)]} and for word number {number}"

    def page(self, number: int) -> Page:
        told = [f"<p>{text}</p>" for text in self.paragraphs(number)]
        parts = self.furniture
        top, middle, end, head = (part.replace("{number}", str(number)) for part in (parts.top, parts.middle, parts.end, parts.head))
        inner = top + "".join(told[:3]) + middle + "".join(told[3:]) + end
        tag = parts.container.split()[0]
        markup = (
            f"<!DOCTYPE html><html lang='en'><head><title>{self.title(number)} | The Valley</title></head><body>"
            "<nav><a href='/'>Home</a> <a href='/world'>World</a> <a href='/about'>About us</a></nav>"
            f"<main><h1>{self.title(number)}</h1>{head}<{parts.container}>{inner}</{tag}></main>"
            "<footer><p>All rights reserved by the publishers of this newspaper, in the old hall since 1902.</p></footer></body></html>"
        )
        url = f"https://valley.org/{number}"
        at = datetime(2024, 5, 1, 12, tzinfo=UTC) + timedelta(days=number)
        capture = Capture(f"c-{number:03}", "valley", url, url, f"valley:{number}", at, 200, "text/html", "f.warc.gz", 0, 1, str(number))
        return Page(capture, markup.encode())

    def learned(self, order: int = 0) -> tuple[Profile, ...]:
        """What all pages teach, asked in an order drawn from ``order``."""
        numbers = list(range(self.pages))
        random.Random(order).shuffle(numbers)
        found = [sketch(self.page(number), self.outlet()) for number in numbers]
        return learn("valley", [page for page in found if page is not None])


_METER = "<div><p>{number},250 $</p><p>8,000 $</p><p>JULY 2022</p></div>"

# After what the design's list says of five outlets; the words are ours.
SITES = {
    "an appeal after the last paragraph, and the other language's version": Site(
        Furniture(
            end="<p>If you find this work useful, become a member: the valley needs a free newspaper, and it lives by you.</p>"
            "<p><a href='/fr/{number}'>Lire cet article en français</a></p>",
            words=("become a member", "Lire cet article"),
        )
    ),
    "a meter above the headline's copy, a picture's button, a plea": Site(
        Furniture(
            top=_METER + "<p>Click to see the full picture</p><p>District {number} waits</p>",
            end="<p>Dear readers! This page costs 2{number} $ a day. Give what you can, by post or at our door.</p>",
            words=("8,000 $", "JULY 2022", "Click to see", "Dear readers"),
        )
    ),
    "the rules for comments and the labels of a form": Site(
        Furniture(
            top="<p>A+ A-</p><p>By Rima Haddad</p><p>By Rima Haddad</p>",
            end="<p>Comments are read by a person before they appear; insults, threats and advertising stay away, and so do links.</p>"
            "<form><p>Your name</p><p>Your address</p><p>Your comment</p><button>Send</button></form>",
            words=("A+ A-", "Comments are read", "Your name", "Your comment"),
        )
    ),
    "advertisements in mid-text and a newsletter's box": Site(
        Furniture(
            middle="<p>- Advertisement -</p>",
            end="<div class='box'><p>Never miss a story</p><p>Our letter comes every morning at six, and costs nothing.</p>"
            "<p>Your e-mail</p></div>",
            words=("- Advertisement -", "Never miss a story", "Our letter comes", "Your e-mail"),
        )
    ),
    "the masthead's names above the story": Site(
        Furniture(
            top="<p>Supervisor: Elham Bishara</p><p>Editor in chief: Daoud Amin</p>",
            end="<p>Last updated on {number} May 2024</p>",
            words=("Elham Bishara", "Daoud Amin", "Last updated"),
        )
    ),
    "a caption printed twice, and a button on some pictures": Site(
        Furniture(
            top="<figure><img src='{number}.jpg'><figcaption>The market of district {number} after the flood</figcaption></figure>"
            "<p>The market of district {number} after the flood</p>",
            middle="<p>Click to see full-size image</p>",
            words=("The market of district", "Click to see"),
        ),
    ),
    "a machine's summary below the headline, and what it says of itself": Site(
        Furniture(
            head="<div class='tool'><p>Summaries are written by a machine and may be wrong; please read the whole story, too.</p>"
            "<p>In short, district {number} waits for what it was promised, and nobody says until when that may be.</p></div>",
            words=("Summaries are written", "In short, district"),
        ),
    ),
}
