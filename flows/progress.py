"""What a run tells whoever watches: bars on a terminal, plain lines elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


class Stage:
    """A stage under way. ``say`` sets the words that stay when it is over."""

    def __init__(self, name: str, bars: Progress | None = None, bar: TaskID | None = None) -> None:
        self.name, self.words = name, ""
        self._bars, self._bar = bars, bar

    def update(self, done: int, total: int | None = None) -> None:
        if self._bars is not None and self._bar is not None:
            self._bars.update(self._bar, completed=done, total=total)

    def say(self, words: str) -> None:
        self.words = words
        if self._bars is not None and self._bar is not None:
            self._bars.update(self._bar, words=words)


class Reporter:
    """Shows the stages of a run: this one in silence."""

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        """A stage that lasts as long as the context."""
        yield Stage(name)

    def note(self, text: str) -> None:
        """A line that a person should see."""


class Lines(Reporter):
    """One line a stage, when it is over: for cron's mail and for logs."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        stage = Stage(name)
        yield stage
        self.note(f"{stage.name:9} {stage.words}")

    def note(self, text: str) -> None:
        print(text, file=self._out, flush=True)


class Bars(Reporter):
    """A bar a stage, as long as it moves; its line stays. Stages that run at once move at once."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        self._open = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[Stage]:
        if self._bars is None:
            self._bars = _progress(self._console)
            self._bars.start()
        bars, self._open = self._bars, self._open + 1
        bar = bars.add_task(name, total=None, words="")
        try:
            yield Stage(name, bars, bar)
        finally:
            done = next(task.completed for task in bars.tasks if task.id == bar)
            bars.update(bar, total=done or 1, completed=done or 1)
            self._open -= 1
            if self._open == 0:
                bars.stop()
                self._bars = None

    def note(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(finished_text="[green]✓[/]"),
        TextColumn("{task.description:9}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:>7.0f}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}"),
        console=console,
    )


def reporter_for(console: Console, quiet: bool) -> Reporter:
    """The reporter that suits where the output goes."""
    if quiet:
        return Reporter()
    return Bars(console) if console.is_terminal else Lines(console.file)  # type: ignore[arg-type]
