"""Rendering of the templates, and the filters by which they write values for people."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from ledger.causes import CAUSE_NAMES
from ledger.report.formatting import country_name, money, number, value, visible, years
from ledger.report.pages import TEMPLATES, environment
from review.drafts import FIELDS, NULLABLE
from review.filters import RANGES, SORTS, STATES, as_path, document_address
from review.table import Rows
from review.view import word_of
from review.web import User
from schemas import (
    DECIDED_FIELDS,
    EDITED_FIELDS,
    Amount,
    AmountKind,
    Bound,
    Change,
    CooperationRecord,
    Decision,
    Derivation,
    Kind,
    PartyType,
    RejectReason,
    Status,
    countries,
    crs_sectors,
    currencies,
    fields,
)
from schemas.packaged import packaged_rows

REASONS: Mapping[RejectReason, str] = {
    "no_act": "no act", "duplicate": "told by another record", "wrong_party": "wrong party",
    "out_of_scope": "out of scope",
}  # fmt: skip
"""Reasons for rejecting a record: as in the log, and as shown on the page."""
WITH_FLASH = frozenset(
    {"queue.html", "record.html", "document.html", "decisions.html", "batch.html", "progress.html", "names.html"}
)
"""The pages that show the session's message (``flash``)."""

_WHY = {"orphaned": "orphan", "unreviewed": "not reviewed"}
_VERDICTS = {"accept": "accepted", "reject": "rejected", "edit": "edited"}
_FREE_TEXT = frozenset({"document", "party", "curator", "assigned", "sector"})
_MAX_TEXT = 2_000
_PAIR = Markup(
    '<bdi>{}</bdi> <span class="soft" aria-hidden="true">→</span><span class="sr"> with </span> <bdi>{}</bdi>'
)
PARTIES = ("actor", "partner")
"""The fields of a record that name a party."""


def render(template: str, user: User | None, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page for a user, or for somebody who was not let in (None)."""
    shared = {
        "flash": user.session.take_flash() if user and template in WITH_FLASH else "", "user": user,
        "name": user.name if user else "", "csrf": user.csrf if user else "",
        "faults": user.services.store.faults() if user else (), "place": "",
    }  # fmt: skip
    text = _environment().get_template(template).render(**(shared | context))
    return HTMLResponse(text.encode("utf-8", "replace"), status)


def paged(items: Sequence[Any] | Rows, wanted: int, size: int) -> dict[str, Any]:
    """Return the template's variables for one page of a list: the page wanted, or the last if there are fewer."""
    pages = max(1, -(-len(items) // size))
    number = min(max(1, wanted), pages)
    start = (number - 1) * size
    shown = items[start : start + size]
    return {"shown": shown, "first": start + 1, "total": len(items), "number": number, "pages": pages}


@cache
def _environment() -> Environment:
    made = environment(ChoiceLoader([PackageLoader("review", "templates"), PrefixLoader({"report": TEMPLATES})]))
    made.filters |= {one.__name__: one for one in _TEMPLATE_FILTERS} | {"path": as_path}
    made.globals |= {
        "document_address": document_address,
        "named_pair": named_pair,
        "reasons": REASONS,
        "verdicts": _VERDICTS,
        "decided": DECIDED_FIELDS,
        "new_fields": FIELDS,
        "kinds": get_args(Kind),
        "statuses": get_args(Status),
        "party_types": get_args(PartyType),
        "amount_kinds": get_args(AmountKind),
        "bounds": get_args(Bound),
        "sectors": crs_sectors(),
        "science": fields(),
        "nullable": NULLABLE,
        "rules": {row["field"]: row["rule"] for row in packaged_rows("review", "tables/rules.csv")},
        "states": STATES,
        "sorts": SORTS,
        "country_options": _options(countries()),
        "currency_options": _options(currencies()),
    }
    return made


def _options(names: Mapping[str, str]) -> Markup:
    """Render a long list of choices, once for all pages."""
    return Markup("").join(Markup('<option value="{}">{}</option>').format(*one) for one in names.items())


def why(name: str) -> str:
    """Name the reason why a record is in the queue."""
    return _WHY.get(name, name)


def chosen_value(name: str, given: str) -> str:
    """Write the value of a filter."""
    low, dots, high = given.partition("..") if name in RANGES else (given, "", "")
    if dots:
        ends = [money(float(one)) if name == "amount" and one.isdecimal() else one for one in (low, high)]
        return f"{ends[0]} to {ends[1]}" if low and high else f"from {ends[0]}" if low else f"up to {ends[1]}"
    if name in _VALUE_WRITERS:
        return _VALUE_WRITERS[name](given)
    return given if name in _FREE_TEXT else given.replace("_", " ")


def cause(name: str) -> str:
    """Name the cause of a change."""
    return CAUSE_NAMES.get(name, name)


def verdict(decision: Decision) -> str:
    """Describe what a decision did."""
    if decision.undoes:
        return "took back"
    if decision.added:
        return "added"
    said = "dismissed" if decision.possible else _VERDICTS[decision.verdict]
    if decision.reason:
        said = f"{said} ({REASONS[decision.reason]})"
    return f"{said} {', '.join(one.name for one in decision.fields)}" if decision.fields else said


def clock(time: str) -> str:
    """Write a time of the log for a person (UTC)."""
    return time[:16].replace("T", " ")


def version(name: str) -> str:
    """Write a version that is a time for a person; return any other unchanged."""
    plain = len(name) >= 16 and name[8] == "T" and name[:8].isdigit() and name[9:15].isdigit()
    return f"{name[:4]}-{name[4:6]}-{name[6:8]} {name[9:11]}:{name[11:13]}{name[16:]}" if plain else name


def field_value(name: str, given: Any) -> str:
    """Write a decided field's JSON value for a person."""
    return cut(_field_value(name, given))


def cut(text: str) -> str:
    """Leave out the middle of a text that is too long to be read, or to be compared letter by letter."""
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT // 2]} … {text[-_MAX_TEXT // 2 :]}"


def _field_value(name: str, given: Any) -> str:
    if given is None:
        return "none"
    if name == "evidence":
        return str(given.get("text"))
    if name == "sector":
        fields = ", ".join(given.get("fields") or ())
        return f"{given.get('code')} {given.get('name', '')}{f' ({fields})' if fields else ''}"
    if name in PARTIES:
        return f"{given.get('name')} {_party_kind(given)}"
    if name == "year" and isinstance(given, Mapping):
        return years(given)
    return amount_value(given) if name == "amount" else value(given).replace("_", " ")


def _party_kind(given: Mapping[str, Any]) -> str:
    country = given.get("country")
    place = f", {country_name(country)}" if country and country_name(country) != given.get("name") else ""
    return f"({given.get('type')}{place})"


def shown_value(name: str, given: Any) -> str:
    """Write a decided field's JSON value, with a party's name isolated, as it may run from right to left."""
    if name not in PARTIES or given is None:
        return field_value(name, given)
    return Markup("<bdi>{}</bdi> {}").format(visible(cut(str(given.get("name")))), _party_kind(given))


def amount_value(given: Mapping[str, Any]) -> str:
    """Write an amount with its bound."""
    bound, unit = given.get("bound", "exact"), given.get("unit")
    per = f" a {given['per']}" if given.get("per") else ""
    if bound == "range" and given.get("low") is not None and given.get("high") is not None:
        return f"{number(given['low'])} to {number(given['high'])} {unit}{per}"
    lead = "" if bound in ("exact", "range") else f"{bound.replace('_', ' ')} "
    return f"{lead}{number(given.get('value', 0))} {unit}{per}"


def derivation(one: Derivation) -> str:
    """Describe how a number was read."""
    currency = f", {one.currency}" if one.currency else ""
    by_hand = one.assumed == "curator"
    assumed = ", by a curator" if by_hand else f", taken for {one.assumed}" if one.assumed else ""
    return f"“{one.surface}” → {one.number}{f' × {one.scale}' if one.scale else ''}{currency}{assumed}"


def rate(amount: Amount) -> str:
    """Describe the rate by which an amount was converted to dollars; empty without dollars."""
    if amount.usd is None or amount.usd_rate is None:
        return ""
    if amount.unit == "USD":
        return f"${number(amount.usd)}"
    basis = f" ({amount.usd_rate_basis})" if amount.usd_rate_basis else ""
    return f"÷ {amount.usd_rate:g} {amount.unit} a dollar{basis} = ${number(amount.usd)}"


def parties(record: CooperationRecord) -> str:
    """Write actor and partner as plain text, for places without markup."""
    return f"{record.actor.name} → {record.partner.name if record.partner else 'no partner named'}"


def pair(record: CooperationRecord) -> Markup:
    """Write actor and partner of a record."""
    return named_pair(record.actor.name, record.partner.name if record.partner else None)


def named_pair(actor: str, partner: str | None) -> Markup:
    """Write actor and partner, each isolated: a name that runs from right to left does not reverse the arrow."""
    return _PAIR.format(visible(actor), visible(partner or "no partner named"))


def changed_fields(change: Change) -> list[str]:
    """List the fields whose stated value changed, each once; offsets, ranks and confidences do not count."""
    names = dict.fromkeys(one.name.partition(".")[0] for one in change.fields if ".span" not in one.name)
    return [name for name in names if name in EDITED_FIELDS]


_VALUE_WRITERS: Mapping[str, Callable[[str], str]] = {
    "why": why, "cause": cause, "country": country_name, "release": version,
}  # fmt: skip
_TEMPLATE_FILTERS: Sequence[Callable[..., Any]] = (
    why, chosen_value, cut, cause, verdict, clock, version, field_value, derivation, rate, parties, pair, word_of,
    shown_value, changed_fields,
)  # fmt: skip
