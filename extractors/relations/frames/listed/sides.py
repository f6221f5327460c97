"""Whose document it is, and which two sides the lines above an item name."""

import re
from dataclasses import replace
from functools import cache

from extractors.mentions import PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.cellwords import form_of
from extractors.relations.frames.parties import BODIES, domestic, in_role, members, same
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Line, Place
from schemas import Kind
from schemas.packaged import packaged_rows

_FOLDER = "extractors.relations.frames.listed"
_OWN = re.compile(
    r"\b(?:report|extract|projects?|programmes?|programs?|office|activities|portfolio|cooperation of|partners)\b", re.I
)
GIVEN: frozenset[Kind] = frozenset({"loan", "grant", "export_credit"})
AID = re.compile(
    r"\b(?:aid|support|assistance|grants?|loans?|projects?|gifts?|donors?|lending|contributions?|giv\w+)\b", re.I
)
_ITS = re.compile(r"(?:['’]s)?\s(?:\w+ )?(?:loan|grant|credit|gift|financing|contribution|support|funding|aid)\b")
_BY = re.compile(r"\b(?:by|gift of)\s+(?:the\s+)?$", re.I)
_ALONE_BEFORE = re.compile(r"[,;]\s*(?:the\s+)?$")
_ALONE_AFTER = re.compile(r"\s*(?:[,;]|\(|$)")
_LABEL = re.compile(r"(?:\*\*|__)?[A-Z][\w'’-]*(?: [\w'’&-]+){0,4}\.(?:\*\*|__)?\s+(?=\S.{20})")
_HEAD = 4  # lines in which a document says whose it is
_HOPED = re.compile(
    r"^draft\b|\bawaiting\b|\b(?:tbc|tbd)\b|\bunder (?:discussion|negotiation|consideration|preparation)\b|"
    r"\bin preparation\b|\bproposed\b|\bno decision\b",
    re.I,
)
_BRIEF = 80  # characters of an item that is hardly a sentence
_SHORT = 40  # characters of a line of a place and a date


@cache
def _funders() -> re.Pattern[str]:
    words = "|".join(row["words"] for row in packaged_rows(_FOLDER, "funders.csv"))
    return re.compile(rf"\b(?:{words})\b", re.I)


def funds(party: PartyMention) -> bool:
    """Whether a party is a body that gives or lends money by its name."""
    return party.type in BODIES and _funders().search(f"{party.name} {party.text}") is not None


def own_side(reading: Reading) -> PartyMention | None:
    """The party whose document it is: the body that its first lines name as such, else the subject of its title."""
    lines = [p.line for p in reading.outline.places if p.line.kind != "noise"][:_HEAD]
    subject = reading.subject
    for line in lines:
        said = reading.text[line.start : line.end]
        named = [p for p in _named(reading, line) if p.type in BODIES and p.role == "name"]
        if len(said) > 160 or not named or not _OWN.search(said):
            continue
        body = named[0]
        often = sum(same(p, body) for p in reading.names.parties)
        if often > 2 and (subject is None or subject.type == "country" and body.country in {subject.country, None}):
            return in_role(body, "subj")
    title = reading.outline.title()
    pair = _pair(_named(reading, title)) if title is not None else None
    return pair[0] if pair is not None else subject if subject is None or subject.type != "group" else None


def sides_of(
    reading: Reading, place: Place, own: PartyMention | None
) -> tuple[PartyMention | None, PartyMention | None]:
    """The document's own side and the other that the lines above an item name, None where they name none."""
    title = reading.outline.title()
    for line in reading.outline.above(place):
        if title is not None and line.start == title.start:
            continue
        if line.end - line.start < _SHORT and any(y.kind == "date" for y in reading.years.within(line.start, line.end)):
            continue
        named = _named(reading, line)
        if line.kind == "bullet":
            named = [p for p in named if p.end - p.start >= 0.6 * (line.end - line.start)]
        pair = _pair(named)
        if pair is not None and own is not None and domestic(own, pair[1]):
            return own, pair[0]
        if pair is not None:
            return (own if own is not None and domestic(own, pair[0]) else pair[0]), pair[1]
        if own is not None and own.type == "group" and named and named[0].type != "group":
            whole = _pair(_named(reading, title)) if title is not None else None
            return in_role(named[0], "subj"), whole[1] if whole is not None else None
        others = [p for p in named if own is None or not domestic(own, p)]
        if others and line.end - line.start < 90:
            return own, in_role(others[0], "in")
    pair = _pair(_named(reading, title)) if title is not None else None
    return (own, pair[1]) if pair is not None and own is not None and not domestic(own, pair[1]) else (own, None)


def _named(reading: Reading, line: Line) -> list[PartyMention]:
    found = reading.names.parties.within(line.start, line.end)
    return [p for p in found if p.role in {"name", "demonym", "place"} and p.source != "capitals"]


def _pair(named: list[PartyMention]) -> tuple[PartyMention, PartyMention] | None:
    """The two sides that a heading names: "India–France", "China and ASEAN"."""
    for party in named:
        pieces = members(party)
        if len(pieces) == 2:
            return in_role(pieces[0], "subj"), in_role(pieces[1], "with")
    if len(named) == 2 and not domestic(*named) and all(p.type in {"country", "organisation", "group"} for p in named):
        return in_role(named[0], "subj"), in_role(named[1], "with")
    return None


def gives(reading: Reading) -> bool:
    """Whether the document's title tells of giving: "German aid to African banks"."""
    title = reading.outline.title()
    return title is not None and AID.search(reading.text[title.start : title.end]) is not None


def _lends(reading: Reading, frame: Frame, start: int) -> bool:
    """Whether the partner is a bank or fund that opens the item and the document tells nothing of giving."""
    partner = frame.partner
    if partner is None or frame.kind not in GIVEN or not funds(partner):
        return False
    opens = start <= partner.start and not re.search(r"[:,;]|\b(?:to|for)\b", reading.text[start : partner.start])
    return opens and not gives(reading) and not funds(frame.actor) and not domestic(frame.actor, partner)


def giver_of(reading: Reading, place: Place) -> PartyMention | None:
    """Who gives by an item: the bank or fund whose loan it is, who stands alone among its parts, or after "by"."""
    start, end = place.line.start, place.line.end
    for party in reading.names.parties.within(start, end):
        if party.type not in BODIES:
            continue
        before = reading.text[start : party.start]
        by = _BY.search(before) is not None
        alone = _ALONE_BEFORE.search(before) and _ALONE_AFTER.match(reading.text, party.end, end)
        if by or (funds(party) and (alone or _ITS.match(reading.text, party.end, end))):
            return party
    return None


def lent_by_own(reading: Reading) -> None:
    """Mend whom the lines above lend an item as its actor, in place; what cannot be mended is dropped.

    The document's body stands for its country, for a region and for who acts in another item; a bank or fund that the
    item names gives.
    """
    own = own_side(reading)
    kept: list[Frame] = []
    for frame in reading.frames:
        place = reading.outline.at(frame.evidence[0])
        item = place is not None and place.line.kind == "bullet"
        if place is None or not item or not _in_label(reading, frame, place) and _mended(reading, frame, place, own):
            kept.append(frame)
    reading.frames[:] = kept


def _in_label(reading: Reading, frame: Frame, place: Place) -> bool:
    """Whether an act is told by the label of an item alone, a heading: "Soft loans. The two sides signed …"."""
    label = None if frame.features.get("verbal") else _LABEL.match(reading.text, place.line.start, place.line.end)
    return label is not None and frame.start >= place.line.start and frame.evidence[1] <= label.end()


def _mended(reading: Reading, frame: Frame, place: Place, own: PartyMention | None) -> bool:
    line = place.line
    said = reading.text[line.start : line.end]
    if not frame.features.get("verbal") and _HOPED.search(said):
        return False
    form = form_of(said) if frame.kind == "other" else None
    frame.kind = form if form in GIVEN and form is not None else frame.kind
    here = line.start <= frame.actor.start < line.end
    told = (
        here and frame.features.get("verbal") and (line.end - line.start > _BRIEF or reading.text[line.end - 1] == ".")
    )
    giver = giver_of(reading, place) if frame.kind in GIVEN and not told else None
    if giver is not None and not same(giver, frame.actor) and not funds(frame.actor) and not gives(reading):
        foreign = [p for p in (frame.partner, frame.actor, own) if p is not None and not domestic(giver, p)]
        if foreign:
            frame.actor, frame.partner = in_role(giver, "subj"), min(foreign, key=_guessed)
        return True
    if here:
        return True
    if _lends(reading, frame, line.start):
        frame.actor, frame.partner = in_role(frame.partner or frame.actor, "subj"), frame.actor
        return True
    if own is None:
        return True
    regional = frame.actor.type == "group" and frame.actor.source == "region"
    of_own = own.type in BODIES and frame.actor.type == "country" and frame.actor.country == own.country
    if regional and domestic(own, frame.partner):
        return False
    if (regional or of_own or _sibling(reading, frame, place)) and not domestic(own, frame.partner):
        frame.actor = replace(own)
    return True


def _guessed(party: PartyMention) -> bool:
    return party.source == "capitals"


def _sibling(reading: Reading, frame: Frame, place: Place) -> bool:
    """Whether the actor stands in another item that is not above this one."""
    there = reading.outline.at(frame.actor.start)
    if there is None or there.line.kind != "bullet":
        return False
    return all(line.start != there.line.start for line in reading.outline.above(place))
