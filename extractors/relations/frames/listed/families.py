"""What an item and those under it tell of one act: its sum, its year, for whom it is."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extractors.mentions import AmountMention, PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.grid import GIVING
from extractors.relations.frames.parties import domestic, in_role, same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.score import accepted, judge
from extractors.relations.outline import Place

_FOR = re.compile(
    r"(?:main |first |other )?(?:users?|recipients?|beneficiar(?:y|ies)|participants?|"
    r"(?:participating|partner|recipient|host) countries|customers|members?)\s*[:–—-]\s*",
    re.I,
)
_MOST = 12


def read_families(reading: Reading) -> None:
    """Complete the frames of items from the rest of their line and from the items under them, in place."""
    for place in reading.outline.places:
        if place.line.kind == "bullet":
            _one_sum(reading, place, _told(reading, [place]))
    children: dict[int, list[Place]] = defaultdict(list)
    for place in reading.outline.places:
        parent = place.above[0] if place.line.kind == "bullet" and place.above else -1
        if parent >= 0 and reading.outline.places[parent].line.kind == "bullet":
            children[parent].append(place)
    for parent, below in children.items():
        _family(reading, reading.outline.places[parent], below)


def _told(reading: Reading, places: Sequence[Place]) -> list[Frame]:
    spans = [(p.line.start, p.line.end) for p in places]
    here = [f for f in reading.frames if any(a <= f.evidence[0] < b for a, b in spans)]
    return [f for f in here if accepted(judge(f))]


def _sums(reading: Reading, place: Place) -> list[AmountMention]:
    found = reading.amounts.within(place.line.start, place.line.end)
    return [a for a in found if a.kind == "money" and a.value is not None]


def _one_sum(reading: Reading, place: Place, told: list[Frame]) -> None:
    """Give the one act of an item the one sum that its line holds."""
    joined = bool(told) and told[0].kind == "membership"
    shares = (
        [a for a in reading.amounts.within(place.line.start, place.line.end) if a.kind == "share"] if joined else []
    )
    sums = _sums(reading, place) or shares
    if len(sums) == 1 and told and len({f.act for f in told}) == 1 and place.line.end - place.line.start < 200:
        _give(told, sums[0])


def _give(told: Sequence[Frame], amount: AmountMention) -> None:
    for frame in told:
        if frame.amount is None or frame.amount.kind != "money":
            frame.amount = amount
            frame.features = {**frame.features, "money": 1.0, "count": 0.0}


def _family(reading: Reading, parent: Place, below: Sequence[Place]) -> None:
    above, under = _told(reading, [parent]), _told(reading, below)
    named = _named(reading, parent)
    year = next(iter(reading.years.within(parent.line.start, parent.line.end)), None)
    for frame in under:
        own = reading.years.within(*frame.evidence)
        if year is not None and not own:
            frame.year = year
    if above and len({f.act for f in above}) == 1:
        _take_sums(reading, above, below, under, named)
    if above and all(f.partner is None for f in above) and any(f.partner is not None for f in under):
        _announced(reading, above, under)
        above = []
    listed = next((found for place in below if (found := _for_whom(reading, place))), [])
    told = sorted((*above, *under), key=_vague)
    if listed and told:
        _spread(reading, told[0], listed)
        rest = [f for f in told[1:] if f.act != told[0].act and f.partner is not None and f.partner.type == "group"]
        _drop(reading, rest)
        sums = [s for place in (parent, *below) for s in _sums(reading, place)]
        if len(sums) == 1:
            _give([f for f in reading.frames if f.act == told[0].act], sums[0])


def _drop(reading: Reading, frames: Sequence[Frame]) -> None:
    reading.frames[:] = [f for f in reading.frames if not any(f is one for one in frames)]


def _vague(frame: Frame) -> bool:
    return frame.kind not in GIVING


def _announced(reading: Reading, above: list[Frame], under: list[Frame]) -> None:
    """Drop an act that but announces those below it; what was promised stays so below."""
    for frame in under:
        if above[0].status == "pledged" and frame.status in {"completed", "committed"}:
            frame.status = "pledged"
    _drop(reading, above)


def _take_sums(
    reading: Reading, above: list[Frame], below: Sequence[Place], under: list[Frame], named: list[PartyMention]
) -> None:
    """The sum of an item below that names nobody else belongs to the act above."""
    for place in below:
        sums = _sums(reading, place)
        others = [p for p in _named(reading, place) if not any(same(p, n) for n in named)]
        if len(sums) != 1 or others or any(f.amount is not None for f in above):
            continue
        _give(above, sums[0])
        start, end = place.line.start, place.line.end
        reading.frames[:] = [f for f in reading.frames if not (f in under and start <= f.evidence[0] < end)]


def _named(reading: Reading, place: Place) -> list[PartyMention]:
    found = reading.names.parties.within(place.line.start, place.line.end)
    return [p for p in found if p.role in {"name", "demonym"} and p.source != "capitals"]


def _for_whom(reading: Reading, place: Place) -> list[PartyMention]:
    """The countries or bodies after "Recipients:"."""
    line = place.line
    match = _FOR.match(reading.text, line.start, line.end)
    if match is None:
        return []
    return [in_role(p, "to") for p in _named(reading, place) if p.start >= match.end() and p.type != "group"]


def _spread(reading: Reading, model: Frame, partners: list[PartyMention]) -> None:
    """Repeat an act for each of those for whom it is, in place of the region or of nobody."""
    lent = model.partner is not None and not model.evidence[0] <= model.partner.start < model.evidence[1]
    if model.partner is not None and model.partner.type != "group" and not lent:
        return
    reading.frames[:] = [f for f in reading.frames if f.act != model.act]
    reading.frames += [
        replace(model, partner=p, features={**model.features, "partner": 1.0})
        for p in partners[:_MOST]
        if not domestic(model.actor, p)
    ]
