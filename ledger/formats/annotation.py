"""Releases as tasks of tools that annotate text: Prodigy and Label Studio."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ledger.decisions.log import read_decisions
from ledger.decisions.standing import standing
from ledger.release.jsonl import canonical
from ledger.release.read import output_of
from ledger.release.write import release_documents
from schemas import CooperationRecord, Extraction, Span

if TYPE_CHECKING:
    from ledger.release.read import Release


_LABELLED = ("actor", "partner", "year", "amount", "sector")
_ANSWERS = {"accepted": "accept", "edited": "accept", "rejected": "reject"}


def _labelled(record: CooperationRecord) -> Iterator[tuple[str, Span]]:
    """List the record's fields that quote the text, each with its span."""
    for name in _LABELLED:
        part = getattr(record, name)
        if part is not None and part.span is not None:
            yield name, part.span


def prodigy(release: "Release") -> Iterator[str]:
    """Return one line a record: the passage that holds all its spans, the spans in it, and the verdict if there is one.

    Offsets are code points within the passage; ``meta.start`` is where it begins in the document. Records that a
    curator rejected are no longer in the release; they come last, with answer ``reject``.
    """
    for one in release_documents(release.path):
        if one.extraction is not None:
            for record in one.extraction.records:
                yield canonical(_record_task(record, one.extraction.document.text)) + "\n"
    state = standing(read_decisions(output_of(release.path).decisions))
    for _, last in sorted(state.items()):
        if last.verdict == "reject" and last.decision.record is not None:
            yield canonical(_record_task(last.decision.record, None) | {"answer": "reject"}) + "\n"


def _record_task(record: CooperationRecord, text: str | None) -> dict[str, Any]:
    """Make a task; without the document's text (it may be gone) the evidence is the passage."""
    whole = record.evidence
    spans = [
        (name, span)
        for name, span in _labelled(record)
        if text is not None or (whole.start <= span.start and span.end <= whole.end)
    ]
    start = min([whole.start, *(span.start for _, span in spans)])
    end = max([whole.end, *(span.end for _, span in spans)])
    marked = {name: {"start": span.start - start, "end": span.end - start, "label": name} for name, span in spans}
    relations = []
    if "actor" in marked and "partner" in marked:
        relations = [{"head_span": marked["actor"], "child_span": marked["partner"], "label": record.kind}]
    task = {
        "text": whole.text if text is None else text[start:end],
        "spans": list(marked.values()),
        "relations": relations,
        "meta": {
            "record_id": record.record_id,
            "document_id": record.document_id,
            "start": start,
            "kind": record.kind,
            "status": record.status,
            "sector": record.sector.code,
            "score": record.confidence.record,
            "by": record.review.by,
        },
    }
    answer = _ANSWERS.get(record.review.state)
    return task | {"answer": answer} if answer else task


def label_studio(release: "Release") -> Iterator[str]:
    """Return a JSON list of tasks, one a document that was read: its records as labelled regions and relations.

    Records that a curator decided are annotations, all others predictions. Offsets are code points, as Label Studio
    stores them. The labelling interface needs ``<Labels name="label" toName="text">`` and
    ``<Text name="text" value="$text"/>``.
    """
    before = "[\n"
    for one in release_documents(release.path):
        if one.extraction is not None:
            yield before + canonical(_document_task(one.extraction))
            before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _document_task(extraction: Extraction) -> dict[str, Any]:
    document = extraction.document
    decided = [record for record in extraction.records if record.review.state != "unreviewed"]
    open_ = [record for record in extraction.records if record.review.state == "unreviewed"]
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
    for name, span in _labelled(record):
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
