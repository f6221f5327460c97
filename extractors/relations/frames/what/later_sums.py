"""Sums and counts told after their act: "…; the firm will pay $5m", "…, which provides for 20 joint projects".

``later_sums.csv`` has a row for each way to tell them: the kind of amount, a pattern of what stands between the clause
of the act and the amount, one of what follows the amount, and to whom it belongs: the act, each side of it, or the act
as a whole (then it goes over a count told with the act).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.mentions import AmountMention, PartyMention
from extractors.relations.frames.frame import Frame, one_pair
from extractors.relations.frames.parties import same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.score import accepted
from extractors.relations.frames.what.attach import yearly
from extractors.relations.frames.what.wording import words_of
from schemas.packaged import packaged_rows

_FAR = 220  # characters between the clause of an act and its amount
_PARTY = "@"  # stands for a party of the act
_OPENS = re.compile(r"(?:,\s(?:in|of|with|to|for|from))?[\s.;,]*\Z")  # of what follows a clause
_SENTENCE = re.compile(r"[.!?]\s+(?=[A-Z@“\"])")
_OTHERS = re.compile(r"[ ,]*(?:[\w-]+ ){0,3}?(?:to|for|from|towards)\s+(?:the |its |a )?$")
_SIGNED = re.compile(r",? (?:that was |which was )?(?:signed|agreed|concluded|announced|struck|launched)(?: in| on)?\b")
_ENDS = re.compile(
    r"\s*(?:[.;,)\n]|\Z|(?:a year|per year|each year|annually|over|for it|towards it|of the|from \d|in \d|by \d)\b)"
)
_RESPECTIVELY = re.compile(r"[ ,]*respectively\b")
_COUNTED = {"training", "joint_facility", "technical_assistance", "grant", "programme"}


@dataclass(frozen=True, slots=True)
class Way:
    """A row of the table."""

    kind: str
    gap: re.Pattern[str]
    tail: re.Pattern[str]
    to: str


def with_later_sums(reading: Reading, frames: Sequence[Frame]) -> list[Frame]:
    """Return frames with the amounts told after them; without those that only told such an amount."""
    told = sorted((f for f in frames if accepted(f) and f.source == "prose"), key=_end)
    _give_respectively(reading, told)
    gone: set[int] = set()
    more: list[Frame] = []
    for amount in reading.amounts:
        act = _act_before(told, amount, gone)
        if not act or amount.value is None:
            continue
        holders = [f for f in told if _has(f, amount) and f not in act]
        way = _way(reading, act, amount, bool(holders))
        if way is None or not _free(act, holders, amount, way):
            continue
        if way.to == "each" and _both(holders, act[0]):
            holders[-1].features["mirrored"] = 1.0
            continue
        gone.update(id(h) for h in holders)
        for frame in act:
            _give(reading, frame, amount, way)
        if way.to == "each" and len(act) == 1 and act[0].partner is not None:
            reading.acts += 1
            more.append(_mirrored(act[0], act[0].partner, reading.acts))
    gone.update(id(f) for f in told if _is_share_beside_money(f, told))
    return [f for f in frames if id(f) not in gone] + more


def _give_respectively(reading: Reading, told: Sequence[Frame]) -> None:
    """Give each actor of an act its own sum: "Norway and Chile support it with $2m and $3m respectively"."""
    for first in {f.act: f for f in told}.values():
        act = sorted((f for f in told if f.act == first.act), key=_actor)
        sums = [a for a in reading.amounts.within(*first.evidence) if a.kind == "money" and a.start >= first.start]
        if len(act) > 1 and len(act) == len(sums) and _RESPECTIVELY.match(reading.text, sums[-1].end):
            for frame, amount in zip(act, sums, strict=True):
                frame.amount = yearly(amount, reading.text)
                frame.features["money"] = 1.0


def _actor(frame: Frame) -> int:
    return frame.actor.start


def _is_share_beside_money(frame: Frame, told: Sequence[Frame]) -> bool:
    """Whether a frame tells but the share that the same sentence pays for: "invested $5m in X, of which it owns 4%"."""
    if frame.amount is None or frame.amount.kind != "share":
        return False
    paid = (f for f in told if f.evidence == frame.evidence and f.amount is not None and f.amount.kind == "money")
    return any(f.kind == frame.kind and one_pair(f, frame) for f in paid)


def _end(frame: Frame) -> tuple[int, int]:
    return frame.end, frame.start


def _has(frame: Frame, amount: AmountMention) -> bool:
    return frame.amount is not None and frame.amount.start == amount.start


def _act_before(told: Sequence[Frame], amount: AmountMention, gone: set[int]) -> list[Frame]:
    """The frames of the last act told before an amount, not far from it."""
    near = [f for f in told if f.end <= amount.start + 1 < f.end + _FAR and not _has(f, amount) and id(f) not in gone]
    last = max(near, key=_end, default=None)
    return [] if last is None else [f for f in near if f.act == last.act]


def _free(act: Sequence[Frame], holders: Sequence[Frame], amount: AmountMention, way: Way) -> bool:
    """Whether the act may take the amount: it has none, or but a count; no other act has it by right."""
    known = act[0].amount
    if known is not None and not (way.to == "whole" and known.kind != "money"):
        return False
    if amount.kind == "count" and (amount.unit == "person" and act[0].kind not in _COUNTED):
        return False
    return way.to == "each" or all(_says_no_more(h, act) for h in holders)


def _both(holders: Sequence[Frame], act: Frame) -> bool:
    """Whether each side of an act has the amount already, told in one sentence with it."""
    return len(holders) > 1 and all(h.evidence == act.evidence for h in holders)


def _says_no_more(holder: Frame, act: Sequence[Frame]) -> bool:
    """Whether a frame only tells that a side of an act pays: its partner is of the act too, or not its own."""
    if not any(_known(holder.actor, side) for side in _sides(act)):
        return False
    partner = holder.partner
    return partner is None or any(_known(partner, side) for side in _sides(act))


def _way(reading: Reading, act: Sequence[Frame], amount: AmountMention, told: bool) -> Way | None:
    gap = _gap(reading, act, amount)
    if gap is None:
        return None
    tail = reading.text[amount.end : amount.end + 80]
    ways = (w for w in _ways() if w.kind == amount.kind and w.gap.fullmatch(gap) and w.tail.match(tail))
    way = next(ways, None)
    own = told and way is not None and way.to == "" and amount.kind == "money" and not _ENDS.match(tail)
    elsewhere = amount.kind == "money" and _another(reading, act, amount)
    return None if own or elsewhere else way


def _gap(reading: Reading, act: Sequence[Frame], amount: AmountMention) -> str | None:
    """What stands between an act and an amount, the act's parties as signs; None where others are named there."""
    text = reading.text
    opens = _OPENS.search(text, max(0, act[0].end - 12), act[0].end)
    start = opens.start() if opens else act[0].end
    out = []
    for party in reading.names.parties.within(start, amount.start):
        known = any(_known(party, side) for side in _sides(act))
        if party.role == "description" and not known:
            continue
        if not known:
            return None
        out.append(text[start : party.start] + _PARTY)
        start = party.end
    gap = "".join(out) + text[start : amount.start]
    return None if "\n" in gap or len(_SENTENCE.findall(gap)) > 1 else gap


def _sides(act: Sequence[Frame]) -> Iterator[PartyMention]:
    for frame in act:
        yield frame.actor
        if frame.partner is not None:
            yield frame.partner


def _known(party: PartyMention, side: PartyMention) -> bool:
    """Whether a mention names a side of the act, stands for its country, or is its initials."""
    if same(party, side) or (party.country is not None and party.country == side.country):
        return True
    return party.text.isupper() and _abbreviates(party.text, side.name)


def _abbreviates(short: str, name: str) -> bool:
    """Whether letters are those that words of a name begin with, in order: "KIGAM", "and" counted or not."""
    initials = iter(word[0].upper() for word in name.split())
    return len(short) > 2 and name[:1].upper() == short[0] and all(letter in initials for letter in short)


def _another(reading: Reading, act: Sequence[Frame], amount: AmountMention) -> bool:
    """Whether the amount goes to, or comes from, somebody who has no part in the act."""
    after = reading.names.parties.within(amount.end, amount.end + 60)[:1]
    return any(
        _OTHERS.match(reading.text[amount.end : p.start]) and not any(_known(p, side) for side in _sides(act))
        for p in after
    )


def _give(reading: Reading, frame: Frame, amount: AmountMention, way: Way) -> None:
    """Give a frame its amount, and the year that stands beside it: "a programme worth $5m signed in 2007"."""
    frame.amount = yearly(amount, reading.text)
    frame.features["money" if amount.kind == "money" else "count"] = 1.0
    beside = reading.years.within(amount.end, amount.end + 50)[:1] if way.to == "whole" and frame.year is None else []
    if beside and _SIGNED.match(reading.text, amount.end, beside[0].start + 1):
        frame.year = beside[0]


def _mirrored(frame: Frame, partner: PartyMention, act: int) -> Frame:
    """The other side's record of an act in which each side gives the same."""
    return replace(frame, actor=partner, partner=frame.actor, act=act, features={**frame.features, "mirrored": 1.0})


@cache
def _ways() -> tuple[Way, ...]:
    classes = {
        name: _any_of(words_of(f"later_{name}")) for name in ("auxiliary", "giving", "adjective", "deal", "made")
    }
    classes |= {
        "party": _PARTY,
        "facility": _any_of(words_of("facility")),
        "noun": _any_of(words_of("side")),
        "each": f"each(?: {_any_of(words_of('side'))}| of them)?",
        "bound": rf"(?:[ ,]+{_any_of(words_of('later_bound'))})*\s*",
    }
    return tuple(
        Way(
            row["kind"],
            re.compile(_filled(row["gap"], classes), re.I),
            re.compile(_filled(row["tail"], classes)),
            row["to"],
        )
        for row in packaged_rows("extractors.relations.frames.what", "later_sums.csv")
    )


def _any_of(words: frozenset[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def _filled(pattern: str, classes: dict[str, str]) -> str:
    """Return a pattern with the names of classes in braces replaced by their words."""
    for name, words in classes.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return pattern
