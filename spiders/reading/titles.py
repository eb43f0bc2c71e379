"""The headline of a page: what most of its own statements agree on, without the name of the site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from spiders.reading import phrases
from spiders.reading.json_ld import plain, texts
from spiders.reading.metadata import Facts, section, site_names
from spiders.reading.text import is_sentence, key

_JOINT = re.compile(r"\s+(?:[-–—·•:»«~/›‹→>＞⋆★]+|::)\s+|\s*[|｜ㅣ∣¦︱]+\s*|\s*[：＿_]\s*")
_PIPE = re.compile(r"\s*[|｜ㅣ∣¦︱»«›‹]+\s*")
_URL = re.compile(r"https?://|www\.", re.IGNORECASE)
_CUT = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])$")

# What a statement weighs. The printed headline and the data about the article are written apart; twitter:title repeats og:title on
# most pages, and <title> is written for search engines.
PRINTED, DATA, SHARED, COPIED, ELEMENT = 1.5, 1.5, 1.0, 0.5, 1.0
STRANGE = 0.4  # what an h1 weighs that shares nothing with the other statements: a section, a masthead
LONGEST_TITLE = 1000  # characters that are read of a statement
LONGEST = 300  # characters of a statement that are compared
CUT_AT = 60  # characters behind which networks and search engines cut a headline in mid-word


def title_of(facts: Facts, names: Sequence[str], offered: str | None = None) -> str:
    """The headline. ``names`` are the outlet's, ``offered`` is what the link to the page said; empty if nothing says anything."""
    known = names_of(facts, names)
    ends = frozenset(filter(None, map(key, [section(facts) or ""])))
    weighed = [(weight, without_ends(text, known, ends)) for weight, text in _weighed(facts, known)]
    weighed = [(weight, text) for weight, text in weighed if key(text) and key(text) not in known]
    others = [text for _, text in weighed] + [heading for heading in facts.subheadings if key(heading)]
    candidates = [(weight, whole(shortest_within(text, others), others)) for weight, text in weighed]
    votes: dict[str, float] = {}
    for weight, text in candidates:
        votes[key(text)] = votes.get(key(text), 0.0) + weight
    best = max((text for _, text in candidates), key=lambda text: votes[key(text)], default="")  # the first of equals
    return best or (offered if offered and not _URL.match(offered) else next(filter(None, stated(facts)), ""))


def stated(facts: Facts) -> list[str]:
    """Every headline that the page states, the printed one first: it is what readers see, the others are cut and sharpened for machines."""
    second = [text for text in map(plain, texts(facts.article, "alternativeHeadline")) if not is_sentence(text)]  # else it is a standfirst
    return [*facts.headings[:1], *second, *(text for _, text in _by_machines(facts))]


def _by_machines(facts: Facts) -> list[tuple[float, str]]:
    """What the page's head and data state, and what each weighs."""
    ld = texts(facts.article, "headline")[:1] or texts(facts.article, "name")[:1]
    found = [(DATA, text) for text in ld] + [(SHARED, text) for text in facts.meta("og:title")[:1]]
    found += [(COPIED, text) for names in (("twitter:title", "title", "dc.title"), ("headline",)) for text in facts.meta(*names)[:1]]
    return [*((weight, plain(text[:LONGEST_TITLE])) for weight, text in found), (ELEMENT, facts.title_element[:LONGEST_TITLE])]


def _weighed(facts: Facts, known: frozenset[str]) -> list[tuple[float, str]]:
    machines = [(weight, text) for weight, text in _by_machines(facts) if key(text)]
    heading = _heading(facts, [text for _, text in machines], known)
    return [heading, *machines] if heading[1] else machines


def _heading(facts: Facts, machines: Sequence[str], known: frozenset[str]) -> tuple[float, str]:
    """The h1 that is the headline, as it is likest to one of the ``machines``' statements, and its weight."""
    told = {key(text) for text in machines}
    if same := next((heading for heading in facts.headings if key(heading) in told and key(heading) not in known), ""):
        return PRINTED, same
    pairs = [_pairs(text) for text in dict.fromkeys(machines)]
    best, likest = "", -1.0
    for heading, parts in zip(facts.headings, facts.heading_parts, strict=True):
        if key(heading) in known:
            continue
        likeness = max((_likeness(_pairs(heading), other) for other in pairs), default=0.0)
        if likeness > likest:
            best, likest = _without_kicker(heading, parts, machines), likeness
    is_strange = likest < 0.1 and (len(pairs) > 1 or any(2 * len(key(best)) < len(key(text)) for text in machines))
    return (STRANGE if is_strange else PRINTED), best


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters: they compare in languages that write no spaces too."""
    name = key(text[:LONGEST])
    return frozenset(name[at : at + 2] for at in range(len(name) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _without_kicker(heading: str, parts: Sequence[str], machines: Sequence[str]) -> str:
    """``heading`` without the elements in it before and behind what another statement says alone."""
    told = {key(text) for text in machines}
    if key(heading) in told or not 1 < len(parts) < 12:
        return heading
    cuts = [(start, stop) for start in range(len(parts)) for stop in range(len(parts), start, -1) if (start, stop) != (0, len(parts))]
    shorter = (" ".join(parts[start:stop]) for start, stop in cuts)
    return next((text for text in shorter if len(key(text)) >= 0.5 * len(key(heading)) and key(text) in told), heading)


def names_of(facts: Facts, names: Iterable[str]) -> frozenset[str]:
    """Keys of the names that the site goes by."""
    host = (urlsplit(facts.url).hostname or "").removeprefix("www.")
    return frozenset(filter(None, map(key, [*names, *site_names(facts), host, host.split(".")[0]])))


def without_ends(title: str, known: frozenset[str], ends: frozenset[str]) -> str:
    """``title`` without the site's name, the names of sections set off by a bar, and a label such as "(video)" at its end."""
    title = without_site(title, known)
    while pipes := list(_PIPE.finditer(title)):
        first, last = pipes[0], pipes[-1]
        if title[: last.start()].strip() and _is_section(title[last.end() :], ends):
            title = without_site(title[: last.start()].strip(), known)
        elif title[first.end() :].strip() and _is_section(title[: first.start()], ends):
            title = without_site(title[first.end() :].strip(), known)
        else:
            break
    return phrases.MEDIUM.sub("", title).strip() or title


def _is_section(part: str, ends: frozenset[str]) -> bool:
    return key(part) in ends or phrases.GENRE.fullmatch(part.strip()) is not None


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
        if rest and _is_set_off(rest) and (len(other) >= len(rest) or _PIPE.search(rest)):
            return other
    return title


def _is_set_off(rest: str) -> bool:
    return bool(_JOINT.match(rest) or re.match(r"-\w", rest) or _JOINT.search(rest[-4:]))


def whole(title: str, candidates: Iterable[str]) -> str:
    """The candidate that ``title`` is the beginning of, where it was cut: by an ellipsis, or in mid-word; else ``title``."""
    start = _CUT.sub("", title)
    is_marked = start != title
    if not is_marked and len(title) < CUT_AT:
        return title
    for other in candidates:
        if len(other) > len(title) and other.startswith(start) and (is_marked or (start[-1].isalnum() and other[len(start)].isalnum())):
            return other
    return title


def site_affixes(titles: Iterable[str]) -> tuple[str, ...]:
    """What an outlet's ``<title>`` elements share at their ends: names of the site and of its parts, to be handed back as ``names``.

    ``titles`` are of different pages, in any order. A last part counts that ends at least three titles and a twentieth of them, a first
    part that begins at least half of them: less is a topic. Parts behind a part that counts are asked in their turn.
    """
    rest = [title for title in dict.fromkeys(titles) if title]
    found: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for _ in range(4):  # headline | part | part | site
        ends = [(_last(title), _first(title)) for title in rest]
        counts = [Counter(key(end[side]) for end in ends if end[side]) for side in (0, 1)]
        least = (max(3, len(rest) / 20), max(3, len(rest) / 2))
        names = [{name for name, count in counts[side].items() if name and count >= least[side]} for side in (0, 1)]
        if not any(names):
            break
        for end in ends:
            for side in (0, 1):
                if end[side] and key(end[side]) in names[side]:
                    found[key(end[side])] += 1
                    spelled.setdefault(key(end[side]), Counter())[end[side]] += 1
        rest = [_without(title, end, names) for title, end in zip(rest, ends, strict=True)]
    ranked = sorted(found, key=lambda name: (-found[name], name))
    return tuple(min(spelled[name], key=lambda text: (-spelled[name][text], text)) for name in ranked)


def _last(title: str) -> str:
    joints = list(_JOINT.finditer(title))
    return title[joints[-1].end() :].strip() if joints and title[: joints[-1].start()].strip() else ""


def _first(title: str) -> str:
    joint = _JOINT.search(title)
    return title[: joint.start()].strip() if joint and title[joint.end() :].strip() else ""


def _without(title: str, ends: tuple[str, str], names: Sequence[set[str]]) -> str:
    last, first = ends
    if last and key(last) in names[0]:
        return title[: list(_JOINT.finditer(title))[-1].start()].strip()
    if first and key(first) in names[1] and (joint := _JOINT.search(title)):
        return title[joint.end() :].strip()
    return title
