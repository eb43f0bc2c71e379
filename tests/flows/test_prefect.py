"""Prefect around the steps: the same run, with names, retries and an artifact, on a real server."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from tests.flows.conftest import Desk, clean_env

PROJECT = Path(__file__).resolve().parents[2]

RUN = """
import asyncio, json, sys
from prefect.client.orchestration import get_client
from prefect.testing.utilities import prefect_test_harness
from flows.ingest import ingest
from flows.learn import learn
from flows.maintain import maintain
from flows.report import report

home, folder = sys.argv[1:]
async def what_the_server_knows():
    async with get_client() as client:
        tasks = await client.read_task_runs()
        runs = await client.read_flow_runs()
        artifacts = await client.read_artifacts()
        return {
            "tasks": sorted(task.name.rsplit("-", 1)[0] for task in tasks),
            "states": sorted({task.state_name for task in tasks}),
            "runs": [[run.name, run.state_name] for run in runs],
            "artifacts": {artifact.key: artifact.data for artifact in artifacts},
        }
with prefect_test_harness(server_startup_timeout=180):
    counts = ingest(outlets=["demo_gazette"], home=home, folders=[folder])
    said = asyncio.run(what_the_server_knows())
    later = {"report": report(home=home), "learn": learn(home=home, folders=[folder]), "maintain": maintain(home=home, folders=[folder])}
    said |= {"counts": counts, "later": later, "then": asyncio.run(what_the_server_knows())}
    open(home + "/said.json", "w").write(json.dumps(said))
"""


def test_the_flow_runs_the_same_steps_and_leaves_a_table_of_counts(desk: Desk) -> None:
    env = clean_env({"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "WARNING"})
    done = subprocess.run(
        [sys.executable, "-c", RUN, desk.home, desk.outlets], capture_output=True, text=True, env=env, cwd=desk.folder, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    said = json.loads((desk.home / "said.json").read_text())
    assert said["tasks"] == sorted(["discover", "plan", "fetch", "read", "learn", "load", "check", "publish"])
    assert said["states"] == ["Completed"]
    assert said["runs"] == [["ingest demo_gazette", "Completed"]]
    (row,) = json.loads(said["artifacts"]["ingest-counts"])
    assert (row["outlet"], row["articles"], row["requests"]) == ("demo_gazette", said["counts"]["loaded"], said["counts"]["requests"])
    assert said["artifacts"]["ingest-findings"] == "Nothing was found."
    assert said["counts"]["loaded"] == desk.ask("SELECT count(*) FROM articles")[0][0] > 0
    assert {name: state for name, state in said["then"]["runs"] if not name.startswith("ingest")} == dict.fromkeys(
        ("report", "learn", "maintain"), "Completed"
    )
    assert "demo_gazette" in Path(said["later"]["report"]["report"]).read_text(encoding="utf-8")
    assert said["then"]["artifacts"]["report"].startswith("[") and "file://" in said["then"]["artifacts"]["report"]
    assert said["later"]["maintain"]["after"] > 0 and said["then"]["artifacts"]["maintain-findings"] == "Nothing was found."


def test_deployments_name_flows_by_dotted_modules() -> None:
    deployments = yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]
    assert deployments
    for deployment in deployments:
        module, _, name = deployment["entrypoint"].rpartition(".")
        assert "/" not in module and ":" not in module
        os.environ.setdefault("DO_NOT_TRACK", "1")
        assert type(getattr(importlib.import_module(module), name)).__name__ == "Flow"


def test_only_the_network_is_tried_again() -> None:
    from flows.ingest import STEPS

    retries = {name: getattr(STEPS, name).retries for name in STEPS.__slots__}
    assert {name for name, count in retries.items() if count} == {"discover", "fetch"}
