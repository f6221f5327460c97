"""A small ledger to try things on."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.release.publish import NothingChanged, Published, RunInfo, publish
from ledger.release.write import Incoming
from schemas import Extraction
from tests.support.synthetic import corpus, digests

NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
CONTRACT = {
    "records.jsonl", "records.csv", "records.parquet", "documents.jsonl", "unclaimed.jsonl", "quarantine.jsonl",
    "possible.jsonl",
    "diff.jsonl", "diff.html", "report.html", "datapackage.json", "manifest.json", "SHA256SUMS",
}  # fmt: skip


def documents(count: int = 12, *, edits: float = 0.0) -> list[Extraction]:
    return list(corpus(count, edits=edits))


def release(
    output: Path,
    incoming: Iterable[Incoming],
    *,
    now: datetime = NOW,
    program: dict[str, str] | None = None,
    **rest: Any,
) -> Published | NothingChanged:
    """Publish with all gates accepted and the inputs' digests worked out."""
    listed = list(incoming)
    inputs = {one.id: one.digest for one in listed if one.digest}
    rest.setdefault("accept_gates", ("removals", "filled", "unclaimed"))
    said = {name: rest.pop(name) for name in ("parameters", "scores", "licences") if name in rest}
    return publish(output, listed, digests=digests(inputs, **(program or {})), run=RunInfo(now, "here", **said), **rest)


def published(output: Path, incoming: Iterable[Incoming], **rest: Any) -> Published:
    """Publish, and insist that something was."""
    found = release(output, incoming, **rest)
    assert isinstance(found, Published)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder but the two that name the run's time and host."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return {name: data for name, data in found.items() if name not in ("manifest.json", "datapackage.json")}
