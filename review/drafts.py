"""Selected words and typed input, read as values of fields; and the draft of a field while it is edited.

The page imports no extractor: whoever starts it passes a Normaliser that reads the words.
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
_MAX_AMOUNT = Decimal(10) ** 18
_AMBIGUOUS_COMMA = re.compile(r"(\d+),(\d+)")
_MAIN_PARTS = {"year": "years", "amount": "value", "actor": "name", "partner": "name", "sector": "code"}
_CHOICES: Mapping[str, tuple[str, ...]] = {"kind": get_args(Kind), "status": get_args(Status)}
Value = Party | Year | Amount | Sector | Span | str | None
_ERROR_MESSAGES = {
    "string_pattern_mismatch": "there is none of this name; write its English name or its three letters",
    "string_too_short": "it is empty",
    "float_type": "it is empty",
    "literal_error": "choose one of the list",
}
"""Messages for a curator by pydantic's type of error; only a country has a pattern."""
_FOUR_DIGITS = re.compile(r"\b(1[0-9]{3}|2[0-9]{3})\b(?:\s*(?:-|–|to|until)\s*(1[0-9]{3}|2[0-9]{3})\b)?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mention that may fill a field of a record: the field and the span."""

    field: str
    span: Span


class Normaliser:
    """Turns words that a curator selected into a field's value; this default reads names as written, years and codes.

    Each method takes the document's whole text and the selection (code points, end exclusive, not empty, without blanks
    at its ends), and returns a value whose span is that selection, or None if the words have no value.
    """

    def party(self, text: str, start: int, end: int) -> Party | None:
        """Return a party: canonical name, type, country."""
        span = Span.of(text, start, end)
        return Party(name=" ".join(span.text.split()), type="organisation", span=span)

    def year(self, text: str, start: int, end: int) -> Year | None:
        """Return a year or a range of years; this default reads four digits each."""
        found = _FOUR_DIGITS.search(text, start, end)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        return Year(start=first, end=max(first, last), span=Span.of(text, start, end))

    def amount(self, text: str, start: int, end: int, *, year: int | None = None) -> Amount | None:
        """Return an amount, with dollars at the rate of the act's ``year``; this default reads none."""
        return None

    def sector(self, text: str, start: int, end: int) -> Sector | None:
        """Return a sector with its science fields; this default reads its code alone."""
        words = text[start:end].split()
        code = next((word for word in words if word in crs_sectors()), None)
        return Sector(code=code, name=crs_sectors()[code], span=Span.of(text, start, end)) if code else None

    def suggest(self, text: str, start: int, end: int) -> Sequence[Suggestion]:
        """List the mentions of parties (as ``party``), years and amounts in a stretch of text, in order."""
        found = _FOUR_DIGITS.finditer(text, start, end)
        return [Suggestion("year", Span.of(text, one.start(), one.end())) for one in found]


class EditError(CoopledgerError, ValueError):
    """The input is no valid value; the message is for the curator, ``part`` names the input at fault."""

    def __init__(self, message: str, part: str = "") -> None:
        self.part = part
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class FieldDraft:
    """A field while it is edited: its span, its JSON value so far, and a hint for the curator.

    After invalid input, ``typed`` holds the inputs as typed and ``ticked`` the ticked science fields, ``wrong`` says
    what is wrong, and ``part`` in which input.
    """

    field: str
    span: Span | None
    value: Mapping[str, Any] | str | None
    hint: str = ""
    typed: Mapping[str, str] | None = None
    wrong: str = ""
    part: str = ""
    ticked: tuple[str, ...] = ()


def draft_field(
    field: str, text: str, start: int, end: int, normalise: Normaliser, *, year: int | None = None
) -> FieldDraft:
    """Read selected words as the value of a field. Raises EditError: nothing is selected."""
    span = trimmed_span(text, start, end)
    if span is None:
        raise EditError("select the words that say it")
    if field == "evidence":
        return FieldDraft(field, span, None)
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
        return FieldDraft(field, span, None, f"These words give no {field} by themselves: fill it in.")
    return FieldDraft(field, span, value.model_dump(mode="json"))


def _read_amount(text: str, span: Span, normalise: Normaliser, year: int | None) -> Amount | None:
    """Read an amount, and drop other stated sums whose span does not quote the text, as any normaliser may err."""
    amount = normalise.amount(text, span.start, span.end, year=year)
    stated = tuple(one for one in amount.stated if one.span.quotes(text)) if amount else ()
    return amount.model_copy(update={"stated": stated}) if amount else None


def trimmed_span(text: str, start: int, end: int) -> Span | None:
    """Return the span of a selection without blanks at its ends; None if it is empty or outside of the text."""
    if not 0 <= start < end <= len(text):
        return None
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    return Span.of(text, start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class FieldForm:
    """One field as a form sent it; its inputs are named ``<field>.<part>``.

    Args:
        field: one of EDITED_FIELDS.
        parts: the values of its inputs by part; several for the science fields.
        text: the document's text, from which the span is taken.
        normalise: reads the selected words; an amount that the curator did not change keeps its derivation.
        year: the act's year, for the exchange rate.
        previous: the amount before the edit; its rate is kept for another sum in the same currency.
    """

    field: str
    parts: Mapping[str, Sequence[str]]
    text: str
    normalise: Normaliser
    year: int | None = None
    previous: Amount | None = None

    def __getitem__(self, part: str) -> str:
        return self.parts.get(part, ("",))[0].strip()

    @property
    def span(self) -> Span | None:
        """The selected span; None if nothing is selected."""
        return trimmed_span(self.text, _offset(self["start"]), _offset(self["end"]))

    @property
    def quote(self) -> Span:
        """The selected span. Raises EditError: nothing is selected."""
        if self.span is None:
            raise EditError(f"{self.field}: select the words in the text that say it")
        return self.span

    def draft(self, wrong: EditError | None = None) -> FieldDraft:
        """Return the field as a draft, exactly as it was typed, with what is wrong about it."""
        typed = {part: self[part] for part in self.parts}
        value = typed.get("value") if self.field in _CHOICES else None
        fault = (str(wrong), wrong.part) if wrong else ("", "")
        return FieldDraft(self.field, self.span, value, "", typed, *fault, tuple(self.parts.get("fields", ())))

    def value(self) -> Value:
        """Return the field's value. Raises EditError: the form holds no valid one."""
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
            raise EditError(f"{field}: {first_error_message(error)}", _input_at_fault(field, error)) from error

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
        rate = _dollars(read, typed) or _dollars(self.previous, typed)
        return Amount.model_validate({**typed, **rate, "derivation": by_hand, "span": span})

    def _number(self, part: str) -> float | None:
        typed = self[part]
        if not typed:
            return None
        found = _NUMBER.fullmatch(typed)
        if found is None:
            comma = _AMBIGUOUS_COMMA.fullmatch(typed)
            either = f": is it {comma[1]}.{comma[2]} or {comma[1]}{comma[2]}?" if comma else ""
            raise EditError(f"amount: {typed} is no number{either or ': write 1500000 or 1.5 million'}", part)
        plain = re.sub(r"\D", "", found[1]) + (found[2] or "")
        value = Decimal(plain) * Decimal(_SCALES[found[3].lower()] if found[3] else 1)
        if value > _MAX_AMOUNT:
            raise EditError(f"amount: {typed} is more than there is of anything", part)
        return float(value)


def _offset(typed: str) -> int:
    """Read an offset; -1 if it is no number."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _input_at_fault(field: str, error: ValidationError) -> str:
    """Name the input at fault."""
    place = error.errors()[0]["loc"]
    return {"start": "years", "end": "years"}.get(str(place[0]), str(place[0])) if place else _MAIN_PARTS.get(field, "")


def _dollars(read: Amount | None, typed: Mapping[str, Any]) -> dict[str, Any]:
    value = typed["value"]
    if read is None or read.usd_rate is None or read.unit != typed["unit"] or value is None:
        return {}
    return {"usd": round(value / read.usd_rate), "usd_rate": read.usd_rate, "usd_rate_basis": read.usd_rate_basis}


def first_error_message(error: ValidationError) -> str:
    """Return the first error of a validation as a message for a curator."""
    first = error.errors()[0]
    plain = _ERROR_MESSAGES.get(first["type"])
    return f"{first['loc'][-1]}: {plain}" if plain and first["loc"] else first_error(error).replace("Value error, ", "")


def as_json(value: Value) -> Any:
    """Return the JSON value of a field."""
    return value if value is None or isinstance(value, str) else value.model_dump(mode="json")
