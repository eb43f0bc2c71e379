"""`newsmill serve` and `deploy`: a real server and a real worker, what they run, and what becomes of what is killed."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import yaml

from flows.flow_notes import Note, note_of_this_process, notes_folder, notes_of_the_dead, write_note
from flows.home import hold_outlets, open_home
from flows.registering import own_environment
from spiders.demo.server import Newspapers
from spiders.demo.stories import gold
from tests.flows.conftest import Desk, clean_env
from tests.flows.test_faults import Latch

PROJECT = Path(__file__).resolve().parents[2]
DEAD = 'title = "The Dead Letter"\nhomepage = "http://127.0.0.1:1/"\n\n[[feeds]]\nurl = "http://127.0.0.1:1/feed.xml"\n'
PLAIN = "import sys; from flows.ingest import ingest; ingest(outlets=['demo_gazette'], home=sys.argv[1], folders=[sys.argv[2]])"


class Station:
    """`newsmill serve` of a desk, and its server's API."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.port = desk, _free_port()
        self.file = desk.folder / "schedules.yaml"
        self.api = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/api", trust_env=False, timeout=60)
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        words = ("--file", self.file, "--port", self.port)
        self.process = subprocess.Popen(
            self.desk.command("serve", *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_env(),
            cwd=self.desk.folder,
        )
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("worker"):
                return
        raise AssertionError(self.process.communicate())

    def stop(self) -> tuple[int, str]:
        assert self.process
        self.process.terminate()
        return self.wait()

    def wait(self) -> tuple[int, str]:
        assert self.process
        said = self.process.communicate(timeout=180)[1]
        return self.process.returncode, said

    def asked(self, method: str, path: str, **body: Any) -> Any:
        """The server's answer. On a machine with much to do its database is locked at times: it says 503, or nothing."""

        def answered() -> httpx.Response | None:
            try:
                answer = self.api.request(method, path, json=body if method == "POST" else None)
            except httpx.TimeoutException:
                return None
            return None if answer.status_code == 503 else answer

        answer = until(answered).raise_for_status()
        return answer.json() if answer.content else None

    def post(self, path: str, **body: Any) -> Any:
        return self.asked("POST", path, **body)

    def run(self, deployment: str, **parameters: Any) -> str:
        place, once = self.asked("GET", f"/deployments/name/{deployment}")["id"], secrets.token_hex(8)
        told = {"parameters": parameters, "state": {"type": "SCHEDULED"}, "idempotency_key": once}
        return str(self.post(f"/deployments/{place}/create_flow_run", **told)["id"])

    def flow_run(self, run: str) -> dict[str, Any]:
        return dict(self.asked("GET", f"/flow_runs/{run}"))

    def state(self, run: str) -> tuple[str, str]:
        state = self.flow_run(run)["state"]
        return state["name"], state["message"] or ""

    def end_of(self, run: str) -> tuple[str, str]:
        until(lambda: self.flow_run(run)["state_type"] in ("COMPLETED", "FAILED", "CANCELLED", "CRASHED"))
        return self.state(run)

    def running(self, name: str) -> str | None:
        runs = self.post("/flow_runs/filter", flow_runs={"name": {"any_": [name]}, "state": {"name": {"any_": ["Running"]}}})
        return str(runs[0]["id"]) if runs else None

    def processes(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def worker(self) -> psutil.Process:
        return next(each for each in self.processes() if "worker" in each.cmdline())


def until(reached: Callable[[], Any], seconds: float = 180) -> Any:
    """What ``reached`` answers, once it is anything: another process's doing is waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := reached():
            return answer
        time.sleep(0.2)
    raise AssertionError("it did not happen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """The shipped deployments, their schedules at rest, and one more whose schedule fires at once."""
    told = yaml.safe_load((PROJECT / "prefect.yaml").read_text())
    for schedule in (schedule for deployment in told["deployments"] for schedule in deployment["schedules"]):
        schedule["active"] = False
    often = {**told["deployments"][0], "name": "often", "schedules": [{"interval": 60, "parameters": {"outlets": ["demo_herald"]}}]}
    with Newspapers(datetime.now(UTC)) as papers:
        desk = Desk(papers, tmp_path_factory.mktemp("station"))
        (desk.outlets / "dead_letter.toml").write_text(DEAD)
        station = Station(desk)
        station.file.write_text(yaml.safe_dump({**told, "deployments": [*told["deployments"], often]}))
        station.start()
        station.file.write_text(yaml.safe_dump(told))
        yield station
        if station.process and station.process.poll() is None:
            station.stop()


def test_a_scheduled_run_fires_and_leaves_tables_findings_and_assets(station: Station) -> None:
    def fired() -> list[dict[str, Any]]:
        begun = {"start_time": {"is_null_": False}}
        return list(station.post("/flow_runs/filter", deployments={"name": {"any_": ["often"]}}, flow_runs=begun, sort="START_TIME_ASC"))

    run = until(fired)[0]
    assert station.end_of(run["id"])[0] == "Completed"
    station.asked("DELETE", f"/deployments/{run['deployment_id']}")
    run = station.flow_run(run["id"])
    assert run["auto_scheduled"] and run["name"] == "ingest demo_herald" and set(run["tags"]) >= {"newsmill", "network"}
    assert run["state"]["message"].split()[0] == str(station.desk.ask("SELECT count(*) FROM articles WHERE outlet = 'demo_herald'")[0][0])
    artifacts = {each["key"]: each for each in station.post("/artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})}
    assert set(artifacts) == {"ingest-counts", "ingest-findings"}
    (row,) = json.loads(artifacts["ingest-counts"]["data"])
    asked = station.desk.ask("SELECT count(*) FROM requests WHERE outlet = 'demo_herald'")[0][0]
    assert row["outlet"] == "demo_herald" and row["requests"] == asked and row["articles"] > 0
    made = until(lambda: station.post("/events/filter", filter={"event": {"prefix": ["prefect.asset.materialization"]}})["events"])
    assert "duckdb://newsmill/articles" in {event["resource"]["prefect.resource.id"] for event in made}


def test_a_failing_outlet_shows_as_such_and_a_busy_one_as_not_done(station: Station) -> None:
    dead = station.run("ingest/ingest", outlets=["dead_letter", "demo_herald"], wait=True)
    with hold_outlets(open_home(station.desk.home), ["demo_courier"], wait=False):
        busy = station.run("ingest/ingest", outlets=["demo_courier"])
        assert station.end_of(busy)[0] == "Cancelled"
        assert f"demo_courier: a run is under way (process {os.getpid()} on" in station.state(busy)[1]
    state, why = station.end_of(dead)
    assert state == "Failed" and "dead_letter outlet_silent: " in why and "demo_herald" not in why


def test_deploying_again_changes_nothing(station: Station) -> None:
    def known() -> dict[str, Any]:
        every = station.post("/deployments/filter")
        return {each["name"]: (each["id"], sorted(str(schedule["schedule"]) for schedule in each["schedules"])) for each in every}

    before = known()
    assert set(before) == {"ingest", "revisit", "learn", "maintain", "report"} and len(before["ingest"][1]) == 4
    said = station.desk.run("deploy", "--file", station.file, "--json")  # the server is that of `serve`
    assert said.returncode == 0, said.stderr
    assert {each["name"] for each in json.loads(said.stdout)} >= {"ingest/ingest", "revisit/revisit"}
    assert known() == before


def test_the_server_takes_the_automations_of_the_docs(station: Station) -> None:
    block = (PROJECT / "docs" / "schedules.md").read_text().partition("```yaml\n")[2].partition("```")[0]
    for text in ((PROJECT / "docs" / "automations.yaml").read_text(), block):
        for automation in yaml.safe_load(text)["automations"]:
            assert station.post("/automations/", **automation)["name"] == automation["name"]


def test_what_is_killed_is_told_and_finished_once_served_again(station: Station) -> None:
    """The worker with its run, and the server under a run that goes on without it."""
    desk = station.desk
    env = own_environment(desk.home, f"http://127.0.0.1:{station.port}/api", clean_env())
    home = open_home(desk.home)
    with hold_outlets(home, ["demo_courier", "demo_gazette"], wait=False):  # both runs begin, and wait
        killed = station.run("ingest/ingest", outlets=["demo_courier"], wait=True)
        words = [sys.executable, "-c", PLAIN, desk.home, desk.outlets]
        alone = subprocess.Popen(words, env=env, cwd=desk.folder, stderr=subprocess.DEVNULL)
        unserved = until(lambda: station.running("ingest demo_gazette"))
        note = notes_folder(desk.home) / f"{unserved}.json"
        until(lambda: note.exists() and (notes_folder(desk.home) / f"{killed}.json").exists())
        for process in (station.worker(), *station.processes()):  # the worker first, or it would tell
            with suppress(psutil.NoSuchProcess):
                process.kill()
        assert station.wait()[0] == 2
    until(lambda: json.loads(note.read_text())["ended"] == "Completed")
    assert desk.ask("SELECT count(*) FROM articles WHERE outlet = 'demo_gazette'") == [(len(gold("demo_gazette", 1, desk.papers.now)),)]
    alone.kill()  # it would go on for minutes to tell a server that is gone
    alone.wait()

    station.start()
    state, why = station.state(unserved)
    assert state == "Completed" and "told later" in why
    state, why = station.state(killed)
    assert state == "Crashed" and "was killed" in why
    again = station.run("ingest/ingest", outlets=["demo_courier"])
    assert station.end_of(again)[0] == "Completed"
    assert desk.ask("SELECT count(*) FROM articles WHERE outlet = 'demo_courier'") == [(len(gold("demo_courier", 1, desk.papers.now)),)]
    assert desk.ask("SELECT count(*) FROM runs WHERE state = 'running'") == [(0,)]


def test_serve_stops_with_all_that_it_started_and_leaves_nothing_outside_the_home(station: Station) -> None:
    latch = Latch(station.desk, "/feed.xml")
    run = station.run("ingest/ingest", outlets=["demo_gazette"], due=False)
    assert latch.reached.wait(180)
    started = station.processes()
    assert started and station.state(run)[0] == "Running"
    code, said = station.stop()
    latch.release()
    assert (code, said.strip()) == (143, "newsmill: stopped; what was fetched is kept, the next run goes on from there")
    assert [each for each in psutil.wait_procs(started, timeout=10)[1] if each.status() != psutil.STATUS_ZOMBIE] == []
    (note,) = notes_of_the_dead(station.desk.home)
    assert note.flow_run == run
    with hold_outlets(open_home(station.desk.home), ["demo_gazette"], wait=False):
        pass


def test_a_taken_port_and_a_server_that_is_not_there_are_told_in_a_line(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = desk.run("serve", "--port", port)
        assert said.returncode == 2 and f"port {port} of 127.0.0.1 is taken" in said.stderr
    said = desk.run("deploy", env={"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PREFECT_CLIENT_MAX_RETRIES": "0"})
    assert said.returncode == 2 and said.stderr.startswith("newsmill: no Prefect server answers") and "Traceback" not in said.stderr
    said = desk.run("deploy", "--file", desk.folder / "none.yaml")
    assert said.returncode == 2 and "none.yaml holds no schedules" in said.stderr


def test_a_note_is_over_when_its_process_is_gone(tmp_path: Path) -> None:
    mine = note_of_this_process("a")
    reused = Note("b", mine.host, mine.pid, mine.began - 100)
    elsewhere = Note("c", "another-machine", 1, 0.0)
    for note in (mine, reused, elsewhere):
        write_note(tmp_path, note)
    assert [note.flow_run for note in notes_of_the_dead(tmp_path)] == ["b"]
