"""The verb `newsmill search`: the published articles that tell of something, best first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.verb import DONE, Ask, verb

if TYPE_CHECKING:
    from rich.text import Text

    from warehouse.query import Answer


# Nothing that a consumer could not ask for
_SEARCH = "FROM search($query, outlet := $outlet, since := $since, language := $language, most := $most)"


@click.command()
@click.argument("words", metavar="QUERY", nargs=-1, required=True)
@click.option("--outlet", help="Only this outlet.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was published on that day (UTC) or later.")
@click.option("--language", help="Only this language (BCP 47): en also finds en-GB.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Articles to list.")
@verb
def search(ask: Ask, words: tuple[str, ...], outlet: str | None, since: datetime | None, language: str | None, limit: int) -> int:
    """Find articles by words.

    In any form of theirs, in headline or text, with the sentence that tells of them; who has more of the words, and rarer ones, comes
    first. The same in SQL: FROM search('…').

    \b
    newsmill search drought Euphrates
    newsmill search "انتخابات كردستان" --since 2026-11-01
    newsmill search seçimler --language tr --json
    """
    from flows.home import home_at
    from flows.show import print_json

    published = home_at(ask.home, ask.settings.warehouse).published
    found = search_published(published, " ".join(words), outlet, since, language, limit)
    if ask.json:
        print_json(found.records())
    elif not found.rows:
        click.echo(f"nothing found for {' '.join(words)!r}")
    else:
        for record in found.records():
            ask.console.print(_told(record), soft_wrap=True, highlight=False)
    return DONE


def search_published(published: Path, query: str, outlet: str | None, since: datetime | None, language: str | None, most: int) -> Answer:
    """The answer of ``search()`` in the file at ``published``. Raises ``NothingPublished``, ``QueryError``."""
    from warehouse.query import ask

    day = since.strftime("%Y-%m-%d") if since else None
    return ask(published, _SEARCH, {"query": query, "outlet": outlet, "since": day, "language": language, "most": most})


def _told(record: dict[str, Any]) -> Text:
    """Headline, where and when, the passage with its words marked."""
    from rich.text import Text

    from flows.show import plain

    when = f"{record['published_at']:%Y-%m-%d %H:%M}" if record["published_at"] else "no date"
    text = Text(plain(record["title"]), style="bold")
    text.append(f"\n{record['outlet']} · {when} · {plain(record['url'])}\n", style="not bold dim")
    passage = Text(plain(record["passage"] or ""), style="not bold")
    passage.highlight_words(record["words"], style="bold", case_sensitive=False)
    return text.append_text(passage).append("\n")
