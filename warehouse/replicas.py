"""The consumers' copies of the warehouse on disk: which one is published, which is free to be brought forward, and the swap.

A copy that anyone has open is never written to. They lie beside the published file, which is a hard link to one of them, each named by
its inode: a copy of a copy, out of a backup of the folder for one, is none of ours.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from warehouse.errors import WarehouseBusy

MOST_HELD = 4  # copies that readers hold and we keep a name of; more go, and live on for their readers alone
_CANNOT_SHARE = frozenset({errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP})
_PIECE = 64 * 1024 * 1024  # bytes


class Replicas:
    """The copies behind ``published``."""

    def __init__(self, published: Path) -> None:
        self._published = published
        self._folder = published.parent / ".replicas"
        self._folder.mkdir(parents=True, exist_ok=True)

    def free(self) -> Iterator[Path]:
        """Copies that are not published and that nobody has open, the longest unpublished first."""
        return (copy for copy in self._unpublished() if _is_closed(copy))

    def copy(self, warehouse: Path) -> Path:
        """A new copy of the closed file ``warehouse``. Raises ``OSError``, ``WarehouseBusy``."""
        partial = self._folder / "partial"
        try:
            _copy_closed(warehouse, partial)
            return partial.rename(self._folder / f"{partial.stat().st_ino}.duckdb")
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    def swap_in(self, copy: Path) -> None:
        """Make ``copy`` the published file, in one step. Where there are no hard links it is moved there: the next one is made whole."""
        link = self._folder / "link"
        link.unlink(missing_ok=True)
        try:
            link.hardlink_to(copy)
        except OSError:
            link = copy
        link.replace(self._published)
        link.unlink(missing_ok=True)  # a rename onto another link of the same file does nothing

    def sweep(self, is_whole: bool = False) -> None:
        """Remove what is no copy of ours, free ones but the newest, held ones but the newest ``MOST_HELD``; all, if ``is_whole``."""
        names = {f"{name}{end}" for name in self._ours() for end in ("", ".wal")}
        for other in self._folder.iterdir():
            if other.name not in names:
                other.unlink()
        idle = self._unpublished()[::-1]
        free = [copy for copy in idle if _is_closed(copy)]
        held = [copy for copy in idle if copy not in free]
        for copy in idle if is_whole else [*free[1:], *held[MOST_HELD:]]:
            self.remove(copy)

    def remove(self, copy: Path) -> None:
        """Drop the name of ``copy``: who has it open keeps it."""
        copy.unlink(missing_ok=True)
        copy.with_name(f"{copy.name}.wal").unlink(missing_ok=True)

    def _unpublished(self) -> list[Path]:
        """The longest unpublished first: its last reader is the likeliest to have gone."""
        live = self._published.stat().st_ino if self._published.exists() else None
        copies = [self._folder / name for name, inode in self._ours().items() if inode != live]
        return sorted(copies, key=lambda copy: copy.stat().st_mtime_ns)

    def _ours(self) -> dict[str, int]:
        found = {entry.name: entry.stat().st_ino for entry in self._folder.glob("*.duckdb")}
        return {name: inode for name, inode in found.items() if name == f"{inode}.duckdb"}


def _is_closed(path: Path) -> bool:
    """Whether no process has the file open, this one included; a mere ``cp`` of it counts, which takes no lock.

    The system grants a lease for writing on such files alone (fcntl(2)). Where it has no leases (macOS, NFS) nothing counts as closed.
    """
    if _is_open_here(path):
        return False  # nor may it be opened now: closing any descriptor of a file gives up the process's POSIX locks on it
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # an open in this very moment would send SIGIO, which ends the process
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except (OSError, AttributeError):
        return False
    finally:
        os.close(descriptor)
    return True


def _is_open_here(path: Path) -> bool:
    wanted = path.stat()
    for descriptor in Path("/dev/fd").iterdir():
        with suppress(OSError):  # that of the listing itself is closed by now
            if os.path.samestat(os.fstat(int(descriptor.name)), wanted):
                return True
    return False


def _copy_closed(source: Path, target: Path) -> None:
    """Copy a file that no other process may write meanwhile; where the file system can share the blocks, none is copied."""
    if _is_open_here(source):
        raise WarehouseBusy(source, "this process has it open")
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.lockf(old, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            raise WarehouseBusy(source, error.strerror or str(error)) from error
        try:
            while os.copy_file_range(old.fileno(), new.fileno(), _PIECE):
                pass
        except (AttributeError, OSError) as error:  # macOS has none, and not every two file systems do it between them
            if isinstance(error, OSError) and error.errno not in _CANNOT_SHARE:
                raise
            old.seek(0)
            new.seek(0)
            shutil.copyfileobj(old, new, _PIECE)
        new.flush()
        os.fsync(new.fileno())
