"""The refresh flow: read the documents of the last release again with a new model or rule; no input is needed."""

from prefect import flow, task

from flows import core
from flows.artifacts import PrefectWatch
from flows.extract import RETRIED, read_and_publish
from flows.hooks import on_failure
from flows.options import Options, Workers, processors
from flows.summary import Summary
from flows.watch import watch, watched_by
from ledger.gates import GateName

plan_refresh = task(name="plan", **RETRIED)(core.plan_refresh)


@flow(
    name="refresh",
    description="Read the last release's documents again where the program changed.",
    flow_run_name="refresh {output}",
    on_failure=[on_failure],
    on_crashed=[on_failure],
)
def refresh(
    output: str = "output",
    model: str | None = None,
    accept_gates: list[GateName] = [],  # noqa: B006 - Prefect shows it in its form, and nobody changes it
    workers: Workers | None = None,
) -> Summary:
    """Publish a release of the same documents as today's program reads them, or find that nothing changed.

    Args:
        output: folder of the releases
        model: another spaCy pipeline, by name or path
        accept_gates: gates that may fail
        workers: how many worker processes; else one a processor
    """
    gates = tuple(accept_gates)
    options = Options(output=output, model=model, accept_gates=gates, workers=workers or processors())
    core.check(options)
    with watched_by(PrefectWatch(watch())):
        return read_and_publish(plan_refresh(options), options)
