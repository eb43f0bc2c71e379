"""What can keep a verb from running, and who acts.

FlowsError              exit 2
├── ContactMissing      the operator sets NEWSMILL_CONTACT
├── OutletBusy          try later, or --wait: another run holds the outlet
├── HomeUnusable        the operator gives a folder that can be written
├── NotADemoHome        the operator gives the demo a folder of its own
├── BadArgument         the operator mends the command
├── CapturesFull        the operator makes room, and runs again
├── CrawlerDied         the developer reads the crawler's last words
├── NoSchedules         the operator names or mends a prefect.yaml
├── ServerUnreachable   the operator starts a Prefect server, or names it
├── NotRegistered       the operator reads what Prefect says
├── PortTaken           the operator names another port
├── AlreadyServed       the operator stops the other `newsmill serve`
└── ServiceDied         the operator reads the log, and serves again
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path


class FlowsError(Exception):
    """A verb could not run."""


class ContactMissing(FlowsError):
    def __init__(self, hosts: Collection[str]) -> None:
        self.hosts = hosts
        super().__init__(
            f"NEWSMILL_CONTACT is not set, and {_some(hosts)} would be asked: set it to a web or mail address where an outlet's people can "
            "reach you. It is part of the User-Agent."
        )


class OutletBusy(FlowsError):
    def __init__(self, outlets: Sequence[str], holder: str) -> None:
        self.outlets, self.holder = outlets, holder
        super().__init__(f"{_some(outlets)}: a run is under way ({holder}). Wait for it with --wait, or run again later")


class HomeUnusable(FlowsError):
    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        super().__init__(f"the data folder {folder} cannot be used: {reason}. Give another one by --home or NEWSMILL_HOME")


class NotADemoHome(FlowsError):
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(
            f"{folder} holds a warehouse that is not the demo's: give the demo a folder of its own, `newsmill demo --home DIR`"
        )


class BadArgument(FlowsError):
    """A value on the command line or in the environment is of no use."""


class CapturesFull(FlowsError):
    def __init__(self, words: str) -> None:
        super().__init__(f"a page could not be stored: {words.strip()}. What came before it is kept; make room, and run again")


class CrawlerDied(FlowsError):
    def __init__(self, job: str, code: int, words: str) -> None:
        self.code = code
        super().__init__(f"the crawler ({job}) ended with code {code}: {words.strip() or 'no word'}")


class NoSchedules(FlowsError):
    def __init__(self, path: Path, reason: str = "there is no such file") -> None:
        self.path = path
        super().__init__(f"{path} holds no schedules: {reason}. Name the file by --file")


class ServerUnreachable(FlowsError):
    def __init__(self, words: str) -> None:
        super().__init__(f"no Prefect server answers ({words}): start one by `newsmill serve`, or name it in PREFECT_API_URL")


class NotRegistered(FlowsError):
    def __init__(self, words: str) -> None:
        super().__init__(f"Prefect did not take the schedules: {words}")


class PortTaken(FlowsError):
    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"port {port} of 127.0.0.1 is taken by another program: name a free one, `newsmill serve --port N`")


class AlreadyServed(FlowsError):
    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        super().__init__(f"{home} is served already, at {url}")


class ServiceDied(FlowsError):
    def __init__(self, name: str, code: int, log: Path, words: str) -> None:
        self.name, self.code = name, code
        super().__init__(f"the {name} ended with code {code}; {log} says: {words.strip() or 'nothing'}")


def _some(names: Collection[str], most: int = 3) -> str:
    shown = sorted(names)[:most]
    return ", ".join(shown) + (f" and {len(names) - most} more" if len(names) > most else "")
