"""Exports of a release for other tools: Prodigy and Label Studio (annotation), and daff (table differences)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ledger.decisions.log import read_decisions
from ledger.decisions.standing import standing
from ledger.errors import LedgerError
from ledger.formats.flat import COLUMNS, escape_formula
from ledger.release.jsonl import canonical
from ledger.release.read import Release, output_of
from ledger.release.write import release_documents
from schemas import Change, CooperationRecord, Extraction, Span, flatten

_LABELLED_FIELDS = ("actor", "partner", "year", "amount", "sector")
_ANSWERS = {"accepted": "accept", "edited": "accept", "rejected": "reject"}


def _labelled_spans(record: CooperationRecord) -> Iterator[tuple[str, Span]]:
    """Yield each labelled field of the record that has a span, with the span."""
    for name in _LABELLED_FIELDS:
        part = getattr(record, name)
        if part is not None and part.span is not None:
            yield name, part.span


def prodigy(release: Release) -> Iterator[str]:
    """Yield one JSON line for each record: the passage that holds all its spans, the spans, and the verdict, if any.

    Offsets are code points within the passage; ``meta.start`` is the passage's offset in the document. Rejected records
    are not in the release; they come last, with answer ``reject``.
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
    """Return a task; without the document's text (it may be gone) the passage is the evidence."""
    whole = record.evidence
    spans = [
        (name, span)
        for name, span in _labelled_spans(record)
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


def label_studio(release: Release) -> Iterator[str]:
    """Yield a JSON list of tasks, one for each document that was read, with its records as regions and relations.

    Reviewed records are annotations, all others predictions. Offsets are code points, as Label Studio
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
    return [region for record in records for region in _record_regions(record)]


def _record_regions(record: CooperationRecord) -> Iterator[dict[str, Any]]:
    ids: dict[str, str] = {}
    for name, span in _labelled_spans(record):
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


def daff(release: Release) -> Iterator[str]:
    """Yield the changes since the parent release as a daff table of the rows of records.csv.

    The first column marks a row as added (``+++``), removed (``---``) or changed (``->``). A cell that differs holds
    both values, separated by the arrow in the row's first column, which is longer if a cell holds an arrow itself.
    """
    yield _csv_line(["@@", *COLUMNS])
    for change in release.changes():
        row = _change_row(change)
        if row is not None:
            yield _csv_line(row)


def _change_row(change: Change) -> list[str] | None:
    before, after = _cells(change.before), _cells(change.after)
    if before is None:
        return ["+++", *(after or [])]
    if after is None:
        return ["---", *before]
    if before == after:
        return None
    arrow = unused_arrow([*before, *after])
    return [arrow, *(old if old == new else f"{old}{arrow}{new}" for old, new in zip(before, after, strict=True))]


def unused_arrow(cells: list[str]) -> str:
    """Return the shortest arrow (``->``, ``-->``, ...) that occurs in no cell, as daff does."""
    arrow = "->"
    while any(arrow in cell for cell in cells):
        arrow = "-" + arrow
    return arrow


def _cells(record: dict[str, Any] | None) -> list[str] | None:
    if record is None:
        return None
    row = flatten(CooperationRecord.model_validate(record, extra="ignore")).model_dump(mode="json").values()
    return ["" if cell is None else str(escape_formula(cell)) for cell in row]


def _csv_line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


EXPORTS: dict[str, Callable[[Release], Iterator[str]]] = {
    "prodigy": prodigy,
    "label-studio": label_studio,
    "daff": daff,
}


def export(release: Release, kind: str) -> Iterator[str]:
    """Return an export as pieces of text, with the line ends of the format.

    Args:
        release: the release.
        kind: ``prodigy`` (JSON Lines, one task for each record, curators' verdicts as answers), ``label-studio`` (a
            JSON list, one task for each document) or ``daff`` (the changes since the parent as a highlighter CSV).

    Raises:
        LedgerError: there is no such kind.
    """
    if kind not in EXPORTS:
        raise LedgerError(f"cannot export {kind} (known: {', '.join(EXPORTS)})")
    return EXPORTS[kind](release)
