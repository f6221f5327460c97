"""The record: one act of cooperation between an actor and a partner, each field with its quotation."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from schemas.spans import Model, Span
from schemas.taxonomies import AmountKind, Bound, Kind, PartyType, Status, countries, crs_sectors, currencies, fields

LONGEST_NAME = 300
"""The most characters in a party's name; anything longer is a sentence, not a name."""


def _whole_as_int(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _check_code(codes: Callable[[], Mapping[str, str]], what: str, code: str) -> str:
    if code not in codes():
        raise ValueError(f"{code} is no {what}")
    return code


_known_sector = partial(_check_code, crs_sectors, "OECD CRS sector")
_known_country = partial(_check_code, countries, "country's code (ISO 3166-1 alpha-3)")
_known_currency = partial(_check_code, currencies, "currency's code (ISO 4217)")


def _check_fields(ids: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [one for one in ids if one not in fields()]:
        raise ValueError(f"no such field: {', '.join(unknown)}")
    return ids


def _check_not_negative(value: float) -> float:
    if value < 0:
        raise ValueError("a sum is not negative")
    return value


def _check_party_name(name: str) -> str:
    if not name.strip():
        raise ValueError("a name needs letters")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"a name of {len(name)} characters: {LONGEST_NAME} are the most")
    return name


Number = Annotated[
    float, Field(allow_inf_nan=False), PlainSerializer(_whole_as_int, return_type=int | float, when_used="json")
]
Sum = Annotated[Number, AfterValidator(_check_not_negative)]
Share = Annotated[float, Field(ge=0, le=1)]
ReviewState = Literal["unreviewed", "accepted", "rejected", "edited"]
Country = Annotated[str, Field(pattern="^[A-Z]{3}$"), AfterValidator(_known_country)]


class Party(Model):
    """An actor or partner: canonical name, type, ISO 3166-1 alpha-3 country or None, and its mention."""

    name: Annotated[str, AfterValidator(_check_party_name)] = Field(min_length=1)
    type: PartyType
    country: Country | None = None
    span: Span


class Year(Model):
    """The year of the act; ``end`` equals ``start`` for one year and is None for a range that is still open."""

    start: int = Field(ge=1000, le=2999)
    end: int | None = Field(default=None, ge=1000, le=2999)
    span: Span

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"the years run backwards: {self.start} to {self.end}")
        return self


class Derivation(Model):
    """How an amount was read: its surface, the number, scale word and currency in it, and what was assumed."""

    surface: str
    number: str
    scale: str | None = None
    currency: str | None = None
    assumed: str | None = None


class Stated(Model):
    """The same sum in another currency, as the text gives it."""

    value: Sum
    unit: Annotated[str, AfterValidator(_known_currency)]
    span: Span


class Check(Model):
    """A doubt about an amount: ``code`` for machines, ``detail`` for people, ``ratio`` of the two values compared."""

    code: str
    detail: str
    ratio: Number | None = None


class Amount(Model):
    """What was given in the act. ``usd`` is ``value`` divided by ``usd_rate`` (units per dollar), nominal dollars.

    Nothing is negative or infinite, money has the code of a currency, and ``value`` lies between ``low`` and ``high``.
    """

    kind: AmountKind
    value: Sum
    unit: str = Field(min_length=1)
    bound: Bound = "exact"
    per: Literal["year"] | None = None
    low: Sum | None = None
    high: Sum | None = None
    usd: Sum | None = None
    usd_rate: Sum | None = None
    usd_rate_basis: str | None = None
    derivation: Derivation
    stated: tuple[Stated, ...] = ()
    checks: tuple[Check, ...] = ()
    span: Span

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.kind == "money":
            _known_currency(self.unit)
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low is above high: {self.low:g} and {self.high:g}")
        low, high = self.low or 0, self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"{self.value:g} does not lie between low and high")
        return self


class Sector(Model):
    """The OECD CRS sector of what is done, and zero or more science and technology fields."""

    code: Annotated[str, AfterValidator(_known_sector)]
    name: str
    fields: Annotated[tuple[str, ...], AfterValidator(_check_fields)] = ()
    span: Span | None = None

    @model_validator(mode="after")
    def _check_name(self) -> Self:
        if self.name != crs_sectors()[self.code]:
            raise ValueError(f"sector {self.code} is {crs_sectors()[self.code]}, not {self.name}")
        return self


class Confidence(Model):
    """Calibrated probabilities: of fields given 0.8, eight in ten are right. None where a record has no such field."""

    record: Share
    actor: Share | None = None
    partner: Share | None = None
    year: Share | None = None
    amount: Share | None = None
    sector: Share | None = None


class Extractor(Model):
    """The program and the model that made the record."""

    name: str
    version: str
    model: str


class Provenance(Model):
    """Why a field has its value: the rule, table or model that decided, and the words (``cue``) it went by."""

    field: str
    source: Literal["rule", "table", "model", "context", "curator"]
    name: str
    cue: Span | None = None


class Review(Model):
    """Where curators stand: who decided, when (ISO 8601, UTC), and the machine's values that an edit replaced."""

    state: ReviewState = "unreviewed"
    by: str | None = None
    at: str | None = None
    original: dict[str, Any] | None = None


class PossibleRecord(Model):
    """A record as it was read, without an id: one that is less likely right than the threshold stays so."""

    document_id: str = Field(min_length=1)
    rank: int = Field(ge=1)
    act_id: str = Field(min_length=1)
    kind: Kind
    status: Status
    actor: Party
    partner: Party | None = None
    year: Year | None = None
    amount: Amount | None = None
    sector: Sector
    evidence: Span
    confidence: Confidence
    extractor: Extractor
    review: Review = Review()
    provenance: tuple[Provenance, ...] = ()

    def spans(self) -> list[Span]:
        """List every span of the record, evidence first."""
        parts = (self.actor, self.partner, self.year, self.amount, self.sector)
        stated = [] if self.amount is None else [one.span for one in self.amount.stated]
        cues = [one.cue for one in self.provenance]
        return [span for span in (self.evidence, *[part and part.span for part in parts], *stated, *cues) if span]

    def misquotes(self, text: str) -> list[Span]:
        """List the spans whose text the document does not hold at their offsets."""
        return [span for span in self.spans() if not span.quotes(text)]


class CooperationRecord(PossibleRecord):
    """One act of cooperation: an actor does something with or for a partner (CONTRACT.md, The record)."""

    record_id: str = Field(min_length=1)
