"""``docs/licences.md``: what every locked package is licensed under, by its own metadata. ``python -m tests.licences`` writes it."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOC = ROOT / "docs" / "licences.md"
_LOCKED = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.IGNORECASE)
_UNKNOWN = "not installed here"
_HEAD = """# Licences

newsmill is under the Apache License 2.0 (`LICENSE`). What it runs on, as locked in `requirements.lock`, is under these, by its own word.
Written by `make licences`; a test asserts that it is current.

| package | version | licence |
|---|---|---|
"""


def locked() -> dict[str, str]:
    """Names and versions of the packages that a run needs."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {match[1].lower(): match[2] for line in lines if (match := _LOCKED.match(line))}


def licence(name: str) -> str:
    """What the installed package says: an SPDX expression, else its classifiers, else the first line of its licence field."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return _UNKNOWN
    classes = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    free_text = (told.get("License") or "").strip().partition("\n")[0][:80]
    return (told.get("License-Expression") or " / ".join(sorted(set(classes))) or free_text or "unstated").replace("|", "/")


def listed() -> dict[str, tuple[str, str]]:
    """The rows of the document: name → version, licence."""
    rows = [line.strip("| ").split(" | ") for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {row[0]: (row[1], row[2]) for row in rows if len(row) == 3 and row[0] != "package"}


def write() -> None:
    known = listed() if DOC.exists() else {}
    rows = []
    for name, version in sorted(locked().items()):
        said = licence(name)
        if said == _UNKNOWN and name in known:  # a package of another system, listed on it
            said = known[name][1]
        rows.append(f"| {name} | {version} | {said} |\n")
    DOC.write_text(_HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    write()
