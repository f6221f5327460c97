"""The deployments: flows that run on a schedule or on demand, made by Prefect's ``to_deployment``."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import typer
from prefect import Flow, flow, get_client, get_run_logger
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.server.schemas import schedules
from prefect.types.entrypoint import EntrypointType

from flows.errors import InputError, UsageError, short_message
from flows.extract import extract, on_failure, refresh
from flows.options import Options
from flows.scores import score_fresh, score_release

NIGHTLY, WEEKLY = "0 2 * * *", "0 6 * * 1"
"""Default schedules, as cron in UTC: when the input is read, and when the release is scored."""

_POLL_SECONDS, _PAUSE = 1.0, 0.1

# One publisher at a time; a second run waits for the first.
_ONE_RUN_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)


@flow(name="evaluate", description="Score the latest release against gold answers.", on_failure=[on_failure])
def evaluate(
    gold: str, output: str = "output", documents: str | None = None, model: str | None = None
) -> dict[str, float | int | None]:
    """Score and leave the figures as a table on Prefect's page; return them by name.

    Args:
        gold: gold answers, projects or facts, one JSON object a line
        output: folder of the releases, of which the latest is scored
        documents: read these documents afresh and score that instead of a release
        model: another spaCy pipeline, for fresh documents
    """
    scores = score_fresh(gold, documents, model) if documents else score_release(gold, Path(output))
    for name, figure in scores.figures.items():
        get_run_logger().info("%s: %s", name, figure)
    rows = [{"figure": name, "value": figure} for name, figure in scores.figures.items()]
    create_table_artifact(rows, key="scores", description=f"Scores against {gold}")
    return scores.figures


def deployments(options: Options, *, cron: str = NIGHTLY, weekly: str = WEEKLY) -> list[RunnerDeployment]:
    """Make the deployments for an input and an output folder; the weekly evaluation only if gold answers are given.

    Raises UsageError if a schedule is not a cron expression.
    """
    parameters = options.model_copy(update={"wait": True}).model_dump(mode="json", exclude_defaults=True)
    alone = {"parameters": {"options": parameters}, "concurrency_limit": _ONE_RUN_AT_A_TIME}
    nightly = _deployment(
        extract, "nightly", "Read what changed and publish a release.", schedule=schedule_of(cron), **alone
    )
    again = "Read the last release's documents again after a change of the program."
    created = [nightly, _deployment(refresh, "on-demand", again, **alone)]
    if options.gold:
        scored = {"parameters": {"gold": options.gold, "output": options.output}, "schedule": schedule_of(weekly)}
        created.append(_deployment(evaluate, "weekly", "Score the latest release against gold answers.", **scored))
    return created


def _deployment(flow: Flow[Any, Any], name: str, description: str, **about: Any) -> RunnerDeployment:
    """Make a deployment that imports its flow from the installed module, not from a file."""
    created = flow.to_deployment(
        name, description=description, tags=["coopledger"], entrypoint_type=EntrypointType.MODULE_PATH, **about
    )
    return cast(RunnerDeployment, created)


def schedule_of(expression: str) -> Any:
    """Return the schedule of a cron expression, in UTC. Raises UsageError if it is not a cron expression."""
    try:
        return Cron(expression, timezone="UTC")
    except ValueError as error:
        raise UsageError(f"{expression!r} is no schedule as cron has it, such as {NIGHTLY!r}") from error


class _Runner(Runner):
    """Prefect's runner, which ends on SIGTERM as it does on Ctrl-C."""

    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """End as on Ctrl-C."""
        signal.raise_signal(signal.SIGINT)


def check_output_folder(created: list[RunnerDeployment]) -> None:
    """Check that the server does not have these deployments for another output folder: they would be overwritten.

    Raises InputError if it does.
    """
    with get_client(sync_client=True) as client:
        for one in created:
            name = f"{one.flow_name}/{one.name}"
            try:
                parameters = client.read_deployment_by_name(name).parameters
            except ObjectNotFound:
                continue
            theirs, ours = _output_of(parameters), _output_of(one.parameters)
            if theirs != ours:
                raise InputError(
                    f"the Prefect server has {name} for {theirs}: serve {ours} on another server, or, where that is "
                    f"served no longer, take it away (prefect deployment delete {name})"
                )


def _output_of(parameters: Mapping[str, Any]) -> str | None:
    return cast(str | None, parameters.get("options", parameters).get("output"))


def run(options: Options, cron: str, *, shared: bool, server_is_up: Callable[[], bool] | None = None) -> None:
    """Create the deployments on the server, print them, and execute their runs when they are due.

    Args:
        options: what the deployments read.
        cron: when the input is read.
        shared: whether the server may have deployments for other output folders.
        server_is_up: called about every second; once it returns False, no more runs are executed.

    Raises:
        InputError: the server has these deployments for another output folder, or stopped answering.
    """
    runner = _Runner(name="coopledger", pause_on_shutdown=False)
    created = deployments(with_absolute_paths(options), cron=cron)
    if shared:
        check_output_folder(created)
    os.chdir(options.home)  # Prefect imports a deployment's module with the current folder first
    for one in created:
        runner.add_deployment(one)
        typer.echo(describe(one))
    try:
        asyncio.run(_execute(runner, server_is_up))
    except ExceptionGroup as several:  # the runner's loops give up when the server has not answered for some minutes
        first: Exception = several
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]
        raise InputError(f"the Prefect server does not answer any more, or fails: {short_message(first)}") from several


async def _execute(runner: Runner, server_is_up: Callable[[], bool] | None) -> None:
    """Execute runs until the server is gone; an error that the runner raises because of that is dropped."""
    serving = asyncio.ensure_future(runner.start())
    server_lost = False
    while not server_lost and not serving.done():
        await asyncio.wait([serving], timeout=_POLL_SECONDS)
        await asyncio.sleep(_PAUSE)
        server_lost = server_is_up is not None and not server_is_up()
    if serving.done() and (error := serving.exception()) and not server_lost:
        raise error


def with_absolute_paths(options: Options) -> Options:
    """Return the options with absolute paths, so that they hold in any working folder; URLs are unchanged."""
    names = ("input", "output", "gold", "gates", "scratch")
    given = {name: getattr(options, name) for name in names}
    paths = {name: str(Path(at).resolve()) for name, at in given.items() if at is not None and "://" not in at}
    model = str(Path(options.model).resolve()) if options.model and Path(options.model).exists() else options.model
    return options.model_copy(update={**paths, "model": model})


def describe(one: RunnerDeployment) -> str:
    """Return a line that says what a deployment runs, and when it runs next."""
    when = "On demand"
    for item in one.schedules or []:
        if isinstance(item.schedule, CronSchedule):
            known = schedules.CronSchedule(cron=item.schedule.cron, timezone=item.schedule.timezone)
            when = f"Next at {asyncio.run(known.get_dates(1))[0]:%Y-%m-%d %H:%M} UTC"
    return f"deployment {one.flow_name}/{one.name}: {one.description} {when}."
