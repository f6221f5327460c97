"""Calling the flows from a command, and leaving the server with nothing unsent."""

import inspect

from prefect.events.worker import EventsWorker
from prefect.exceptions import ExternalSignal
from prefect.logging.handlers import APILogWorker
from prefect.utilities.asyncutils import run_coro_as_sync

from flows.extract import extract
from flows.options import Options
from flows.refresh import refresh
from flows.summary import Summary


def send_all() -> None:
    """Send the logs and events that still wait, so that the server can go without a complaint."""
    run_coro_as_sync(_send_all())


async def _send_all() -> None:
    for waiting in (APILogWorker.drain_all(), EventsWorker.drain_all()):
        if inspect.isawaitable(waiting):
            await waiting


def run_flow(name: str, options: Options) -> Summary:
    """Run the extract or the refresh flow in this process. Raises KeyboardInterrupt where it is told to end."""
    try:
        summary: Summary = {"extract": extract, "refresh": refresh}[name](options)
    except ExternalSignal as signal:  # Prefect's word for SIGTERM
        raise KeyboardInterrupt from signal
    return summary
