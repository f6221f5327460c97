"""``coopledger serve``: the deployments, their schedules and their runs, from one process.

With a Prefect server of its own, or (``PREFECT_API_URL``) on one that stands.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from filelock import Timeout

from flows.errors import InputError, UsageError
from flows.options import Options
from flows.places import Place
from flows.run import check
from flows.server import Server, check_home, kept_home, loading, own_server, prepare, started

_LOOK_SECONDS, _STOP_SECONDS = 1.0, 6.0
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_SHUTDOWN = "timeout graceful shutdown exceeded"  # what a server says that ends while a connection is open


def serve(options: Options, cron: str, host: str, port: int) -> None:
    """Serve until stopped.

    The server keeps its runs in SQLite under the output folder, or where PREFECT_SERVER_DATABASE_CONNECTION_URL says.
    Raises UsageError where there is no such input, InputError where the port or the output folder is taken.
    """
    prepare(quiet=True)
    check(options)
    check_home()
    if not Place.of(options.input).exists():
        raise UsageError(f"no such input: {options.input}")
    ending = threading.Event()
    with _server(Path(options.output), host, port) as server, _stopping():
        with loading():
            from flows.deployments import run, schedule_of  # Prefect is imported when it can find the server's address

        schedule_of(cron)
        if server:
            server.wait()
            typer.echo(f"serving on http://{host}:{port}; logs in {server.log}; stop with Ctrl-C")
            threading.Thread(target=_watch, args=(server, Errors(server.log), ending), daemon=True).start()
        try:
            run(options, cron)
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
