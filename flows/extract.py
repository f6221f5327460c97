"""The extract flow, from the documents to a release.

    input ─ list ─▶ listing ─ plan ─▶ shards ─ read ─▶ files of extractions ─ publish ─▶ release
                       ▲                (workers: text, spaCy pipeline,     (identify, apply decisions,
                  last release           acts, records)                      validate, gates, diff)

The steps are the functions of ``flows.run``, which ``--direct`` calls directly; here they are tasks with retries that
create artifacts. A shard is cached as its result file, which is named after the content of the work and so is reused
by any later run. Refresh does the same with the documents of the last release as input.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID

from prefect import Task, flow, get_client, get_run_logger, task
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun, State, TaskRun
from prefect.events import emit_event
from prefect.logging.loggers import flow_run_logger
from prefect.settings import PREFECT_API_URL
from prefect.utilities.annotations import quote

from flows import run
from flows.errors import UsageError, cannot_write
from flows.options import Options
from flows.plan import Plan
from flows.progress import Event, Summary, listening
from flows.runners import run_shards
from flows.server import PUBLISHER, is_shared
from flows.shards import ShardSummary
from ledger.release.read import Release
from schemas import Change
from schemas.extras import requires_extra

T = TypeVar("T")
EVENT = "coopledger.release.published"
_TOP = 50
_FAILURE = """# The run failed

**{message}**

Nothing was published; earlier releases are as they were. Finished shards are kept: the next run goes on from them.

| parameter | value |
| --- | --- |
{parameters}
"""


def is_transient(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Return whether to retry a failed task: only after an OSError that may pass, so not after a full disk."""
    error = state.result(raise_on_failure=False)
    passing = isinstance(error, OSError) and not isinstance(error, FileNotFoundError | PermissionError)
    return passing and not cannot_write(error)


RETRY: dict[str, Any] = {
    "cache_policy": NO_CACHE, "retries": 3, "retry_delay_seconds": [1, 5, 30], "retry_condition_fn": is_transient,
}  # fmt: skip

list_documents = task(name="discover", **RETRY)(run.find_documents)
plan_run = task(name="plan", **RETRY)(run.make_plan)
plan_refresh = task(name="plan", **RETRY)(run.plan_refresh)
read_step = task(name="read", task_run_name="read shard {shard.number}", **RETRY)


def on_failure(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
    """Log the failure and create an artifact with the error, what is kept, and the parameters of the run."""
    message = (state.message or "unknown").removeprefix("Flow run encountered an exception: ")
    parameters = "\n".join(f"| {name} | {value} |" for name, value in flow_run.parameters.items())
    page = _FAILURE.format(message=message, parameters=parameters)
    flow_run_logger(flow_run, flow).error("failed: %s; nothing was published", message)
    with get_client(sync_client=True) as client:
        client.create_artifact(
            ArtifactCreate(key="failure", type="markdown", data=page, description=message, flow_run_id=flow_run.id)
        )


@flow(
    name="extract",
    description="Read what changed in the input and publish a release.",
    flow_run_name="extract {options.input}",
    on_failure=[on_failure],
    on_crashed=[on_failure],
)
def extract(options: Options) -> Summary:
    """Publish a release of the input, or find that nothing changed.

    Args:
        options: what to read, and how
    """
    return _run(options, _plan_input)


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
    return _run(options, plan_refresh)


def _plan_input(options: Options) -> Plan:
    return plan_run(quoted(list_documents(options)), options)


def _run(options: Options, planned: Callable[[Options], Plan]) -> Summary:
    from prefect.runtime import deployment

    origin = f"deployment {deployment.name}" if deployment.name else "command"
    read = partial(run_shards, step=read_step, client=dask_client)
    with listening(PageReporter().show):
        return run.run(options, planned, origin, partial(run.read_and_publish, read=read, publish=publish))


def dask_client(cluster: Any) -> Any:
    """Make a client of a Dask cluster that runs Prefect tasks.

    The workers get the Prefect server's address with each task, and start no server. Raises UsageError if there is no
    Prefect server, MissingExtraError if Dask is not installed.
    """
    if not PREFECT_API_URL.value():
        raise UsageError("no Prefect server: set PREFECT_API_URL, or run `coopledger run`, which starts one")
    with requires_extra("--runner dask", "dask"):
        import prefect_dask.client
    dask: Any = prefect_dask.client  # it has no types
    return dask.PrefectDaskClient(cluster)


def publish(work: Plan, done: Sequence[ShardSummary], options: Options) -> run.Outcome:
    """Publish as a task; if it fails, log that the finished shards are kept."""
    # A tag makes Prefect check a concurrency limit: too slow for each shard, and seconds where SQLite is busy.
    one = publish_release.with_options(tags=[PUBLISHER]) if is_shared() else publish_release
    try:
        return one(quoted(work), done, options)
    except Exception:
        get_run_logger().warning("nothing was published; finished shards are kept for the next run")
        raise


@task(name="publish", cache_policy=NO_CACHE)
def publish_release(work: Plan, done: Sequence[ShardSummary], options: Options) -> run.Outcome:
    """Merge the shards, identify, apply decisions, validate, pass the gates, publish in one rename."""
    return run.publish_release(work, done, options)


def quoted(value: T) -> T:
    """Mark a large argument of a task so that Prefect does not search it for futures."""
    return cast(T, quote(value))


class PageReporter:
    """Reports a run on Prefect's page: log lines, progress in steps of 5 per cent, artifacts at the end."""

    def __init__(self) -> None:
        self._work: Plan | None = None
        self._artifact: UUID | None = None
        self._read, self._shown = 0, 0.0

    def show(self, event: Event) -> None:
        """Report an event of the run."""
        match event:
            case Plan():
                get_run_logger().info("%s", event.line())
                self._work = event
                if event.shards:
                    artifact = create_progress_artifact(0.0, key="progress", description="Documents read")
                    self._artifact = cast(UUID, artifact)
            case ShardSummary() if self._work and self._artifact:
                get_run_logger().info("%s", event.line(len(self._work.shards)))
                self._read += event.documents
                percent = 100.0 * self._read / self._work.to_read
                if percent - self._shown >= 5 or self._read == self._work.to_read:
                    update_progress_artifact(self._artifact, percent)
                    self._shown = percent
            case Summary():
                self._create_artifacts(event)

    def _create_artifacts(self, summary: Summary) -> None:
        """Create the artifacts of a finished run and, if a release was published, emit an event."""
        create_markdown_artifact(summary.markdown(), key="summary", description=f"Release {summary.version}")
        if not summary.published:
            return
        changes = _top_changes(Path(summary.release))
        create_table_artifact(changes, key="top-changes", description=f"The first {_TOP} changes by size")
        rows = [one.model_dump(include={"id", "reason", "detail"}) for one in summary.quarantined]
        create_table_artifact(rows, key="quarantined", description="Documents that could not be read")
        link = Path(summary.report).resolve().as_uri()
        create_link_artifact(link, link_text=f"Report of {summary.version}", key="report")
        emit_event(
            EVENT,
            resource={"prefect.resource.id": f"coopledger.release.{summary.version}", "path": summary.release},
            payload={"counts": summary.counts.model_dump(), "causes": summary.causes, "scores": summary.scores},
        )


def _top_changes(folder: Path) -> list[dict[str, str]]:
    """Return the first ``_TOP`` changes of a release as table rows: removed, changed, added, then moved."""
    found: dict[str, list[Change]] = {"removed": [], "changed": [], "added": [], "moved": []}
    for change in Release(folder).changes():
        if len(found[change.change]) < _TOP:
            found[change.change].append(change)
    return [_row(change) for changes in found.values() for change in changes][:_TOP]


def _row(change: Change) -> dict[str, str]:
    record = change.after or change.before or {}
    return {
        "change": change.change,
        "cause": change.reason or change.cause,
        "record": change.record_id,
        "document": str(record.get("document_id", "")),
        "actor": str((record.get("actor") or {}).get("name", "")),
        "partner": str((record.get("partner") or {}).get("name", "")),
        "fields": "; ".join(f"{field.name}: {field.before} → {field.after}" for field in change.fields),
    }
