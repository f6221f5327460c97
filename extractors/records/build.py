"""From a candidate record to a ``CooperationRecord``."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.mentions.amounts.record import to_amount
from extractors.records.instances import Instance
from schemas import (
    UNSPECIFIED_SECTOR,
    Amount,
    Confidence,
    CooperationRecord,
    Extractor,
    Party,
    Provenance,
    Sector,
    Span,
    Year,
    crs_sectors,
)

MODEL = "reader"
_SEATS = frozenset({"place", "seat", "slot"})  # units of a training that are counted as persons
_FIELD_THRESHOLD = 0.5  # the least probability of a field of science and technology


def record_of(
    instance: Instance, text: str, document_id: str, *, rank: int, act: int, date: str | None, sure: Mapping[str, float]
) -> CooperationRecord:
    """Return the record of a candidate; its ids are provisional.

    Args:
        instance: the candidate
        text: the cleaned text that its offsets point into
        document_id: the document's id
        rank: its rank among the document's records, from 1
        act: a number that all records of instance act share
        date: the document's own date, ISO 8601
        sure: the confidences of the record and of each field, 0 to 1
    """
    year = _year(instance, text, date)
    amount = _amount(instance, year)
    sector = instance.act.sector or UNSPECIFIED_SECTOR
    fields = tuple(name for name, likely in instance.act.fields.items() if likely >= _FIELD_THRESHOLD)
    return CooperationRecord(
        record_id="rec-0",
        document_id=document_id,
        rank=rank,
        act_id=f"act-{act}",
        kind=instance.act.kind,
        status=instance.act.status,
        actor=party_of(instance.actor, text),
        partner=None if instance.partner is None else party_of(instance.partner, text),
        year=year,
        amount=amount,
        sector=Sector(code=sector, name=crs_sectors()[sector], fields=fields),
        evidence=Span.of(text, *instance.evidence),
        confidence=_confidence(
            sure, partner=instance.partner is not None, year=year is not None, amount=amount is not None
        ),
        extractor=extractor(MODEL),
        provenance=_provenance(instance, text, dated=year is not None and instance.when is None),
    )


@cache
def extractor(model: str) -> Extractor:
    """Return the maker of a record: this package, its version, and the part of it that ``model`` names."""
    try:
        release = version("coopledger")
    except PackageNotFoundError:
        release = "0"
    return Extractor(name="coopledger", version=release, model=model)


def party_of(party: PartyMention, text: str) -> Party:
    """Return the party of a mention in ``text``."""
    return Party(name=party.name, type=party.type, country=party.country, span=Span.of(text, party.start, party.end))


def year_of(year: YearMention | None, text: str) -> Year | None:
    """Return the year of a mention in ``text``; None without a mention, or where it begins outside 1000 to 2999."""
    if year is None or not 1000 <= year.first <= 2999:
        return None
    last = year.last if year.last is None or year.last >= year.first else year.first
    return Year(start=year.first, end=last, span=Span.of(text, year.start, year.end))


def amount_of(mention: AmountMention | None, year: Year | None) -> Amount | None:
    """Return the amount of a mention, with dollars of the act's year; None where it has no number or a negative one."""
    if mention is None or mention.value is None or mention.value < 0 or (mention.low or 0) < 0:
        return None
    return to_amount(mention, year.start if year else None)


def _year(instance: Instance, text: str, date: str | None) -> Year | None:
    """The year that the text states; or the year of the document's date, whose span is then the act's anchor."""
    if instance.year is not None and instance.year.mention is None and date is not None:
        now = int(date[:4])
        return Year(start=now, end=now, span=Span.of(text, instance.act.start, instance.act.end))
    return year_of(instance.when, text)


def _amount(instance: Instance, year: Year | None) -> Amount | None:
    amount = amount_of(instance.sum, year)
    if amount and instance.act.kind == "training" and amount.kind == "count" and amount.unit.split()[-1] in _SEATS:
        return amount.model_copy(update={"unit": "person"})
    return amount


def _confidence(sure: Mapping[str, float], *, partner: bool, year: bool, amount: bool) -> Confidence:
    rounded = {name: round(share, 4) for name, share in sure.items()}
    return Confidence(
        record=rounded["record"],
        actor=rounded["actor"],
        partner=rounded["partner"] if partner else None,
        year=rounded["year"] if year else None,
        amount=rounded["amount"] if amount else None,
        sector=rounded["sector"],
    )


def _provenance(instance: Instance, text: str, *, dated: bool) -> tuple[Provenance, ...]:
    anchor = Provenance(
        field="record", source="model", name="anchor", cue=Span.of(text, instance.act.start, instance.act.end)
    )
    return (anchor, Provenance(field="year", source="context", name="document date")) if dated else (anchor,)
