"""The flat row of ``records.csv`` and ``records.parquet``. New columns go at the end and are nullable."""

from typing import Annotated, Any, Literal

from pydantic import AliasPath, BeforeValidator, ConfigDict, Field

from schemas.record import CooperationRecord, Number, ReviewState
from schemas.spans import Model
from schemas.taxonomies import AmountKind, Bound, Kind, PartyType, Status

LIST_SEPARATOR = "|"
_Int64 = Annotated[int, Field(ge=-(2**63), lt=2**63)]  # the range of a 64-bit integer column


def _at(path: str, description: str, default: Any = ...) -> Any:
    """Declare a column with the value at a dotted path of the record, or ``default`` if there is one."""
    return Field(default, validation_alias=AliasPath(*path.split(".")), description=description)


def _join(ids: tuple[str, ...] | str | None) -> str | None:
    return LIST_SEPARATOR.join(ids) or None if isinstance(ids, tuple) else ids


class FlatRecord(Model):
    """One record as a row; the order of the fields is the order of the columns."""

    model_config = ConfigDict(from_attributes=True, validate_by_name=True)

    record_id: str = Field(description="stable id of the act with this partner")
    document_id: str = Field(description="id of the document in documents.jsonl")
    rank: _Int64 = Field(description="1 is the document's headline record")
    act_id: str = Field(description="shared by the records of one act with several partners")
    kind: Kind = Field(description="what the act gives")
    status: Status = Field(description="the latest stage that the text reports")
    actor: str = _at("actor.name", "canonical name of who gives, lends, signs first or joins")
    actor_type: PartyType = _at("actor.type", "country, government, organisation, company, university, person or group")
    actor_country: str | None = _at("actor.country", "ISO 3166-1 alpha-3")
    partner: str | None = _at("partner.name", "canonical name of who receives, co-signs or is joined", None)
    partner_type: PartyType | None = _at("partner.type", "as actor_type", None)
    partner_country: str | None = _at("partner.country", "ISO 3166-1 alpha-3", None)
    year: _Int64 | None = _at("year.start", "year of the act, or the first of its range", None)
    year_end: _Int64 | None = _at("year.end", "last year of the range; empty where it is open or unknown", None)
    amount_kind: AmountKind | None = _at("amount.kind", "money, count or share", None)
    amount: Number | None = _at("amount.value", "the number, scale words multiplied out", None)
    amount_unit: str | None = _at("amount.unit", "ISO 4217, a singular noun, or percent", None)
    amount_bound: Bound | None = _at("amount.bound", "exact, about, at_least, at_most or range", None)
    amount_per: Literal["year"] | None = _at("amount.per", "year where the amount is yearly", None)
    amount_usd: Number | None = _at("amount.usd", "nominal US dollars at the average rate of the act's year", None)
    sector_code: str = _at("sector.code", "OECD CRS three-digit sector")
    sector: str = _at("sector.name", "name of the sector")
    fields: Annotated[str | None, BeforeValidator(_join)] = _at(
        "sector.fields", "science and technology fields, joined with |"
    )
    confidence: Number = _at("confidence.record", "calibrated probability that the record is right, 0 to 1")
    evidence: str = _at("evidence.text", "the sentence or sentences that state the act")
    evidence_start: _Int64 = _at("evidence.start", "offset of the evidence in the document's text, code points")
    evidence_end: _Int64 = _at("evidence.end", "end of the evidence, exclusive")
    review: ReviewState = _at("review.state", "unreviewed, accepted, rejected or edited")


def flatten(record: CooperationRecord) -> FlatRecord:
    """Return a record as a row."""
    return FlatRecord.model_validate(record)
