"""``coopledger run`` and ``coopledger refresh``."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from flows.commands.ending import tell
from flows.commands.progress import Progress
from flows.commands.stopping import ending_in_time
from flows.options import Options
from flows.settings import own_server, prepare
from flows.summary import Summary
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.versions import read_versions

Name = Literal["extract", "refresh"]


def run(options: Options, *, direct: bool) -> int:
    """Publish a release of the input; return the exit status."""
    return _run("extract", options, direct)


def refresh(options: Options, *, direct: bool) -> int:
    """Publish a release of the last one's documents, read again where the program changed; return the exit status."""
    return _run("refresh", options, direct)


def _run(name: Name, options: Options, direct: bool) -> int:
    with ending_in_time(_Kept(options.output)):
        prepare(quiet=True)
        from flows.core import check
        from flows.watch import watched_by

        check(options)
        how: Callable[[Name, Options], Summary] = _direct if direct else _with_prefect
        with Progress() as progress, watched_by(progress):
            summary = how(name, options)
    tell(summary)
    return summary.status


class _Kept:
    """Says what is kept of a run that was stopped."""

    def __init__(self, output: str) -> None:
        self._output = Output(Path(output))
        self._before = self._latest()

    def __call__(self) -> str:
        latest = self._latest()
        if latest != self._before:
            return f"stopped after release {latest} was published"
        return "stopped; nothing was published, and finished shards are kept"

    def _latest(self) -> str | None:
        try:
            return read_versions(self._output).latest
        except (LedgerError, OSError):
            return None


def _direct(name: Name, options: Options) -> Summary:
    from flows.core import refresh_direct, run_direct

    return run_direct(options) if name == "extract" else refresh_direct(options)


def _with_prefect(name: Name, options: Options) -> Summary:
    from flows.server import check_there, serving

    if not own_server():
        if url := os.environ.get("PREFECT_API_URL"):
            check_there(url)
        from flows.prefect_side import run_flow

        return run_flow(name, options)

    with serving(Path(options.output)) as server:
        from flows.prefect_side import run_flow, send_all  # takes seconds, while the server starts, and so does this
        from flows.shards import extractor

        extractor(options.model, options.threshold)
        server.wait()
        try:
            return run_flow(name, options)
        finally:
            send_all()
