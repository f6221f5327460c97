"""Editing a field, and adding a record that the machine missed: selected words are quoted, read at once and shown."""

from collections.abc import Mapping
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from ledger.decisions import given_value, states
from review.drafts import FIELDS, Draft, EditError, drafted, suggested
from review.filters import Filters
from review.forms import NULLABLE, FieldForm, Form, as_json, first_fault
from review.pages.decide import show_clash
from review.pages.document import document_text
from review.pages.record import RecordCard, card_of
from review.rendering import render
from review.store import ConcurrentDecisionError
from review.text import Mark, excerpt
from review.view import LedgerView
from review.web import CurrentUser, PostedForm, User, redirect
from schemas import (
    EDITED_FIELDS,
    AmountKind,
    Bound,
    Confidence,
    CooperationRecord,
    Extractor,
    FieldDecision,
    Kind,
    PartyType,
    Provenance,
    Span,
    Status,
    StoredDocument,
    Verdict,
    act_id_of,
    crs_sectors,
    fields,
    record_id_of,
)
from schemas.packaged import packaged_rows

router = APIRouter()
_LONGEST = 5_000
_CERTAIN = 1.0
RULES = {row["field"]: row["rule"] for row in packaged_rows("review", "tables/rules.csv")}
"""The guideline's rule for each field, in a line: what stands beside the field while it is edited."""
OPTIONS: Mapping[str, Any] = {
    "kinds": get_args(Kind),
    "statuses": get_args(Status),
    "party_types": get_args(PartyType),
    "amount_kinds": get_args(AmountKind),
    "bounds": get_args(Bound),
    "sectors": crs_sectors(),
    "science": fields(),
    "nullable": NULLABLE,
    "rules": RULES,
}
"""What the inputs of a form offer."""


@router.get("/editor")
def editor(
    user: CurrentUser, record: str, field: str, start: int = -1, end: int = -1, within: str = "", place: str = ""
) -> Response:
    """Show the inputs of a field: with its value, or with what newly selected words say."""
    card, text = _editable(user, record, field)
    if start >= 0:
        draft = _drafted(user, field, text, start, end, _rate_year(card.record))
    elif field == "evidence":
        draft = Draft(field, card.record.evidence if card.quotable else None, None)
    else:
        row = next(one for one in card.rows if one.name == field)
        draft = Draft(field, row.quote, row.value)
    filters = Filters.of_query(within)
    return render("editor.html", user, card=card, filters=filters, place=place, draft=draft, **OPTIONS)


@router.get("/draft")
def draft(user: CurrentUser, document: str, field: str, start: int, end: int, year: int | None = None) -> Response:
    """Read newly selected words as a field of the new record."""
    _, text = document_text(user.view(), document)
    if field not in FIELDS:
        raise HTTPException(404, "there is no such field")
    read = _drafted(user, field, text, start, end, year)
    return render("draft.html", user, document_id=document, draft=read, **OPTIONS)


def _drafted(user: User, field: str, text: str, start: int, end: int, year: int | None) -> Draft:
    try:
        return drafted(field, text, start, end, user.services.normalise, year=year)
    except EditError as error:
        raise HTTPException(400, str(error)) from error


def _editable(user: User, record: str, field: str) -> tuple[RecordCard, str]:
    card = card_of(user.view(), record)
    if field not in EDITED_FIELDS or card.text is None:
        raise HTTPException(404, "there is nothing to edit")
    return card, card.text


def _rate_year(record: CooperationRecord) -> int | None:
    """Return the year whose rate a record's amount is counted at."""
    return record.year.start if record.year else None


@router.post("/edit")
def edit(user: CurrentUser, form: PostedForm) -> Response:
    """Save a field, and show the record again."""
    user.require_name()
    field = form["field"]
    card, text = _editable(user, form["record"], field)
    form.require_release(card.view)
    before = card.record.model_dump(mode="json", include={field})[field]
    try:
        value = _value(user, card, form, text)
        verdict: Verdict = "accept" if states(field, value) == states(field, before) else "edit"
        made = user.services.store.decide(
            card.record,
            verdict=verdict,
            reviewer=user.name,
            last_seen=form.last_seen,
            fields=[FieldDecision(name=field, seen=before, given=value)],
            note=form["note"],
        )
    except ConcurrentDecisionError as clash:
        return show_clash(user, form, clash, "/edit")
    except ValueError as error:  # what was typed stays, with what is wrong about it
        wrong = error if isinstance(error, EditError) else EditError(str(error))
        return render(
            "wrong.html", user, 422, card=card, filters=form.filters, place=form["place"], note=form["note"],
            draft=FieldForm(field, form, text, user.services.normalise).draft(wrong),
            back=form.address(card.id, card.record.document_id), **OPTIONS,
        )  # fmt: skip
    user.saved(f"{field} {'edited' if verdict == 'edit' else 'accepted as it is'}", made)
    return redirect(form.address(card.id, card.record.document_id))


def _value(user: User, card: RecordCard, form: Form, text: str) -> object:
    field, record = form["field"], card.record
    if form["machine"]:
        outcome = card.outcomes.get(field)
        if outcome is None:
            raise HTTPException(409, "the machine says nothing new of this field")
        return as_json(given_value(field, outcome.now, machine=record, text=text))
    year, known = _rate_year(record), record.amount
    return as_json(FieldForm(field, form, text, user.services.normalise, year=year, known=known).value())


@router.get("/add")
def add(user: CurrentUser, document: str, start: int = 0, end: int = 0, mention: str = "", list: str = "") -> Response:
    """Show the form of a new record, filled in from what is mentioned around a place."""
    view = user.view()
    stored, text = document_text(view, document)
    if 0 <= start < end <= len(text):
        drafts = suggested(text, start, end, user.services.normalise, mention=mention)
    else:
        drafts = {name: Draft(name, None, None) for name in FIELDS}
    return _add_form(user, view, stored, drafts, Filters.of_query(list))


@router.get("/add/here")
def add_here(user: CurrentUser, document: str, start: int, end: int, list: str = "") -> Response:
    """Draft a record from words selected in the document: a party, a sum, a year, or the sentence that states it."""
    view = user.view()
    stored, text = document_text(view, document)
    if not 0 <= start < end <= len(text) or end - start > _LONGEST:
        raise HTTPException(400, "select the words of one act")
    drafts = suggested(text, start, end, user.services.normalise)
    return render(
        "add_here.html", user, view=view, document=stored, drafts=drafts, note="", place="document",
        filters=Filters.of_query(list), **OPTIONS,
    )  # fmt: skip


def _add_form(
    user: User,
    view: LedgerView,
    stored: StoredDocument,
    drafts: Mapping[str, Draft],
    filters: Filters,
    *,
    note: str = "",
    place: str = "",
    wrong: str = "",
) -> Response:
    text = stored.text or ""
    span = drafts["evidence"].span
    marks = [Mark(name, one.span, name) for name, one in drafts.items() if one.span and name != "evidence"]
    shown = excerpt(text, span or Span.of(text, 0, min(1, len(text))), marks) if text else None
    return render(
        "add.html", user, 422 if wrong else 200, view=view, document=stored, drafts=drafts, page=shown, wrong=wrong,
        filters=filters, note=note, place=place, **OPTIONS,
    )  # fmt: skip


@router.post("/add")
def save_added(user: CurrentUser, form: PostedForm) -> Response:
    """Log the new record, and show it."""
    view = user.deciding(form)
    stored, text = document_text(view, form["document"])
    try:
        record = added_record(form, stored, text, view, user)
    except EditError as error:
        wrong = str(error)
        of_field = {name: FieldForm(name, form, text, user.services.normalise) for name in FIELDS}
        drafts = {name: one.draft(error if wrong.startswith(f"{name}:") else None) for name, one in of_field.items()}
        return _add_form(user, view, stored, drafts, form.filters, note=form["note"], place=form["place"], wrong=wrong)
    user.saved(
        "a record added; the next run publishes it",
        user.services.store.add(record, reviewer=user.name, note=form["note"]),
    )
    return redirect(form.address(record.record_id, record.document_id))


def added_record(form: Form, document: StoredDocument, text: str, view: LedgerView, user: User) -> CooperationRecord:
    """Make the record that a form describes.

    Raises:
        EditError: something is missing, or makes no value; the message says what.
    """
    normalise = user.services.normalise
    evidence = FieldForm("evidence", form, text, normalise).span
    values: dict[str, Any] = {"year": None}
    if form["year.start"] and not form["year.none"]:
        values["year"] = FieldForm("year", form, text, normalise).value()
    first = values["year"].start if values["year"] else None
    for name in ("actor", "partner", "amount", "sector", "kind", "status"):
        empty = name in ("partner", "amount") and not form[f"{name}.start"]
        values[name] = None if empty else FieldForm(name, form, text, normalise, year=first).value()
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
        raise EditError(first_fault(error)) from error
    occurrence = 0
    while view.record(record_id := record_id_of(record, occurrence)) is not None:
        occurrence += 1
    return record.model_copy(update={"record_id": record_id})
