"""The headline of a page: what most of its own statements agree on, without the name of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from spiders.reading.json_ld import plain, texts
from spiders.reading.metadata import Facts, site_names
from spiders.reading.text import key

_JOINT = re.compile(r"\s+[-–—·•:»«~/]+\s+|\s*[|｜ㅣ∣]+\s*")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)


def title_of(facts: Facts, names: Sequence[str], offered: str | None = None) -> str:
    """The headline. ``names`` are the outlet's, ``offered`` is what the link to the page said; empty if nothing says anything."""
    known = names_of(facts, names)
    candidates = [title for title in (without_site(title, known) for title in stated(facts)) if key(title) and key(title) not in known]
    candidates = [shortest_within(title, candidates) for title in candidates]
    votes = Counter(map(key, candidates))
    best = max(candidates, key=lambda title: votes[key(title)], default="")  # the first of equals
    return best or (offered if offered and not _URL.match(offered) else next(filter(None, stated(facts)), ""))


def stated(facts: Facts) -> list[str]:
    """Every headline that the page states, the printed one first: it is what readers see, the others are cut and sharpened for machines."""
    ld = texts(facts.article, "headline")[:1] or texts(facts.article, "name")[:1]
    metas = [*facts.meta("og:title")[:1], *facts.meta("twitter:title", "headline", "title")[:1]]
    return [*facts.headings[:1], *map(plain, [*ld, *metas]), facts.title_element]


def names_of(facts: Facts, names: Iterable[str]) -> frozenset[str]:
    """Keys of the names that the site goes by."""
    host = (urlsplit(facts.url).hostname or "").removeprefix("www.")
    return frozenset(filter(None, map(key, [*names, *site_names(facts), host, host.split(".")[0]])))


def without_site(title: str, known: frozenset[str]) -> str:
    """``title`` without the parts at its ends that name the site."""
    while joints := list(_JOINT.finditer(title)):
        first, last = joints[0], joints[-1]
        if title[: last.start()].strip() and is_site(title[last.end() :], known):
            title = title[: last.start()].strip()
        elif title[first.end() :].strip() and is_site(title[: first.start()], known):
            title = title[first.end() :].strip()
        else:
            break
    return title


def is_site(part: str, known: frozenset[str]) -> bool:
    """Whether ``part`` of a title is a name of the site, longer or shorter as it may be: "Politics News | Metro News"."""
    name = key(part)
    if name in known:
        return True
    return len(name) > 3 and any((len(other) > 3 and other in name and len(name) <= 2 * len(other) + 6) or name in other for other in known)


def shortest_within(title: str, candidates: Iterable[str]) -> str:
    """Another candidate that ``title`` is made of, with a joint and more before or after it: the site's name where nobody told us it."""
    for other in sorted(candidates, key=len):
        if not max(10, 0.35 * len(title)) <= len(other) < len(title):
            continue
        rest = title.removeprefix(other) if title.startswith(other) else title.removesuffix(other) if title.endswith(other) else ""
        if rest and (_JOINT.match(rest) or re.match(r"-\w", rest) or _JOINT.search(rest[-4:])):
            return other
    return title
