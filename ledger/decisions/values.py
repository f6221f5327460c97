"""The meaning of a field's value apart from its quotation, and values whose spans are found again in a changed text."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from schemas import EDITED_FIELDS, CooperationRecord, Review, Span, crs_sectors

_STATED_PARTS: Mapping[str, tuple[str, ...]] = {
    "actor": ("name", "type", "country"),
    "partner": ("name", "type", "country"),
    "year": ("start", "end"),
    "amount": ("kind", "value", "unit", "bound", "per", "low", "high"),
    "sector": ("code", "fields"),
    "evidence": ("text",),
}
_DEFAULTS: Mapping[str, Any] = {"bound": "exact", "fields": []}
_SPAN = {"start", "end", "text"}


def meaning(name: str, value: Any) -> Any:
    """Return the meaning of a field's JSON value: hashable, without quotation, derivation or exchange rate."""
    if not isinstance(value, Mapping):
        return value
    return tuple(_hashable(value.get(part, _DEFAULTS.get(part))) for part in _STATED_PARTS[name])


def is_stated(path: str) -> bool:
    """Return whether a dotted path is part of a field's meaning, not its quotation, derivation, dollars or checks."""
    top, _, rest = path.partition(".")
    return not rest or rest.partition(".")[0] in _STATED_PARTS.get(top, ())


def _hashable(value: Any) -> Any:
    return tuple(sorted(value)) if isinstance(value, list | tuple) else value


def values_of(record: CooperationRecord, names: Iterable[str] = EDITED_FIELDS) -> dict[str, Any]:
    """Return the JSON values of a record's fields, by default of those that curators can edit."""
    return record.model_dump(mode="json", include=set(names))


def machine_record(record: CooperationRecord) -> CooperationRecord:
    """Return the record as it was extracted, before any decision."""
    if record.review == Review():
        return record
    values = {name: parse_value(name, value) for name, value in (record.review.original or {}).items()}
    extracted = tuple(one for one in record.provenance if one.source != "curator")
    return record.model_copy(update={**values, "review": Review(), "provenance": extracted})


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(CooperationRecord.model_fields[name].rebuild_annotation())


def parse_value(name: str, value: Any) -> Any:
    """Return a field's JSON value as its model.

    Raises:
        pydantic.ValidationError: the field cannot have this value.
    """
    return _adapter(name).validate_python(value)


def given_value(name: str, given: Any, *, machine: CooperationRecord, text: str | None) -> Any:
    """Return a curator's value as the field's model, with spans that quote the present text.

    Missing parts are filled in: the quotation (the extracted field's, else the evidence), an amount's derivation and
    dollars (at the extracted amount's rate, if the unit is the same), a sector's name.

    Args:
        name: one of EDITED_FIELDS.
        given: its JSON value.
        machine: the record as extracted now.
        text: the document's text; None leaves the quotations as they are.

    Raises:
        pydantic.ValidationError: the field cannot have this value.
    """
    if not isinstance(given, Mapping):
        return parse_value(name, given)
    if name == "evidence":
        span = parse_value(name, given)
        return span if text is None else requoted_span(span, text, machine.evidence, machine.evidence)
    now = getattr(machine, name)
    span = (now.span if now is not None else None) or machine.evidence
    filled = _with_defaults(name, {**given}, now)
    if filled.get("span") is None and name != "sector":
        filled["span"] = span.model_dump()
    return parse_value(name, filled if text is None else requoted(filled, text, machine.evidence, span))


def _with_defaults(name: str, value: dict[str, Any], now: Any) -> dict[str, Any]:
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


def requoted(value: Any, text: str, evidence: Span, fallback: Span) -> Any:
    """Return a JSON value with every span moved to where the text now holds its quotation.

    A span that is not at its old place is looked for within the evidence, then as near to it as possible; if the text
    does not hold it at all, ``fallback`` replaces it.
    """
    if isinstance(value, Mapping):
        if value.keys() == _SPAN:
            return requoted_span(Span.model_validate(value), text, evidence, fallback).model_dump()
        return {key: requoted(one, text, evidence, fallback) for key, one in value.items()}
    return [requoted(one, text, evidence, fallback) for one in value] if isinstance(value, list | tuple) else value


def requoted_span(span: Span, text: str, evidence: Span, fallback: Span) -> Span:
    """Return a span where the text now holds its quotation (see ``requoted``), or ``fallback``."""
    if span.quotes(text):
        return span
    within = text.find(span.text, evidence.start, evidence.end)
    at = within if within >= 0 else nearest_occurrence(text, span.text, evidence.start)
    return fallback if at < 0 else Span.of(text, at, at + len(span.text))


def nearest_occurrence(text: str, quotation: str, place: int) -> int:
    """Return the offset of the occurrence of a quotation nearest to an offset; -1 if there is none."""
    return min(((abs(at - place), at) for at in occurrences(text, quotation)), default=(0, -1))[1]


def occurrences(text: str, quotation: str) -> Iterator[int]:
    """Yield the offset of every occurrence of a quotation in a text, overlapping ones too."""
    at = text.find(quotation)
    while at >= 0:
        yield at
        at = text.find(quotation, at + 1)
