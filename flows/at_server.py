"""What only Prefect's client can do, in a process of its own, by the settings of its environment: `-m flows.at_server HOME POOL …`.

The server is told how flow runs of HOME ended, where it does not know, and has the work pools after it. With `--alone` before HOME no
worker of theirs is alive: what one had taken and not begun is scheduled again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType, WorkPoolFilter, WorkPoolFilterName
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL
from prefect.states import Scheduled
from prefect.workers.process import ProcessWorker

from flows.registering import UNREACHABLE
from flows.watched import tell_late


def main(home: Path, pools: Sequence[str], is_alone: bool) -> int:
    url = PREFECT_API_URL.value()
    if not url:
        print("no server is named", file=sys.stderr)
        return UNREACHABLE
    try:
        with get_client(sync_client=True) as client:
            client.hello()
            for pool in pools:
                _make(client, pool)
            if is_alone:
                _schedule_again(client, pools)
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


def _schedule_again(client: SyncPrefectClient, pools: Sequence[str]) -> None:
    taken = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING])))
    for run in client.read_flow_runs(flow_run_filter=taken, work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=list(pools)))):
        client.set_flow_run_state(run.id, Scheduled(message="its worker was killed before it began"), force=True)


if __name__ == "__main__":
    is_alone = sys.argv[1] == "--alone"
    place, *names = sys.argv[1 + is_alone :]
    sys.exit(main(Path(place), names, is_alone))
