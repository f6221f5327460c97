"""Editing a field, and adding a record that the machine missed: selected words become the span, and are read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from ledger.decisions import given_value, meaning
from ledger.decisions.values import values_of
from review.drafts import (
    FIELDS,
    NULLABLE,
    EditError,
    FieldDraft,
    FieldForm,
    Normaliser,
    as_json,
    draft_field,
    first_error_message,
    trimmed_span,
)
from review.filters import Filters
from review.pages.clash import show_clash
from review.pages.document import document_text
from review.pages.record import RecordCard, card_of
from review.rendering import render
from review.store import ConcurrentDecisionError
from review.text import Mark, excerpt
from review.view import LedgerView
from review.web import CurrentUser, PostedForm, User, redirect
from schemas import (
    EDITED_FIELDS,
    Confidence,
    CooperationRecord,
    Extractor,
    FieldDecision,
    Provenance,
    Span,
    StoredDocument,
    Verdict,
    act_id_of,
    record_id_of,
)

router = APIRouter()
_MAX_SELECTION, _SENTENCE_REACH = 5_000, 600
_CERTAIN = 1.0
_SENTENCE_ENDS = ("\n", ". ", "! ", "? ", "。", "！", "？")
_MAX_NAME_WORDS, _MAX_FILLER_WORDS = 8, 2
"""The most words of a name; and the most words beside a mention that leave a selection a mention, not a sentence."""


@router.get("/editor")
def editor(
    user: CurrentUser, record: str, field: str, start: int = -1, end: int = -1, within: str = "", place: str = ""
) -> Response:
    """Show the inputs of a field: with its value, or with the value of newly selected words."""
    card, text = _editable(user, record, field)
    if start >= 0:
        draft = _draft_of(user, field, text, start, end, _rate_year(card.record))
    elif field == "evidence":
        draft = FieldDraft(field, card.record.evidence if card.quotable else None, None)
    else:
        value = card.record.model_dump(mode="json", include={field})[field]
        draft = FieldDraft(field, getattr(getattr(card.record, field), "span", None), value)
    return render("editor.html", user, card=card, filters=Filters.of_query(within), place=place, draft=draft)


@router.get("/draft")
def draft(user: CurrentUser, document: str, field: str, start: int, end: int, year: int | None = None) -> Response:
    """Read newly selected words as a field of a new record."""
    _, text = document_text(user.view(), document)
    if field not in FIELDS:
        raise HTTPException(404, "there is no such field")
    read = _draft_of(user, field, text, start, end, year)
    return render("draft.html", user, document_id=document, draft=read)


def _draft_of(user: User, field: str, text: str, start: int, end: int, year: int | None) -> FieldDraft:
    try:
        return draft_field(field, text, start, end, user.services.normalise, year=year)
    except EditError as error:
        raise HTTPException(400, str(error)) from error


def _editable(user: User, record: str, field: str) -> tuple[RecordCard, str]:
    card = card_of(user.view(), record)
    if field not in EDITED_FIELDS or card.text is None:
        raise HTTPException(404, "there is nothing to edit")
    return card, card.text


def _rate_year(record: CooperationRecord) -> int | None:
    """Return the year whose exchange rate applies to a record's amount."""
    return record.year.start if record.year else None


@router.post("/edit")
def edit(user: CurrentUser, form: PostedForm) -> Response:
    """Save a field, and show the record again."""
    user.require_name()
    field = form["field"]
    card, text = _editable(user, form["record"], field)
    form.require_release(card.view)
    record = card.record
    before = record.model_dump(mode="json", include={field})[field]
    typed = FieldForm(
        field, form.parts(field), text, user.services.normalise, year=_rate_year(record), previous=record.amount
    )
    back = form.address(card.id, record.document_id)
    try:
        value = _machine_value(card, field, text) if form["machine"] else as_json(typed.value())
        verdict: Verdict = "accept" if meaning(field, value) == meaning(field, before) else "edit"
        made = user.services.store.decide(
            record,
            verdict=verdict,
            reviewer=user.name,
            last_seen=form.last_seen,
            fields=[FieldDecision(name=field, seen=before, given=value)],
            note=form["note"],
        )
    except ConcurrentDecisionError as clash:
        return show_clash(user, form, clash, record, action="/edit", back=back)
    except ValueError as error:  # the form is shown again as typed, with the error
        wrong = error if isinstance(error, EditError) else EditError(str(error))
        return render(
            "wrong.html", user, 422, card=card, filters=form.filters, place=form["place"], note=form["note"],
            draft=typed.draft(wrong), back=back,
        )  # fmt: skip
    user.show_saved(f"{field} {'edited' if verdict == 'edit' else 'accepted as it is'}", made)
    return redirect(back)


def _machine_value(card: RecordCard, field: str, text: str) -> Any:
    """Return, as JSON, the machine's present value of a field about which a curator decided earlier."""
    outcome = card.outcomes.get(field)
    if outcome is None:
        raise HTTPException(409, "the machine says nothing new of this field")
    return as_json(given_value(field, outcome.now, machine=card.record, text=text))


@router.get("/add")
def add(user: CurrentUser, document: str, start: int = 0, end: int = 0, mention: str = "", list: str = "") -> Response:
    """Show the form of a new record, filled in from the mentions around a selection."""
    view = user.view()
    stored, text = document_text(view, document)
    if 0 <= start < end <= len(text):
        drafts = draft_fields(text, start, end, user.services.normalise, mention=mention)
    else:
        drafts = {name: FieldDraft(name, None, None) for name in FIELDS}
    return _add_form(user, view, stored, drafts, Filters.of_query(list))


@router.get("/add/here")
def add_here(user: CurrentUser, document: str, start: int, end: int, list: str = "") -> Response:
    """Draft a record from selected words: a party, a sum, a year, or the sentence that states the act."""
    view = user.view()
    stored, text = document_text(view, document)
    if not 0 <= start < end <= len(text) or end - start > _MAX_SELECTION:
        raise HTTPException(400, "select the words of one act")
    drafts = draft_fields(text, start, end, user.services.normalise)
    return _add_form(user, view, stored, drafts, Filters.of_query(list), place="document", template="add_here.html")


def draft_fields(text: str, start: int, end: int, normalise: Normaliser, *, mention: str = "") -> dict[str, FieldDraft]:
    """Draft each field of a new record from a mention, its sentence, and the other mentions there.

    Args:
        text: the document's text.
        start: where the mention begins.
        end: where it ends, exclusive.
        normalise: reads the mentions.
        mention: its kind: ``party``, ``year`` or ``amount``; if empty, the kind is read from the words. Words that
            are more than one mention are the sentence.
    """
    selected = trimmed_span(text, start, end)
    field = {"party": "actor"}.get(mention, mention) or _field_of_words(text, selected, normalise)
    evidence = selected if selected is not None and not field else sentence_at(text, start, end)
    drafts = {"evidence": FieldDraft("evidence", evidence, None), "kind": FieldDraft("kind", None, "other")}
    drafts["status"] = FieldDraft("status", None, "committed")
    spans: dict[str, Span] = {field: selected} if selected is not None and field in FIELDS else {}
    for one in normalise.suggest(text, evidence.start, evidence.end):
        names = ("actor", "partner") if one.field == "party" else (one.field,)
        free = next((name for name in names if name not in spans), None)
        if free is not None and one.span not in spans.values():
            spans[free] = one.span
    year = None
    for name in ("year", "actor", "partner", "amount", "sector"):
        drafts[name] = FieldDraft(name, None, None)
        if span := spans.get(name):
            drafts[name] = draft_field(name, text, span.start, span.end, normalise, year=year)
        if name == "year" and isinstance(value := drafts[name].value, Mapping):
            year = value["start"]
    return drafts


def _field_of_words(text: str, span: Span | None, normalise: Normaliser) -> str:
    """Name the field that selected words fill by themselves; empty if they state an act, or part of one.

    Words without a mention are a party's name, unless they are many.
    """
    if span is None:
        return ""
    found = normalise.suggest(text, span.start, span.end)
    if not found and normalise.amount(text, span.start, span.end) is not None:
        return "amount"
    if not found:
        return "actor" if len(span.text.split()) <= _MAX_NAME_WORDS and not span.text.endswith((".", "。")) else ""
    one = found[0]
    whole = len(found) == 1 and len(span.text.split()) - len(one.span.text.split()) <= _MAX_FILLER_WORDS
    return {"party": "actor"}.get(one.field, one.field) if whole else ""


def sentence_at(text: str, start: int, end: int) -> Span:
    """Return roughly the sentence around a mention: the text between ends of sentences or lines."""
    low, high = max(0, start - _SENTENCE_REACH), min(len(text), end + _SENTENCE_REACH)
    ends_before = [place + len(one) for one in _SENTENCE_ENDS if (place := text.rfind(one, low, start)) >= 0]
    ends_after = [place + len(one) for one in _SENTENCE_ENDS if (place := text.find(one, end, high)) >= 0]
    first = max(ends_before, default=low)
    last = min(ends_after, default=high)
    return trimmed_span(text, first, max(last, end)) or Span.of(text, start, end)


def _add_form(
    user: User,
    view: LedgerView,
    stored: StoredDocument,
    drafts: Mapping[str, FieldDraft],
    filters: Filters,
    *,
    note: str = "",
    place: str = "",
    wrong: str = "",
    template: str = "add.html",
) -> Response:
    text = stored.text or ""
    span = drafts["evidence"].span
    marks = [Mark(name, one.span, name) for name, one in drafts.items() if one.span and name != "evidence"]
    page = excerpt(text, span or Span.of(text, 0, 1), marks) if text else None
    return render(
        template, user, 422 if wrong else 200, view=view, document=stored, drafts=drafts, page=page, wrong=wrong,
        filters=filters, note=note, place=place,
    )  # fmt: skip


@router.post("/add")
def save_added(user: CurrentUser, form: PostedForm) -> Response:
    """Log the new record, and show it."""
    view = user.view_to_decide(form)
    stored, text = document_text(view, form.exactly("document"))
    fields = {name: FieldForm(name, form.parts(name), text, user.services.normalise) for name in FIELDS}
    try:
        record, last_seen = added_record(fields, stored, view, user, again=form.last_seen is None)
    except EditError as error:
        wrong = str(error)
        drafts = {name: one.draft(error if wrong.startswith(f"{name}:") else None) for name, one in fields.items()}
        return _add_form(user, view, stored, drafts, form.filters, note=form["note"], place=form["place"], wrong=wrong)
    back = form.address(record.record_id, record.document_id)
    try:
        made = user.services.store.add(record, reviewer=user.name, last_seen=last_seen, note=form["note"])
    except ConcurrentDecisionError as clash:
        if not clash.is_repeated(user.name, "accept"):
            return show_clash(user, form, clash, record, action="/add", back=back)
    else:
        user.show_saved("a record added; the next run publishes it", made)
    return redirect(back)  # also after the same form twice, which is no clash


def added_record(
    fields: Mapping[str, FieldForm], document: StoredDocument, view: LedgerView, user: User, *, again: bool = False
) -> tuple[CooperationRecord, str]:
    """Return the record that a form describes, and the id of the last decision about it that the curator knows.

    The record's id is still free, unless the same record was added already: then it is that one's, with no decision
    known (the form was sent twice, or two curators added the same). With ``again`` it is free all the same.

    Raises:
        EditError: a field is missing or invalid; the message says which.
    """
    values: dict[str, Any] = {}
    for name in ("year", "actor", "partner", "amount", "sector", "kind", "status"):
        one = fields[name]
        first = values["year"].start if values.get("year") else None
        values[name] = None if name in NULLABLE and not one["start"] else replace(one, year=first).value()
    evidence = fields["evidence"].span
    if evidence is None:
        raise EditError("evidence: select the sentence that states the act")
    try:
        record = CooperationRecord(
            record_id="-",
            document_id=document.id,
            rank=view.release.next_rank(document.id),
            act_id=act_id_of(document.id, evidence.text, values["actor"].name, values["kind"]),
            evidence=evidence,
            confidence=Confidence(record=_CERTAIN),
            extractor=Extractor(name="curator", version="", model=""),
            provenance=tuple(
                Provenance(field=name, source="curator", name=user.name) for name in values if values[name]
            ),
            **values,
        )
    except ValidationError as error:
        raise EditError(first_error_message(error)) from error
    return _identified(record, view, again=again)


def _identified(record: CooperationRecord, view: LedgerView, *, again: bool) -> tuple[CooperationRecord, str]:
    added = set() if again else {one.record_id for one in view.added_to(record.document_id)}
    occurrence = 0
    while (other := view.shown(record_id := record_id_of(record, occurrence))) is not None:
        if record_id in added and not view.is_rejected(record_id) and values_of(other) == values_of(record):
            return record.model_copy(update={"record_id": record_id}), ""
        occurrence += 1
    return record.model_copy(update={"record_id": record_id}), view.last_decision_id(record_id)
