"""Annotated documents as facts that records are scored against."""

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.evaluate.scores import Json

# Which types of a record's party agree with a coded one: what a body is called differs from coder to coder.
_TYPES = {
    "organisation": ("organisation", "government", "company", "university"),
    "government": ("government", "organisation"),
    "company": ("company", "organisation"),
    "university": ("university", "organisation"),
    "country": ("country", "group"),
    "group": ("group", "country", "organisation"),
    "person": ("person", "organisation", "government"),
}


def facts_of(document: Mapping[str, Any]) -> list[Json]:
    """Return the facts of an annotated document, one for each pair of parties of each act."""
    return [_fact(document["id"], act) for act in document["acts"]]


def _fact(document: str, act: Mapping[str, Any]) -> Json:
    year, amount = act["year"], act["amount"]
    return {
        "doc": document,
        "required": act.get("required", True),
        "actor": _party(act["actor"]),
        "partner": _party(act["partner"]),
        "year": year and {"start": year["start"], "end": year.get("end")},
        "amount": amount and _amount(amount),
        "sector": act["sector"],
        "fields": [],
        "kind": _several(act["kind"]),
        "status": _several(act["status"]),
        "evidence": act["evidence"],
    }  # fmt: skip


def _amount(amount: Mapping[str, Any]) -> Json:
    known = {key: amount[key] for key in ("kind", "value", "unit")}
    return {**known, "bound": [amount["bound"]], "per": amount.get("per")}


def _party(party: Mapping[str, Any] | None) -> Json | None:
    if party is None:
        return None
    names = [name for name in (party["name"], party["quote"], *(party.get("also") or ())) if name]
    return {"names": list(dict.fromkeys(names)), "country": party["country"], "type": list(_TYPES[party["type"]])}


def _several(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
