"""What can go wrong in spiders, told by who acts.

SpidersError
├── OutletFileError      the outlet's author mends a file; every problem found is in it
├── OutletFolderError    the operator names another folder
├── UnknownOutlet        the operator names another outlet
├── ledger.CannotStore   the operator makes room; what was begun has been cut off again
├── captures.UnreadableCapture  the operator restores the archive, or the outlet is asked again
└── job.UnusableJob      the developer mends the order that a crawl was given
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class SpidersError(Exception):
    """Any error of this package that a person can mend."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file. ``key`` is a path such as ``feeds[0].url``, ``line 3``, or empty for the file as a whole."""

    path: Path
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}: {self.key}" if self.key else f"{self.path}"
        return f"{where}: {_sentence(self.problem)} {_sentence(self.remedy)}"


class OutletFileError(SpidersError):
    """One or several outlet files cannot be taken as they are."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class OutletFolderError(SpidersError):
    """A folder that should hold outlet files does not."""

    def __init__(self, folder: Path, problem: str, remedy: str) -> None:
        self.folder, self.problem, self.remedy = folder, problem, remedy
        super().__init__(f"{folder}: {_sentence(problem)} {_sentence(remedy)}")


class UnknownOutlet(SpidersError):
    """Outlets were named that nobody knows; ``near`` holds known ones that are spelt alike."""

    def __init__(self, names: Iterable[str], near: Iterable[str]) -> None:
        self.names, self.near = tuple(names), tuple(near)
        hint = f"Did you mean {' or '.join(self.near)}?" if self.near else "`newsmill outlets` lists them."
        super().__init__(f"no such outlet: {', '.join(self.names)}. {hint}")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
