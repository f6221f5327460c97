"""From frames to records of the contract."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from extractors.entities.amounts.record import to_amount
from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.confidence import confidence_of
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.what.topics import Topic
from schemas import (
    Amount,
    CooperationRecord,
    Extractor,
    Party,
    Provenance,
    Sector,
    Span,
    Year,
    crs_sectors,
)


def amount_of(mention: AmountMention | None, year: Year | None) -> Amount | None:
    """Return the amount of a mention with its dollars of the act's year; None where it gives no number."""
    if mention is None or mention.value is None:
        return None
    return to_amount(mention, year.start if year else None)


def record_of(frame: Frame, text: str, document_id: str, rank: int, topic: Topic) -> CooperationRecord:
    """Return the record that a frame states; its ids are provisional."""
    evidence = Span.of(text, *frame.evidence)
    year = year_of(frame.year, text)
    sector = Sector(
        code=topic.code,
        name=crs_sectors()[topic.code],
        fields=topic.fields,
        span=Span.of(text, *topic.place) if topic.place else None,
    )
    amount = amount_of(frame.amount, year)
    return CooperationRecord(
        record_id="rec-0",
        document_id=document_id,
        rank=rank,
        act_id=f"act-{frame.act}",
        kind=frame.kind,
        status=frame.status,
        actor=party_of(frame.actor, text),
        partner=None if frame.partner is None else party_of(frame.partner, text),
        year=year,
        amount=amount,
        sector=sector,
        evidence=evidence,
        confidence=confidence_of(frame, topic, year, amount),
        extractor=extractor(),
        provenance=_provenance(frame, text),
    )


@cache
def extractor(model: str = "frames") -> Extractor:
    """Return who made the record: this package, its version, and which part of it."""
    try:
        release = version("coopledger")
    except PackageNotFoundError:
        release = "0"
    return Extractor(name="coopledger", version=release, model=model)


def party_of(party: PartyMention, text: str) -> Party:
    """Return the party of a mention in ``text``."""
    return Party(name=party.name, type=party.type, country=party.country, span=Span.of(text, party.start, party.end))


def year_of(year: YearMention | None, text: str) -> Year | None:
    """Return the year of a mention in ``text``, None where there is none that can be."""
    if year is None or not 1000 <= year.first <= 2999:
        return None
    last = year.last if year.last is None or year.last >= year.first else year.first
    return Year(start=year.first, end=last, span=Span.of(text, year.start, year.end))


def _provenance(frame: Frame, text: str) -> tuple[Provenance, ...]:
    first = Provenance(field="record", source="rule", name=f"{frame.source}:{frame.shape}:{frame.trigger}"[:120])
    cues = [
        Provenance(field="status", source="context", name=c.effect, cue=Span.of(text, c.start, c.end))
        for c in frame.cues
    ]
    return (first, *cues)
