"""The verbs about data that is there: asked, handed on, forgotten, looked after."""

from __future__ import annotations

import dataclasses
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from flows.verb import DONE, OUTLET_FAILED, Ask, verb

if TYPE_CHECKING:
    from flows.show import Form
    from spiders.outlet import Outlet

SHOWN = 100  # rows of a table on the screen


@click.command()
@click.argument("query", required=False)
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="A file with the query.")
@click.option("--limit", type=click.IntRange(0), help=f"Rows to show (default: {SHOWN} in a table, all in CSV and JSON); 0: all.")
@click.option("--csv", "as_csv", is_flag=True, help="Answer in CSV, safe for spreadsheets.")
@verb
def sql(ask: Ask, query: str | None, file: Path | None, limit: int | None, as_csv: bool) -> int:
    """Query the published tables.

    Read only: no query can change them, or reach another file. `-` reads the query from standard input. `newsmill tables` says what
    there is.

    \b
    newsmill sql "SELECT outlet, title FROM articles ORDER BY published_at DESC LIMIT 10"
    newsmill sql "FROM links" --csv > links.csv
    newsmill sql --file report.sql --json
    """
    from flows.home import home_at
    from flows.show import show_rows
    from warehouse.query import asking

    form: Form = "csv" if as_csv else "json" if ask.json else "table"
    began = time.monotonic()
    with asking(home_at(ask.home, ask.settings.warehouse).published, _query(query, file)) as answer:
        show_rows(ask.console, answer, form, limit if limit is not None else SHOWN if form == "table" else 0, began)
    return DONE


@click.command()
@click.argument("table", required=False)
@verb
def tables(ask: Ask, table: str | None) -> int:
    """Say what there is to query.

    \b
    newsmill tables
    newsmill tables articles
    """
    from flows.home import home_at
    from flows.show import show
    from warehouse.query import columns_of
    from warehouse.query import tables as all_tables

    published = home_at(ask.home, ask.settings.warehouse).published
    answer = columns_of(published, table) if table else all_tables(published)
    show(ask.console, answer.names, answer.rows, "json" if ask.json else "table")
    return DONE


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["parquet", "jsonl", "csv"]), help="Default: by the path's name, else parquet.")
@click.option("--no-text", is_flag=True, help="Leave out texts and summaries, to share what may be shared.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only articles published (or else first seen) on that day (UTC) or later.")
@click.option("--outlet", "slugs", multiple=True, metavar="SLUG", help="Only this outlet's; repeatable.")
@verb
def export(
    ask: Ask, path: Path, form: Literal["parquet", "jsonl", "csv"] | None, no_text: bool, since: datetime | None, slugs: tuple[str, ...]
) -> int:
    """Write the articles into PATH, to hand them on.

    parquet: a folder, by outlet and month, that Hugging Face's `datasets` loads. jsonl: a file, packed if its name ends in .gz. csv: a
    file that a spreadsheet opens without running anything. Whole or not at all; an earlier export is replaced, nothing else is.

    \b
    newsmill export corpus
    newsmill export --format jsonl --since 2026-01-01 articles.jsonl.gz
    newsmill export --format csv --no-text --outlet rudaw_english rudaw.csv
    """
    from flows.home import home_at
    from flows.show import print_json
    from warehouse.export import Selection
    from warehouse.export import export as write

    chosen = Selection(slugs, since.replace(tzinfo=UTC) if since else None, no_text)
    done = write(home_at(ask.home, ask.settings.warehouse).published, path, form or _form_of(path), chosen)
    if ask.json:
        print_json({**dataclasses.asdict(done), "path": str(done.path)})
    elif not ask.quiet:
        click.echo(f"{_some(done.articles, 'article')}, {done.bytes:,} bytes, {_some(done.files, 'file')}: {done.path}")
    return DONE


@click.command()
@click.argument("url", required=False)
@click.option("--outlet", "slug", metavar="SLUG", help="All of an outlet.")
@click.option("--dry-run", is_flag=True, help="Change nothing; tell what would go.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wait", is_flag=True, help="Wait for a run of the outlet to end, instead of giving up.")
@verb
def forget(ask: Ask, url: str | None, slug: str | None, dry_run: bool, yes: bool, wait: bool) -> int:
    """Take an article, or an outlet, out for good.

    Text, revisions, stored pages and published rows go, and no file of the data folder holds them any more. The URL stays known, as one
    that is never fetched again. What was handed on or backed up before is not reached.

    \b
    newsmill forget https://outlet.example/2026/an-article
    newsmill forget --outlet rudaw_english --dry-run
    """
    from flows import forgetting
    from flows.show import print_json

    found = forgetting.look(ask.home, ask.settings, url, slug, ask.outlets)
    if not dry_run and not yes and sys.stdin.isatty() and not ask.json:
        click.echo(_told(found, "would go"))
        click.confirm("This cannot be undone. Forget it?", abort=True)
    if not dry_run:
        found = forgetting.forget(ask.home, ask.settings, url, slug, ask.outlets, ask.reporter, wait)
    if ask.json:
        print_json({"target": found.target, "dry_run": dry_run, "files": found.files, **dataclasses.asdict(found.found)})
    elif not ask.quiet:
        click.echo(_told(found, "would go" if dry_run else "gone"))
        for copy in found.found.copies:
            click.echo(f"the very same text also stands at {copy}")
        if slug:
            click.echo(f"its file still stands: without `enabled = false` in {slug}.toml a run collects what is new")
    return DONE


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wait", is_flag=True, help="Wait for runs to end, instead of giving up.")
@verb
def rebuild(ask: Ask, yes: bool, wait: bool) -> int:
    """Make the tables anew, from the stored pages alone.

    For a database that cannot be read any more. Articles, revisions, rejections and profiles come back as today's code reads them; what
    only the tables knew does not: the ledger of requests, links that were never fetched, findings. No request is made.

    \b
    newsmill rebuild
    """
    from flows.rebuilding import rebuild as make_anew
    from flows.show import print_json

    if not yes and sys.stdin.isatty() and not ask.json:
        click.confirm("The tables are replaced by what the stored pages tell; the old file is set aside. Go on?", abort=True)
    done = make_anew(ask.home, ask.settings, _known(ask), ask.reporter, wait)
    if ask.json:
        print_json(dataclasses.asdict(done))
    elif not ask.quiet:
        for slug in done.strangers:
            click.echo(f"warning: no file describes {slug}: its pages were read by general rules", err=True)
        click.echo(f"{_some(done.articles, 'article')} from {_some(done.captures, 'stored page')}; the file before it ends in .old")
    return DONE


@click.group()
def warehouse() -> None:
    """Look after the data: backup, restore, check, compact.

    \b
    newsmill warehouse check
    """


@warehouse.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--no-captures", is_flag=True, help="Leave out the stored pages; only list them, with their digests.")
@verb
def backup(ask: Ask, path: Path, no_captures: bool) -> int:
    """Copy database and stored pages into the new folder PATH.

    Whole or not at all, with a list of digests. Runs may go on meanwhile.

    \b
    newsmill warehouse backup /backups/newsmill-2026-11-01
    """
    from flows.show import print_json
    from flows.upkeep import back_up

    done = back_up(ask.home, ask.settings, path, not no_captures, ask.reporter)
    if ask.json:
        print_json({"path": str(path.absolute()), "files": len(done.files), "bytes": sum(file.bytes for file in done.files)})
    return DONE


@warehouse.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wait", is_flag=True, help="Wait for runs to end, instead of giving up.")
@verb
def restore(ask: Ask, path: Path, yes: bool, wait: bool) -> int:
    """Put a backup in the place of the database.

    Stored pages that are missing come back too. What was forgotten since stays forgotten. Each byte of the backup is looked at before
    anything is changed.

    \b
    newsmill warehouse restore /backups/newsmill-2026-11-01
    """
    from flows.show import print_json
    from flows.upkeep import restore as put_back

    if not yes and sys.stdin.isatty() and not ask.json:
        click.confirm("The database is replaced by the backup's; the old file is set aside. Go on?", abort=True)
    done = put_back(ask.home, ask.settings, path, ask.reporter, wait)
    if ask.json:
        print_json({"path": str(path.absolute()), "made_at": done.made_at, "files": len(done.files)})
    return DONE


@warehouse.command()
@click.option("--all", "is_every", is_flag=True, help="Look at every stored page, not at a sample.")
@verb
def check(ask: Ask, is_every: bool) -> int:
    """Say whether everything is whole.

    The database is read to its last block, and stored pages are compared with their digests. Exits with 1 when something is wrong.

    \b
    newsmill warehouse check --all
    """
    from flows.show import as_table, print_json
    from flows.upkeep import check_home

    found = check_home(ask.home, ask.settings, is_every, ask.reporter)
    if ask.json:
        print_json(dataclasses.asdict(found))
    elif found.flaws:
        ask.console.print(as_table(["where", "what"], [(flaw.where, flaw.problem) for flaw in found.flaws]))
        click.echo("`newsmill warehouse restore` brings back a backup, `newsmill rebuild` makes the tables anew from the stored pages")
    return OUTLET_FAILED if found.flaws else DONE


@warehouse.command()
@click.option("--force", is_flag=True, help="Copy the database even if little of it is free.")
@click.option("--wait", is_flag=True, help="Wait for runs to end, instead of giving up.")
@verb
def compact(ask: Ask, force: bool, wait: bool) -> int:
    """Let go of what need not be kept.

    Pages and texts that are older than [keep] in their outlet's file go; then the database is copied, if a quarter of it is free.

    \b
    newsmill warehouse compact
    """
    from flows.show import print_json
    from flows.upkeep import tidy

    done = tidy(ask.home, ask.settings, _known(ask), ask.reporter, wait, force)
    if ask.json:
        print_json(dataclasses.asdict(done))
    elif not ask.quiet:
        gone = f"{_some(done.captures, 'stored page')} and {_some(done.texts, 'text')} were kept for long enough and are gone; "
        click.echo(f"{gone if done.captures or done.texts else ''}{done.before:,} → {done.after:,} bytes")
    return DONE


def _known(ask: Ask) -> dict[str, Outlet]:
    from flows.choose import known_outlets

    return known_outlets(ask.outlets)


def _query(query: str | None, file: Path | None) -> str:
    from flows.errors import BadArgument

    if (query is None) == (file is None):
        raise BadArgument('give one query: newsmill sql "FROM articles LIMIT 5", or - for standard input, or --file FILE')
    if query == "-":
        return sys.stdin.read()
    if file is None and query and query.endswith(".sql") and Path(query).is_file():
        file = Path(query)
    try:
        return file.read_text(encoding="utf-8") if file else query or ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgument(f"{file} cannot be read: {error}") from error


def _form_of(path: Path) -> Literal["parquet", "jsonl", "csv"]:
    name = path.name.removesuffix(".gz")
    return "csv" if name.endswith(".csv") else "jsonl" if name.endswith((".jsonl", ".ndjson")) else "parquet"


def _told(found: object, what: str) -> str:
    from flows.forgetting import Takedown

    assert isinstance(found, Takedown)
    facts = found.found
    return (
        f"{found.target}: {what}: {_some(facts.articles, 'article')}, {_some(facts.revisions, 'revision')}, "
        f"{_some(facts.captures, 'stored page')}; {_some(facts.links, 'known link')} not to be fetched again"
    )


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


VERBS = (sql, tables, export, forget, rebuild, warehouse)
