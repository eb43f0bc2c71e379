"""The order that a crawl process is given: JOB.json, and the files of the run's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from spiders.errors import SpidersError
from spiders.outlet import Outlet

# Names files; a separator or a leading dot would lead out of the folder.
RunId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
# Goes into a header; a line break would begin another one.
Contact = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[\x20-\x7e]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KnownSource(_Part):
    """What a source answered last time, so that it can say "nothing new"; one that failed is knocked at once, not three times."""

    outlet: str
    url: str
    etag: str | None = None
    last_modified: str | None = None
    is_failing: bool = False


class Job(_Part):
    """One crawl of many outlets."""

    run_id: RunId
    parent: int | None = None  # the process that ordered it, and without which it ends
    folder: Path  # the run's
    captures: Path
    robots: Path  # robots.txt files seen lately, of all runs
    contact: Contact | None = None
    outlets: tuple[Outlet, ...]
    known_sources: tuple[KnownSource, ...] = ()
    resting: frozenset[tuple[str, str]] = frozenset()  # outlet and URL of the sources whose time has not come
    forgotten: frozenset[str] = frozenset()  # articles that are not to be fetched, wherever a redirect leads
    fast: bool = False  # delays below half a second are meant: a host on loopback

    @property
    def plan(self) -> Path:
        return self.folder / "plan.jsonl"

    @property
    def links(self) -> Path:
        return self.folder / "links.jsonl"

    @property
    def sources(self) -> Path:
        return self.folder / "sources.jsonl"

    @property
    def requests(self) -> Path:
        return self.folder / "requests.jsonl"

    @property
    def captured(self) -> Path:
        return self.folder / "captures.jsonl"

    @property
    def failures(self) -> Path:
        return self.folder / "failures.jsonl"


class UnusableJob(SpidersError):
    """A crawl that cannot be begun: the program that ordered it is at fault, or its folder is."""

    def __init__(self, path: Path, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"{path}: {problem}")


def read_job(path: Path) -> Job:
    """The order in ``path``. ``UnusableJob`` if it is none."""
    try:
        return Job.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnusableJob(path, error.strerror or str(error)) from error
    except ValidationError as error:
        raise UnusableJob(path, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:3])) from error
