"""How well an outlet reads, from what is stored: shares, lengths, kinds, what is cut, examples; and what is plainly wrong."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from flows.home import home_at
from flows.settings import Settings
from flows.show import as_table, print_json
from warehouse.connect import looking
from warehouse.query import Answer, ask_question

QUESTIONS = ("", "_lengths", "_kinds", "_rejections", "_profiles", "_removed", "_newest")
HALF = 50.0  # percent


def check_outlet(home: Path, settings: Settings, slug: str, console: Console, as_json: bool) -> list[str]:
    """Print how well ``slug`` reads. Returns what is plainly wrong. Raises ``NothingPublished``, ``PublishedOlder``."""
    published = home_at(home, settings.warehouse).published
    with looking(published):
        pass
    answers = {f"check_outlet{name}": ask_question(published, f"check_outlet{name}", {"outlet": slug}) for name in QUESTIONS}
    wrong = faults(answers["check_outlet"], answers["check_outlet_rejections"], answers["check_outlet_lengths"])
    if as_json:
        named = {name.removeprefix("check_outlet").removeprefix("_") or "pages": answer.records() for name, answer in answers.items()}
        print_json({"outlet": slug, "wrong": wrong, **named})
        return wrong
    for answer in answers.values():
        title = answer.title.removesuffix("; $outlet")
        console.print(as_table(answer.names, answer.rows, title) if answer.rows else f"{title}: none", highlight=False)
    for fault in wrong:
        console.print(f"wrong: {fault}", highlight=False, markup=False)
    return wrong


def faults(pages: Answer, rejections: Answer, lengths: Answer) -> list[str]:
    """What no outlet's pages should look like, in words."""
    rejected = sum(row["pages"] for row in rejections.records())
    if not pages.rows:
        told = f", {rejected} pages that are none" if rejected else ""
        return [f"there are no articles{told}"]
    facts = pages.records()[0]
    found = [f"only {facts[name]:g} % of the articles have a {name}" for name in ("title", "date", "language") if facts[name] < HALF]
    if rejected > facts["articles"]:
        found.append(f"more pages were rejected ({rejected}) than read ({facts['articles']})")
    if facts["dates_disagree"] > HALF:
        found.append(f"the dates of {facts['dates_disagree']:g} % of the articles disagree")
    if (median := lengths.records()[0]["median"]) < 20:
        found.append(f"half of the texts have {median} words or fewer")
    return found
