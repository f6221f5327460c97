"""The deployments as ``coopledger serve`` makes them: the same as in ``prefect.yaml``."""

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from prefect import Flow, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.evaluate import evaluate
from flows.extract import extract
from flows.refresh import refresh
from flows.settings import TAGS

POOL = "coopledger"
NIGHTLY, WEEKLY = "0 2 * * *", "0 6 * * 1"


@dataclass(frozen=True, slots=True)
class Planned:
    """A deployment: its flow, name, words, schedule (cron, UTC), and whether it publishes, which one at a time may."""

    flow: Flow[Any, Any]
    name: str
    description: str
    cron: str | None = None
    publishes: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)

    def create(self, folder: str) -> UUID:
        """Create or update it on the server, to run in ``folder`` of the worker's machine."""
        limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
        deployment = RunnerDeployment.from_flow(
            self.flow,
            name=self.name,
            description=self.description,
            tags=list(TAGS),
            parameters=self.parameters,
            schedule=Cron(self.cron, timezone="UTC") if self.cron else None,
            concurrency_limit=limit if self.publishes else None,
            entrypoint_type=EntrypointType.MODULE_PATH,
            work_pool_name=POOL,
            job_variables={"working_dir": folder},
        )
        return cast(UUID, deployment.apply(work_pool_name=POOL))


def planned(input: str, output: str, gold: str | None) -> list[Planned]:
    """List the deployments for an input and an output folder; the weekly evaluation only where there is gold."""
    nightly = Planned(
        extract,
        "nightly",
        "Read what changed and publish a release, every night.",
        NIGHTLY,
        publishes=True,
        parameters={"input": input, "output": output},
    )
    weekly = Planned(
        evaluate,
        "weekly",
        "Score the latest release against gold answers, every Monday.",
        WEEKLY,
        parameters={"gold": gold, "output": output},
    )
    again = Planned(
        refresh,
        "on-demand",
        "Read the last release's documents again after a change of the program.",
        publishes=True,
        parameters={"output": output},
    )
    return [nightly, *([weekly] if gold else []), again]


def create_pool() -> None:
    """Create the work pool of local processes, unless it is there."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            return
