"""What a field's value states, apart from where the text says it; and values put back into a text that moved."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from schemas import EDITED_FIELDS, CooperationRecord, Review, Span, crs_sectors

_STATED: Mapping[str, tuple[str, ...]] = {
    "actor": ("name", "type", "country"),
    "partner": ("name", "type", "country"),
    "year": ("start", "end"),
    "amount": ("kind", "value", "unit", "bound", "per", "low", "high"),
    "sector": ("code", "fields"),
    "evidence": ("text",),
}
_DEFAULTS: Mapping[str, Any] = {"bound": "exact", "fields": []}
_SPAN = {"start", "end", "text"}


def states(name: str, value: Any) -> Any:
    """Return what a field's JSON value states: its meaning without quotation, derivation or rate."""
    if not isinstance(value, Mapping):
        return value
    return tuple(_frozen(value.get(part, _DEFAULTS.get(part))) for part in _STATED[name])


def is_stated(path: str) -> bool:
    """Return whether a dotted path is of what a field states: not of its quotation, derivation, dollars or checks."""
    top, _, rest = path.partition(".")
    return not rest or rest.partition(".")[0] in _STATED.get(top, ())


def _frozen(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, list | tuple) else value


def values_of(record: CooperationRecord, names: Iterable[str] = EDITED_FIELDS) -> dict[str, Any]:
    """Return the JSON values of a record's fields, by default of those that curators can edit."""
    return record.model_dump(mode="json", include=set(names))


def machine_of(record: CooperationRecord) -> CooperationRecord:
    """Return the record as the machine made it, before any curator's word."""
    if record.review == Review():
        return record
    values = {name: parsed(name, value) for name, value in (record.review.original or {}).items()}
    own = tuple(one for one in record.provenance if one.source != "curator")
    return record.model_copy(update={**values, "review": Review(), "provenance": own})


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(CooperationRecord.model_fields[name].rebuild_annotation())


def parsed(name: str, value: Any) -> Any:
    """Make the model of a field's JSON value.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _adapter(name).validate_python(value)


def given_value(name: str, given: Any, *, machine: CooperationRecord, text: str | None) -> Any:
    """Make the model of the value that a curator gave, quoting the text as it is now.

    What the curator left out is filled in: a quotation (the machine's for the field, else the evidence), an amount's
    derivation and dollars (by the machine's rate, where the unit is the same), a sector's name.

    Args:
        name: one of EDITED_FIELDS.
        given: its JSON value.
        machine: the record as the machine makes it now.
        text: the document's text; None leaves the quotations as they are.

    Raises:
        pydantic.ValidationError: no such value can be made.
    """
    if not isinstance(given, Mapping):
        return parsed(name, given)
    if name == "evidence":
        span = parsed(name, given)
        return span if text is None else placed_span(span, text, machine.evidence, machine.evidence)
    now = getattr(machine, name)
    span = (now.span if now is not None else None) or machine.evidence
    filled = _filled(name, {**given}, now)
    if filled.get("span") is None and name != "sector":
        filled["span"] = span.model_dump()
    return parsed(name, filled if text is None else placed(filled, text, machine.evidence, span))


def _filled(name: str, value: dict[str, Any], now: Any) -> dict[str, Any]:
    if name == "sector":
        value.setdefault("name", crs_sectors().get(value.get("code", ""), ""))
    if name == "year":
        value.setdefault("end", value.get("start"))
    if name == "amount":
        number = str(value.get("value", ""))
        value.setdefault("derivation", {"surface": number, "number": number, "assumed": "curator"})
        same_unit = now is not None and now.usd_rate is not None and now.unit == value.get("unit")
        if same_unit and "usd" not in value and isinstance(value.get("value"), int | float):
            rate = {"usd_rate": now.usd_rate, "usd_rate_basis": now.usd_rate_basis}
            value |= {"usd": round(value["value"] / now.usd_rate), **rate}
    return value


def placed(value: Any, text: str, evidence: Span, fallback: Span) -> Any:
    """Return a JSON value whose spans quote the text.

    A span that the text no longer holds at its place is looked for in the evidence, then nearest to the evidence; one
    that is gone is replaced by ``fallback``.
    """
    if isinstance(value, Mapping):
        if value.keys() == _SPAN:
            return placed_span(Span.model_validate(value), text, evidence, fallback).model_dump()
        return {key: placed(one, text, evidence, fallback) for key, one in value.items()}
    return [placed(one, text, evidence, fallback) for one in value] if isinstance(value, list | tuple) else value


def placed_span(span: Span, text: str, evidence: Span, fallback: Span) -> Span:
    """Find a quotation again, or return ``fallback``."""
    if span.quotes(text):
        return span
    within = text.find(span.text, evidence.start, evidence.end)
    at = within if within >= 0 else nearest(text, span.text, evidence.start)
    return fallback if at < 0 else Span.of(text, at, at + len(span.text))


def nearest(text: str, quotation: str, place: int) -> int:
    """Return where a text holds a quotation, the occurrence nearest to a place; -1 if nowhere."""
    return min(((abs(at - place), at) for at in occurrences(text, quotation)), default=(0, -1))[1]


def occurrences(text: str, quotation: str) -> Iterator[int]:
    """List the places at which a text holds a quotation."""
    at = text.find(quotation)
    while at >= 0:
        yield at
        at = text.find(quotation, at + 1)
