"""The record of a headline, for a note about one act, and the candidates that are of another act than it."""

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

SINGLE_ACT_THRESHOLD = 0.5  # the least probability that a note is about one act


def headline_for(doc: Doc, document: Document) -> Headline | None:
    """Return the headline of a titled note about one act; None for other documents and where it has no actor."""
    if document.title is None or is_single_act(doc) < SINGLE_ACT_THRESHOLD:
        return None
    return headline(doc)


def headline_record(found: Headline, doc: Doc, document: Document) -> CooperationRecord:
    """Return the record that a headline states, with rank 1."""
    text = text_of(doc)
    year = year_of(found.year, text)
    mention = found.amount or _trained_persons(found)
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


def of_other_acts(found: Headline, judged: Sequence[Judged]) -> list[Judged]:
    """Return the candidates of another act than the headline's: with a country or a sum that it does not have."""
    return [one for one in judged if not _is_same_act(one.instance, found)]


def _is_same_act(instance: Instance, found: Headline) -> bool:
    countries = {p.country for p in (instance.actor, instance.partner) if p is not None and p.country}
    named = {p.country for p in (found.actor, found.partner) if p is not None and p.country}
    if not countries <= named:
        return False
    if instance.sum is None or found.amount is None or instance.sum.kind != "money":
        return True
    return (instance.sum.value, instance.sum.unit) == (found.amount.value, found.amount.unit)


def _trained_persons(found: Headline) -> AmountMention | None:
    """The count of persons trained, if the act is a training."""
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
