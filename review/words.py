"""How the page says things."""

from collections.abc import Callable, Mapping
from typing import Any

from ledger.report.words import country_name, money, number, value, years
from review.queue import RANGES
from review.text import told
from schemas import DECIDED_FIELDS, Amount, Change, CooperationRecord, Decision, Derivation

_WHY = {
    "conflict": "conflict",
    "orphaned": "orphan",
    "changed": "changed",
    "new": "new",
    "unreviewed": "not reviewed",
    "settled": "settled",
}
_PLAIN = frozenset({"document", "party", "curator", "assigned", "sector"})
_CAUSES = {
    "source": "the document",
    "code": "new code",
    "model": "the new model",
    "tables": "new tables",
    "decision": "a curator",
}
_LONG = 2_000
_TOLD = frozenset({*DECIDED_FIELDS, "evidence"})
REASONS = (
    ("no_act", "no act"), ("duplicate", "told by another record"), ("wrong_party", "wrong party"),
    ("out_of_scope", "out of scope"),
)  # fmt: skip
"""Why a record is rejected, as the log has it and as the page says it."""
_VERDICTS = {"accept": "accepted", "reject": "rejected", "edit": "edited"}


def why(name: str) -> str:
    """Say why a record is in the queue."""
    return _WHY.get(name, name)


def chosen_value(name: str, given: str) -> str:
    """Say the value of a filter."""
    low, dots, high = given.partition("..") if name in RANGES else (given, "", "")
    if dots:
        ends = [_end(name, one) for one in (low, high)]
        return f"{ends[0]} to {ends[1]}" if low and high else f"from {ends[0]}" if low else f"up to {ends[1]}"
    if name in _SAID:
        return _SAID[name](given)
    return told(given) if name in _PLAIN else given.replace("_", " ")


def _end(name: str, given: str) -> str:
    return money(float(given)) if name == "amount" and given.isdigit() else given


def cause(name: str) -> str:
    """Say what made a change."""
    return _CAUSES.get(name, name)


def verdict(decision: Decision) -> str:
    """Say what a decision did."""
    if decision.undoes:
        return "took back"
    if decision.added:
        return "added"
    said = _VERDICTS[decision.verdict]
    if decision.possible:
        said = "dismissed"
    if decision.reason:
        said = f"{said} ({dict(REASONS)[decision.reason]})"
    return f"{said} {', '.join(one.name for one in decision.fields)}" if decision.fields else said


def clock(time: str) -> str:
    """Write a time of the log for a person (UTC)."""
    return time[:16].replace("T", " ")


def version(name: str) -> str:
    """Write a version, which is a time, for a person; leave any other as it is."""
    plain = len(name) >= 16 and name[8] == "T" and name[:8].isdigit() and name[9:15].isdigit()
    if not plain:
        return name
    return f"{name[:4]}-{name[4:6]}-{name[6:8]} {name[9:11]}:{name[11:13]}{name[16:]}"


def field_value(name: str, given: Any) -> str:
    """Write a decided field's JSON value for a person."""
    return cut(told(_field_value(name, given)))


def cut(text: str) -> str:
    """Leave out the middle of what is too long to be read, or to be compared letter by letter."""
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]} … {text[-_LONG // 2 :]}"


def _field_value(name: str, given: Any) -> str:
    if name == "evidence" and given is not None:
        return str(given.get("text"))
    if given is None:
        return "none"
    if name == "sector":
        fields = ", ".join(given.get("fields") or ())
        return f"{given.get('code')} {given.get('name', '')}{f' ({fields})' if fields else ''}"
    if name in ("actor", "partner"):
        country = given.get("country")
        place = f", {country_name(country)}" if country and country_name(country) != given.get("name") else ""
        return f"{given.get('name')} ({given.get('type')}{place})"
    if name == "year" and isinstance(given, Mapping):
        return years(given)
    if name == "amount":
        return amount_value(given)
    return value(given).replace("_", " ")


def amount_value(given: Mapping[str, Any]) -> str:
    """Write an amount with its bound."""
    bound = given.get("bound", "exact")
    per = f" a {given['per']}" if given.get("per") else ""
    unit = given.get("unit")
    if bound == "range" and given.get("low") is not None and given.get("high") is not None:
        return f"{number(given['low'])} to {number(given['high'])} {unit}{per}"
    lead = "" if bound in ("exact", "range") else f"{bound.replace('_', ' ')} "
    return f"{lead}{number(given.get('value', 0))} {unit}{per}"


def derivation(one: Derivation) -> str:
    """Say how a number was read."""
    parts = [one.number, *(part for part in (one.scale,) if part)]
    currency = f", {one.currency}" if one.currency else ""
    assumed = f", taken for {one.assumed}" if one.assumed and one.assumed != "curator" else ""
    by_hand = ", by a curator" if one.assumed == "curator" else ""
    return f"“{one.surface}” → {' × '.join(parts)}{currency}{assumed}{by_hand}"


def rate(amount: Amount) -> str:
    """Say by which rate the dollars were made; empty where there are none."""
    if amount.usd is None or amount.usd_rate is None:
        return ""
    if amount.unit == "USD":
        return f"${number(amount.usd)}"
    basis = f" ({amount.usd_rate_basis})" if amount.usd_rate_basis else ""
    return f"÷ {amount.usd_rate:g} {amount.unit} a dollar{basis} = ${number(amount.usd)}"


def parties(record: CooperationRecord) -> str:
    """Say who with whom."""
    return told(f"{record.actor.name} → {record.partner.name if record.partner else 'no partner named'}")


def changed_fields(change: Change) -> list[str]:
    """List the fields whose statement changed, each once; offsets, ranks and confidences are none."""
    names = dict.fromkeys(one.name.partition(".")[0] for one in change.fields if ".span" not in one.name)
    return [name for name in names if name in _TOLD]


_SAID: Mapping[str, Callable[[str], str]] = {"why": why, "cause": cause, "country": country_name, "release": version}
FILTERS: Mapping[str, Callable[..., Any]] = {
    "why": why,
    "chosen_value": chosen_value,
    "told": told,
    "cut": cut,
    "cause": cause,
    "verdict": verdict,
    "clock": clock,
    "version": version,
    "field_value": field_value,
    "derivation": derivation,
    "rate": rate,
    "parties": parties,
    "changed_fields": changed_fields,
}
