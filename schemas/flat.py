"""The flat row of ``records.csv`` and ``records.parquet``. New columns go at the end and are nullable."""

from typing import Literal

from pydantic import Field

from schemas.record import CooperationRecord, Number, ReviewState
from schemas.spans import Model
from schemas.taxonomies import AmountKind, Bound, Kind, PartyType, Status

LIST_SEPARATOR = "|"


class FlatRecord(Model):
    """One record as a row; the order of the fields is the order of the columns."""

    record_id: str = Field(description="stable id of the act with this partner")
    document_id: str = Field(description="id of the document in documents.jsonl")
    rank: int = Field(description="1 is the document's headline record")
    act_id: str = Field(description="shared by the records of one act with several partners")
    kind: Kind = Field(description="what the act gives")
    status: Status = Field(description="the latest stage that the text reports")
    actor: str = Field(description="canonical name of who gives, lends, signs first or joins")
    actor_type: PartyType = Field(description="country, government, organisation, company, university, person or group")
    actor_country: str | None = Field(description="ISO 3166-1 alpha-3")
    partner: str | None = Field(description="canonical name of who receives, co-signs or is joined")
    partner_type: PartyType | None = Field(description="as actor_type")
    partner_country: str | None = Field(description="ISO 3166-1 alpha-3")
    year: int | None = Field(description="year of the act, or the first of its range")
    year_end: int | None = Field(description="last year of the range; empty where it is open or unknown")
    amount_kind: AmountKind | None = Field(description="money, count or share")
    amount: Number | None = Field(description="the number, scale words multiplied out")
    amount_unit: str | None = Field(description="ISO 4217, a singular noun, or percent")
    amount_bound: Bound | None = Field(description="exact, about, at_least, at_most or range")
    amount_per: Literal["year"] | None = Field(description="year where the amount is yearly")
    amount_usd: Number | None = Field(description="nominal US dollars at the average rate of the act's year")
    sector_code: str = Field(description="OECD CRS three-digit sector")
    sector: str = Field(description="name of the sector")
    fields: str | None = Field(description="science and technology fields, joined with |")
    confidence: Number = Field(description="calibrated probability that the record is right, 0 to 1")
    evidence: str = Field(description="the sentence or sentences that state the act")
    evidence_start: int = Field(description="offset of the evidence in the document's text, code points")
    evidence_end: int = Field(description="end of the evidence, exclusive")
    review: ReviewState = Field(description="unreviewed, accepted, rejected or edited")


def flatten(record: CooperationRecord) -> FlatRecord:
    """Make the row of a record."""
    partner, year, amount = record.partner, record.year, record.amount
    sector, evidence = record.sector, record.evidence
    return FlatRecord(
        record_id=record.record_id,
        document_id=record.document_id,
        rank=record.rank,
        act_id=record.act_id,
        kind=record.kind,
        status=record.status,
        actor=record.actor.name,
        actor_type=record.actor.type,
        actor_country=record.actor.country,
        partner=partner.name if partner else None,
        partner_type=partner.type if partner else None,
        partner_country=partner.country if partner else None,
        year=year.start if year else None,
        year_end=year.end if year else None,
        amount_kind=amount.kind if amount else None,
        amount=amount.value if amount else None,
        amount_unit=amount.unit if amount else None,
        amount_bound=amount.bound if amount else None,
        amount_per=amount.per if amount else None,
        amount_usd=amount.usd if amount else None,
        sector_code=sector.code,
        sector=sector.name,
        fields=LIST_SEPARATOR.join(sector.fields) or None,
        confidence=record.confidence.record,
        evidence=evidence.text,
        evidence_start=evidence.start,
        evidence_end=evidence.end,
        review=record.review.state,
    )
