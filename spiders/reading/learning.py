"""What the pages of one outlet share, and one page cannot tell: where the story stands, and what stands around it on every page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from statistics import fmean

from spiders.reading.head import LONGEST, SAME, SHORTEST
from spiders.reading.marks import SPEAKING, TELLING
from spiders.reading.profile import steady
from spiders.reading.sketch import LONGEST as LONGEST_TEXT
from spiders.reading.sketch import Sketch, Spot, sketch
from spiders.reading.text import key
from spiders.reading.titles import site_affixes
from warehouse.contracts import Learned, Profile

__all__ = ["learn", "sketch"]

FEWEST = 3  # pages of one layout from which anything is learned
APART = 4  # pages that make a layout of their own in a frame that others share
FIT = 0.7  # likeness of a body to what trafilatura keeps, from which a page counts as of its layout
COVER = 3.0  # how much more it weighs that a body holds the story than that it holds nothing else
DIVIDED = 0.01  # off for each further element that a body is made of: a class of paragraphs is none
NEAR = 0.01  # likeness by which a smaller body may be worse than the best
AGAIN = 0.6  # share of texts that stand on several pages
LINKS = 0.6
MOST_STORY = 0.3  # of what trafilatura keeps: more of it is never cut in one piece
MOST_UNKEPT = 0.3  # of the body: trafilatura may be wrong about the rest
LEADS = 0.4  # of the pages must have a standfirst of one name
MOST = 0.5  # of the pages
LEAST, LEAST_OF_A_PAGE, MOST_POOR = 0.6, 0.35, 0.2  # shares of what trafilatura takes alone that a profile must keep, and of pages
LONGEST_EXAMPLE = 160
_TAG = re.compile(r"[\w-]+")
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_FRAMES = frozenset({"div", "section", "article", "main", "td", "header", "details"})


@dataclass(frozen=True)
class _Seen:
    """A page, and which of its elements answer to which selector."""

    page: Sketch

    @cached_property
    def sizes(self) -> dict[str, tuple[float, float, int]]:
        """For each selector: characters of story in it, all characters in it, of how many elements it is made."""
        held: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        tops: defaultdict[str, set[int]] = defaultdict(set)
        for spot in self.page.spots:
            seen: set[str] = set()
            for number in spot.path:
                for selector in self.page.elements[number]:
                    if selector not in seen:
                        seen.add(selector)
                        tops[selector].add(number)
                        held[selector][0] += spot.size * spot.is_story
                        held[selector][1] += spot.size
        return {selector: (story, whole, len(tops[selector])) for selector, (story, whole) in held.items()}

    @cached_property
    def story(self) -> float:
        return sum(spot.size for spot in self.page.spots if spot.is_story)

    def likeness(self, selector: str) -> float:
        """How well the elements of ``selector`` hold the story and nothing else; F-measure with recall weighed ``COVER``-fold."""
        story, whole, parts = self.sizes.get(selector, (0.0, 0.0, 0))
        if not story or not self.story:
            return 0.0
        purity, cover = story / whole, story / self.story
        return (1 + COVER**2) * purity * cover / (COVER**2 * purity + cover) - DIVIDED * min(parts - 1, 30)

    def between(self, number: int, body: str) -> list[_Text]:
        """The texts that may be standfirsts, between the headline and the first text in the elements of ``body``; with their near names."""
        return self._before(number, body, self.page.heading + 1) if self.page.heading >= 0 else []

    def above(self, number: int, body: str) -> list[_Text]:
        """The sentences before the first text in the elements of ``body``: one of them might be taken for a standfirst."""
        return [text for text in self._before(number, body, 0) if text.spot.is_sentence]

    def _before(self, number: int, body: str, start: int) -> list[_Text]:
        elements, spots = self.page.elements, self.page.spots
        begin = next((at for at, spot in enumerate(spots) if any(body in elements[element] for element in spot.path)), 0)
        return [
            _Text(number, spot, frozenset(name for element in spot.path[-2:] for name in elements[element]))
            for spot in spots[start:begin]
            if SHORTEST <= spot.size <= LONGEST and spot.linked <= spot.size / 2
        ]

    def inside(self, number: int, body: str) -> list[_Text]:
        """The texts in the elements of ``body``; this is page ``number``."""
        found, elements = [], self.page.elements
        for spot in self.page.spots:
            depth = next((depth for depth, element in enumerate(spot.path) if body in elements[element]), None)
            if depth is not None:
                found.append(_Text(number, spot, frozenset(name for element in spot.path[depth + 1 :] for name in elements[element])))
        return found


def learn(outlet: str, sketches: Iterable[Sketch]) -> tuple[Profile, ...]:
    """The profiles of the layouts that ``sketches`` show, the commonest first. The order of the sketches says nothing."""
    pages = [_Seen(page) for page in sorted(sketches, key=lambda page: (page.captured_at, page.capture_id))]
    found: list[Profile] = []
    while len(pages) >= FEWEST:
        body = _body(pages)
        fitting = [page for page in pages if body and page.likeness(body) >= FIT]
        if len(fitting) < FEWEST:
            break
        body, fitting = _split(body, fitting)
        found.append(_profile(outlet, body, fitting))
        pages = [page for page in pages if page not in fitting]
    return tuple(found)


def _body(pages: Sequence[_Seen]) -> str:
    """The selector that is likest to the story over ``pages``."""
    sums: defaultdict[str, float] = defaultdict(float)
    for page in pages:
        for selector in page.sizes:
            if _tag(selector) in _FRAMES:
                sums[selector] += page.likeness(selector)
    best = max(sums.values(), default=0.0)
    near = [selector for selector, score in sums.items() if score >= best - NEAR * len(pages)]
    return min(near, key=lambda name: (_whole(pages, name), name in _FRAMES, -sums[name], len(name), name), default="")


def _split(body: str, pages: list[_Seen]) -> tuple[str, list[_Seen]]:
    """An element inside ``body`` that holds the story on many of ``pages`` and is not on the others: two layouts in one frame."""
    inner: defaultdict[str, list[_Seen]] = defaultdict(list)
    for page in pages:
        for selector, (_, whole, _) in page.sizes.items():
            is_smaller = whole < page.sizes[body][1]
            if is_smaller and _tag(selector) in _FRAMES and page.likeness(selector) >= page.likeness(body) - NEAR:
                inner[selector].append(page)
    several = {
        selector: found
        for selector, found in inner.items()
        if APART <= len(found) <= len(pages) - APART and not any(selector in page.sizes for page in pages if page not in found)
    }
    if not several:
        return body, pages
    best = min(several, key=lambda name: (-len(several[name]), _whole(several[name], name), name in _FRAMES, name))
    return best, several[best]


def _whole(pages: Sequence[_Seen], selector: str) -> float:
    return sum(page.sizes.get(selector, (0.0, 0.0, 0))[1] for page in pages)


def _tag(selector: str) -> str:
    return _TAG.match(selector)[0]  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class _Text:
    """A spot in the body of page number ``page``, and the selectors that it answers to below the body."""

    page: int
    spot: Spot
    selectors: frozenset[str]


def _profile(outlet: str, body: str, pages: Sequence[_Seen]) -> Profile:
    times = [page.page.captured_at for page in pages]
    texts = [text for number, page in enumerate(pages) for text in page.inside(number, body)]
    seen_on: defaultdict[str, set[int]] = defaultdict(set)
    for text in texts:
        seen_on[text.spot.key].add(text.page)
    drop = _dropped(texts, seen_on, times)
    gone = {rule.rule for rule in drop}
    rest = [text for text in texts if not text.selectors & gone]
    above = [text for number, page in enumerate(pages) for text in page.above(number, body)]
    furniture = _furniture([*rest, *above], times)
    found = Learned(body, len(pages), f"likeness to the story {fmean(page.likeness(body) for page in pages):.2f}", times[0], times[-1])
    shares = _kept(pages, rest, {steady(key(rule.rule)) for rule in furniture})
    lead = _leads(pages, body, times)
    names = tuple(
        Learned(name, len(pages), "stands at the ends of several headlines", times[0], times[-1])
        for name in site_affixes(page.page.titles[-1] for page in pages if page.page.titles)
    )
    rules = [found, *lead, *drop, *furniture, *names]
    return Profile(
        outlet,
        version=f"{times[-1]:%Y-%m-%d}-{sha256(chr(10).join(rule.rule for rule in rules).encode()).hexdigest()[:8]}",
        layout=body,
        learned_at=times[-1],
        since=times[0],
        pages=len(pages),
        is_promoted=is_safe(shares),
        verdict=f"keeps {fmean(shares):.0%} of what trafilatura takes alone, {min(shares):.0%} on the page where it keeps least",
        body=(found,),
        lead=lead,
        drop=drop,
        furniture=furniture,
        names=names,
    )


def is_safe(shares: Sequence[float]) -> bool:
    """Whether a profile that keeps these shares of the pages' stories removes no more than it explains."""
    poor = sum(share < LEAST_OF_A_PAGE for share in shares)
    return fmean(shares) >= LEAST and poor <= MOST_POOR * len(shares)


def _kept(pages: Sequence[_Seen], rest: Iterable[_Text], furniture: Container[str]) -> list[float]:
    """For each page, the share of what trafilatura takes alone that is still there."""
    kept = [0.0] * len(pages)
    for text in rest:
        kept[text.page] += text.spot.size * (text.spot.is_story and steady(text.spot.key) not in furniture)
    return [story / page.story for story, page in zip(kept, pages, strict=True)]


def _dropped(texts: Sequence[_Text], seen_on: Mapping[str, set[int]], times: Sequence[datetime]) -> tuple[Learned, ...]:
    """The selectors of what stands in the body and is no story; none that another one of them covers."""
    parts: defaultdict[str, list[_Text]] = defaultdict(list)
    for text in texts:
        for selector in text.selectors:
            if selector not in _FRAMES:  # a bare <section> is anything
                parts[selector].append(text)
    whole = sum(text.spot.size for text in texts)
    story = sum(text.spot.size for text in texts if text.spot.is_story)
    reasons = {selector: _reason(selector, part, seen_on, whole, story) for selector, part in parts.items()}
    found: list[Learned] = []
    covered: set[int] = set()
    for selector in sorted(filter(reasons.get, parts), key=lambda name: (-len(parts[name]), len(name), name)):
        own = set(map(id, parts[selector]))
        if not own <= covered:
            covered |= own
            found.append(_learned(selector, parts[selector], reasons[selector], times))
    return tuple(found)


def _learned(rule: str, part: Sequence[_Text], reason: str, times: Sequence[datetime]) -> Learned:
    pages = sorted({text.page for text in part})
    example = max((text.spot.text for text in part), key=lambda told: (len(told), told))
    return Learned(rule, len(pages), reason, times[pages[0]], times[pages[-1]], example[:LONGEST_EXAMPLE])


def _reason(selector: str, part: Sequence[_Text], seen_on: Mapping[str, set[int]], whole: float, story: float) -> str:
    """Why the elements of ``selector`` are no part of the story; empty if they are, or may be."""
    size = sum(text.spot.size for text in part)
    kept = sum(text.spot.size for text in part if text.spot.is_story)
    if kept > MOST_STORY * story:
        return ""
    linked = sum(text.spot.linked for text in part) / size
    again = sum(len(seen_on[text.spot.key]) > 1 for text in part) / len(part)
    pages = len({text.page for text in part})
    share = kept / size
    if again >= AGAIN and pages > 1:
        return f"{again:.0%} of its texts stand on several pages"
    if linked >= LINKS and share < 0.5 and (pages > 1 or SPEAKING.search(selector)):
        return f"{linked:.0%} of its letters are links"
    if share <= 0.1 and pages > 1 and size <= MOST_UNKEPT * whole and not all(text.spot.tag in _HEADINGS for text in part):
        return f"trafilatura keeps {share:.0%} of it on {pages} pages"
    if TELLING.search(selector) or (SPEAKING.search(selector) and (linked >= 0.2 or share <= 0.6 or again >= 0.25)):
        return f"named as furniture, {linked:.0%} links, trafilatura keeps {share:.0%}"
    return ""


def _furniture(texts: Sequence[_Text], times: Sequence[datetime]) -> tuple[Learned, ...]:
    """Texts in the body of most pages or above it, whatever their figures. What reporters reuse stands on a few, and is story."""
    found: dict[str, list[_Text]] = defaultdict(list)
    for text in texts:
        if text.spot.size <= LONGEST_TEXT:
            found[steady(text.spot.key)].append(text)
    seen_on = {name: {text.page for text in part} for name, part in found.items()}
    least = max(FEWEST, MOST * len(times))
    return tuple(
        _learned(min(text.spot.text for text in part), part, f"on {len(seen_on[name])} of {len(times)} pages", times)
        for name, part in sorted(found.items())
        if len(seen_on[name]) >= least
    )


def _leads(pages: Sequence[_Seen], body: str, times: Sequence[datetime]) -> tuple[Learned, ...]:
    """Selectors of what stands between headline and body, alone under its name, and is mostly what the page describes itself with."""
    parts: defaultdict[str, list[_Text]] = defaultdict(list)
    told: defaultdict[str, int] = defaultdict(int)
    for number, page in enumerate(pages):
        for text in page.between(number, body):
            is_told = any(text.spot.key[:SAME] in other for other in page.page.descriptions)
            for selector in text.selectors:
                parts[selector].append(text)
                told[selector] += is_told
    alone = {
        selector: part
        for selector, part in parts.items()
        if len(part) == len({text.page for text in part}) >= max(2, LEADS * len(pages)) and told[selector] >= MOST * len(part)
    }
    best = min(alone, key=lambda selector: (-len(alone[selector]), len(selector), selector), default=None)
    if best is None:
        return ()
    return (
        _learned(best, alone[best], f"below the headline, as the page describes itself on {told[best]} of {len(alone[best])} pages", times),
    )
