"""Editing a field: selected words are quoted, read at once and shown; what is saved replaces the machine's value."""

from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response

from ledger.decisions import given_value, states
from review.card import Card
from review.editing import NULLABLE, QUOTED, Draft, EditError, as_json, drafted, given, typed, year_of
from review.pages.decide import clashed, mine, named, same_release, seen
from review.pages.record import found
from review.queue import Filters
from review.rules import RULES
from review.store import Clash
from review.web import Form, Posted, Refused, Someone, Visitor, page, see
from schemas import (
    EDITED_FIELDS,
    AmountKind,
    Bound,
    FieldDecision,
    Kind,
    PartyType,
    Status,
    Verdict,
    crs_sectors,
    fields,
)

router = APIRouter()
OPTIONS: dict[str, Any] = {
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


@router.get("/editor")
def editor(
    who: Someone, record: str, field: str, start: int = -1, end: int = -1, within: str = "", place: str = ""
) -> Response:
    """Show the inputs of a field: with its value, or with what newly selected words say."""
    card, text = _editable(who, record, field)
    if start >= 0:
        try:
            draft = drafted(field, text, start, end, who.desk.normalise, year=year_of(card.record))
        except EditError as error:
            raise Refused(400, str(error)) from error
    else:
        draft = _as_is(card, field)
    filters = Filters.of_query(within)
    return page("editor.html", who, card=card, filters=filters, place=place, draft=draft, **OPTIONS)


def _editable(who: Visitor, record: str, field: str) -> tuple[Card, str]:
    card = found(who.view(), record)
    if field not in EDITED_FIELDS or card.text is None:
        raise Refused(404, "there is nothing to edit")
    return card, card.text


def _as_is(card: Card, field: str) -> Draft:
    if field == "evidence":
        return Draft(field, card.record.evidence if card.quotable else None, None)
    row = next(one for one in card.rows if one.name == field)
    return Draft(field, row.quote if field in QUOTED else None, row.value)


@router.post("/edit")
def edit(who: Someone, form: Posted) -> Response:
    """Save a field, and show the record again."""
    named(who)
    card, text = _editable(who, form["record"], form["field"])
    same_release(card.view, form)
    field = form["field"]
    try:
        value = _value(who, card, form, text)
    except EditError as error:
        return _again(who, card, form, text, error)
    before = card.record.model_dump(mode="json", include={field})[field]
    verdict: Verdict = "accept" if states(field, value) == states(field, before) else "edit"
    try:
        made = who.desk.store.decide(
            card.record,
            verdict=verdict,
            reviewer=who.name,
            last_seen=seen(form),
            fields=[FieldDecision(name=field, seen=before, given=value)],
            note=form["note"],
        )
    except Clash as clash:
        return clashed(who, form, clash, "/edit")
    except ValueError as error:
        return _again(who, card, form, text, EditError(str(error)))
    mine(who, made)
    who.session.said = f"Saved: {field} {'edited' if verdict == 'edit' else 'accepted as it is'}."
    return see(form.address(card.id, card.record.document_id))


def _value(who: Visitor, card: Card, form: Form, text: str) -> object:
    field = form["field"]
    if form["machine"]:
        outcome = card.outcomes.get(field)
        if outcome is None:
            raise Refused(409, "the machine says nothing new of this field")
        return as_json(given_value(field, outcome.now, machine=card.record, text=text))
    record = card.record
    return as_json(given(field, form, text, who.desk.normalise, year=year_of(record), known=record.amount))


def _again(who: Visitor, card: Card, form: Form, text: str, wrong: EditError) -> Response:
    """Show what is wrong beside what was typed, all of which stays."""
    draft = typed(form["field"], form, text, wrong)
    return page(
        "wrong.html", who, 422, card=card, filters=form.filters, place=form["place"], draft=draft, note=form["note"],
        back=form.address(card.id, card.record.document_id), **OPTIONS,
    )  # fmt: skip
