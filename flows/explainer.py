"""Why an article is there, or is not: what a run, its sources and the links say of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.errors import BadArgument
from flows.home import home_at
from flows.settings import Settings
from flows.show import as_record, as_table, print_json
from spiders.outlet import Outlet
from spiders.urls import NotAWebURL, article_id, belongs, canonical_url, skip_reason
from warehouse.query import Answer, ask_question

OF_A_RUN = ("run", "run_sources", "run_links", "refusals")
OF_A_URL = ("article", "links", "rejections", "requests")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A URL that someone asks about, and the outlet that it belongs to, if one is known."""

    url: str
    outlet: Outlet | None

    @property
    def parameters(self) -> dict[str, str | None]:
        try:
            other = canonical_url(self.url)
        except NotAWebURL:
            other = self.url
        return {"url": self.url, "other": other, "article_id": article_id(self.outlet, self.url) if self.outlet else None}


def explain_run(home: Path, settings: Settings, run_id: str, console: Console, as_json: bool) -> None:
    """A run's sources, asked or not and why, and the links that are no articles. Raises ``BadArgument``, ``NothingPublished``."""
    published = home_at(home, settings.warehouse).published
    answers = {name: ask_question(published, f"explain_{name}", {"run_id": run_id} if name != "refusals" else None) for name in OF_A_RUN}
    if not answers["run"].rows:
        raise BadArgument(f"there is no run {run_id}; `newsmill status` lists the last ones")
    _show(answers, console, as_json, {})


def explain_url(home: Path, settings: Settings, wanted: Wanted, run_id: str | None, console: Console, as_json: bool) -> None:
    """Everything known of one URL, and what it comes to in a sentence. Raises ``NothingPublished``."""
    published = home_at(home, settings.warehouse).published
    asked = wanted.parameters
    answers = {
        name: ask_question(published, f"explain_{name}", asked | ({"run_id": run_id} if name == "requests" else {})) for name in OF_A_URL
    }
    if wanted.outlet and not answers["links"].rows:
        answers["sources"] = ask_question(published, "explain_sources", {"outlet": wanted.outlet.slug})
    refusals = {row["outlet"]: row for row in ask_question(published, "explain_refusals").records()}
    _show(answers, console, as_json, {"verdict": verdict(wanted, answers, refusals)})


def verdict(wanted: Wanted, answers: dict[str, Answer], refusals: dict[str, dict[str, Any]]) -> str:
    """One sentence."""
    links = answers["links"].records()
    refused = refusals.get(wanted.outlet.slug) if wanted.outlet else None
    away = f" {refused['outlet']} refuses us since {refused['since']:%Y-%m-%d}: {refused['reason']}." if refused else ""
    if answers["article"].rows:
        article = answers["article"].records()[0]
        gone = f"; its page is gone since {article['gone_at']:%Y-%m-%d %H:%M}" if article["gone_at"] else ""
        return f"It is there: {article['article_id']}, revision {article['revision']}{gone}."
    if links:
        return _verdict_of_link(next((link for link in links if link["state"] != "skipped"), links[0])) + away
    if wanted.outlet is None:
        return "No outlet has this host: `newsmill outlet new` looks at a site."
    if reason := skip_reason(wanted.outlet, wanted.url):
        return f"Never discovered, and it would not be fetched for {wanted.outlet.slug}: {reason}."
    return f"Never discovered: no source of {wanted.outlet.slug} has named it when it was asked.{away}"


def _verdict_of_link(link: dict[str, Any]) -> str:
    state, reason, again = link["state"], link["reason"], link["next_visit_at"]
    when = f"; next visit {again:%Y-%m-%d %H:%M} UTC" if again else ""
    match state:
        case "waiting":
            return f"Discovered {link['discovered_at']:%Y-%m-%d %H:%M} UTC and not fetched yet{f': {reason}' if reason else ''}{when}."
        case "skipped" if reason == "robots":
            return f"Refused by robots.txt{when}."
        case "failed" | "rejected" | "skipped":
            return f"{state.capitalize()}: {reason}{when}."
        case "forgotten":
            return "It was taken down with `newsmill forget`, and is not fetched again."
        case _:
            return f"The link is {state}, but no article stands under its key {link['article_id']}."


def outlet_of(url: str, outlets: dict[str, Outlet]) -> Outlet | None:
    """The outlet on whose hosts ``url`` lies."""
    return next((outlet for outlet in outlets.values() if belongs(outlet, url)), None)


def _show(answers: dict[str, Answer], console: Console, as_json: bool, more: dict[str, str]) -> None:
    if as_json:
        print_json({**more, **{name: answer.records() for name, answer in answers.items()}})
        return
    for words in more.values():
        console.print(words, markup=False, highlight=False)
    for answer in answers.values():
        if len(answer.rows) == 1:
            console.print(answer.title)
            console.print(as_record(answer.names, answer.rows[0]))
        else:
            console.print(as_table(answer.names, answer.rows, answer.title) if answer.rows else f"{answer.title}: none")
