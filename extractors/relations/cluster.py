"""The same act told twice becomes one frame; acts are ranked by how much of the document is about them."""

from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import same

_FORMS = frozenset(
    {"agreement", "programme", "joint_research", "dialogue", "other", "joint_facility", "technical_assistance"}
)
_PAYING = frozenset({"give", "fund", "invest", "own", "approve", "receive", "payer", "raise", "borrow"})
_OPENING = frozenset({"found", "build"})


def unique(frames: Sequence[Frame]) -> list[Frame]:
    """Return frames without repetitions, in order; of two that tell one act, the one that says more stays."""
    kept: list[Frame] = []
    for frame in frames:
        twin = next((k for k in kept if _one_act(k, frame)), None)
        if twin is None:
            kept.append(frame)
        elif _nearer(twin, frame):
            kept[kept.index(twin)] = _with_body(twin, frame)
        elif _says(frame) > _says(twin):
            kept[kept.index(twin)] = frame
    return kept


def _nearer(a: Frame, b: Frame) -> bool:
    """Whether one sentence tells an act with a country and again with a body of it."""
    known = a.partner is not None and b.partner is not None and a.partner.country is not None
    if not known or a.evidence != b.evidence or a.kind != b.kind or not same(a.actor, b.actor):
        return False
    if a.partner is None or b.partner is None or a.partner.country != b.partner.country:
        return False
    sums = [f for f in (a, b) if f.amount is not None and f.amount.kind == "money"]
    return (a.partner.type == "country") != (b.partner.type == "country") and len(sums) < 2


def _with_body(a: Frame, b: Frame) -> Frame:
    body, other = (b, a) if a.partner is not None and a.partner.type == "country" else (a, b)
    paid = other.amount is not None and other.amount.kind == "money"
    amount = other.amount if body.amount is None or paid else body.amount
    return replace(body, amount=amount, year=body.year or other.year)


def without_builders(frames: Sequence[Frame]) -> list[Frame]:
    """Leave out who builds what others pay for in the same sentence.

    A builder hired with the money is not the actor.
    """
    paid = {f.evidence for f in frames if f.shape in {"give", "approve", "fund", "receive"}}
    return [f for f in frames if not (f.shape == "build" and f.evidence in paid)]


def without_openings(frames: Sequence[Frame]) -> list[Frame]:
    """Leave out what the same sentence tells again with its money: "opens a park in A, in which it invested $9m"."""
    paid = [f for f in frames if f.shape in _PAYING and f.amount is not None and f.amount.kind != "count"]
    bought = [f for f in frames if f.shape == "buy"]
    return [
        f
        for f in frames
        if not (f.shape in _OPENING and f.amount is None and any(_pays(g, f) for g in paid))
        and not (f.shape == "build" and any(_pays(g, f) for g in bought))
    ]


def _pays(money: Frame, other: Frame) -> bool:
    sides = _sides(money) == _sides(other)
    years = {f.year.first for f in (money, other) if f.year is not None}
    return money.evidence == other.evidence and sides and len(years) < 2


def _side(party: PartyMention | None) -> str | None:
    return None if party is None else party.country or party.name


def without_details(frames: Sequence[Frame]) -> list[Frame]:
    """Leave out what only spells out an act of the same sentence, which takes its sum: "a pact under which A gives"."""
    kept = [f for f in frames if not f.features.get("detail")]
    for one in (f for f in frames if f.features.get("detail")):
        main = next((f for f in kept if f.evidence == one.evidence and _sides(f) == _sides(one)), None)
        if main is None:
            kept.append(one)
        elif main.amount is None:
            main.amount = one.amount
    return kept


def _sides(frame: Frame) -> set[str | None]:
    return {_side(frame.actor), _side(frame.partner)}


def ranked(frames: Sequence[Frame]) -> list[Frame]:
    """Return frames by salience: money, surety and an early place first."""
    return sorted(frames, key=_salience)


def _salience(frame: Frame) -> tuple[float, int]:
    return -(frame.score + 0.2 * (frame.amount is not None) + 0.1 * (frame.year is not None)), frame.start


def _says(frame: Frame) -> tuple[int, float]:
    return (frame.year is not None) + 2 * (frame.amount is not None), frame.score


def _one_act(a: Frame, b: Frame) -> bool:
    if _nearer(a, b):
        return True
    if not _same_parties(a, b):
        return False
    if (
        a.amount is not None
        and b.amount is not None
        and (a.amount.value, a.amount.unit) != (b.amount.value, b.amount.unit)
    ):
        return False
    if a.year is not None and b.year is not None and a.year.first != b.year.first:
        return False
    if (
        a.evidence == b.evidence
        and straight(a, b)
        and not (a.amount is not None and b.amount is not None)
        and (_loose(a) or _loose(b))
    ):
        return True
    if a.evidence == b.evidence:
        return a.kind == b.kind or _overlap(a, b) or a.amount is b.amount and a.amount is not None
    if a.kind == b.kind and a.amount is not None and b.amount is not None:
        return True
    if _retold(a, b) or _retold(b, a):
        return True
    return a.kind == b.kind and a.kind not in {"supply", "grant", "loan", "training"} and _near(a, b)


def _retold(told: Frame, again: Frame) -> bool:
    """Whether a noun alone tells an act again: "lent Togo $20 million. The Norwegian loan paid for cranes"."""
    bare = again.amount is None and again.year is None and not again.features.get("verbal")
    return bare and told.kind == again.kind and again.source == "prose" and _near(told, again)


def straight(a: Frame, b: Frame) -> bool:
    """Whether two frames have the same actor and the same partner."""
    return same(a.actor, b.actor) and _same(a.partner, b.partner)


def _loose(frame: Frame) -> bool:
    return frame.kind in {"agreement", "programme", "joint_research", "other"} or (
        frame.kind == "grant" and frame.amount is None
    )


def _near(a: Frame, b: Frame) -> bool:
    return abs(a.start - b.start) < 600 and a.source == b.source


def _overlap(a: Frame, b: Frame) -> bool:
    return a.start < b.end and b.start < a.end


def _same_parties(a: Frame, b: Frame) -> bool:
    straight = same(a.actor, b.actor) and _same(a.partner, b.partner)
    crossed = (
        not (a.features.get("mirrored") or b.features.get("mirrored"))
        and a.kind in _FORMS
        and a.partner is not None
        and b.partner is not None
        and same(a.actor, b.partner)
        and same(a.partner, b.actor)
    )
    return straight or crossed


def _same(a: PartyMention | None, b: PartyMention | None) -> bool:
    if a is None or b is None:
        return a is b
    return same(a, b)
