"""Releases as tasks of tools that annotate text: Prodigy and Label Studio."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ledger.decisions import standing
from ledger.decisions.log import read_decisions
from ledger.release.jsonl import canonical
from ledger.release.layout import Output
from schemas import CooperationRecord, Decision, Span, StoredDocument

if TYPE_CHECKING:
    from ledger.release.read import Release


LABELLED = ("actor", "partner", "year", "amount", "sector")


_ANSWERS = {"accepted": "accept", "edited": "accept", "rejected": "reject"}


def labelled(record: CooperationRecord) -> Iterator[tuple[str, Span]]:
    """List the record's fields that quote the text, each with its span."""
    for name in LABELLED:
        part = getattr(record, name)
        if part is not None and part.span is not None:
            yield name, part.span


def prodigy(release: "Release") -> Iterator[str]:
    """Return one line a record: the passage that holds all its spans, the spans in it, and the verdict if there is one.

    Offsets are code points within the passage; ``meta.start`` is where it begins in the document. Records that a
    curator rejected are no longer in the release; they come last, with answer ``reject``.
    """
    texts = ((one.id, one.text) for one in release.documents() if one.text is not None)
    name, text = "", ""
    for record in release.records():
        while name != record.document_id:
            name, text = next(texts)
        yield canonical(_task(record, text)) + "\n"
    for decision in _rejections(release):
        if decision.record is not None:
            yield canonical(_task(decision.record, None) | {"answer": "reject"}) + "\n"


def _rejections(release: "Release") -> list[Decision]:
    ledger = Output(release.path.resolve().parent.parent)
    state = standing(read_decisions(ledger.decisions))
    return [one.decision for _, one in sorted(state.items()) if one.verdict == "reject"]


def _task(record: CooperationRecord, text: str | None) -> dict[str, Any]:
    """Make a task; without the document's text (it may be gone) the evidence is the passage."""
    spans = [(name, span) for name, span in labelled(record) if text is not None or _within(span, record.evidence)]
    start = min([record.evidence.start, *(span.start for _, span in spans)])
    end = max([record.evidence.end, *(span.end for _, span in spans)])
    task = {
        "text": record.evidence.text if text is None else text[start:end],
        "spans": [{"start": span.start - start, "end": span.end - start, "label": name} for name, span in spans],
        "relations": _relations(spans, record.kind, start),
        "meta": _meta(record, start),
    }
    answer = _ANSWERS.get(record.review.state)
    return task | {"answer": answer} if answer else task


def _within(span: Span, whole: Span) -> bool:
    return whole.start <= span.start and span.end <= whole.end


def _relations(spans: list[tuple[str, Span]], kind: str, start: int) -> list[dict[str, Any]]:
    places = {
        name: {"start": span.start - start, "end": span.end - start, "label": name}
        for name, span in spans
        if name in ("actor", "partner")
    }
    if len(places) < 2:
        return []
    return [{"head_span": places["actor"], "child_span": places["partner"], "label": kind}]


def _meta(record: CooperationRecord, start: int) -> dict[str, Any]:
    return {
        "record_id": record.record_id,
        "document_id": record.document_id,
        "start": start,
        "kind": record.kind,
        "status": record.status,
        "sector": record.sector.code,
        "score": record.confidence.record,
        "by": record.review.by,
    }


def label_studio(release: "Release") -> Iterator[str]:
    """Return a JSON list of tasks, one a document that was read."""
    groups = groupby(release.records(), key=_document_id)
    name, records = next(groups, ("", iter(())))
    before = "[\n"
    for document in release.documents():
        if document.text is None:
            continue
        mine = list(records) if name == document.id else []
        yield before + canonical(_document_task(document, mine))
        before = ",\n"
        if mine:
            name, records = next(groups, ("", iter(())))
    yield "\n]\n" if before == ",\n" else "[]\n"


def _document_id(record: CooperationRecord) -> str:
    return record.document_id


def _document_task(document: StoredDocument, records: list[CooperationRecord]) -> dict[str, Any]:
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
