"""The flow on a server: what it does, what it leaves on the page, what it says when it fails."""

import errno
import time
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, FlowRunFilter, LogFilter
from prefect.client.schemas.objects import FlowRun
from prefect.logging.handlers import APILogWorker

from flows import plan
from flows import run as steps
from flows.extract import extract, is_transient, refresh
from flows.options import Options
from flows.run import run_direct
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.read import read_versions
from tests.support.fake_extractor import FakeExtract

pytestmark = pytest.mark.usefixtures("prefect_server")


def run(options: Options) -> Any:
    return extract(options)


def last_run() -> FlowRun:
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort="START_TIME_DESC", limit=1)[0]


def artifacts(of: FlowRun) -> dict[str, Any]:
    chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[of.id]))
    with get_client(sync_client=True) as client:
        return {one.key: one for one in client.read_artifacts(artifact_filter=chosen)}


def logged(of: FlowRun) -> list[str]:
    APILogWorker.instance().drain()
    with get_client(sync_client=True) as client:
        return [one.message for one in client.read_logs(LogFilter(flow_run_id={"any_": [of.id]}))]


def test_a_run_publishes_and_leaves_its_page(options: Options, folder: Path, fake: FakeExtract) -> None:
    (folder / "bad.txt").write_bytes(b"")
    summary = run(options)
    assert summary.published
    flow_run = last_run()
    assert flow_run.state_name == "Completed"
    left = artifacts(flow_run)
    assert set(left) == {"progress", "summary", "top-changes", "quarantined", "report"}
    assert summary.version in left["summary"].data
    assert "bad.txt" in left["quarantined"].data
    assert "Zambia" in left["top-changes"].data
    assert left["progress"].data == 100.0
    assert Path(summary.report).as_uri() in left["report"].data


def test_the_release_is_the_one_that_a_direct_run_makes(options: Options, fake: FakeExtract, tmp_path: Path) -> None:
    served = run(options)
    direct = run_direct(options.model_copy(update={"output": str(tmp_path / "direct")}))
    for name in ("records.jsonl", "records.csv", "documents.jsonl", "unclaimed.jsonl", "quarantine.jsonl"):
        assert (Path(served.release) / name).read_bytes() == (Path(direct.release) / name).read_bytes()


def test_each_shard_is_a_task_and_a_line_of_the_log(
    options: Options, folder: Path, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "SHARD_DOCUMENTS", 1)
    run(options)
    flow_run = last_run()
    lines = [line for line in logged(flow_run) if line.startswith("shard ")]
    assert len(lines) == 2
    assert lines[0].startswith("shard 1 of 2: 1 documents, 1 records, 0 quarantined in ")
    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs(flow_run_filter=FlowRunFilter(id={"any_": [flow_run.id]}))
    tags = {one.name.rsplit("-", 1)[0]: one.tags for one in tasks}
    assert {"read shard 1", "read shard 2"} <= set(tags)
    assert tags["publish"] == ["coopledger-publisher"]


def test_a_run_with_a_server_of_its_own_asks_for_no_limit_on_a_tag(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.extract.is_shared", bool)
    run(options)
    with get_client(sync_client=True) as client:
        tasks = client.read_task_runs(flow_run_filter=FlowRunFilter(id={"any_": [last_run().id]}))
    assert not any(one.tags for one in tasks)
    assert not list(Path(options.shards).glob("*"))  # swept


def test_nothing_changed_publishes_nothing(options: Options, fake: FakeExtract) -> None:
    first, second = run(options), run(options)
    assert (second.published, second.version) == (False, first.version)
    assert set(artifacts(last_run())) == {"summary"}


def test_a_failed_run_leaves_a_readable_page_and_its_shards(
    options: Options, fake: FakeExtract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("the disk is full")

    monkeypatch.setattr(steps, "publish_release", fail)
    with pytest.raises(LedgerError, match="the disk is full"):
        run(options)
    flow_run = last_run()
    assert flow_run.state_name == "Failed"
    page = artifacts(flow_run)["failure"].data
    assert "the disk is full" in page
    assert "Traceback" not in page
    assert len(list(Path(options.shards).iterdir())) == 2
    assert read_versions(Output(Path(options.output))).releases == ()
    monkeypatch.undo()


def test_refresh_is_a_flow_too(options: Options, fake: FakeExtract) -> None:
    first = run_direct(options)
    assert refresh(options).version == first.version


def test_wrong_parameters_are_refused_before_anything_is_read(options: Options) -> None:
    from prefect.exceptions import ParameterTypeError

    with pytest.raises(ParameterTypeError):
        extract({"runner": "spark"})
    with pytest.raises(ParameterTypeError):
        extract({"workers": 0})


def test_the_form_describes_every_parameter() -> None:
    form = extract.parameters.model_dump()["definitions"]["Options"]["properties"]
    assert set(form) == set(Options.model_fields)
    assert all(field.get("description") for field in form.values())


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (OSError("reset by peer"), True),
        (TimeoutError("slow"), True),
        (FileNotFoundError("gone"), False),
        (PermissionError("no"), False),
        (OSError(errno.ENOSPC, "the disk is full"), False),
        (OSError(errno.EROFS, "the disk is read-only"), False),
        (ValueError("a bug"), False),
        (LedgerError("gate"), False),
    ],
)
def test_only_io_is_tried_again(error: Exception, again: bool) -> None:
    class Failed:
        def result(self, raise_on_failure: bool) -> Exception:
            return error

    assert is_transient(None, None, Failed()) is again  # type: ignore[arg-type]


def test_a_release_is_an_event_that_others_can_wait_for(options: Options, fake: FakeExtract) -> None:
    from prefect.events.filters import EventFilter, EventNameFilter
    from prefect.events.worker import EventsWorker

    summary = run(options)
    EventsWorker.instance().wait_until_empty()
    wanted = EventFilter(event=EventNameFilter(name=["coopledger.release.published"])).model_dump(mode="json")
    found: list[dict[str, Any]] = []
    with get_client(sync_client=True) as client:
        for _ in range(100):
            answer = client._client.post("/events/filter", json={"filter": wanted, "limit": 50})
            found = answer.json()["events"]
            if any(summary.version in one["resource"]["prefect.resource.id"] for one in found):
                break
            time.sleep(0.1)
    last = next(one for one in found if summary.version in one["resource"]["prefect.resource.id"])
    assert last["payload"]["counts"]["records"] == 1
