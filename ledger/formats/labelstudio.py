"""Label Studio tasks: one document a task, its records as labelled regions and relations.

Records that a curator decided are annotations, all others predictions. Offsets are code points, as Label Studio stores
them. The labelling interface needs ``<Labels name="label" toName="text">`` and ``<Text name="text" value="$text"/>``.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ledger.formats.labels import labelled
from ledger.release.lines import canonical
from schemas import CooperationRecord, StoredDocument

if TYPE_CHECKING:
    from ledger.release.read import Release


def label_studio(release: "Release") -> Iterator[str]:
    """Return a JSON list of tasks, one a document that was read."""
    groups = groupby(release.records(), key=_document_id)
    name, records = next(groups, ("", iter(())))
    before = "[\n"
    for document in release.documents():
        if document.text is None:
            continue
        mine = list(records) if name == document.id else []
        yield before + canonical(_task(document, mine))
        before = ",\n"
        if mine:
            name, records = next(groups, ("", iter(())))
    yield "\n]\n" if before == ",\n" else "[]\n"


def _document_id(record: CooperationRecord) -> str:
    return record.document_id


def _task(document: StoredDocument, records: list[CooperationRecord]) -> dict[str, Any]:
    decided = [record for record in records if record.review.state != "unreviewed"]
    open_ = [record for record in records if record.review.state == "unreviewed"]
    return {
        "data": {"text": document.text, "document_id": document.id, "title": document.title, "source": document.source},
        "annotations": [{"result": _regions(decided)}] if decided else [],
        "predictions": [_prediction(open_)] if open_ else [],
    }


def _prediction(records: list[CooperationRecord]) -> dict[str, Any]:
    score = min(record.confidence.record for record in records)
    return {"model_version": records[0].extractor.version, "score": score, "result": _regions(records)}


def _regions(records: Iterable[CooperationRecord]) -> list[dict[str, Any]]:
    return [region for record in records for region in _of_record(record)]


def _of_record(record: CooperationRecord) -> Iterator[dict[str, Any]]:
    ids: dict[str, str] = {}
    for name, span in labelled(record):
        ids[name] = f"{record.record_id}-{name}"
        yield {
            "id": ids[name],
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": span.start, "end": span.end, "text": span.text, "labels": [name]},
        }
    for name, region in ids.items():
        if name != "actor" and "actor" in ids:
            label = record.kind if name == "partner" else name
            pair = {"from_id": ids["actor"], "to_id": region}
            yield {"type": "relation", "direction": "right", "labels": [label], **pair}
