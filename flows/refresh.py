"""The refresh flow: read the documents of the last release again with a new model or rule; no input is needed."""

from typing import Annotated

from prefect import flow, task
from pydantic import Field

from flows import core
from flows.artifacts import PrefectWatch
from flows.extract import RETRIED, read_and_publish
from flows.hooks import on_failure
from flows.options import Options, processors
from flows.summary import Summary
from flows.watch import watch, watched_by

plan_refresh = task(name="plan", **RETRIED)(core.plan_refresh)


@flow(
    name="refresh",
    description="Read the last release's documents again where the program changed.",
    flow_run_name="refresh {output}",
    on_failure=[on_failure],
    on_crashed=[on_failure],
)
def refresh(
    output: Annotated[str, Field(description="folder of the releases")] = "output",
    model: Annotated[str | None, Field(description="another spaCy pipeline, by name or path")] = None,
    accept_gates: Annotated[list[str], Field(description="gates that may fail")] = [],  # noqa: B006 - Prefect's form
    workers: Annotated[int | None, Field(ge=1, le=1024, description="worker processes; else the processors")] = None,
) -> Summary:
    """Publish a release of the same documents as today's program reads them, or find that nothing changed."""
    gates = tuple(accept_gates)
    options = Options(output=output, model=model, accept_gates=gates, workers=workers or processors())
    core.check(options)
    with watched_by(PrefectWatch(watch())):
        return read_and_publish(plan_refresh(options), options)
