"""How sure each field of a prose record is, by where its value stands: in the act's clause, its sentence, or beyond.

The rates are rows of ``confidences.csv``. They were measured on documents written and coded apart from the rules
(2026-11-22): ``right`` of ``of`` values before anybody had read 28 such documents, ``right_now`` of ``of_now`` on these
and 66 others, all read by then. The truth for a new document lies between, so ``rate`` is the mean of both shares,
drawn to that of the field where values are few.
"""

from functools import cache

from extractors.mentions import Mention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.score import calibrated
from extractors.relations.frames.what.topics import Topic
from schemas import Amount, Confidence, Year
from schemas.packaged import packaged_rows


def confidence_of(frame: Frame, topic: Topic, year: Year | None, amount: Amount | None) -> Confidence:
    """Return the confidences (0..1) of the record of a frame, None for the fields that it does not give."""
    return Confidence(
        record=round(calibrated(frame), 4),
        actor=_rate("actor", _where(frame, frame.actor)),
        partner=None if frame.partner is None else _rate("partner", _where(frame, frame.partner)),
        year=None if year is None or frame.year is None else _rate("year", _where(frame, frame.year)),
        amount=None if amount is None or frame.amount is None else _rate(amount.kind, _where(frame, frame.amount)),
        sector=_rate("sector", "beyond" if topic.place is None else "clause", topic.share),
    )


def _where(frame: Frame, mention: Mention) -> str:
    """Where a mention stands: in the clause of the act, in the sentence that states it, or beyond."""
    if frame.start <= mention.start and mention.end <= frame.end:
        return "clause"
    start, end = frame.evidence
    return "sentence" if start <= mention.start and mention.end <= end else "beyond"


def _rate(field: str, place: str, share: float = 0.0) -> float:
    return next(rate for least, rate in _rates()[field, place] if share >= least)


@cache
def _rates() -> dict[tuple[str, str], list[tuple[float, float]]]:
    """Map field and place to its rates, for the clearest first: how clearly one sector must lead, and the rate."""
    rates: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for row in packaged_rows("extractors.relations", "confidences.csv"):
        rates.setdefault((row["field"], row["place"]), []).insert(0, (float(row["least"]), float(row["rate"])))
    return rates
