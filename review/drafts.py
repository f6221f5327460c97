"""Drafts and values of fields: made of selected words, or of what a form says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import ValidationError

from ledger.release.jsonl import first_error
from review.normalise import Normaliser
from review.text import sentence_at, trimmed
from review.web import Form
from schemas import Amount, Derivation, Kind, Party, Sector, Span, Status, Year, country_code, crs_sectors
from schemas.errors import CoopledgerError

FIELDS = ("evidence", "actor", "partner", "year", "amount", "sector", "kind", "status")
"""The fields of a new record, in the order in which its form shows them."""
NULLABLE = frozenset({"partner", "year", "amount"})
QUOTED = frozenset({"actor", "partner", "year", "amount", "sector"})
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
_LONGEST_NAME, _FILLER = 8, 2
"""Of how many words a name is at most, and how many beside a mention make it no sentence."""
_FAULTS = {
    "string_pattern_mismatch": "there is none of this name; write its English name or its three letters",
    "string_too_short": "it is empty",
    "float_type": "it is empty",
    "literal_error": "choose one of the list",
}
"""What pydantic says of a value, for a curator; a country alone has a pattern."""
Value = Party | Year | Amount | Sector | Span | str | None


class EditError(CoopledgerError, ValueError):
    """What was typed makes no value; the message is for the curator, ``part`` names the input that it is about."""

    def __init__(self, message: str, part: str = "") -> None:
        self.part = part
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Draft:
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


def drafted(field: str, text: str, start: int, end: int, normalise: Normaliser, *, year: int | None = None) -> Draft:
    """Read selected words as the value of a field. Raises EditError: nothing is selected."""
    span = trimmed(text, start, end)
    if span is None:
        raise EditError("select the words that say it")
    if field == "evidence":
        return Draft(field, span, None)
    value = _read(field, text, span, normalise, year)
    if value is None:
        return Draft(field, span, None, f"These words give no {field} by themselves: fill it in.")
    return Draft(field, span, value.model_dump(mode="json"))


def _read(
    field: str, text: str, span: Span, normalise: Normaliser, year: int | None
) -> Party | Year | Amount | Sector | None:
    if field == "amount":
        return _quoting(normalise.amount(text, span.start, span.end, year=year), text)
    if field == "year":
        return normalise.year(text, span.start, span.end)
    if field == "sector":
        return normalise.sector(text, span.start, span.end)
    return normalise.party(text, span.start, span.end)


def _quoting(amount: Amount | None, text: str) -> Amount | None:
    """Leave out a second sum whose quotation the text does not hold, whatever read it."""
    if amount is None:
        return None
    return amount.model_copy(update={"stated": tuple(one for one in amount.stated if one.span.quotes(text))})


def suggested(text: str, start: int, end: int, normalise: Normaliser, *, mention: str = "") -> dict[str, Draft]:
    """Draft each field around a mention: its sentence, and what is mentioned there.

    Args:
        text: the document's text.
        start: where the mention begins.
        end: where it ends, exclusive.
        normalise: reads the mentions.
        mention: what it is of: ``party``, ``year`` or ``amount``; empty: what the words themselves say. Words that
            are more than one mention are the sentence.
    """
    own = trimmed(text, start, end)
    field = {"party": "actor"}.get(mention, mention) or _said_by(text, own, normalise)
    evidence = own if own is not None and not field else sentence_at(text, start, end)
    drafts = {"evidence": Draft("evidence", evidence, None), "kind": Draft("kind", None, "other")}
    drafts["status"] = Draft("status", None, "committed")
    spans: dict[str, Span] = {field: own} if own is not None and field in FIELDS else {}
    for one in normalise.suggest(text, evidence.start, evidence.end):
        names = ("actor", "partner") if one.field == "party" else (one.field,)
        free = next((name for name in names if name not in spans), None)
        if free is not None and one.span not in spans.values():
            spans[free] = one.span
    year = _draft("year", text, spans, normalise, None)
    drafts["year"] = year
    first = year.value.get("start") if isinstance(year.value, dict) else None
    for name in ("actor", "partner", "amount", "sector"):
        drafts[name] = _draft(name, text, spans, normalise, first)
    return drafts


def _said_by(text: str, own: Span | None, normalise: Normaliser) -> str:
    """Name the field that selected words give by themselves; empty where they state an act, or part of one.

    Words in which nothing is read are a name, unless they are many.
    """
    if own is None:
        return ""
    found = normalise.suggest(text, own.start, own.end)
    if not found and normalise.amount(text, own.start, own.end) is not None:
        return "amount"
    if not found:
        return "actor" if len(own.text.split()) <= _LONGEST_NAME and not own.text.endswith((".", "。")) else ""
    one = found[0]
    whole = len(found) == 1 and len(own.text.split()) - len(one.span.text.split()) <= _FILLER
    return {"party": "actor"}.get(one.field, one.field) if whole else ""


def _draft(name: str, text: str, spans: dict[str, Span], normalise: Normaliser, year: int | None) -> Draft:
    span = spans.get(name)
    return drafted(name, text, span.start, span.end, normalise, year=year) if span else Draft(name, None, None)


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
        read = _quoting(self.normalise.amount(self.text, span.start, span.end, year=self.year), self.text)
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
