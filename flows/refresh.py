"""The refresh flow: read the documents of the last release again with a new model or rule; no input is needed."""

from prefect import flow, task

from flows import run
from flows.artifacts import PrefectWatch, on_failure
from flows.extract import RETRIED, origin, read_and_publish
from flows.options import Options
from flows.progress import Summary, watch, watched_by
from flows.status import under_way

plan_refresh = task(name="plan", **RETRIED)(run.plan_refresh)


@flow(
    name="refresh",
    description="Read the last release's documents again where the program changed.",
    flow_run_name="refresh {options.output}",
    on_failure=[on_failure],
    on_crashed=[on_failure],
)
def refresh(options: Options) -> Summary:
    """Publish a release of the same documents as today's program reads them, or find that nothing changed.

    Args:
        options: how to read; no input is read
    """
    run.check(options)
    with under_way(options, origin()) as hand_in, watched_by(PrefectWatch(watch())):
        return hand_in(read_and_publish(plan_refresh(options), options))
