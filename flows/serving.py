"""A Prefect server and a worker on this machine, for one home: started, watched, stopped, with nothing of theirs outside the home."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from filelock import FileLock, Timeout

from flows.errors import AlreadyServed, PortTaken, ServiceDied
from flows.progress import Reporter
from flows.registering import POOL, Registered, own_environment, register, served_file, served_url

HOST = "127.0.0.1"
PORT = 4200  # Prefect's own
STARTING = 120.0  # seconds that the server may take: the first time it makes its database
STOPPING = 40.0  # that flow runs have to end: the crawler has 25
_LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Service:
    """A child process, in a session of its own: Ctrl-C reaches this process alone, which ends its children in good order."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def require(self) -> None:
        """Raises ``ServiceDied``."""
        code = self.process.poll()
        if code is not None:
            raise ServiceDied(self.name, code, self.log, self.log.read_text(errors="replace")[-1500:])


def serve(home: Path, folders: Sequence[Path], file: Path, port: int, limit: int | None, tell: Reporter) -> None:
    """Run server and worker for ``home`` until one of them ends or this process is told to. The schedules in ``file`` are registered first.

    Raises ``PortTaken``, ``AlreadyServed``, ``ServiceDied``, and what ``register`` raises.
    """
    url = f"http://{HOST}:{port}/api"
    environment = own_environment(home, url, os.environ)
    with _held(home), ExitStack() as running:
        _end_orphans(home)
        _require_free(port)
        running.callback(served_file(home).unlink, missing_ok=True)
        services: list[Service] = []

        def begin(name: str, *words: str) -> Service:
            service = _begun(home, name, words, environment)
            running.callback(_end, service)
            services.append(service)
            _write_served(home, url, services)
            return service

        server = begin("server", "server", "start", "--host", HOST, "--port", str(port), "--analytics-off")
        _await_health(url, server)
        tell.note(f"server    {url.removesuffix('/api')}")
        _say(tell, register(file, home, folders, environment, is_alone=True))
        most = () if limit is None else ("--limit", str(limit))
        begin("worker", "worker", "start", "--pool", POOL, "--type", "process", *most)
        tell.note("worker    waits for the schedules; Ctrl-C stops both")
        while True:
            for service in services:
                service.require()
            time.sleep(_LOOK)


def _say(tell: Reporter, deployments: Sequence[Registered]) -> None:
    for each in deployments:
        tell.note(f"schedule  {each.name}: {', '.join(each.schedules)}")


def _begun(home: Path, name: str, words: Sequence[str], environment: Mapping[str, str]) -> Service:
    log = home / "prefect" / f"{name}.log"
    with log.open("ab") as out:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        process = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    return Service(name, process, log)


@contextmanager
def _held(home: Path) -> Iterator[None]:
    folder = home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "serve.lock", timeout=0, mode=0o644):
            yield
    except Timeout as error:
        raise AlreadyServed(home, served_url(home) or "an address that it has not told yet") from error


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(port) from error


def _await_health(url: str, server: Service) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        server.require()
        try:
            # no proxy stands between a machine and itself, whatever the environment says
            if httpx.get(f"{url}/health", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(_LOOK)
    raise ServiceDied(server.name, 0, server.log, f"no answer in {STARTING:.0f} s")


def _end(service: Service) -> None:
    """First what the service started, flow runs say their last words to a server that still listens; then itself; then by force."""
    if service.process.poll() is None:
        process = psutil.Process(service.process.pid)
        end_processes(_family(process), STOPPING)
        end_processes([process], STOPPING)
    service.process.wait()


def _family(process: psutil.Process, recursive: bool = False) -> list[psutil.Process]:
    try:
        return list(process.children(recursive))
    except psutil.NoSuchProcess:
        return []


def end_processes(processes: Sequence[psutil.Process], seconds: float) -> None:
    """Ask ``processes`` to end; after so many ``seconds`` kill them, and all that they started."""
    started = [child for process in processes for child in _family(process, recursive=True)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    psutil.wait_procs(processes, timeout=seconds)
    for process in (*processes, *started):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _write_served(home: Path, url: str, services: Sequence[Service]) -> None:
    processes = [(service.process.pid, psutil.Process(service.process.pid).create_time()) for service in services]
    served_file(home).write_text(json.dumps({"url": url, "processes": processes}))


def _end_orphans(home: Path) -> None:
    """End what a `newsmill serve` that was killed has left running."""
    try:
        processes = json.loads(served_file(home).read_text())["processes"]
    except (OSError, ValueError, KeyError):
        return
    for pid, began in reversed(processes):
        try:
            process = psutil.Process(pid)
            if process.create_time() == began:
                end_processes([*process.children(), process], STOPPING)
        except psutil.NoSuchProcess:
            continue
