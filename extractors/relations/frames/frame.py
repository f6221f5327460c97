"""A frame: one candidate act with its arguments, before it is judged."""

from dataclasses import dataclass, field
from typing import Literal

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.context import Cue
from extractors.relations.frames.parties import same
from schemas import Kind, Status, UnclaimedReason


@dataclass(slots=True)
class Frame:
    """A candidate act: one actor, at most one partner; frames of one act share ``act``.

    ``start`` and ``end`` bound its clause, ``evidence`` the sentence or lines that state it. ``features`` name what
    speaks for or against it, ``score`` is the probability that it is a record.
    """

    kind: Kind
    status: Status
    actor: PartyMention
    partner: PartyMention | None
    start: int
    end: int
    evidence: tuple[int, int]
    act: int
    trigger: str
    shape: str
    year: YearMention | None = None
    amount: AmountMention | None = None
    heading: str = ""
    cues: list[Cue] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)
    source: str = "prose"
    score: float = 0.0
    reason: UnclaimedReason | Literal[""] = ""


def one_pair(a: Frame, b: Frame) -> bool:
    """Whether two frames are of the same actor with the same partner, or without one."""
    if a.partner is None or b.partner is None:
        return a.partner is b.partner and same(a.actor, b.actor)
    return same(a.actor, b.actor) and same(a.partner, b.partner)
