"""What only Prefect's client can do, in a process of its own, by the settings of its environment: `-m flows.at_server HOME POOL …`.

The server is told how flow runs of HOME ended, where it does not know, and has the work pools after it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL
from prefect.workers.process import ProcessWorker

from flows.registering import UNREACHABLE
from flows.watched import tell_late


def main(home: Path, pools: Sequence[str]) -> int:
    url = PREFECT_API_URL.value()
    if not url:
        print("no server is named", file=sys.stderr)
        return UNREACHABLE
    try:
        with get_client(sync_client=True) as client:
            client.hello()
            for pool in pools:
                _make(client, pool)
        tell_late(home)
    except httpx.TransportError as error:
        print(f"{url}: {error}", file=sys.stderr)
        return UNREACHABLE
    return 0


def _make(client: SyncPrefectClient, pool: str) -> None:
    try:
        client.read_work_pool(pool)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(WorkPoolCreate(name=pool, type=ProcessWorker.type, base_job_template=template))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
