"""How rows reach the run's folder, requests.jsonl and the others: whole lines, each in its file at once, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spiders.errors import SpidersError
from warehouse.contracts import Row, cut_torn_line, to_json

# EFBIG is what RLIMIT_FSIZE and file systems of small files answer
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class CannotStore(SpidersError):
    """A file took nothing more: the operator makes space. What was begun has been cut off again."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        self.reason = "no space" if error.errno in _NO_SPACE else "cannot write"
        super().__init__(f"{path}: {error.strerror or error}")


def append_whole(path: Path, data: bytes) -> int:
    """Append ``data`` to ``path`` wholly or not at all; returns the offset at which it lies."""
    with blamed(path), path.open("ab", buffering=0) as out:
        start = os.fstat(out.fileno()).st_size
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[out.write(rest) or 0 :]
        except OSError:
            with suppress(OSError):
                out.truncate(start)
            raise
    return start


class RowFile:
    """A file of rows that grows line by line. A torn last line, as a killed writer leaves it, is cut off first."""

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        self.path = path
        with blamed(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("wb" if anew else "ab").close()
            cut_torn_line(path)

    def append(self, row: Row) -> None:
        self.append_lines(f"{to_json(row)}\n".encode())

    def append_lines(self, lines: bytes) -> None:
        append_whole(self.path, lines)


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """What the operating system refuses about ``path``, as `CannotStore`."""
    try:
        yield
    except OSError as error:
        raise CannotStore(path, error) from error
