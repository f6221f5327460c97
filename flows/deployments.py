"""The deployments: what is run on a schedule or on demand, made in Prefect's own way by ``to_deployment``.

And ``coopledger serve``, which runs them from one process: with a Prefect server of its own, or (``PREFECT_API_URL``)
on one that stands.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import typer
from filelock import Timeout
from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.server.schemas import schedules
from prefect.types.entrypoint import EntrypointType

from flows.errors import InputError, UsageError
from flows.evaluate import evaluate
from flows.extract import extract
from flows.options import Options
from flows.places import Place
from flows.refresh import refresh
from flows.run import check
from flows.server import TAGS, Server, check_home, kept_home, own_server, started

NIGHTLY, WEEKLY = "0 2 * * *", "0 6 * * 1"
"""When the input is read, and when the release is scored, unless others are given: cron, in UTC."""

# One publisher at a time; a second run waits for the first.
_ALONE = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)

_LOOK_SECONDS, _STOP_SECONDS = 1.0, 8.0
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_SHUTDOWN = "timeout graceful shutdown exceeded"  # what a server says that ends while a connection is open


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


def serve(options: Options, cron: str, host: str, port: int) -> None:
    """Serve until stopped.

    The server keeps its runs in SQLite under the output folder, or where PREFECT_SERVER_DATABASE_CONNECTION_URL says.
    Raises UsageError where there is no such input, InputError where the port or the output folder is taken.
    """
    check(options)
    check_home()
    if not Place.of(options.input).exists():
        raise UsageError(f"no such input: {options.input}")
    ending = threading.Event()
    with _server(Path(options.output), host, port) as server, _stopping():
        if server:
            server.wait()
            typer.echo(f"serving on http://{host}:{port}; logs in {server.log}; stop with Ctrl-C")
            threading.Thread(target=_watch, args=(server, Errors(server.log), ending), daemon=True).start()
        try:
            _run(options, cron)
        finally:
            ending.set()  # from now on the server may go


@contextmanager
def _server(output: Path, host: str, port: int) -> Iterator[Server | None]:
    if not own_server():
        yield None
        return
    try:
        with kept_home(output) as home:
            settings = {_DATABASE: os.environ[_DATABASE]} if os.environ.get(_DATABASE) else {}
            with started(Server(home, host=host, port=port, settings=settings)) as server:
                yield server
    except Timeout as error:
        raise InputError(f"a server for {output} is running already: stop it first") from error


@contextmanager
def _stopping() -> Iterator[None]:
    """Stop on either signal, and in any case within some seconds: runs under way are resumed by the next."""

    def stop(number: int, frame: object) -> None:
        threading.Timer(_STOP_SECONDS, os._exit, [0]).start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with suppress(KeyboardInterrupt):  # how a person ends it
        yield
    typer.echo("stopped")


def _watch(server: Server, errors: "Errors", ending: threading.Event) -> None:
    while server.running():
        for line in errors.new():
            typer.echo(f"server: {line}", err=True)
        if ending.wait(_LOOK_SECONDS):
            return
    if ending.is_set():
        return
    typer.echo(f"coopledger: the Prefect server stopped by itself (see {server.log})", err=True)
    os.kill(os.getpid(), signal.SIGTERM)


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


def _run(options: Options, cron: str) -> None:
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
    when = "On demand"
    for item in one.schedules or []:
        if isinstance(item.schedule, CronSchedule):
            known = schedules.CronSchedule(cron=item.schedule.cron, timezone=item.schedule.timezone)
            when = f"Next at {asyncio.run(known.get_dates(1))[0]:%Y-%m-%d %H:%M} UTC"
    return f"deployment {one.flow_name}/{one.name}: {one.description} {when}."
