"""Verdicts as JSON Lines in Prodigy's shape: text, spans, relations, answer, meta."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ledger.decisions import standing
from ledger.formats.labels import labelled
from ledger.release.layout import Output
from ledger.release.lines import canonical
from ledger.release.log import read_decisions
from schemas import CooperationRecord, Decision, Span

if TYPE_CHECKING:
    from ledger.release.read import Release

_ANSWERS = {"accepted": "accept", "edited": "accept", "rejected": "reject"}


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
    state = standing(read_decisions(ledger))
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
