"""Selected words and what was typed, made into values; and a field while it is edited.

The page imports no extractor: whoever starts it hands in what reads the words.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from ledger.release.jsonl import first_error
from schemas import Amount, Derivation, Kind, Party, Sector, Span, Status, Year, country_code, crs_sectors
from schemas.errors import CoopledgerError

FIELDS = ("evidence", "actor", "partner", "year", "amount", "sector", "kind", "status")
"""The fields of a new record, in the order in which its form shows them."""
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
Value = Party | Year | Amount | Sector | Span | str | None
_FAULTS = {
    "string_pattern_mismatch": "there is none of this name; write its English name or its three letters",
    "string_too_short": "it is empty",
    "float_type": "it is empty",
    "literal_error": "choose one of the list",
}
"""What pydantic says of a value, for a curator; a country alone has a pattern."""
_FOUR_DIGITS = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b(?:\s*(?:-|–|to|until)\s*(1[0-9]{3}|2[0-9]{3})\b)?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mention that may fill a field of a record: where it is, and which field."""

    field: str
    span: Span


class Normaliser:
    """Makes the value of a field of the words that a curator selected; this one knows names as they stand, and years.

    Each method takes the document's whole text and the selection (code points, end exclusive, not empty, without blanks
    at its ends), and returns a value whose span is that selection, or None where the words give none.
    """

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Make a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        return Party(name=" ".join(span.text.split()), type="organisation", span=span)

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Make a year or a range of years, here of four digits each."""
        found = _FOUR_DIGITS.search(text, start, end)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        return Year(start=first, end=max(first, last), span=Span.of(text, start, end))

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Make an amount, with dollars at the rate of the act's ``year``; here the number is left to the curator."""
        return None

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Make a sector with its fields, here by its code alone."""
        words = text[start:end].split()
        code = next((word for word in words if word in crs_sectors()), None)
        return Sector(code=code, name=crs_sectors()[code], span=Span.of(text, start, end)) if code else None

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """List the mentions of parties (as ``party``), years and amounts in a stretch of text, in order."""
        found = _FOUR_DIGITS.finditer(text, start, end)
        return [Suggestion("year", Span.of(text, one.start(), one.end())) for one in found]


class EditError(CoopledgerError, ValueError):
    """What was typed makes no value; the message is for the curator, ``part`` names the input that it is about."""

    def __init__(self, message: str, part: str = "") -> None:
        self.part = part
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class RecordDraft:
    """A field while it is edited: its quotation, its JSON value so far, and what to tell the curator.

    ``typed`` holds what stands in the inputs where it made no value, ``wrong`` why, ``part`` in which input.
    """

    field: str
    span: Span | None
    value: Mapping[str, Any] | str | None
    hint: str = ""
    typed: Mapping[str, str] | None = None
    wrong: str = ""
    part: str = ""
    several: tuple[str, ...] = ()


def drafted(
    field: str, text: str, start: int, end: int, normalise: Normaliser, *, year: int | None = None
) -> RecordDraft:
    """Read selected words as the value of a field. Raises EditError: nothing is selected."""
    span = trimmed(text, start, end)
    if span is None:
        raise EditError("select the words that say it")
    if field == "evidence":
        return RecordDraft(field, span, None)
    value: Party | Year | Amount | Sector | None
    if field == "amount":
        value = _read_amount(text, span, normalise, year)
    elif field == "year":
        value = normalise.year(text, span.start, span.end)
    elif field == "sector":
        value = normalise.sector(text, span.start, span.end)
    else:
        value = normalise.party(text, span.start, span.end)
    if value is None:
        return RecordDraft(field, span, None, f"These words give no {field} by themselves: fill it in.")
    return RecordDraft(field, span, value.model_dump(mode="json"))


def _read_amount(text: str, span: Span, normalise: Normaliser, year: int | None) -> Amount | None:
    """Read an amount, without a second sum whose quotation the text does not hold, whatever read it."""
    amount = normalise.amount(text, span.start, span.end, year=year)
    stated = tuple(one for one in amount.stated if one.span.quotes(text)) if amount else ()
    return amount.model_copy(update={"stated": stated}) if amount else None


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return a selection without blanks at its ends; None if nothing is left of it or it is outside of the text."""
    if not 0 <= start < end <= len(text):
        return None
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Span.of(text, start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class FieldForm:
    """What a form says of one field; its inputs are named ``<field>.<part>``.

    Args:
        field: one of EDITED_FIELDS.
        parts: what its inputs hold, by their parts; of the science fields, several.
        text: the document's text, which the quotation is taken from.
        normalise: reads the selected words; what the curator left as it was read keeps its derivation.
        year: the act's year, for the rate.
        known: the amount as it was, whose rate is kept for another sum of the same currency.
    """

    field: str
    parts: Mapping[str, Sequence[str]]
    text: str
    normalise: Normaliser
    year: int | None = None
    known: Amount | None = None

    def __getitem__(self, part: str) -> str:
        return self.parts.get(part, ("",))[0].strip()

    @property
    def span(self) -> Span | None:
        """The words that are quoted; None if there are none."""
        return trimmed(self.text, _place(self["start"]), _place(self["end"]))

    @property
    def quote(self) -> Span:
        """The words that are quoted. Raises EditError: there are none."""
        if self.span is None:
            raise EditError(f"{self.field}: select the words in the text that say it")
        return self.span

    def draft(self, wrong: EditError | None = None) -> RecordDraft:
        """Draft the field as it came in, letter by letter, with what is wrong about it."""
        typed = {part: self[part] for part in self.parts}
        value = typed.get("value") if self.field in _CHOICES else None
        fault = (str(wrong), wrong.part) if wrong else ("", "")
        return RecordDraft(self.field, self.span, value, "", typed, *fault, tuple(self.parts.get("fields", ())))

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
            read: Mapping[str, Callable[[], Value]] = {
                "year": self._year, "amount": self._amount, "sector": self._sector,
            }  # fmt: skip
            return read.get(field, self._party)()
        except ValidationError as error:
            raise EditError(f"{field}: {first_fault(error)}", _part_of(field, error)) from error

    def _party(self) -> Party:
        country = country_code(self["country"]) or None
        return Party.model_validate(
            {"name": self["name"], "type": self["type"], "country": country, "span": self.quote}
        )

    def _year(self) -> Year:
        span, found = self.quote, _YEARS.fullmatch(self["years"])
        if found is None:
            raise EditError("year: write 2018, 2018–2020, or 2018– for one that still runs", "years")
        since = found[2] is not None or self["years"].lower().startswith("since")
        last = int(found[3]) if found[3] else None if since else int(found[1])
        return Year(start=int(found[1]), end=last, span=span)

    def _sector(self) -> Sector:
        code, several = self["code"], tuple(self.parts.get("fields", ()))
        return Sector(code=code, name=crs_sectors().get(code, ""), fields=several, span=self.span)

    def _amount(self) -> Amount:
        span = self.quote
        typed = {
            "kind": self["kind"], "value": self._number("value"), "unit": self["unit"],
            "bound": self["bound"] or "exact", "per": self["per"] or None, "low": self._number("low"),
            "high": self._number("high"),
        }  # fmt: skip
        read = _read_amount(self.text, span, self.normalise, self.year)
        if read is not None and all(getattr(read, name) == value for name, value in typed.items()):
            return read
        by_hand = Derivation(surface=span.text, number=self["value"] or "-", assumed="curator")
        rate = _rate(read, typed) or _rate(self.known, typed)
        return Amount.model_validate({**typed, **rate, "derivation": by_hand, "span": span})

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


def _place(typed: str) -> int:
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


def first_fault(error: ValidationError) -> str:
    """Say the first thing that is wrong for a person."""
    first = error.errors()[0]
    plain = _FAULTS.get(first["type"])
    return f"{first['loc'][-1]}: {plain}" if plain and first["loc"] else first_error(error).replace("Value error, ", "")


def as_json(value: Value) -> Any:
    """Return the JSON value of a field."""
    return value if value is None or isinstance(value, str) else value.model_dump(mode="json")
