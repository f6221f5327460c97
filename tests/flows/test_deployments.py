"""The deployments on a server: created, scheduled, run by a worker, looked at."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.responses import DeploymentResponse
from prefect.deployments import run_deployment

from flows.deployments import POOL, create_pool, planned
from ledger import open_release

ROOT = Path(__file__).parents[2]
ALL = ("extract/nightly", "evaluate/weekly", "refresh/on-demand")


def prefect(*arguments: str, server: str, cwd: Path = ROOT) -> str:
    environment = os.environ | {"PREFECT_API_URL": server, "COOPLEDGER_HOME": str(cwd), "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def look(name: str) -> DeploymentResponse:
    with get_client(sync_client=True) as client:
        return client.read_deployment_by_name(name)


def told(name: str) -> dict[str, Any]:
    """What a person sees of a deployment."""
    one = look(name)
    schedules = [(item.schedule.cron, item.schedule.timezone, item.active) for item in one.schedules]
    limit = one.global_concurrency_limit.limit if one.global_concurrency_limit else None
    strategy = one.concurrency_options.collision_strategy.value if one.concurrency_options else None
    return {
        "entrypoint": one.entrypoint, "description": one.description, "tags": one.tags, "schedules": schedules,
        "parameters": one.parameters, "pool": one.work_pool_name, "limit": limit, "strategy": strategy,
    }  # fmt: skip


def test_prefect_yaml_and_serve_make_the_same_deployments(prefect_server: str) -> None:
    create_pool()
    create_pool()  # a second time changes nothing
    prefect("deploy", "--all", server=prefect_server)
    from_file = {name: told(name) for name in ALL}
    for one in planned("seeds", "output", "gold.jsonl"):
        one.create(str(ROOT))
    assert {name: told(name) for name in ALL} == from_file
    nightly = from_file["extract/nightly"]
    assert nightly["schedules"] == [("0 2 * * *", "UTC", True)]
    assert (nightly["limit"], nightly["strategy"]) == (1, "ENQUEUE")
    assert from_file["evaluate/weekly"]["schedules"] == [("0 6 * * 1", "UTC", True)]


def test_a_worker_runs_a_scheduled_deployment(prefect_server: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    create_pool()
    nightly = planned("seeds", "output", None)[0]
    nightly.create(str(tmp_path))
    run = run_deployment("extract/nightly", timeout=0, parameters={"workers": 1})
    prefect("worker", "start", "--pool", POOL, "--type", "process", "--run-once", server=prefect_server, cwd=tmp_path)
    with get_client(sync_client=True) as client:
        state = client.read_flow_run(run.id).state
    assert state is not None
    assert state.is_completed(), state.message
    assert len(list(open_release(tmp_path / "output").documents())) == 2


@pytest.fixture(autouse=True)
def _no_deployments_left(prefect_server: str) -> Any:
    yield
    with get_client(sync_client=True) as client:
        for one in client.read_deployments():
            client.delete_deployment(one.id)
