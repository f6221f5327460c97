"""``coopledger serve``: a Prefect server, the deployments and a worker, for a team that has one machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typer

from flows.errors import InputError
from flows.server import answers
from flows.settings import START_SECONDS, prepare


def serve(input: str, output: Path, gold: str | None, host: str, port: int) -> None:
    """Serve until stopped: start the server, create the deployments, run a worker.

    The server keeps its runs in SQLite under the output folder, or where PREFECT_SERVER_DATABASE_CONNECTION_URL says.
    """
    prepare(quiet=True)
    home = output / ".coopledger" / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    url = f"http://{host}:{port}/api"
    os.environ.setdefault(
        "PREFECT_SERVER_DATABASE_CONNECTION_URL", f"sqlite+aiosqlite:///{home.resolve() / 'prefect.db'}"
    )
    os.environ["PREFECT_API_URL"] = url
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop on either signal in the same way
    server = ["server", "start", "--host", host, "--port", str(port)]
    with ExitStack() as stack:
        started = [stack.enter_context(_running(server, home / "server.log"))]
        _wait(url, started[0])
        _create(input, output, gold)
        worker = ["worker", "start", "--pool", "coopledger", "--type", "process"]
        started.append(stack.enter_context(_running(worker, home / "worker.log")))
        typer.echo(f"serving on http://{host}:{port}; logs in {home}; stop with Ctrl-C")
        _watch(started, home)


def _create(input: str, output: Path, gold: str | None) -> None:
    from flows.deployments import create_pool, planned

    create_pool()
    for one in planned(input, str(output), gold):
        one.create(str(Path.cwd()))
        typer.echo(f"deployment {one.flow.name}/{one.name}{f', {one.cron} UTC' if one.cron else ''}")


@contextmanager
def _running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *command], stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        if answers(url):
            return
        time.sleep(0.2)
    raise InputError(f"the Prefect server did not start at {url}: is the port taken?")


def _watch(processes: list[subprocess.Popen[bytes]], home: Path) -> None:
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        typer.echo("stopping")
        return
    raise InputError(f"the server or the worker stopped by itself: see the logs in {home}")
