"""Running what the deployments have scheduled, in this process; and what goes wrong in the server's services."""

import asyncio
import datetime
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.server.schemas import schedules

from flows.deployments import deployments
from flows.options import Options

_SHUTDOWN = "timeout graceful shutdown exceeded"  # what a server says that ends while a connection is open


class Errors:
    """The errors in a server's log, each told once; that it ended before a connection did is none."""

    def __init__(self, log: Path) -> None:
        self._log, self._told = log, 0

    def new(self) -> Iterator[str]:
        """Yield the lines of errors that came since the last call."""
        with self._log.open(encoding="utf-8", errors="replace") as stream:
            stream.seek(self._told)
            while line := stream.readline():
                if not line.endswith("\n"):
                    return
                self._told = stream.tell()
                if ("| ERROR" in line or "| CRITICAL" in line) and _SHUTDOWN not in line:
                    yield line.strip()


class _Runner(Runner):
    """Prefect's runner, which ends on SIGTERM as it does on Ctrl-C."""

    def handle_sigterm(self, *args: Any, **kwargs: Any) -> None:
        """End as on Ctrl-C."""
        signal.raise_signal(signal.SIGINT)


def run(options: Options, cron: str) -> None:
    """Create the deployments on the server, tell of them, and execute their runs as they fall due, until stopped."""
    runner = _Runner(name="coopledger", pause_on_shutdown=False)
    made = deployments(absolute(options), cron=cron)
    os.chdir(options.home)  # Prefect imports a deployment's module with the current folder first
    for one in made:
        runner.add_deployment(one)
        typer.echo(told(one))
    asyncio.run(runner.start())


def absolute(options: Options) -> Options:
    """Return the options with whole paths, so that they mean the same in any folder; addresses stay as they are."""
    names = ("input", "output", "gold", "gates", "scratch")
    given = {name: getattr(options, name) for name in names}
    paths = {name: str(Path(at).resolve()) for name, at in given.items() if at is not None and "://" not in at}
    model = str(Path(options.model).resolve()) if options.model and Path(options.model).exists() else options.model
    return options.model_copy(update={**paths, "model": model})


def told(one: RunnerDeployment) -> str:
    """Say what a deployment runs, and when next."""
    due = [next_of(item.schedule) for item in one.schedules or [] if isinstance(item.schedule, CronSchedule)]
    when = f"Next at {due[0]:%Y-%m-%d %H:%M} UTC" if due else "On demand"
    return f"deployment {one.flow_name}/{one.name}: {one.description} {when}."


def next_of(schedule: CronSchedule) -> datetime.datetime:
    """Return when a schedule is due next."""
    known = schedules.CronSchedule(cron=schedule.cron, timezone=schedule.timezone)
    return asyncio.run(known.get_dates(1))[0]
