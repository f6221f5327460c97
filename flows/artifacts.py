"""What a run leaves on Prefect's page: progress, summary, top changes, quarantined documents, a link, an event.

And, where it failed, a page that says so in words.
"""

from pathlib import Path
from typing import Any, cast
from uuid import UUID

from prefect import get_client, get_run_logger
from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.client.schemas.actions import ArtifactCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.events import emit_event
from prefect.logging.loggers import flow_run_logger

from flows.plan import Plan
from flows.progress import Summary, Watch
from flows.shards import Done
from ledger.release.jsonl import read_models
from ledger.release.layout import DIFF
from schemas import Change

EVENT = "coopledger.release.published"
_TOP = 50
_FAILURE = """# The run failed

**{message}**

Nothing was published; earlier releases are as they were. Finished shards are kept: the next run goes on from them.

| parameter | value |
| --- | --- |
{parameters}
"""


class PrefectWatch(Watch):
    """Logs one line a shard and keeps a progress artifact, and passes everything on to who watched before."""

    def __init__(self, beyond: Watch) -> None:
        self._beyond = beyond
        self._total, self._read, self._shown = 0, 0, 0.0
        self._artifact: UUID | None = None

    def planned(self, plan: Plan) -> None:
        """Log the plan, and start the progress artifact where there is something to read."""
        self._beyond.planned(plan)
        self._total = plan.to_read
        get_run_logger().info("%s", plan.line())
        if plan.shards:
            self._artifact = cast(UUID, create_progress_artifact(0.0, key="progress", description="Documents read"))

    def finished(self, done: Done, of: int) -> None:
        """Log the shard, and move the progress artifact on by steps of a twentieth."""
        self._beyond.finished(done, of)
        get_run_logger().info("%s", done.line(of))
        self._read += done.documents
        percent = 100.0 * self._read / self._total
        if self._artifact is not None and (percent - self._shown >= 5 or self._read == self._total):
            update_progress_artifact(self._artifact, percent)
            self._shown = percent

    def stage(self, name: str) -> None:
        """Pass the stage on; the terminal alone shows it."""
        self._beyond.stage(name)

    def ended(self, summary: Summary) -> None:
        """Pass the summary on."""
        self._beyond.ended(summary)


def leave(summary: Summary) -> None:
    """Leave the artifacts of a finished run and, if a release was published, tell others by an event."""
    create_markdown_artifact(summary.markdown(), key="summary", description=f"Release {summary.version}")
    if not summary.published:
        return
    create_table_artifact(
        _top_changes(Path(summary.release)), key="top-changes", description=f"The first {_TOP} changes by size"
    )
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
    """Return the first changes of a release, those that matter most to a reader before mere moves."""
    found: dict[str, list[Change]] = {"removed": [], "changed": [], "added": [], "moved": []}
    for change in read_models(folder / DIFF, Change):
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


def on_failure(flow: Any, flow_run: FlowRun, state: State[Any]) -> None:
    """Leave one page that says what went wrong, what became of the work, and with which parameters."""
    message = (state.message or "unknown").removeprefix("Flow run encountered an exception: ")
    parameters = "\n".join(f"| {name} | {value} |" for name, value in flow_run.parameters.items())
    page = _FAILURE.format(message=message, parameters=parameters)
    flow_run_logger(flow_run, flow).error("failed: %s; nothing was published", message)
    with get_client(sync_client=True) as client:
        client.create_artifact(
            ArtifactCreate(key="failure", type="markdown", data=page, description=message, flow_run_id=flow_run.id)
        )
