"""Forms that came in, and the values of fields that they tell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError
from starlette.exceptions import HTTPException

from ledger.release.jsonl import first_error
from review.drafts import Draft, EditError, Normaliser, read_amount, trimmed
from review.filters import Filters, document_address, record_address
from review.view import LedgerView
from schemas import (
    Amount,
    Derivation,
    Kind,
    Party,
    RejectReason,
    Sector,
    Span,
    Status,
    Year,
    country_code,
    crs_sectors,
)

NULLABLE = frozenset({"partner", "year", "amount"})
_YEARS = re.compile(r"(?:since\s+)?(\d{4})\s*(?:(-|–|to)\s*(\d{4})?)?", re.IGNORECASE)
_NUMBER = re.compile(
    r"(\d+|\d{1,3}(?:[,\u00a0\u202f ]\d{3})+)(\.\d+)?\s*(k|thousand|m|mn|million|bn|billion|tn|trillion)?", re.I
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "tn": 1e12,
           "trillion": 1e12}  # fmt: skip
_LARGEST = Decimal(10) ** 18
_COMMA = re.compile(r"(\d+),(\d+)")
_MAIN_PARTS = {"year": "years", "amount": "value", "actor": "name", "partner": "name", "sector": "code"}
_CHOICES: Mapping[str, tuple[str, ...]] = {"kind": get_args(Kind), "status": get_args(Status)}
_FAULTS = {
    "string_pattern_mismatch": "there is none of this name; write its English name or its three letters",
    "string_too_short": "it is empty",
    "float_type": "it is empty",
    "literal_error": "choose one of the list",
}
"""What pydantic says of a value, for a curator; a country alone has a pattern."""
Value = Party | Year | Amount | Sector | Span | str | None


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came in: the first value of each field, stripped."""

    fields: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, [""])[0].strip()

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def all(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.fields.get(name, [])

    @property
    def filters(self) -> Filters:
        """The list that the form was sent from."""
        return Filters.of_query(self["list"])

    @property
    def in_document(self) -> bool:
        """Whether it was sent from a record within its whole document."""
        return self["place"] == "document"

    @property
    def last_seen(self) -> str | None:
        """The last decision that the curator had seen; None where they decide though they know of another's."""
        return None if self["anyway"] else self["seen"]

    def require_release(self, view: LedgerView) -> None:
        """Insist that the curator saw the release that stands: in another one the record may say something else."""
        if self["release"] != view.release.version:
            raise HTTPException(
                409, "a new release was published meanwhile, and nothing was saved: look at the record again"
            )

    def reject_reason(self) -> dict[str, Any]:
        """Read why a record is rejected. Raises HTTPException: there is no such reason, or no such other record."""
        reason = self["reason"] or ("duplicate" if self["duplicate_of"] else "")
        if not reason or self["verdict"] != "reject":
            return {}
        if reason not in get_args(RejectReason):
            raise HTTPException(400, "there is no such reason")
        return {"reason": reason, "duplicate_of": (self["duplicate_of"] or None) if reason == "duplicate" else None}

    def address(self, record_id: str, document_id: str) -> str:
        """Return the address of a record where the form was sent from: in its document, or by itself."""
        if self.in_document:
            return document_address(document_id, record_id, self.filters)
        return record_address(record_id, self.filters)


def first_fault(error: ValidationError) -> str:
    """Say the first thing that is wrong for a person."""
    first = error.errors()[0]
    plain = _FAULTS.get(first["type"])
    return f"{first['loc'][-1]}: {plain}" if plain and first["loc"] else first_error(error).replace("Value error, ", "")


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What a form says of one field; its inputs are named ``<field>.<part>``.

    Args:
        field: one of EDITED_FIELDS.
        form: what came in.
        text: the document's text, which the quotation is taken from.
        normalise: reads the selected words; what the curator left as it was read keeps its derivation.
        year: the act's year, for the rate.
        known: the amount as it was, whose rate is kept for another sum of the same currency.
    """

    field: str
    form: Form
    text: str
    normalise: Normaliser
    year: int | None = None
    known: Amount | None = None

    def __getitem__(self, part: str) -> str:
        return self.form[f"{self.field}.{part}"]

    @property
    def span(self) -> Span | None:
        """The words that are quoted; None if there are none."""
        return trimmed(self.text, whole_number(self["start"]), whole_number(self["end"]))

    @property
    def quote(self) -> Span:
        """The words that are quoted. Raises EditError: there are none."""
        if self.span is None:
            raise EditError(f"{self.field}: select the words in the text that say it")
        return self.span

    def draft(self, wrong: EditError | None = None) -> Draft:
        """Draft the field as it came in, letter by letter, with what is wrong about it."""
        prefix = f"{self.field}."
        parts = {one.removeprefix(prefix): self.form[one] for one in self.form.fields if one.startswith(prefix)}
        value = parts.get("value") if self.field in _CHOICES else None
        several = tuple(self.form.all("sector.fields"))
        fault = (str(wrong), wrong.part) if wrong else ("", "")
        return Draft(self.field, self.span, value, "", parts, *fault, several)

    def value(self) -> Value:
        """Make the field's value. Raises EditError: the form makes none."""
        field = self.field
        if field in _CHOICES:
            if self["value"] not in _CHOICES[field]:
                raise EditError(f"{field}: choose one of the list")
            return self["value"]
        if self["none"]:
            if field not in NULLABLE:
                raise EditError(f"a record needs {'an' if field == 'actor' else 'a'} {field}")
            return None
        try:
            if field == "evidence":
                return self.quote
            if field == "sector":
                return self._sector()
            return self._amount() if field == "amount" else self._year() if field == "year" else self._party()
        except ValidationError as error:
            raise EditError(f"{field}: {first_fault(error)}", _part_of(field, error)) from error

    def _party(self) -> Party:
        country = country_code(self["country"]) or None
        span = self.quote.model_dump()
        return Party.model_validate({"name": self["name"], "type": self["type"], "country": country, "span": span})

    def _year(self) -> Year:
        span, found = self.quote, _YEARS.fullmatch(self["years"])
        if found is None:
            raise EditError("year: write 2018, 2018–2020, or 2018– for one that still runs", "years")
        since = found[2] is not None or self["years"].lower().startswith("since")
        last = int(found[3]) if found[3] else None if since else int(found[1])
        return Year(start=int(found[1]), end=last, span=span)

    def _sector(self) -> Sector:
        code, several = self["code"], tuple(self.form.all("sector.fields"))
        return Sector(code=code, name=crs_sectors().get(code, ""), fields=several, span=self.span)

    def _amount(self) -> Amount:
        span = self.quote
        typed = {
            "kind": self["kind"], "value": self._number("value"), "unit": self["unit"],
            "bound": self["bound"] or "exact", "per": self["per"] or None, "low": self._number("low"),
            "high": self._number("high"),
        }  # fmt: skip
        read = read_amount(self.text, span, self.normalise, self.year)
        if read is not None and all(getattr(read, name) == value for name, value in typed.items()):
            return read
        by_hand = Derivation(surface=span.text, number=self["value"] or "-", assumed="curator")
        rate = _rate(read, typed) or _rate(self.known, typed)
        return Amount.model_validate({**typed, **rate, "derivation": by_hand.model_dump(), "span": span.model_dump()})

    def _number(self, part: str) -> float | None:
        typed = self[part]
        if not typed:
            return None
        found = _NUMBER.fullmatch(typed)
        if found is None:
            comma = _COMMA.fullmatch(typed)
            either = f": is it {comma[1]}.{comma[2]} or {comma[1]}{comma[2]}?" if comma else ""
            raise EditError(f"amount: {typed} is no number{either or ': write 1500000 or 1.5 million'}", part)
        plain = re.sub(r"\D", "", found[1]) + (found[2] or "")
        value = Decimal(plain) * Decimal(_SCALES[found[3].lower()] if found[3] else 1)
        if value > _LARGEST:
            raise EditError(f"amount: {typed} is more than there is of anything", part)
        return float(value)


def whole_number(typed: str) -> int:
    """Read a place in a text; -1 where it is none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _part_of(field: str, error: ValidationError) -> str:
    """Name the input that is wrong."""
    place = error.errors()[0]["loc"]
    return {"start": "years", "end": "years"}.get(str(place[0]), str(place[0])) if place else _MAIN_PARTS.get(field, "")


def _rate(read: Amount | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    value = typed["value"]
    if read is None or read.usd_rate is None or read.unit != typed["unit"] or value is None:
        return {}
    return {"usd": round(value / read.usd_rate), "usd_rate": read.usd_rate, "usd_rate_basis": read.usd_rate_basis}


def as_json(value: Value) -> Any:
    """Return the JSON value of a field."""
    return value if value is None or isinstance(value, str) else value.model_dump(mode="json")
