"""A load, a publication, a migration that is killed, or finds no space."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse.killing import DEEDS, rounds


@pytest.mark.parametrize("deed", DEEDS)
def test_killed_at_any_moment_nothing_is_lost_or_double(tmp_path: Path, deed: str) -> None:
    assert rounds(deed, 3, tmp_path, random.Random(deed)).total() == 4


LITTLE_SPACE = """
import os, resource, signal, sys
from pathlib import Path
from tests.warehouse.conftest import article
from tests.warehouse.press import Press
from warehouse.errors import WarehouseFull

press, filler = Press(Path(sys.argv[1])), Path(sys.argv[1]) / "filler"
noise = [os.urandom(1500).hex() for _ in range(400)]

def fill(spare):
    if sys.argv[2] == "disk":
        space = os.statvfs(press.home)
        with filler.open("wb") as file:
            file.write(b"x" * max(0, space.f_bavail * space.f_frsize - spare))
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(200_000, press.warehouse.stat().st_size + spare - 900_000), -1))

def make_room():
    filler.unlink(missing_ok=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))

def attempt(what, deed):
    try:
        deed()
        print(what, "done")
    except WarehouseFull as error:
        print(what, "full", "no space to write" in str(error))

for turn in range(3):
    press.load(*(article(f"{turn}-{i}", f"{turn} {i} {noise[i]}") for i in range(50)))
    press.publish()
before = press.published.read_bytes()
run = press.write_run(*(article(f"new-{i}", text) for i, text in enumerate(noise)))
fill(700_000)
attempt("load", lambda: press.load_run(run))
make_room()
print("published is as it was", press.published.read_bytes() == before, {*press.differences()} - {"store.runs"})
press.load_run(run)
fill(300_000)
attempt("publish", press.publish)
print("published is as it was", press.published.read_bytes() == before)
make_room()
for _ in range(3):
    press.publish()
    print("published", press.differences())
"""
SAID = [
    "load full True",
    "published is as it was True set()",
    "publish full True",
    "published is as it was True",
    "published []",
    "published []",
    "published []",
]


def test_no_space_in_a_load_or_a_publication_loses_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: DuckDB and the copying meet the same error."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", LITTLE_SPACE, tmp_path, "limit"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == SAID, done.stdout + done.stderr


def test_a_disk_that_is_really_full_loses_nothing(tmp_path: Path) -> None:
    unshare = [shutil.which("unshare") or "unshare", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount -t tmpfs -o size=60m none '{tmp_path}'"
    if not shutil.which("unshare") or subprocess.run([*unshare, mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no file system of one's own; the limit on files above stands for it")
    script = f'{mount} && exec "$0" -c "$1" "$2" disk'
    done = subprocess.run([*unshare, script, sys.executable, LITTLE_SPACE, tmp_path], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == SAID, done.stdout + done.stderr
