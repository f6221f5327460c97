"""``coopledger run``, ``refresh`` and ``serve``: with or without a Prefect server; a signal ends them in seconds."""

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
from flows.errors import InputError, UsageError, short_message
from flows.options import Options
from flows.places import Place
from flows.progress import RunProgress, Summary, listening
from flows.runners import kill_workers, preloaded_worker
from flows.server import (
    Server,
    check_prefect_home,
    check_reachable,
    locked_database_folder,
    needs_own_server,
    prepare,
    running_server,
    serving,
    without_gc,
)
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.read import read_versions

FlowName = Literal["extract", "refresh"]
RUN_STOP_SECONDS = 3.5  # after a signal; then a run that is still going is killed
_POLL_SECONDS = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SERVE_STOP_SECONDS = 6.0
_DATABASE_SETTING = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
_SHUTDOWN_TIMEOUT = "timeout graceful shutdown exceeded"  # logged by a server that ends while a connection is open


def launch(name: FlowName, options: Options, *, direct: bool) -> int:
    """Run a flow in this process (``direct``: without Prefect), print its summary, and return the exit status."""
    with stopping_on_signal(options):
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
    check_prefect_home()
    if not needs_own_server():
        if url := os.environ.get("PREFECT_API_URL"):
            check_reachable(url)
        return run_flow(name, options, progress, "PREFECT_API_URL")
    with (
        serving(Path(options.output)) as server,
        preloaded_worker(options.model, options.threshold) if run.may_read(options) else nullcontext(),
    ):
        with without_gc():
            from flows import extract  # noqa: F401 - takes seconds, in which the server and the worker start

        server.wait()
        return run_flow(name, options, progress, f"see {server.log}")


def run_flow(name: FlowName, options: Options, progress: RunProgress, server: str) -> Summary:
    """Run a flow. Raises InputError if its server fails before it has published, LedgerError if the disk is full."""
    from httpx import HTTPError
    from prefect.exceptions import ExternalSignal

    from flows.extract import extract, refresh

    try:
        summary: Summary = {"extract": extract, "refresh": refresh}[name](options)
    except ExternalSignal as signal:  # Prefect raises it on SIGTERM
        raise KeyboardInterrupt from signal
    except HTTPError as error:
        if progress.summary is None:
            run.check(options)
            raise InputError(
                f"the Prefect server failed ({server}): {short_message(error)}; --direct runs without one"
            ) from error
        typer.echo(f"coopledger: the Prefect server failed ({server}); the run had ended by then", err=True)
        return progress.summary
    return summary


@contextmanager
def stopping_on_signal(options: Options) -> Iterator[None]:
    """Make SIGINT and SIGTERM a KeyboardInterrupt inside; it exits with status 1 and prints what is kept.

    The process ends within ``RUN_STOP_SECONDS`` of a signal, whatever it does after this context.
    """
    watcher = _SignalWatcher(Output(Path(options.output)))
    handlers = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    previous_fd = signal.set_wakeup_fd(watcher.writing.fileno(), warn_on_full_buffer=False)
    try:
        yield
    except BaseException as error:
        if not watcher.requested and not isinstance(error, KeyboardInterrupt):
            raise
        watcher.report()
        raise typer.Exit(1) from error
    finally:
        if not watcher.requested:
            signal.set_wakeup_fd(previous_fd)
            watcher.writing.close()
        for number, handler in handlers.items():
            signal.signal(number, handler)


class _SignalWatcher:
    """Watches signals through the wake-up descriptor, since Prefect replaces handlers; ends the process in time."""

    def __init__(self, output: Output) -> None:
        self._output, self._before = output, _latest(output)
        self._reading, self.writing = socket.socketpair()
        self.writing.setblocking(False)
        self._report_lock = threading.Lock()
        self._reported = self.requested = False
        threading.Thread(target=self._watch, daemon=True).start()

    def report(self) -> None:
        """Print, once, whether a release was published and what is kept."""
        with self._report_lock:
            if not self._reported:
                latest = _latest(self._output)
                nothing = "stopped; nothing was published, and finished shards are kept"
                after = f"stopped after release {latest} was published"
                typer.echo(f"coopledger: {nothing if latest == self._before else after}", err=True)
            self._reported = True

    def _watch(self) -> None:
        with self._reading:
            while byte := self._reading.recv(1):
                if byte[0] in _SIGNALS:
                    self.requested = True
                    self._end_process()

    def _end_process(self) -> None:
        """Exit after some seconds, or at once on another signal; workers and server end with this process."""
        self._reading.settimeout(_POLL_SECONDS)
        end = time.monotonic() + RUN_STOP_SECONDS
        while time.monotonic() < end:
            kill_workers()  # repeatedly, because one may just be starting
            try:
                byte = self._reading.recv(1)
            except TimeoutError:
                continue
            if not byte or byte[0] in _SIGNALS:
                break
        self.report()
        os._exit(1)


def _latest(output: Output) -> str | None:
    try:
        return read_versions(output).latest
    except (LedgerError, OSError):
        return None


def serve(options: Options, cron: str, host: str, port: int) -> None:
    """Serve the deployments until stopped.

    The server keeps its runs in SQLite under the output folder, or at PREFECT_SERVER_DATABASE_CONNECTION_URL. Raises
    UsageError if the input does not exist, InputError if the port or the output folder is in use. Exits with status 1
    if the server stops by itself.
    """
    prepare()
    run.check(options)
    check_prefect_home()
    if not Place.of(options.input).exists():
        raise UsageError(f"no such input: {options.input}")
    if url := os.environ.get("PREFECT_API_URL"):
        check_reachable(url)
    with _server(Path(options.output), host, port) as server, suppress(KeyboardInterrupt):  # the usual end
        for number in _SIGNALS:
            signal.signal(number, _on_signal)
        with without_gc():
            from flows import deployments  # imports Prefect, which reads the server's address

        deployments.schedule_of(cron)
        if server is None:
            deployments.run(options, cron, shared=True)
        else:
            server.wait()
            typer.echo(f"serving on http://{host}:{port}; logs in {server.log}; stop with Ctrl-C")
            with server.log.open(encoding="utf-8", errors="replace") as log:
                server_is_up = partial(_check_server, server, log)
                deployments.run(
                    options, cron, shared=bool(os.environ.get(_DATABASE_SETTING)), server_is_up=server_is_up
                )
            _exit_after_delay(1)
            raise typer.Exit(1)  # so that a supervisor starts it again
    typer.echo("stopped")


@contextmanager
def _server(output: Path, host: str, port: int) -> Iterator[Server | None]:
    if not needs_own_server():
        yield None
        return
    try:
        with locked_database_folder(output) as home:
            settings = {_DATABASE_SETTING: os.environ[_DATABASE_SETTING]} if os.environ.get(_DATABASE_SETTING) else {}
            with running_server(Server(home, host=host, port=port, settings=settings)) as server:
                yield server
    except Timeout as error:
        raise InputError(f"a server for {output} is running already: stop it first") from error


def _on_signal(number: int, frame: object) -> None:
    _exit_after_delay(0)
    raise KeyboardInterrupt


def _exit_after_delay(status: int) -> None:
    """Exit after some seconds, even if something is still waiting; the next process resumes the current runs."""
    timer = threading.Timer(_SERVE_STOP_SECONDS, os._exit, [status])
    timer.daemon = True
    timer.start()


def _check_server(server: Server, log: TextIO) -> bool:
    """Print the errors that a server logged since the last call; return whether it is still running."""
    for line in new_errors(log):
        typer.echo(f"server: {line}", err=True)
    if not server.running():
        typer.echo(f"coopledger: the Prefect server stopped by itself (see {server.log})", err=True)
    return server.running()


def new_errors(log: TextIO) -> Iterator[str]:
    """Yield the errors that a server logged since the last call, but not that it timed out on shutdown."""
    read = log.tell()
    while (line := log.readline()).endswith("\n"):
        read = log.tell()
        if ("| ERROR" in line or "| CRITICAL" in line) and _SHUTDOWN_TIMEOUT not in line:
            yield line.strip()
    log.seek(read)  # to the start of a line that is still being written
