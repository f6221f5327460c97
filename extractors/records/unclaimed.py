"""Unclaimed mentions: those that no record quotes, each with the reason."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from spacy.tokens import Doc

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.text.sentences import text_of
from schemas import CooperationRecord, Span, Unclaimed, UnclaimedReason

_QUOTATION = 200  # characters; a longer span is evidence, which does not claim the mentions in it
Kind = Literal["party", "amount", "year"]


class SpanIndex:
    """Spans of a text, indexed to find out in logarithmic time whether any of them overlaps another span."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]
        self._reach = list(accumulate((end for _, end in self._spans), max))  # the furthest end up to here

    def overlaps(self, start: int, end: int) -> bool:
        """Return whether a span shares a character with ``start:end``."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._reach[at] > start


def unclaimed(
    doc: Doc, document_id: str, records: Sequence[CooperationRecord], possible: Sequence[CooperationRecord]
) -> list[Unclaimed]:
    """List the parties, amounts and years of ``doc`` that no record quotes, in the order of the text."""
    text = text_of(doc)
    quoted = SpanIndex([(s.start, s.end) for one in records for s in one.spans() if s.end - s.start < _QUOTATION])
    evidence = SpanIndex([(one.evidence.start, one.evidence.end) for one in records])
    doubtful = SpanIndex([(s.start, s.end) for one in possible for s in one.spans()])
    found = []
    for kind, mention in _mentions(doc):
        start, end = mention.start, mention.end
        if not quoted.overlaps(start, end):
            reason = _reason(mention, in_evidence=evidence.overlaps(start, end), doubtful=doubtful.overlaps(start, end))
            found.append(
                Unclaimed(document_id=document_id, mention=kind, span=Span.of(text, start, end), reason=reason)
            )
    return sorted(found, key=_text_order)


def _mentions(doc: Doc) -> Iterator[tuple[Kind, Mention]]:
    parties: Sequence[PartyMention] = doc._.parties
    amounts: Sequence[AmountMention] = doc._.amounts
    years: Sequence[YearMention] = doc._.years
    yield from (("party", one) for one in parties)
    yield from (("amount", one) for one in amounts)
    yield from (("year", one) for one in years)


def _text_order(mention: Unclaimed) -> tuple[int, str]:
    return mention.span.start, mention.mention


def _reason(mention: Mention, *, in_evidence: bool, doubtful: bool) -> UnclaimedReason:
    if doubtful:
        return "below_threshold"
    if in_evidence:
        return "other_act"
    return "statistic" if isinstance(mention, AmountMention) and mention.kind == "share" else "not_act"
