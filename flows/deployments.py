"""The deployments: what is run on a schedule or on demand, made in Prefect's own way by ``to_deployment``."""

from typing import Any, cast

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.errors import UsageError
from flows.evaluate import evaluate
from flows.extract import extract
from flows.options import Options
from flows.refresh import refresh
from flows.settings import TAGS

NIGHTLY, WEEKLY = "0 2 * * *", "0 6 * * 1"
"""When the input is read, and when the release is scored, unless others are given: cron, in UTC."""

# One publisher at a time; a second run waits for the first.
_ALONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)


def deployments(options: Options, *, cron: str = NIGHTLY, weekly: str = WEEKLY) -> list[RunnerDeployment]:
    """Make the deployments for an input and an output folder; the weekly evaluation only where there is gold.

    Raises UsageError where a schedule is no cron expression.
    """
    asked = options.model_copy(update={"wait": True}).model_dump(mode="json", exclude_defaults=True)
    made = [
        _made(
            extract,
            "nightly",
            description="Read what changed and publish a release, every night.",
            schedule=_cron(cron),
            parameters={"options": asked},
            concurrency_limit=_ALONE,
        ),
        _made(
            refresh,
            "on-demand",
            description="Read the last release's documents again after a change of the program.",
            parameters={"options": asked},
            concurrency_limit=_ALONE,
        ),
    ]
    if options.gold:
        weekly_one = _made(
            evaluate,
            "weekly",
            description="Score the latest release against gold answers, every Monday.",
            schedule=_cron(weekly),
            parameters={"gold": options.gold, "output": options.output},
        )
        made.append(weekly_one)
    return made


def _made(flow: Flow[Any, Any], name: str, **about: Any) -> RunnerDeployment:
    """Make a deployment, which finds its flow by the installed module and not by a file."""
    made = flow.to_deployment(name, tags=list(TAGS), entrypoint_type=EntrypointType.MODULE_PATH, **about)
    return cast(RunnerDeployment, made)


def _cron(expression: str) -> Any:
    try:
        return Cron(expression, timezone="UTC")
    except ValueError as error:
        raise UsageError(f"{expression!r} is no schedule as cron has it, such as {NIGHTLY!r}") from error
