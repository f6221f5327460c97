"""The mentions that ended in no record, each with the reason."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Literal

from spacy.tokens import Doc

from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.relations.frames.frame import Frame
from extractors.texts import text_of
from schemas import CooperationRecord, Span, Unclaimed, UnclaimedReason

_QUOTATION = 200  # characters; a longer span is evidence, which claims nothing of what stands in it
Kind = Literal["party", "amount", "year"]


class Cover:
    """Stretches of a text, to ask which of them touch or hold a place without looking at all."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._order = sorted(range(len(stretches)), key=stretches.__getitem__)
        self._starts = [stretches[place][0] for place in self._order]
        self._ends = [stretches[place][1] for place in self._order]
        self._reach = list(accumulate(self._ends, max))  # the furthest end up to here

    def touching(self, start: int, end: int) -> Iterator[int]:
        """Yield the places (in the sequence given) of the stretches that share a character with ``start:end``."""
        at = bisect_right(self._starts, end - 1) - 1
        while at >= 0 and self._reach[at] > start:
            if self._ends[at] > start:
                yield self._order[at]
            at -= 1


def unclaimed(
    doc: Doc, document_id: str, frames: Sequence[Frame], records: Sequence[CooperationRecord]
) -> list[Unclaimed]:
    """List the parties, amounts and years of ``doc`` that no record quotes, in the order of the text."""
    text = text_of(doc)
    quoted = Cover([(s.start, s.end) for one in records for s in one.spans() if s.end - s.start < _QUOTATION])
    acts = Cover([(frame.start, frame.end) for frame in frames])
    found = []
    for kind, mention in _mentions(doc):
        if next(quoted.touching(mention.start, mention.end), None) is None:
            inside = [frames[place] for place in acts.touching(mention.start, mention.end)]
            span = Span.of(text, mention.start, mention.end)
            reason = _reason(mention, inside)
            found.append(Unclaimed(document_id=document_id, mention=kind, span=span, reason=reason))
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


def _reason(mention: Mention, touching: Sequence[Frame]) -> UnclaimedReason:
    inside = [frame for frame in touching if frame.start <= mention.start and mention.end <= frame.end]
    reasons = [frame.reason for frame in inside if frame.reason]
    if reasons:
        return reasons[0]
    if inside:
        return "other_act"
    is_share = isinstance(mention, AmountMention) and mention.kind == "share"
    return "statistic" if is_share else "not_act"
