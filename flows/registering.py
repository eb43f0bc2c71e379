"""The schedules of ``prefect.yaml`` and the server that keeps them: which one that is, and what it is told."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flows.errors import NoSchedules, NotRegistered, ServerUnreachable

POOL = "newsmill"
UNREACHABLE = 3  # the exit code of flows.at_server when no server answers
# Of the user's Prefect, if there is one, nothing is read and nothing written; nobody counts.
_QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_CLI_PROMPT": "false"}


@dataclass(frozen=True, slots=True)
class Registered:
    """A deployment, as its flow's and its own name, and its schedules as cron lines."""

    name: str
    schedules: tuple[str, ...]


def own_environment(home: Path, url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` for a Prefect that lives in ``home`` and knows the server at ``url`` alone."""
    folder = home / "prefect"
    kept = {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}
    ours = {
        "PREFECT_HOME": str(folder),
        "PREFECT_PROFILES_PATH": str(folder / "profiles.toml"),
        "PREFECT_API_URL": url,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # 500 runs a day would be kept for ever
        "PREFECT_WORKER_QUERY_SECONDS": "5",
    }
    return {**kept, **_QUIET, **ours}


def server_environment(home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """``environment`` for the server that it names, or else the one that `newsmill serve` runs in ``home``."""
    if environment.get("PREFECT_API_URL"):
        return {"DO_NOT_TRACK": "1", **environment}
    if url := served_url(home):
        return own_environment(home, url, environment)
    return {"DO_NOT_TRACK": "1", **environment}


def served_file(home: Path) -> Path:
    return home / "prefect" / "serve.json"


def served_url(home: Path) -> str | None:
    """Where `newsmill serve` of ``home`` said that its server is."""
    try:
        return str(json.loads(served_file(home).read_text())["url"])
    except (OSError, ValueError, KeyError):
        return None


def find_schedules(named: Path | None) -> Path:
    """``named``, or prefect.yaml here, or the one that comes with newsmill. Raises ``NoSchedules``."""
    places = [named] if named else [Path("prefect.yaml"), Path(__file__).parents[1] / "prefect.yaml"]
    for place in places:
        if place.is_file():
            return place.absolute()
    raise NoSchedules(places[0])


def register(file: Path, home: Path, folders: Sequence[Path], environment: Mapping[str, str], is_alone: bool = False) -> list[Registered]:
    """Make the work pools that ``file`` names and its deployments, for ``home`` and the outlets in ``folders``.

    What is there already is brought up. Prefect itself does both, in processes of its own with ``environment``.

    ``is_alone``: no worker of theirs is alive. Raises ``ServerUnreachable``, ``NotRegistered``, ``NoSchedules``.
    """
    told = for_home(file, home, folders)
    with tempfile.TemporaryDirectory(prefix="newsmill-") as scratch:
        written = Path(scratch) / "prefect.yaml"
        written.write_text(yaml.safe_dump(told, sort_keys=False, allow_unicode=True))
        pools = sorted({deployment.get("work_pool", {}).get("name", POOL) for deployment in told["deployments"]})
        _run([sys.executable, "-m", "flows.at_server", *["--alone"] * is_alone, str(home), *pools], environment)
        _run([sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(written)], environment)
    return [_registered(deployment) for deployment in told["deployments"]]


def for_home(file: Path, home: Path, folders: Sequence[Path]) -> dict[str, Any]:
    """What ``file`` says, each flow told where its ``home`` and its outlets are. Raises ``NoSchedules``."""
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
        for deployment in told["deployments"]:
            places = {"home": str(home), **({"folders": [str(folder.absolute()) for folder in folders]} if folders else {})}
            deployment["parameters"] = {**places, **(deployment.get("parameters") or {})}
    except (OSError, yaml.YAMLError, TypeError, KeyError, AttributeError) as error:
        raise NoSchedules(file, f"{type(error).__name__}: {error}") from error
    return dict(told)


def _registered(deployment: Mapping[str, Any]) -> Registered:
    flow = str(deployment["entrypoint"]).rpartition(".")[2]
    return Registered(f"{flow}/{deployment['name']}", tuple(str(each.get("cron") or each) for each in deployment.get("schedules") or ()))


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode == UNREACHABLE:
        raise ServerUnreachable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "")
    if done.returncode != 0:
        raise NotRegistered((done.stdout + done.stderr).strip()[-1500:])
