"""What robots.txt allows us, by RFC 9309. Protego matches paths; which group is ours and what a status means is decided here.

Protego takes groups named by a part of our name, rules in the body of a 404, and an unknown line as a group's end.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from protego import Protego

TOKEN = "newsmill"
MOST_BYTES = 512 * 1024  # the RFC asks for 500 KiB at least
MOST_REDIRECTS = 5
# A file of 512 KiB holds 60,000 rules of wildcards, over which each URL would be matched; the largest real one of 4,231 has far fewer.
MOST_RULES = 10_000
FRESH = timedelta(hours=24)
# A host that fails is judged by the last good copy for as long again: the RFC lets an unreachable file's copy outlive its day.
STALE = timedelta(hours=48)

# A copy that forbids what we come for is looked at again sooner: all may have been forbidden by mistake, and a short feed is replaced
# within hours of the day that this is mended.
FORBIDDING = timedelta(hours=4)

_AGENT = frozenset({"user-agent", "useragent", "user agent"})
_ALLOW = frozenset({"allow"})
_DISALLOW = frozenset({"disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"})  # as Google's parser forgives them
_DELAY = frozenset({"crawl-delay", "crawl delay"})
_KNOWN = _AGENT | _ALLOW | _DISALLOW | _DELAY
_LINE_END = re.compile(r"\r\n|\r|\n")
_PRODUCT = re.compile(r"[A-Za-z_-]+|\*")

Verdict = Literal["rules", "all", "unreachable"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a host allows. ``unreachable``: nothing now, something later."""

    verdict: Verdict
    rules: Protego | None = None
    crawl_delay: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it was got. Only answers that settle something are kept: never a failure."""

    fetched_at: datetime
    status: int
    body: str


def parse_robots(status: int | None, body: bytes, detail: str = "") -> Policy:
    """The policy that an answer to /robots.txt amounts to; ``status`` None: there was no answer."""
    if status is None or status == 429 or status >= 500:
        return Policy("unreachable", detail=detail or f"http {status}")
    if not 200 <= status < 300:
        return Policy("all")
    text = _text(body[:MOST_BYTES])
    rules = Protego.parse("\n".join(["User-agent: *", *_our_lines(text)]))
    return Policy("rules", rules, rules.crawl_delay(TOKEN))


def allowed(policy: Policy, url: str) -> bool:
    if policy.verdict != "rules" or policy.rules is None:
        return policy.verdict == "all"
    return bool(policy.rules.can_fetch(url, TOKEN))


def settles(status: int | None) -> bool:
    """Whether an answer can be kept for a day."""
    return status is not None and status != 429 and status < 500


def robots_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def read_copy(folder: Path, url: str) -> RobotsCopy | None:
    """The copy kept of the robots.txt at ``url``, however old."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_file(folder, url).read_bytes())
        copy = RobotsCopy(datetime.fromisoformat(kept["fetched_at"]), int(kept["status"]), str(kept["body"]))
        return copy if kept["url"] == url and copy.fetched_at.tzinfo else None
    return None


def keep_copy(folder: Path, url: str, copy: RobotsCopy) -> None:
    """A crawl goes on without a copy: a disk that is full shows itself where it matters."""
    path = _file(folder, url)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    kept = {"url": url, "fetched_at": copy.fetched_at.astimezone(UTC).isoformat(), "status": copy.status, "body": copy.body}
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(kept), encoding="utf-8")
        partial.replace(path)


def policy_of(copy: RobotsCopy) -> Policy:
    return parse_robots(copy.status, copy.body.encode("utf-8", "replace"))


def usable(copy: RobotsCopy | None, now: datetime, age: timedelta) -> bool:
    """A copy from the future is a clock gone wrong, and not used."""
    return copy is not None and timedelta(0) <= now - copy.fetched_at <= age


def is_due(copy: RobotsCopy | None, now: datetime, wanted: str | None = None) -> bool:
    """Whether to ask for robots.txt anew; ``wanted``: the URL of a source, by which an outlet is lost if it is forbidden."""
    if copy is None or not usable(copy, now, FRESH):
        return True
    return wanted is not None and not usable(copy, now, FORBIDDING) and not allowed(policy_of(copy), wanted)


def _file(folder: Path, url: str) -> Path:
    parts = urlsplit(url)
    return folder / f"{parts.scheme}_{quote(parts.netloc.lower(), safe='')[:200]}.json"


def _text(body: bytes) -> str:
    return body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "")


def _our_lines(text: str) -> list[str]:
    """The rules of all groups that name us, or else of all that name everyone."""
    ours: list[str] = []
    everyones: list[str] = []
    for agents, lines in _groups(text):
        if TOKEN in agents:
            ours += lines or ["Allow: /"]  # a group that says nothing still is ours
        elif "*" in agents:
            everyones += lines
    return (ours or everyones)[:MOST_RULES]


def _groups(text: str) -> Iterator[tuple[set[str], list[str]]]:
    """User agents and the rule lines under them. Only a rule ends the list of agents; unknown lines never do."""
    agents: set[str] = set()
    lines: list[str] = []
    named = True  # still in the lines that name agents
    for field, value in _fields(text):
        if field in _AGENT:
            if not named:
                yield agents, lines
                agents, lines, named = set(), [], True
            product = _PRODUCT.match(value)
            agents.add(product[0].lower() if product else "")
        elif agents and field in _DELAY:
            lines.append(f"Crawl-delay: {value}")
        elif agents:
            named = False
            lines.append(f"{'Allow' if field in _ALLOW else 'Disallow'}: {value}")
    yield agents, lines


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE_END.split(text):
        line = line.partition("#")[0].strip()
        field, colon, value = line.partition(":")
        if field.strip().lower() not in _KNOWN:
            field, colon, value = line.partition(" ")  # "Disallow /path", as Google's parser forgives it
        if colon and field.strip().lower() in _KNOWN:
            yield field.strip().lower(), value.strip()
