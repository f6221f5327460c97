"""Calling the flows from a command: at a given server, and leaving it with nothing unsent."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.utilities.asyncutils import run_coro_as_sync

from flows.extract import extract
from flows.options import Options
from flows.refresh import refresh
from flows.server import Server
from flows.summary import Summary


@contextmanager
def at_server(server: Server) -> Iterator[None]:
    """Use a run's own server for what is done inside, once it answers."""
    with temporary_settings(updates={PREFECT_API_URL: server.wait()}):
        try:
            yield
        finally:
            run_coro_as_sync(_send_all())


async def _send_all() -> None:
    """Send the logs and events that still wait, so that the server can go without a complaint."""
    for waiting in (APILogWorker.drain_all(), EventsWorker.drain_all()):
        if inspect.isawaitable(waiting):
            await waiting


def run_flow(name: str, options: Options) -> Summary:
    """Run the extract or the refresh flow in this process."""
    if name == "extract":
        summary: Summary = extract(**options.model_dump())
    else:
        summary = refresh(**options.model_dump(include={"output", "model", "accept_gates", "workers"}))
    return summary
