"""``coopledger run`` and ``coopledger refresh``: with a Prefect server or without, and ended in time when told to."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Literal

import typer

from flows.errors import InputError, short
from flows.options import Options
from flows.progress import Progress, Summary, watched_by
from flows.server import check_home, check_there, loading, own_server, prepare, serving
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.read import read_versions

FlowName = Literal["extract", "refresh"]
SECONDS = 3.5  # a run that has not ended so long after a signal is ended
_PAUSE = 0.2
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def launch(name: FlowName, options: Options, *, direct: bool) -> int:
    """Run a flow in this process, ``direct`` without Prefect; print how it ended, and return the exit status."""
    with ending_in_time(options):
        prepare(quiet=True)
        with loading():
            from flows import run

        run.check(options)
        with Progress() as progress, watched_by(progress):
            if direct:
                summary = run.run_direct(options) if name == "extract" else run.refresh_direct(options)
            else:
                summary = _with_prefect(name, options, progress)
    for line in summary.lines():
        typer.echo(line)
    return summary.status


def _with_prefect(name: FlowName, options: Options, progress: Progress) -> Summary:
    check_home()
    if not own_server():
        if url := os.environ.get("PREFECT_API_URL"):
            check_there(url)
        return run_flow(name, options, progress, "PREFECT_API_URL")
    with serving(Path(options.output)) as server:
        from flows import run
        from flows.runners import loaded_pool

        with loaded_pool(options.workers, options.model, options.threshold) if run.may_read(options) else nullcontext():
            with loading():
                from flows import extract, refresh  # noqa: F401 - takes seconds, while server and worker start

            server.wait()
            return run_flow(name, options, progress, f"see {server.log}")


def run_flow(name: FlowName, options: Options, progress: Progress, server: str) -> Summary:
    """Run a flow. Raises InputError where its server fails before it has published, LedgerError if the disk is full."""
    from httpx import HTTPError
    from prefect.exceptions import ExternalSignal

    from flows import run
    from flows.extract import extract
    from flows.refresh import refresh

    try:
        summary: Summary = {"extract": extract, "refresh": refresh}[name](options)
    except ExternalSignal as told:  # Prefect's word for SIGTERM
        raise KeyboardInterrupt from told
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
        if not stop.asked and not isinstance(error, KeyboardInterrupt):
            raise
        stop.say()
        raise typer.Exit(1) from error
    finally:
        if not stop.asked:
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
        self._said = self.asked = False
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
                    self.asked = True
                    self._leave()

    def _leave(self) -> None:
        """Leave after some seconds, at once when asked again; workers and the server end with this process."""
        from flows.runners import kill_workers  # heavy, and loaded where there are workers

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
