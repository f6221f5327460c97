"""The mentions that ended in no record, each with the reason."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from spacy.tokens import Doc

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.text.sentences import text_of
from schemas import CooperationRecord, Span, Unclaimed, UnclaimedReason

_QUOTATION = 200  # characters; a longer span is evidence, which claims nothing of what stands in it
Kind = Literal["party", "amount", "year"]


class Cover:
    """Stretches of a text, to ask which of them touch a place without looking at all."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._stretches = sorted(stretches)
        self._starts = [start for start, _ in self._stretches]
        self._reach = list(accumulate((end for _, end in self._stretches), max))  # the furthest end up to here

    def touches(self, start: int, end: int) -> bool:
        """Return whether a stretch shares a character with ``start:end``."""
        at = bisect_right(self._starts, end - 1) - 1
        return at >= 0 and self._reach[at] > start


def unclaimed(
    doc: Doc, document_id: str, records: Sequence[CooperationRecord], possible: Sequence[CooperationRecord]
) -> list[Unclaimed]:
    """List the parties, amounts and years of ``doc`` that no record quotes, in the order of the text."""
    text = text_of(doc)
    quoted = Cover([(s.start, s.end) for one in records for s in one.spans() if s.end - s.start < _QUOTATION])
    evidence = Cover([(one.evidence.start, one.evidence.end) for one in records])
    doubtful = Cover([(s.start, s.end) for one in possible for s in one.spans()])
    found = []
    for kind, mention in _mentions(doc):
        start, end = mention.start, mention.end
        if not quoted.touches(start, end):
            reason = _reason(mention, in_evidence=evidence.touches(start, end), doubtful=doubtful.touches(start, end))
            found.append(
                Unclaimed(document_id=document_id, mention=kind, span=Span.of(text, start, end), reason=reason)
            )
    return sorted(found, key=_place)


def _mentions(doc: Doc) -> Iterator[tuple[Kind, Mention]]:
    parties: Sequence[PartyMention] = doc._.parties
    amounts: Sequence[AmountMention] = doc._.amounts
    years: Sequence[YearMention] = doc._.years
    yield from (("party", one) for one in parties)
    yield from (("amount", one) for one in amounts)
    yield from (("year", one) for one in years)


def _place(mention: Unclaimed) -> tuple[int, str]:
    return mention.span.start, mention.mention


def _reason(mention: Mention, *, in_evidence: bool, doubtful: bool) -> UnclaimedReason:
    if doubtful:
        return "below_threshold"
    if in_evidence:
        return "other_act"
    return "statistic" if isinstance(mention, AmountMention) and mention.kind == "share" else "not_act"
