"""What was learned of an outlet, for a person: each layout with its rules and their evidence, and the same as TOML to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from flows.home import home_at
from flows.learning import Lesson
from flows.settings import Settings
from flows.show import as_table, plain
from spiders.outlet import Outlet, Read
from warehouse.connect import looking
from warehouse.contracts import Learned, Profile
from warehouse.learned import to_profile
from warehouse.query import ask_question

PARTS = ("body", "lead", "drop", "furniture", "names")
RULES_CUT = 400  # characters of a text that is kept as a rule
_TAG = re.compile(r"^[\w-]+(?=[.#\[])")
_FIGURES = re.compile(r"\d+")
_SPECIAL = re.compile(r"[.^$*+?{}\[\]\\|()]")
_TOO_CONTROL = re.compile(r"[\x7f-\x9f]")


def profiles_of(home: Path, settings: Settings, slug: str) -> list[tuple[Profile, bool]]:
    """The profiles of ``slug`` in the published tables, newest first, each with whether it is the newest of its layout.

    Raises ``NothingPublished``, ``PublishedOlder``.
    """
    published = home_at(home, settings.warehouse).published
    with looking(published):
        pass
    return [(to_profile(row), bool(row["is_current"])) for row in ask_question(published, "profiles_of", {"outlet": slug}).records()]


def show_profiles(console: Console, outlet: Outlet, found: Sequence[tuple[Profile, bool]], is_verbose: bool) -> None:
    """Print the newest profile of each layout (all, if ``is_verbose``), and the rules that are in use as TOML."""
    current = [profile for profile, is_current in found if is_current]
    if not current:
        console.print(f"{outlet.slug}: nothing learned yet. `newsmill learn {outlet.slug}` learns from the stored pages.", highlight=False)
        return
    older = len(found) - len(current)
    told = f", {older} older versions (-v shows them)" if older and not is_verbose else ""
    console.print(f"{outlet.slug}: {len(current)} layout{'s' * (len(current) > 1)}{told}", highlight=False)
    for profile in [profile for profile, is_current in found if is_current or is_verbose]:
        _show(console, outlet.read, profile)
    used = [profile for profile in current if profile.is_promoted]
    if used and not outlet.read.body:
        console.print("\nThe same as rules of the outlet's file, which would win over what is learned:\n", highlight=False)
        console.print(Text(as_toml(used)), soft_wrap=True)


def _show(console: Console, given: Read, profile: Profile) -> None:
    use = "in use" if profile.is_promoted else "not in use"
    if given.body:
        use = f"not in use: the outlet's file has body = {json.dumps(list(given.body))}"
    days = " to ".join(dict.fromkeys((f"{profile.since:%Y-%m-%d}", f"{profile.learned_at:%Y-%m-%d}")))
    lines = (f"layout {profile.layout}, version {profile.version}, {use}", f"learned from {profile.pages} pages of {days}", profile.verdict)
    console.print()
    console.print(Text("\n".join(plain(line) for line in lines if line)))
    rows = [
        (part, learned.rule, learned.pages, learned.reason, learned.example, overruled(given, part, learned.rule))
        for part in PARTS
        for learned in getattr(profile, part)
    ]
    names = ["part", "rule", "pages", "why", "example", "the outlet's file"]
    console.print(as_table(names, [tuple(_short(cell) for cell in row) for row in rows]))


def overruled(given: Read, part: str, rule: str) -> str:
    """What the outlet's file says that this learned rule does not decide; empty if it decides."""
    if given.body:
        return "overruled by body"
    if part == "drop" and _is_named(rule, given.keep):
        return "overruled by keep"
    if part in ("drop", "lead") and _is_named(rule, given.drop):
        return "dropped there too" if part == "drop" else "overruled by drop"
    if part == "names" and given.title:
        return "overruled by title"
    return ""


def _is_named(rule: str, selectors: Iterable[str]) -> bool:
    """Whether one of ``selectors`` names what ``rule`` does; a person leaves the tag away."""
    named = {one.strip() for selector in selectors for one in selector.split(",")}
    return rule in named or _TAG.sub("", rule) in named


def as_toml(profiles: Iterable[Profile]) -> str:
    """The rules of ``profiles`` as the table ``[read]`` of an outlet's file."""
    every = list(profiles)
    keys: dict[str, list[str]] = {
        "body": _rules(every, "body"),
        "keep": _rules(every, "lead"),
        "drop": _rules(every, "drop"),
        "drop_texts": [_pattern(text) for text in _rules(every, "furniture")],
    }
    return "\n".join(["[read]", *(line for key, rules in keys.items() if rules for line in (f"{key} = [", *map(_item, rules), "]"))])


def lesson_rows(lessons: Iterable[Lesson]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """What ``newsmill learn`` found, a row a layout; an outlet without any has a row too."""
    names = ["outlet", "pages", "with a story", "layout", "its pages", "lead", "drop", "furniture", "names", "used", "why", "version"]
    rows: list[tuple[Any, ...]] = []
    for lesson in lessons:
        for profile in lesson.profiles:
            counts = [len(getattr(profile, part)) for part in PARTS[1:]]
            version = profile.version if profile in lesson.new else "known"
            facts = (profile.layout, profile.pages, *counts, profile.is_promoted, profile.verdict, version)
            rows.append((lesson.outlet, lesson.pages, lesson.used, *facts))
        if not lesson.profiles:
            why = "its pages have no layout in common, or too few have it"
            rows.append((lesson.outlet, lesson.pages, lesson.used, None, 0, 0, 0, 0, 0, False, why, None))
    return names, rows


def _rules(profiles: Iterable[Profile], part: str) -> list[str]:
    found: Mapping[str, Learned] = {learned.rule: learned for profile in profiles for learned in getattr(profile, part)}
    return list(found)


def _pattern(text: str) -> str:
    """A regular expression for a block of this text, whatever figures stand in it; of a long one only the beginning was kept."""
    pattern = _FIGURES.sub(r"\\d+", _SPECIAL.sub(r"\\\g<0>", text))
    return pattern + r"[\s\S]*" if len(text) >= RULES_CUT else pattern


def _item(rule: str) -> str:
    """A line of a TOML array. JSON's strings are TOML's, but for the control characters that it leaves as they are."""
    return f"    {_TOO_CONTROL.sub(lambda found: f'{chr(92)}u{ord(found[0]):04x}', json.dumps(rule, ensure_ascii=False))},"


def _short(cell: Any) -> Any:
    return cell[:79] + "…" if isinstance(cell, str) and len(cell) > 80 else cell
