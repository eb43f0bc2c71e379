"""``make audit``: known vulnerabilities of what is locked, as pip-audit finds them. Exit 0 none, 1 some, 2 nothing could be looked up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-duckdb2.lock", "requirements-consumers.lock")
OFFLINE = "audit: the list of known vulnerabilities could not be had, so nothing was checked. Is there a network?"


def main(pip_audit: str) -> int:
    found = [line for lock in LOCKS for line in (look(pip_audit, lock) or [OFFLINE])]
    print("\n".join(dict.fromkeys(found)), file=sys.stderr if OFFLINE in found else sys.stdout)
    return 2 if OFFLINE in found else int(any(": " in line and not line.startswith("audit:") for line in found))


def look(pip_audit: str, lock: str) -> list[str] | None:
    """One line a vulnerability and one for the lock; None if pip-audit came to no answer."""
    command = [pip_audit, "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off", "-r", str(ROOT / lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in packages
        for found in package.get("vulns", [])
    ]
    return [*lines, f"audit: {lock} names {len(packages)} packages, {len(lines)} known vulnerabilities"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
