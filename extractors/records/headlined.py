"""The headline record of a note about one act, and which of the reader's acts are another."""

from collections.abc import Mapping, Sequence
from typing import cast

from spacy.tokens import Doc

from extractors.headline import Headline, headline, is_single_act
from extractors.mentions import AmountMention
from extractors.records.build import amount_of, extractor, party_of, year_of
from extractors.records.instances import Instance
from extractors.records.judge import Judged
from extractors.text.sector_phrases import fields_of
from extractors.text.sentences import text_of
from schemas import Confidence, CooperationRecord, Document, Kind, Provenance, Sector, Span, Status, crs_sectors

SURE = 0.5


def headline_for(doc: Doc, document: Document) -> Headline | None:
    """Return the headline of a titled note about one act; None for other documents and where nobody acts."""
    if document.title is None or is_single_act(doc) < SURE:
        return None
    return headline(doc)


def headline_record(found: Headline, doc: Doc, document: Document) -> CooperationRecord:
    """Return the record of rank 1 that a headline states."""
    text = text_of(doc)
    year = year_of(found.year, text)
    mention = found.amount or _count(found)
    amount = amount_of(mention, year)
    evidence = Span.of(text, *_trimmed(text, found.evidence))
    sure = found.confidence
    return CooperationRecord(
        record_id="rec-0",
        document_id=document.id,
        rank=1,
        act_id="act-0",
        kind=cast("Kind", found.kind.value),
        status=cast("Status", found.status.value),
        actor=party_of(found.actor, text),
        partner=None if found.partner is None else party_of(found.partner, text),
        year=year,
        amount=amount,
        sector=Sector(code=found.sector.value, name=crs_sectors()[found.sector.value], fields=fields_of(evidence.text)),
        evidence=evidence,
        confidence=_confidence(sure, found, amount is not None),
        extractor=extractor("headline"),
        provenance=tuple(
            Provenance(field=name, source="model", name=how) for name, how in sorted(found.sources.items())
        ),
    )


def others(found: Headline, judged: Sequence[Judged]) -> list[Judged]:
    """Return the candidates of another act than the headline's: another partner's, or another sum."""
    return [one for one in judged if not _is_same_act(one.instance, found)]


def _is_same_act(one: Instance, found: Headline) -> bool:
    countries = {p.country for p in (one.actor, one.partner) if p is not None and p.country}
    named = {p.country for p in (found.actor, found.partner) if p is not None and p.country}
    if not countries <= named:
        return False
    if one.sum is None or found.amount is None or one.sum.kind != "money":
        return True
    return (one.sum.value, one.sum.unit) == (found.amount.value, found.amount.unit)


def _count(found: Headline) -> AmountMention | None:
    """The people who are trained, where that is what is given."""
    if found.kind.value != "training":
        return None
    return next((c for c in found.counts if c.value is not None and c.unit == "person"), None)


def _trimmed(text: str, bounds: tuple[int, int]) -> tuple[int, int]:
    start, end = bounds
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _confidence(sure: Mapping[str, float], found: Headline, has_amount: bool) -> Confidence:
    return Confidence(
        record=round(sure["record"], 4),
        actor=round(sure["actor"], 4),
        sector=round(sure["sector"], 4),
        partner=None if found.partner is None else round(sure["partner"], 4),
        year=None if found.year is None else round(sure["year"], 4),
        amount=round(sure["amount"], 4) if has_amount else None,
    )
