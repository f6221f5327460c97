"""Hooks: what a failed run leaves on Prefect's page, in words."""

from typing import Any

from prefect import get_client
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.logging.loggers import flow_run_logger

_PAGE = """# The run failed

**{message}**

Nothing was published; earlier releases are as they were. Finished shards are kept: the next run goes on from them.

| parameter | value |
| --- | --- |
{parameters}
"""


def on_failure(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
    """Leave one page that says what went wrong, what became of the work, and with which parameters."""
    message = (state.message or "unknown").removeprefix("Flow run encountered an exception: ")
    parameters = "\n".join(f"| {name} | {value} |" for name, value in flow_run.parameters.items())
    page = _PAGE.format(message=message, parameters=parameters)
    flow_run_logger(flow_run, flow).error("failed: %s; nothing was published", message)
    with get_client(sync_client=True) as client:
        client.create_artifact(
            ArtifactCreate(key="failure", type="markdown", data=page, description=message, flow_run_id=flow_run.id)
        )
