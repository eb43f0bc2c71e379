"""What all verbs share: their options, what they are told, and the one place where errors become words and exit codes."""

from __future__ import annotations

import functools
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from rich.console import Console

from flows.errors import FlowsError
from flows.progress import Reporter, reporter_for
from flows.settings import Settings, read_settings
from spiders.errors import SpidersError
from warehouse.errors import WarehouseError

DONE, OUTLET_FAILED, COULD_NOT_RUN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Ask:
    """What every verb is told: where the data lies, which outlet files count, how much to say."""

    settings: Settings
    home: Path
    outlets: tuple[Path, ...]
    json: bool
    quiet: bool
    verbose: bool

    @property
    def console(self) -> Console:
        return Console(soft_wrap=False, width=None if sys.stdout.isatty() else 160)

    @property
    def reporter(self) -> Reporter:
        return reporter_for(Console(stderr=True) if self.json else self.console, self.quiet)


class Interrupted(BaseException):
    """SIGTERM or Ctrl-C: not an error, and nothing that a step may swallow."""

    def __init__(self, number: int) -> None:
        self.number = number


def verb(function: Callable[..., int | None]) -> Callable[..., NoReturn]:
    """The options that all verbs share, and one place where errors become words and exit codes."""

    @click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Data folder (default: NEWSMILL_HOME, or ./data).")
    @click.option(
        "--outlets",
        type=click.Path(path_type=Path),
        multiple=True,
        help="Folder of outlet files to use instead of the built-in ones; repeatable.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
    @click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more.")
    @functools.wraps(function)
    def run(home: Path | None, outlets: tuple[Path, ...], as_json: bool, quiet: bool, verbose: bool, **arguments: Any) -> NoReturn:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _interrupt)
        try:
            settings = read_settings()
            code = function(Ask(settings, home or settings.home, outlets, as_json, quiet, verbose), **arguments)
        except (FlowsError, SpidersError, WarehouseError, Interrupted, RuntimeError) as error:
            code = _told(error)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output went away, `| head` for one: no word about it
            code = DONE
        sys.exit(code or DONE)

    return run


def _told(error: BaseException) -> int:
    """Say what ended a verb. Returns its exit code; raises ``error`` again where that is a fault of ours."""
    if interrupt := _interrupt_behind(error):
        click.echo("newsmill: stopped; what was fetched is kept, the next run goes on from there", err=True)
        return 128 + interrupt.number
    if isinstance(error, RuntimeError):
        raise error
    click.echo(f"newsmill: {error}", err=True)
    return COULD_NOT_RUN


def _interrupt_behind(error: BaseException | None) -> Interrupted | None:
    """What stopped us, though it may bear another name: DuckDB turns what a signal's handler raises into a RuntimeError."""
    while error is not None and not isinstance(error, Interrupted):
        error = error.__cause__ or error.__context__
    return error


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough; a second Ctrl-C must not cut the tidying short
    raise Interrupted(number)
