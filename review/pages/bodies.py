"""Names that look like one body: shown together, and given one name in one decision over many records."""

import secrets
from functools import lru_cache
from typing import Any, get_args

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import ValidationError

from review.bodies import Cluster, Known, Variant, clusters, known_in
from review.editing import said_of
from review.pages.decide import mine, named, same_release
from review.store import Clash, Shelf, Store, View
from review.web import Form, Posted, Refused, Someone, Visitor, page, see
from schemas import FieldDecision, Party, PartyType, Span, country_code

router = APIRouter()
PER_PAGE = 25
AT_ONCE = 2_000
_SHOWN = 40


@lru_cache(maxsize=2)
def _found(store: Store, shelf: Shelf, decisions: int) -> tuple[Known, list[Cluster]]:
    """Find names and clusters anew for each release and each decision: ``decisions`` is how many there are."""
    known = known_in(store.view())
    return known, clusters(known.variants.values())


def _of(who: Visitor, view: View) -> tuple[Known, list[Cluster]]:
    return _found(who.desk.store, view.shelf, len(view.decided.all))


@router.get("/bodies")
def bodies(who: Someone, q: str = "", page_: int = 1) -> Response:
    """Show the names that look like one body; those that hold some words, if such are given."""
    view = who.desk.store.view()
    return _shown(who, view, q, page_)


def _shown(who: Visitor, view: View, q: str, number: int, wrong: str = "", at: str = "") -> Response:
    known, found = _of(who, view)
    held = known.holding(q)[:_SHOWN] if q.strip() else []
    left = [one for one in found if one.id not in who.session.skipped]
    listed = [Cluster(tuple(held), "by your search")] if held else [] if q.strip() else left
    pages = max(1, -(-len(listed) // PER_PAGE))
    number = min(max(1, number), pages)
    return page(
        "bodies.html", who, 422 if wrong else 200, view=view, shown=listed[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(left), number=number, pages=pages, q=q, party_types=get_args(PartyType), wrong=wrong, at=at,
    )  # fmt: skip


@router.post("/bodies")
def merge(who: Someone, form: Posted) -> Response:
    """Give the names that were ticked one name, type and country, in every record that has one of them."""
    named(who)
    view = who.desk.store.view()
    same_release(view, form)
    ticked = [one for name in form.all("variant") if (one := _of(who, view)[0].variants.get(name)) is not None]
    given: dict[str, Any] = {
        "name": form["name"], "type": form["type"], "country": country_code(form["country"]) or None,
    }  # fmt: skip
    wrong = _refused(given) or ("" if ticked else "tick the names that are one body")
    if wrong:
        return _shown(who, view, form["q"], 1, wrong, form["cluster"])
    batch = secrets.token_hex(8)
    places = [place for one in ticked if not _same(one, given) for place in one.places]
    done = [_renamed(who, view, form, *place, given, batch) for place in places[:AT_ONCE]]
    if not any(done):
        return _shown(who, view, form["q"], 1, "these names are so already: nothing was saved", form["cluster"])
    who.session.said = f"Saved: {sum(done)} {'names' if sum(done) != 1 else 'name'} merged."
    left = f"&left={len(places) - sum(done)}" if sum(done) < len(places) else ""
    return see(f"/batch?id={batch}{left}")


def _refused(given: dict[str, Any]) -> str:
    try:
        Party.model_validate({**given, "span": Span(start=0, end=1, text="-").model_dump()})
    except ValidationError as error:
        return said_of(error)
    return ""


def _same(one: Variant, given: dict[str, Any]) -> bool:
    return (one.name, one.type, one.country or None) == (given["name"], given["type"], given["country"])


def _renamed(
    who: Visitor, view: View, form: Form, record_id: str, field: str, given: dict[str, Any], batch: str
) -> bool:
    record = view.shown(record_id)
    before = record.model_dump(mode="json", include={field})[field] if record else None
    if record is None or before is None:
        return False
    change = FieldDecision(name=field, seen=before, given={**before, **given})
    note = form["note"] or f"one body: {given['name']}"
    last = who.desk.store.view().decided.last(record_id)
    try:
        made = who.desk.store.decide(
            record, verdict="edit", reviewer=who.name, last_seen=last, fields=[change], note=note, batch=batch
        )
    except Clash:
        return False
    mine(who, made)
    return True


@router.post("/bodies/apart")
def apart(who: Someone, form: Posted) -> Response:
    """Leave names apart: this browser is not asked about them again, until the page's program is started anew."""
    if not form["cluster"]:
        raise Refused(400, "no names were given")
    who.session.skipped.add(form.fields["cluster"][0].replace("\r\n", "\n"))
    return see("/bodies")
