"""``coopledger run``, ``refresh`` and ``serve``: with a Prefect server or without, and ended in time on a signal."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Literal, TextIO

import typer
from filelock import Timeout

from flows import run
from flows.errors import InputError, UsageError, short
from flows.options import Options
from flows.places import Place
from flows.progress import RunProgress, Summary, listening
from flows.runners import kill_workers, loaded_worker
from flows.server import Server, check_home, check_there, kept_home, loading, own_server, prepare, serving, started
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.read import read_versions

FlowName = Literal["extract", "refresh"]
SECONDS = 3.5  # a run that has not ended so long after a signal is ended
_PAUSE = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOP_SECONDS = 6.0
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_SHUTDOWN = "timeout graceful shutdown exceeded"  # what a server says that ends while a connection is open


def launch(name: FlowName, options: Options, *, direct: bool) -> int:
    """Run a flow in this process, ``direct`` without Prefect; print how it ended, and return the exit status."""
    with ending_in_time(options):
        prepare()
        run.check(options)
        with RunProgress() as progress, listening(progress.show):
            if direct:
                summary = run.run_direct(options) if name == "extract" else run.refresh_direct(options)
            else:
                summary = _with_prefect(name, options, progress)
    for line in summary.lines():
        typer.echo(line)
    return summary.status


def _with_prefect(name: FlowName, options: Options, progress: RunProgress) -> Summary:
    check_home()
    if not own_server():
        if url := os.environ.get("PREFECT_API_URL"):
            check_there(url)
        return run_flow(name, options, progress, "PREFECT_API_URL")
    with (
        serving(Path(options.output)) as server,
        loaded_worker(options.model, options.threshold) if run.may_read(options) else nullcontext(),
    ):
        with loading():
            from flows import extract  # noqa: F401 - takes seconds, while server and worker start

        server.wait()
        return run_flow(name, options, progress, f"see {server.log}")


def run_flow(name: FlowName, options: Options, progress: RunProgress, server: str) -> Summary:
    """Run a flow. Raises InputError where its server fails before it has published, LedgerError if the disk is full."""
    from httpx import HTTPError
    from prefect.exceptions import ExternalSignal

    from flows.extract import extract, refresh

    try:
        summary: Summary = {"extract": extract, "refresh": refresh}[name](options)
    except ExternalSignal as signal:  # Prefect's word for SIGTERM
        raise KeyboardInterrupt from signal
    except HTTPError as error:
        if progress.summary is None:
            run.check(options)
            raise InputError(
                f"the Prefect server failed ({server}): {short(error)}; --direct runs without one"
            ) from error
        typer.echo(f"coopledger: the Prefect server failed ({server}); the run had ended by then", err=True)
        return progress.summary
    return summary


@contextmanager
def ending_in_time(options: Options) -> Iterator[None]:
    """Within it both signals are a KeyboardInterrupt, which ends with status 1 and one line that says what is kept.

    What is done in the process afterwards is cut short, too: there is no going on after a signal.
    """
    stop = _Stop(Output(Path(options.output)))
    before = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    woken = signal.set_wakeup_fd(stop.writing.fileno(), warn_on_full_buffer=False)
    try:
        yield
    except BaseException as error:
        if not stop.requested and not isinstance(error, KeyboardInterrupt):
            raise
        stop.say()
        raise typer.Exit(1) from error
    finally:
        if not stop.requested:
            signal.set_wakeup_fd(woken)
            stop.writing.close()
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stop:
    """Sees signals beside their handlers, which are Prefect's for a while, and ends the process when it is time."""

    def __init__(self, output: Output) -> None:
        self._output, self._before = output, _latest(output)
        self._reading, self.writing = socket.socketpair()
        self.writing.setblocking(False)
        self._say = threading.Lock()
        self._said = self.requested = False
        threading.Thread(target=self._watch, daemon=True).start()

    def say(self) -> None:
        """Print what is kept of the run, once."""
        with self._say:
            if not self._said:
                latest = _latest(self._output)
                nothing = "stopped; nothing was published, and finished shards are kept"
                after = f"stopped after release {latest} was published"
                typer.echo(f"coopledger: {nothing if latest == self._before else after}", err=True)
            self._said = True

    def _watch(self) -> None:
        with self._reading:
            while byte := self._reading.recv(1):
                if byte[0] in _SIGNALS:
                    self.requested = True
                    self._leave()

    def _leave(self) -> None:
        """Leave after some seconds, at once when asked again; workers and the server end with this process."""
        self._reading.settimeout(_PAUSE)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            kill_workers()  # again and again: one may just be starting
            try:
                byte = self._reading.recv(1)
            except TimeoutError:
                continue
            if not byte or byte[0] in _SIGNALS:
                break
        self.say()
        os._exit(1)


def _latest(output: Output) -> str | None:
    try:
        return read_versions(output).latest
    except (LedgerError, OSError):
        return None


def serve(options: Options, cron: str, host: str, port: int) -> None:
    """Serve until stopped.

    The server keeps its runs in SQLite under the output folder, or where PREFECT_SERVER_DATABASE_CONNECTION_URL says.
    Raises UsageError where there is no such input, InputError where the port or the output folder is taken, and ends
    with status 1 where the server ends by itself.
    """
    prepare()
    run.check(options)
    check_home()
    if not Place.of(options.input).exists():
        raise UsageError(f"no such input: {options.input}")
    if url := os.environ.get("PREFECT_API_URL"):
        check_there(url)
    with _server(Path(options.output), host, port) as server, suppress(KeyboardInterrupt):  # how a person ends it
        for number in _SIGNALS:
            signal.signal(number, _stop)
        with loading():
            from flows import deployments  # Prefect is imported when it can find the server's address

        deployments.schedule_of(cron)
        if server is None:
            deployments.run(options, cron, shared=True)
        else:
            server.wait()
            typer.echo(f"serving on http://{host}:{port}; logs in {server.log}; stop with Ctrl-C")
            with server.log.open(encoding="utf-8", errors="replace") as log:
                there = partial(_look, server, log)
                deployments.run(options, cron, shared=bool(os.environ.get(_DATABASE)), there=there)
            _leave_soon(1)
            raise typer.Exit(1)  # so that a supervisor starts it again
    typer.echo("stopped")


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


def _stop(number: int, frame: object) -> None:
    _leave_soon(0)
    raise KeyboardInterrupt


def _leave_soon(status: int) -> None:
    """End within some seconds, whatever is still waited for: runs under way are resumed by the next."""
    leaving = threading.Timer(_STOP_SECONDS, os._exit, [status])
    leaving.daemon = True
    leaving.start()


def _look(server: Server, log: TextIO) -> bool:
    """Return what went wrong in a server since the last look, and whether it is still there."""
    for line in new_errors(log):
        typer.echo(f"server: {line}", err=True)
    if not server.running():
        typer.echo(f"coopledger: the Prefect server stopped by itself (see {server.log})", err=True)
    return server.running()


def new_errors(log: TextIO) -> Iterator[str]:
    """Yield the errors that a server logged since the last call; that it ended before a connection did is none."""
    read = log.tell()
    while (line := log.readline()).endswith("\n"):
        read = log.tell()
        if ("| ERROR" in line or "| CRITICAL" in line) and _SHUTDOWN not in line:
            yield line.strip()
    log.seek(read)  # to the beginning of a line that is still being written
