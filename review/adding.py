"""A record that the machine missed, made of what a curator selected."""

from typing import Any

from pydantic import ValidationError

from review.editing import Draft, EditError, drafted, given, said_of
from review.normalise import Normaliser
from review.store import View
from review.text import sentence_at, trimmed
from review.web import Form
from schemas import (
    Confidence,
    CooperationRecord,
    Extractor,
    Provenance,
    Span,
    StoredDocument,
    Year,
    act_id_of,
    record_id_of,
)

FIELDS = ("evidence", "actor", "partner", "year", "amount", "sector", "kind", "status")
_CERTAIN = 1.0


def suggested(text: str, start: int, end: int, normalise: Normaliser, *, mention: str = "") -> dict[str, Draft]:
    """Draft each field around a mention: its sentence, and what is mentioned there.

    Args:
        text: the document's text.
        start: where the mention begins.
        end: where it ends, exclusive.
        normalise: reads the mentions.
        mention: what it is of: ``party``, ``year`` or ``amount``; empty: what the words themselves say. Words that
            are more than one mention are the sentence.
    """
    own = trimmed(text, start, end)
    field = {"party": "actor"}.get(mention, mention) or _said_by(text, own, normalise)
    evidence = own if own is not None and not field else sentence_at(text, start, end)
    drafts = {"evidence": Draft("evidence", evidence, None), "kind": Draft("kind", None, "other")}
    drafts["status"] = Draft("status", None, "committed")
    spans: dict[str, Span] = {field: own} if own is not None and field in FIELDS else {}
    for one in normalise.suggest(text, evidence.start, evidence.end):
        names = ("actor", "partner") if one.field == "party" else (one.field,)
        free = next((name for name in names if name not in spans), None)
        if free is not None and one.span not in spans.values():
            spans[free] = one.span
    year = _draft("year", text, spans, normalise, None)
    drafts["year"] = year
    first = year.value.get("start") if isinstance(year.value, dict) else None
    for name in ("actor", "partner", "amount", "sector"):
        drafts[name] = _draft(name, text, spans, normalise, first)
    return drafts


_WORDS = 8
_BESIDE = 2


def _said_by(text: str, own: Span | None, normalise: Normaliser) -> str:
    """Name the field that selected words give by themselves; empty where they state an act, or part of one.

    Words in which nothing is read are a name, unless they are many.
    """
    if own is None:
        return ""
    found = normalise.suggest(text, own.start, own.end)
    if not found and normalise.amount(text, own.start, own.end) is not None:
        return "amount"
    if not found:
        return "actor" if len(own.text.split()) <= _WORDS and not own.text.endswith((".", "。")) else ""
    one = found[0]
    whole = len(found) == 1 and len(own.text.split()) - len(one.span.text.split()) <= _BESIDE
    return {"party": "actor"}.get(one.field, one.field) if whole else ""


def _draft(name: str, text: str, spans: dict[str, Span], normalise: Normaliser, year: int | None) -> Draft:
    span = spans.get(name)
    return drafted(name, text, span.start, span.end, normalise, year=year) if span else Draft(name, None, None)


def added_record(
    form: Form, document: StoredDocument, view: View, reviewer: str, normalise: Normaliser
) -> CooperationRecord:
    """Make the record that a form describes.

    Raises:
        EditError: something is missing, or makes no value; the message says what.
    """
    text = document.text or ""
    evidence = trimmed(text, _place(form["evidence.start"]), _place(form["evidence.end"]))
    year = given("year", form, text, normalise) if form["year.start"] and not form["year.none"] else None
    first = year.start if isinstance(year, Year) else None
    values: dict[str, Any] = {"year": year}
    for name in ("actor", "partner", "amount", "sector", "kind", "status"):
        empty = name in ("partner", "amount") and not form[f"{name}.start"]
        values[name] = None if empty else given(name, form, text, normalise, year=first)
    return _made(values, evidence, document, view, reviewer)


def _place(number: str) -> int:
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


def _made(
    values: dict[str, Any], evidence: Span | None, document: StoredDocument, view: View, reviewer: str
) -> CooperationRecord:
    if evidence is None:
        raise EditError("evidence: select the sentence that states the act")
    here = view.shelf.records_of(document.id)
    try:
        draft = CooperationRecord(
            record_id="-",
            document_id=document.id,
            rank=max((one.rank for one in here), default=0) + 1,
            act_id=act_id_of(document.id, evidence.text, values["actor"].name, values["kind"]),
            evidence=evidence,
            confidence=Confidence(record=_CERTAIN),
            extractor=Extractor(name="curator", version="", model=""),
            provenance=tuple(
                Provenance(field=name, source="curator", name=reviewer) for name in values if values[name]
            ),
            **values,
        )
    except ValidationError as error:
        raise EditError(said_of(error)) from error
    occurrence = 0
    while view.record(record_id := record_id_of(draft, occurrence)) is not None:
        occurrence += 1
    return draft.model_copy(update={"record_id": record_id})
