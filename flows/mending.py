"""What a machine that went down has left of a run: lines that are none, and rows of pages that never reached the disk."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flows.run import Run
from spiders.captures import UnreadableCapture, read_body
from spiders.encodings import BadEncoding
from warehouse.contracts import (
    Article,
    Capture,
    Failure,
    Learning,
    Link,
    Planned,
    Profile,
    Rejection,
    Request,
    Row,
    Source,
    from_json,
    read_rows,
    write_rows,
)

KINDS: dict[str, type[Row]] = {
    "links.jsonl": Link,
    "sources.jsonl": Source,
    "requests.jsonl": Request,
    "plan.jsonl": Planned,
    "captures.jsonl": Capture,
    "failures.jsonl": Failure,
    "articles.jsonl": Article,
    "articles_again.jsonl": Article,
    "rejections.jsonl": Rejection,
    "profiles.jsonl": Profile,
    "learnings.jsonl": Learning,
}


def mend(run: Run) -> None:
    """Take out of the files of a dead run what is no row, and the captures, not read yet, whose pages are not there: they are fetched anew.

    A process that is killed leaves no such thing, since rows are appended whole and behind their pages; a machine without power does, on
    file systems that put sizes on the disk before contents. One such line would end this run's finishing, and every run that tries it.
    """
    for name, kind in KINDS.items():
        _keep_rows(run, run.file(name), kind)
    captures = list(read_rows(Capture, run.file("captures.jsonl")))
    read = {row.capture_id for row in read_rows(Article, run.file("articles.jsonl"))}
    read |= {row.capture_id for row in read_rows(Rejection, run.file("rejections.jsonl"))}
    there = [capture for capture in captures if capture.capture_id in read or _is_there(run.home.captures, capture)]
    if len(there) < len(captures):
        run.tell.note(f"{run.id}: {len(captures) - len(there)} pages did not reach the disk, and are asked for again")
        write_rows(run.file("captures.jsonl"), there)


def _keep_rows(run: Run, path: Path, kind: type[Row]) -> None:
    if not path.exists():
        return
    with path.open("rb") as lines:
        bad = sum(not _is_row(kind, line) for line in lines)
    if bad:
        run.tell.note(f"{run.id}: {path.name}: {bad} lines are no rows, and are left out")
        with path.open("rb") as lines:
            write_rows(path, (from_json(kind, line) for line in lines if _is_row(kind, line)))


def _is_row(kind: type[Row], line: bytes) -> bool:
    with suppress(ValueError):
        from_json(kind, line)
        return line.endswith(b"\n")
    return False


def _is_there(folder: Path, capture: Capture) -> bool:
    with suppress(BadEncoding):  # that is how it came
        try:
            read_body(folder, capture)
        except UnreadableCapture:
            return False
    return True
