"""Earlier stages of an act, told beside it: a signing before the handover, a start before the opening."""

import re

from extractors.mentions import YearMention
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.event import Event, Sentence
from extractors.relations.outline import Place

_REACH = 170  # characters of the next sentence


def earlier_stage(
    reading: Reading, place: Place, s: Sentence, event: Event, year: YearMention | None
) -> YearMention | None:
    """The year in which an act was signed or begun, told in its sentence or the next: before that of its opening.

    ``year`` is what its own clause says, if anything; it stays where no earlier stage has a year. Source: guidelines,
    10 (signing or pledge before handover, start before opening, opening before completion).
    """
    if year is not None and not any(_is_late(told) for told in (event, *s.events)):
        return year
    end = min(place.line.end, s.end + _REACH)
    for mention in reading.years.within(event.start, end):
        before = reading.text[max(event.start, mention.start - 70) : mention.start]
        near = s.end >= mention.start or _NEXT.match(reading.text, s.end, mention.start) is not None
        if near and _stage(before, passing=year is None) and (year is None or mention.first <= year.first):
            return mention
    return year


def _stage(before: str, *, passing: bool) -> bool:
    return _BEGUN.search(before) is not None or (passing and _SIGNED.search(before) is not None)


def _is_late(event: Event) -> bool:
    """Whether an act is told by a late stage of it: an opening, a handover, a completion."""
    return any(t.words in _LATE for t in event.triggers if t.pos == "v")


_LATE = frozenset(
    {"inaugurate", "open", "open up", "complete", "hand over", "deliver", "build", "construct", "equip", "install"}
)
_WHAT = (
    r"(?:contract|loan|agreement|accord|deal|order|pact|memorandum|protocol|grant|credit|project|plan|document|letter)"
)
_IN = r"(?: \w+){0,2}? (?:back )?(?:in|on)(?: the)?(?: early| late| mid)? ?$"
_BEGUN = re.compile(
    r"\b(?:(?:construction|works?|building|the project)(?: of \w+| on \w+)? (?:had )?(?:began|started|begun|starting)|"
    rf"ground (?:was |had been )?broken|stone (?:was |had been )?laid|(?:begun|started))(?:{_IN}| $)"
    rf"|\bunder (?:an?|the) (?:\w+ ){{0,3}}{_WHAT} (?:(?:signed|concluded|agreed|made|struck)(?:{_IN}| $)|of $)"
    rf"|\b(?:the|its|their) (?:\w+ )?{_WHAT} (?:was|were|had been) "
    rf"(?:signed|approved|agreed|concluded|awarded|made|struck|announced|decided|launched|begun){_IN}",
    re.I,
)
_SIGNED = re.compile(
    r"(?<=[,(] )(?:begun|started|signed|agreed|decided|approved|ordered|announced|concluded|struck|selected|founded|"
    rf"pledged|committed|promised){_IN}",
    re.I,
)
_NEXT = re.compile(rf"\W*(?:The (?:\w+ )?{_WHAT}|Ground|Construction|Works?|Building|The (?:first|foundation) stone)\b")
