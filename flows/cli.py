"""The verbs: what a person types, and what it is worth as an exit code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows import __version__, data_verbs, schedule_verbs, searching
from flows.verb import DONE, OUTLET_FAILED, Ask, verb

if TYPE_CHECKING:
    from flows.show import Form
    from warehouse.query import Answer


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="newsmill")
def main() -> None:
    """News outlets in, clean and queryable articles out.

    \b
    newsmill demo                       a newspaper of our own, through the whole pipeline
    newsmill ingest rudaw_english       one outlet, now
    newsmill sql "FROM articles"        what came of it
    """


@main.command()
@verb
def demo(ask: Ask) -> int:
    """Try it all on built-in newspapers.

    The whole pipeline runs twice: the second run shows what incremental means.

    \b
    newsmill demo
    newsmill demo --home /tmp/demo
    """
    from flows.demo import run_demo

    return run_demo(ask.home, ask.console, ask.quiet)


@main.command()
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@click.option("--wait", is_flag=True, help="Wait for a run of the same outlets to end, instead of giving up.")
@click.option("--due", is_flag=True, help="Ask only the feeds, sitemaps and listings whose time has come: for cron and schedules.")
@click.option("--shard", metavar="N/OF", help="Only a part of the outlets, 2/4 for the second of four: an outlet is always in the same.")
@verb
def ingest(ask: Ask, names: tuple[str, ...], wait: bool, due: bool, shard: str | None) -> int:
    """Collect what is new.

    Discover, plan, fetch, read, learn, load, check, publish, for the outlets named, or all enabled ones. Every source of theirs is
    asked; with --due only those whose time has come: each has an interval, 15 minutes to a day, that follows how much news it brings.
    An outlet that refuses us or asked us to wait is left alone either way until `newsmill status` says.

    \b
    newsmill ingest
    newsmill ingest rudaw_english enab_baladi_arabic --wait
    newsmill ingest --outlets ./my-outlets
    newsmill ingest --due --wait
    newsmill ingest --due --shard 2/4
    """
    from flows.choose import choose_outlets, in_shard, require_contact
    from flows.verbs import ingest_now

    chosen = choose_outlets(names, ask.outlets)
    if shard and not (chosen := in_shard(chosen, shard)):
        ask.reporter.note(f"no outlet is in shard {shard}")
        return DONE
    require_contact(chosen, ask.settings)
    return _reported(ask, lambda tell: ingest_now(ask.home, ask.settings, chosen, tell, wait, due))


@main.command()
@click.argument("outlet")
@click.option(
    "--warc",
    "warcs",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    required=True,
    help="A WARC file; repeatable.",
)
@click.option("--wait", is_flag=True, help="Wait for a run of the same outlet to end.")
@verb
def backfill(ask: Ask, outlet: str, warcs: tuple[Path, ...], wait: bool) -> int:
    """Take in older articles from WARC files.

    The files may be of any origin. No request is made.

    \b
    newsmill backfill southfront --warc CC-NEWS-20240101.warc.gz
    """
    from flows.choose import choose_outlets
    from flows.verbs import backfill_now

    chosen = choose_outlets([outlet], ask.outlets, are_asked=False)[outlet]
    return _reported(ask, lambda tell: backfill_now(ask.home, ask.settings, chosen, warcs, tell, wait))


@main.command()
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@click.option("--wait", is_flag=True, help="Wait for a run of the same outlets to end, instead of giving up.")
@verb
def learn(ask: Ask, names: tuple[str, ...], wait: bool) -> int:
    """Learn from stored pages how an outlet's pages are read.

    A run learns by itself when enough new pages have come; this does it now. Pages that were read stay as they are: `newsmill reread`
    reads them again.

    \b
    newsmill learn
    newsmill learn rudaw_english
    """
    from flows.choose import choose_outlets
    from flows.layouts import lesson_rows
    from flows.learning import as_record
    from flows.show import print_json, show
    from flows.verbs import learn_now

    found = learn_now(ask.home, ask.settings, choose_outlets(names, ask.outlets, are_asked=False), ask.reporter, wait)
    if ask.json:
        print_json([as_record(lesson) for lesson in found])
    elif not ask.quiet:
        show(ask.console, *lesson_rows(found), "table")
        click.echo("What was read stays as it is; `newsmill reread --dry-run` shows what the profiles would change.")
    return DONE


@main.command()
@click.argument("name", metavar="OUTLET")
@verb
def profile(ask: Ask, name: str) -> int:
    """Show what was learned of an outlet, and why.

    With -v, also earlier versions.

    \b
    newsmill profile rudaw_english
    """
    import dataclasses

    from flows.choose import choose_outlets
    from flows.layouts import profiles_of, show_profiles
    from flows.show import print_json

    outlet = choose_outlets([name], ask.outlets, are_asked=False)[name]
    found = profiles_of(ask.home, ask.settings, name)
    if ask.json:
        print_json([{**dataclasses.asdict(each), "is_current": is_current} for each, is_current in found])
    else:
        show_profiles(ask.console, outlet, found, ask.verbose)
    return DONE


@main.command()
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only pages fetched on that day (UTC) or later.")
@click.option("--dry-run", is_flag=True, help="Change nothing; tell what would change.")
@click.option("--wait", is_flag=True, help="Wait for a run of the same outlets to end, instead of giving up.")
@verb
def reread(ask: Ask, names: tuple[str, ...], since: datetime | None, dry_run: bool, wait: bool) -> int:
    """Read stored pages again, with today's code and profiles.

    Of each article the page of its newest revision. No request is made, and no revision: the page has not changed. An article that
    would no longer be one stays as it is, and is listed.

    \b
    newsmill reread --dry-run
    newsmill reread rudaw_english --since 2026-11-01
    """
    from flows.choose import choose_outlets
    from flows.rereading import as_record
    from flows.show import print_json, show_rereading
    from flows.verbs import reread_dry_now, reread_now

    chosen, day = choose_outlets(names, ask.outlets, are_asked=False), since.replace(tzinfo=UTC) if since else None
    found = (
        reread_dry_now(ask.home, ask.settings, chosen, day, ask.reporter)
        if dry_run
        else reread_now(ask.home, ask.settings, chosen, day, ask.reporter, wait)
    )
    if ask.json:
        print_json([as_record(each) for each in found])
    elif not ask.quiet:
        show_rereading(ask.console, [as_record(each) for each in found], dry_run)
    return DONE


@main.group()
def outlet() -> None:
    """Look at one outlet.

    \b
    newsmill outlet check rudaw_english
    """


@outlet.command()
@click.argument("name", metavar="OUTLET")
@verb
def check(ask: Ask, name: str) -> int:
    """Say how well an outlet reads, from what is stored.

    Exits with 1 when something is plainly wrong.

    \b
    newsmill outlet check rudaw_english
    """
    from flows.choose import choose_outlets
    from flows.reading_check import check_outlet

    choose_outlets([name], ask.outlets, are_asked=False)
    return OUTLET_FAILED if check_outlet(ask.home, ask.settings, name, ask.console, ask.json) else DONE


@main.command()
@click.option("--catalogue", is_flag=True, help="The starter catalogue: outlets that are shipped, and asked only when you name them.")
@verb
def outlets(ask: Ask, catalogue: bool) -> int:
    """List the outlets and how they do.

    With -v, also what is known of them.

    \b
    newsmill outlets
    newsmill outlets --catalogue
    """
    from flows.overview import list_catalogue, list_outlets

    answer = list_catalogue() if catalogue else list_outlets(ask.home, ask.settings, ask.outlets)
    return _shown(ask, answer if ask.verbose or ask.json else answer.without("note"))


@main.command()
@click.option("--run", "run_id", metavar="ID", help="Explain one run: its sources, asked or not and why, and what is no article.")
@click.option("--url", help="Explain what became of one URL.")
@verb
def status(ask: Ask, run_id: str | None, url: str | None) -> int:
    """Show how the outlets do, and what needs a person.

    One screen, the outlets in need first; with -v all of them, and the last runs, links and reasons. Exits with 1 when an outlet needs a
    person. With --run or --url, explain why an article is there or is not: never discovered, not due yet,
    refused by robots.txt, failed, or rejected and why.

    \b
    newsmill status
    newsmill status --json
    newsmill status --run 20261101T120000Z-1a2b
    newsmill status --url https://www.rudaw.net/english/world/01112026
    """
    from flows.explainer import Wanted, explain_run, explain_url, outlet_of
    from flows.overview import show_status

    if url:
        from flows.choose import known_outlets

        explain_url(ask.home, ask.settings, Wanted(url, outlet_of(url, known_outlets(ask.outlets))), run_id, ask.console, ask.json)
    elif run_id:
        explain_run(ask.home, ask.settings, run_id, ask.console, ask.json)
    else:
        return OUTLET_FAILED if show_status(ask.home, ask.settings, ask.console, ask.json, ask.verbose, datetime.now(UTC)) else DONE
    return DONE


@main.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC) to tell of; default: today, as far as it has come.")
@verb
def report(ask: Ask, day: datetime | None) -> int:
    """Write the day's report: one HTML page with charts.

    It goes to reports/YYYY-MM-DD.html in the data folder, and can be sent as it is: no script, nothing fetched. What it holds: how every
    outlet does, what needs a person and since when, what was rejected and failed, the newest headlines.

    \b
    newsmill report
    newsmill report --date 2026-11-01
    """
    from flows.reports import write_report
    from flows.show import print_json

    tell = ask.reporter
    path = write_report(ask.home, ask.settings, tell, day.date() if day else None)
    if ask.json:
        print_json({"path": str(path)})
    return DONE


@main.command()
@click.argument("article", metavar="ARTICLE")
@click.option("--revision", type=click.IntRange(1), help="The revision that is compared with the one before it (default: the newest).")
@verb
def diff(ask: Ask, article: str, revision: int | None) -> int:
    """Show how an article changed, word by word.

    ARTICLE is its key (`article_id`) or any URL of it. On a terminal in colour, elsewhere as [-gone-] and {+come+}.

    \b
    newsmill diff rudaw_english:01112026
    newsmill diff https://www.rudaw.net/english/world/01112026 --revision 2
    """
    from flows.differ import show_diff

    show_diff(ask.home, ask.settings, article, revision, ask.console, ask.json)
    return DONE


def _shown(ask: Ask, answer: Answer, form: Form | None = None) -> int:
    from flows.show import show

    show(ask.console, answer.names, answer.rows, form or ("json" if ask.json else "table"))
    return DONE


def _reported(ask: Ask, work: Callable[[Any], dict[str, Any]]) -> int:
    """Do ``work`` under the eyes of a reporter, and say what came of it."""
    from flows.show import print_json

    tell = ask.reporter
    outcome = work(tell)
    if ask.json:
        print_json(outcome)
    elif not ask.quiet:
        for finding in outcome["findings"]:
            tell.note(f"{finding['severity']:8} {finding['outlet'] or ''} {finding['name']}: {finding['detail']}")
    return OUTLET_FAILED if outcome["state"] == "failed" else DONE


for command in (*data_verbs.VERBS, *schedule_verbs.VERBS):
    main.add_command(command)
main.add_command(searching.search)
