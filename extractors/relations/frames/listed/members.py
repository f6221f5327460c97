"""Members told as a list or by number ("A, B and C are the partners of D", "becomes its 15th member"); chronologies."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import domestic, in_role, same
from extractors.relations.frames.reading import Reading, above
from extractors.relations.frames.timing.dating import dated_by, year_of_line
from extractors.relations.outline import Place
from schemas import Status

_BODY = r"(?:members?(?: states?| countries| country| institutions?)?|partners?|signator(?:y|ies)|shareholders?)"
_MEMBER = r"(?:members?(?: states?| countries| country)?|signatory|shareholder)"
_WHICH = r"(?:\d+(?:st|nd|rd|th)|[a-z]+(?:st|nd|rd|th)|newest|first|second|third|full|associate|founding)"
_ARE = re.compile(
    r"\s*,?\s*\b(?:are|were|became|become|join as|make up)\s+(?:all\s+)?(?:the\s+)?(?:(?!not\b|no\b)[\w-]+\s+){0,2}?"
    rf"{_BODY}\s+(?:of|in|to)\s+(?:the\s+)?",
)
_BECOMES = re.compile(r"\bbecom(?:e|es|ing)\s+|\bbecame\s+|\bas\s+")
_NTH = re.compile(rf"(?:['’]s?\s+|\s+){_WHICH}[\w\s-]{{0,24}}?\b{_MEMBER}\b")
_NTH_OF = re.compile(rf"(?:the|an?|its)\s+{_WHICH}[\w\s-]{{0,24}}?\b{_MEMBER}\s+(?:of|in|to)\s+(?:the\s+)?")
_LINK = re.compile(r"\s*(?:,|and|&|,\s*and|/|;)\s*(?:the\s+)?$")
_LABEL = re.compile(
    r"(?:Founding |Full |Current )?(?:[Mm]embers?(?: states?| countries)?|MEMBERS?)\s*"
    r"(?:are|include|:|–|-)\s+(?:the\s+)?"
)
_ENDED = re.compile(r"\b(?:terminated|cancelled|canceled|withdr[ae]w\w*|abandoned|revoked|scrapped|left|lapsed)\b")


def read_members(reading: Reading) -> list[Frame]:
    """Return memberships told by lists of members or by their number."""
    found: list[Frame] = []
    for place in reading.outline.places:
        line = place.line
        if line.kind in {"row", "noise"}:
            continue
        text = reading.text[line.start : line.end]
        for joined, subjects, end in [*_listed(reading, place, text), *_numbered(reading, place, text)]:
            found += _frames(reading, place, joined, subjects, end)
    return found


def _listed(reading: Reading, place: Place, text: str) -> Iterator[tuple[PartyMention, list[PartyMention], int]]:
    """Two or more before "are the members of"; after "Members:" under the name of the body."""
    start = place.line.start
    for match in _ARE.finditer(text):
        subjects = _before(reading, start, start + match.start())
        joined = _starting(reading, start + match.end())
        if joined is not None and len(subjects) > 1:
            yield in_role(joined, "of"), subjects, start + match.end()
    label = _LABEL.match(text)
    body = _body_above(reading, place) if label is not None else None
    if label is not None and body is not None:
        first = _starting(reading, start + label.end())
        named = [p for p in reading.names.parties.within(start + label.end(), place.line.end) if p.role == "name"]
        if first is not None and named:
            yield body, [in_role(p, "subj") for p in named], place.line.end


def _body_above(reading: Reading, place: Place) -> PartyMention | None:
    """The body that the lines above name, else the name that the nearest heading is."""
    named = next((p for p in above(reading, place) if p.type not in {"country", "person"}), None)
    head = next((line for line in reading.outline.above(place) if line.kind == "heading"), None)
    if named is not None or head is None or head.end - head.start > 60:
        return named
    name = reading.text[head.start : head.end]
    return PartyMention(head.start, head.end, name, name=name, type="organisation", source="heading")


def _numbered(reading: Reading, place: Place, text: str) -> Iterator[tuple[PartyMention, list[PartyMention], int]]:
    """Who becomes the so-manieth member of a body."""
    start = place.line.start
    for match in _BECOMES.finditer(text):
        at = start + match.end()
        direct = _NTH_OF.match(reading.text, at, place.line.end)
        joined = (
            _starting(reading, direct.end())
            if direct
            else _starting(reading, at + 4 * text.startswith("the ", match.end()))
        )
        if joined is None or not (direct or _NTH.match(reading.text, joined.end, place.line.end)):
            continue
        began = max(text.rfind(mark, 0, match.start()) for mark in (". ", "; ", "\n")) + 1
        subjects = [p for p in reading.names.parties.within(start + began, start + match.start()) if p.role == "name"]
        subjects = [p for p in subjects if p.type == "country"] or subjects
        if subjects:
            yield in_role(joined, "of"), [in_role(subjects[0], "subj")], joined.end


def _starting(reading: Reading, at: int) -> PartyMention | None:
    return next((p for p in reading.names.parties.touching(at, at + 1) if p.start == at), None)


def _before(reading: Reading, start: int, end: int) -> list[PartyMention]:
    """The parties of the list that ends at ``end``, in order."""
    found: list[PartyMention] = []
    for party in reversed(reading.names.parties.within(start, end)):
        between = reading.text[party.end : found[0].start if found else end]
        if party.role == "name" and (not found and not between.strip() or found and _LINK.match(between)):
            found.insert(0, party)
        elif found and party.end <= found[0].start:
            break
    return [in_role(p, "subj") for p in found]


def _frames(
    reading: Reading, place: Place, joined: PartyMention, subjects: list[PartyMention], end: int
) -> list[Frame]:
    line = place.line
    year = dated_by(reading, place) or year_of_line(reading, place)
    stop = reading.text.find(";", end, line.end)
    sums = [a for a in reading.amounts.within(end, stop if stop > 0 else line.end) if a.kind == "money" and a.value]
    status: Status = "completed" if _JOINED.search(reading.text, line.start, line.end) else "implementing"
    status = "cancelled" if _ENDED.search(reading.text, end, line.end) else status
    subjects = [p for p in subjects if not domestic(p, joined)]
    old = [
        f for f in reading.frames if line.start <= f.evidence[0] < line.end and any(same(f.actor, p) for p in subjects)
    ]
    for frame in old:
        if frame.partner is None or any(same(frame.partner, p) for p in (joined, *subjects)):
            reading.frames.remove(frame)
    reading.acts += 1
    features = {"weight": 1.0, "partner": 1.0, "list": 1.0, "year": float(year is not None)}
    return [
        Frame("membership", status, p, joined, line.start, line.end, (line.start, line.end), reading.acts, "member",
              "list", year, sums[0] if len(sums) == 1 and len(subjects) == 1 else None, "", [], dict(features), "list")
        for p in subjects
    ]  # fmt: skip


_JOINED = re.compile(r"\b(?:became|becomes|joined|joins|acceded|accedes|was admitted|is admitted)\b")
_TAG = re.compile(r"(?P<name>[A-Z][\w&'’+-]*(?: (?:[A-Z0-9][\w&'’+-]*|of|the|de|for|and)){0,6})\s*(?::|–|—)\s")


def lend_to_dated(reading: Reading) -> None:
    """Give acts of a chronology that name no partner the label of their line, else the heading's party."""
    for place in reading.outline.places:
        if place.line.date is not None:
            _lend(reading, place)


def _lend(reading: Reading, place: Place) -> None:
    line = place.line
    here = [f for f in reading.frames if line.start <= f.evidence[0] < line.end]
    tag = _tag(reading, place)
    about = above(reading, place) or ([reading.subject] if reading.subject else [])
    heads = [in_role(p, "in") for p in about if p.type != "group" or p.source == "region"]
    for frame in here:
        other = next((f for f in here if f is not frame and _sides_with(f, frame.actor)), None)
        lent = frame.partner is not None and not line.start <= frame.partner.start < line.end
        vague = frame.partner is None or lent
        if vague and other is not None and frame.start < other.end + 200:
            _merged(reading, frame, other)
            continue
        sides = [p for p in ([tag] if tag else []) + ([] if lent else heads) if not domestic(frame.actor, p)]
        if (frame.partner is None or lent) and sides:
            frame.partner = sides[0]
            frame.features = {**frame.features, "partner": 1.0, "null_prose": 0.0}


def _sides_with(frame: Frame, party: PartyMention) -> bool:
    return frame.partner is not None and (same(frame.actor, party) or same(frame.partner, party))


def _merged(reading: Reading, frame: Frame, other: Frame) -> None:
    """What is told once more without a partner is the same act; its sum is that act's."""
    if other.amount is None and frame.amount is not None:
        other.amount = frame.amount
    reading.frames.remove(frame)


def _tag(reading: Reading, place: Place) -> PartyMention | None:
    line = place.line
    match = _TAG.match(reading.text, line.start, line.end)
    if match is None:
        return None
    known = [p for p in reading.names.parties.within(match.start(), match.end("name")) if p.role == "name"]
    if known:
        return in_role(known[0], "to")
    start, end = match.span("name")
    return replace(PartyMention(start, end, match["name"], name=match["name"], type="organisation"), source="item")
