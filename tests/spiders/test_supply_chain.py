"""What newsmill is built of: pinned, hashed, licensed, and silent until it is told to ask somebody."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests import licences
from tests.audit import OFFLINE

ROOT = Path(__file__).resolve().parents[2]
# An import that opens a connection, or asks a name server, fails with its traceback.
WATCH = """
import sys
def hook(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"{event}{args}")
sys.addaudithook(hook)
"""
IMPORT_ALL = (
    WATCH
    + """
import importlib, pkgutil, flows, spiders, warehouse
for package in (flows, spiders, warehouse):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""
)
HELP = (
    WATCH
    + """
import sys
from flows.cli import main
sys.argv = ["newsmill", *sys.argv[1:]]
main()
"""
)


@pytest.mark.parametrize(("code", "words"), [(IMPORT_ALL, []), (HELP, ["--help"]), (HELP, ["ingest", "--help"]), (HELP, ["outlets"])])
def test_nobody_is_asked_while_newsmill_is_imported_or_started(code: str, words: list[str], tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False, env=None)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-duckdb2.lock", "requirements-consumers.lock"])
def test_every_package_is_pinned_and_hashed_and_from_the_registry(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert len(entries) >= (1 if "duckdb2" in lock else 20)
    assert [entry for entry in entries if not re.match(r"[\w.-]+(\[[\w, -]+\])?==", entry) or "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|--index-url|--extra-index-url|--find-links|\bgit\+|^-e", "\n".join(entries), re.MULTILINE)


def test_they_are_installed_by_their_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--no-deps --require-hashes" in makefile
    installs = [line for line in makefile.splitlines() if re.search(r"\$\(INSTALL\)|pip.* install ", line) and not line.startswith("#")]
    allowed = ("$(INSTALL) -r", "--require-hashes -r", "--editable .", "pip-audit==")
    assert [line for line in installs if not line.startswith("INSTALL") and not any(words in line for words in allowed)] == []


def test_every_licence_is_listed() -> None:
    listed = licences.listed()
    remedy = "run: make licences"
    assert {name: version for name, (version, _) in listed.items()} == licences.locked(), remedy
    installed = {name: licences.licence(name) for name in listed}
    assert {name: said for name, (_, said) in listed.items() if installed[name] not in (said, "not installed here")} == {}, remedy


def test_an_audit_without_a_network_says_that_nothing_was_checked(tmp_path: Path) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text("#!/bin/sh\necho 'requests.exceptions.ConnectionError: no route to host' >&2\nexit 1\n", encoding="utf-8")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    done = subprocess.run([sys.executable, "-m", "tests.audit", str(tool)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (2, OFFLINE)
