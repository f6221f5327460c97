"""A document being read: its mentions and outline, and what has been told so far."""

from collections import Counter
from dataclasses import dataclass, field

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import in_role, members
from extractors.relations.frames.sentence.event import Sentence
from extractors.relations.frames.who.names import Names
from extractors.relations.frames.who.resolve import Memory
from extractors.relations.frames.windows import Windows
from extractors.relations.outline import Outline, Place

FRAGMENT = frozenset({"bullet", "lead"})
_TOP, _TITLE = 8, 160  # first lines among which a title may stand, and its characters
_SHORT = 40  # characters of a line that only dates


@dataclass(slots=True)
class Reading:
    """A document being read: its mentions, outline, memory, and the frames found so far."""

    text: str
    names: Names
    amounts: Windows[AmountMention]
    years: Windows[YearMention]
    outline: Outline
    memory: Memory = field(default_factory=Memory)
    frames: list[Frame] = field(default_factory=list)
    acts: int = 0
    list_subject: dict[int, list[PartyMention]] = field(default_factory=dict)
    list_year: dict[int, YearMention] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    subject: PartyMention | None = None
    leads: dict[int, Frame] = field(default_factory=dict)
    list_seen: dict[int, bool] = field(default_factory=dict)
    last_year: YearMention | None = None
    head_year: YearMention | None = None
    occasion: YearMention | None = None
    formal: bool = False
    theme: PartyMention | None = None
    home: PartyMention | None = None


def subject_of(reading: Reading) -> PartyMention | None:
    """The party that the document is about: the country its title names, if one does."""
    title = reading.outline.title()
    if title is None:
        return None
    named = [
        p
        for p in reading.names.parties.within(title.start, title.end)
        if p.role in {"name", "demonym"} and p.source != "capitals"
    ]
    if named:
        return in_role(named[0], "subj")
    counts = Counter(p.country for p in reading.names.parties if p.country and p.role in {"name", "demonym"})
    if not counts or counts.most_common(1)[0][1] < 3:
        return None
    country = counts.most_common(1)[0][0]
    return next(
        (in_role(p, "subj") for p in reading.names.parties if p.type == "country" and p.country == country), None
    )


def theme_of(reading: Reading) -> PartyMention | None:
    """The country that the text names most often, if it names it at least thrice and in its title or first lines."""
    counts = Counter(p.country for p in reading.names.parties if p.country and p.role in {"name", "demonym", "place"})
    if not counts or counts.most_common(1)[0][1] < 3:
        return None
    country = counts.most_common(1)[0][0]
    first = next((p for p in reading.names.parties if p.country == country and p.type == "country"), None)
    return in_role(first, "to") if first is not None and first.start < 400 else None


def pair_of(reading: Reading) -> tuple[PartyMention, PartyMention] | None:
    """The two states that a title among the first lines joins: "U.S.–China cooperation", "Malta and Libya"."""
    for place in reading.outline.places[:_TOP]:
        line = place.line
        if reading.text[line.start : line.end].rstrip(" *_").endswith(".") or line.end - line.start > _TITLE:
            continue
        named = reading.names.parties.within(line.start, line.end)
        pairs = [pieces for party in named if len(pieces := members(party)) == 2]
        states = pairs[0] if pairs else tuple(p for p in named if p.type == "country" and p.role in {"name", "demonym"})
        if len(states) == 2 and states[0].country and states[1].country and states[0].country != states[1].country:
            return in_role(states[0], "subj"), in_role(states[1], "subj")
    return None


def above(reading: Reading, place: Place) -> list[PartyMention]:
    """The parties of the nearest line above that names one: a pair of countries as two, else the first."""
    for line in reading.outline.above(place):
        if line.end - line.start < _SHORT and any(y.kind == "date" for y in reading.years.within(line.start, line.end)):
            continue  # a place and a date
        named = [
            p
            for p in reading.names.parties.within(line.start, line.end)
            if p.role in {"name", "demonym", "place"} and p.source != "capitals"
        ]
        for party in named:
            pieces = members(party)
            if len(pieces) > 1:
                return [in_role(p, "subj") for p in pieces]
        if named:
            return [in_role(p, "subj") for p in named[:2]]
    return []


def hosts(reading: Reading, place: Place) -> list[PartyMention]:
    """Who may act where nobody is named, nearest first: those of the heading above, whose document it is, its subject.

    A region is none of them unless there is nobody else.
    """
    named = [*above(reading, place), *(p for p in (reading.home, reading.subject) if p is not None)]
    return [p for p in named if p.source != "region"] or named


def heading_of(reading: Reading, place: Place) -> str:
    """Return the texts of the lines above a place, nearest first."""
    return " / ".join(reading.text[line.start : line.end] for line in reading.outline.above(place))


def evidence_of(reading: Reading, place: Place, s: Sentence) -> tuple[int, int]:
    """The sentence; of a short list item the whole."""
    line = place.line
    if line.kind == "bullet" and line.end - line.start < 240 and line.start <= s.start and s.end <= line.end + 1:
        return line.start, trimmed(reading.text, line.start, line.end)
    return s.start, trimmed(reading.text, s.start, s.end)


def trimmed(text: str, start: int, end: int) -> int:
    """Return ``end`` without the blanks before it."""
    return start + len(text[start:end].rstrip())
