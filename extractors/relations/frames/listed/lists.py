"""Acts in lists whose heading says what each item is: "Member of.

ITER, CERN", partners, "Joint Research Centers (93)".
"""

import re
from bisect import bisect_right
from dataclasses import replace

from extractors.mentions import AmountMention, PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.families import read_families
from extractors.relations.frames.listed.items import read_items
from extractors.relations.frames.listed.members import lend_to_dated, read_members
from extractors.relations.frames.listed.sheets import read_sheets
from extractors.relations.frames.listed.sides import lent_by_own
from extractors.relations.frames.parties import domestic, in_role
from extractors.relations.frames.reading import Reading, above
from extractors.relations.frames.sentence.lexicon import forms
from extractors.relations.frames.timing.dating import year_of_line
from extractors.relations.outline import Line, Place
from schemas import Kind, Status

_JOINED = re.compile(
    r"\b(?:members?(?:hip)? (?:of|in)|member of|participa\w+ in|participation in|presence in|"
    r"joined|party to|part of|involvement in|takes part in|big science|large (?:\w+ ){0,3}(?:projects|facilities)|"
    r"big facilities|memberships?)\b",
    re.I,
)
_PARTNERED = re.compile(r"\b(?:agreements?|partners?|partnerships?|memorand\w+|mous?|accords?|cooperation)\b", re.I)
_GOALS = re.compile(
    r"\b(?:objectives?|goals?|challenges?|lessons?|references?|sources?|questions?|why|"
    r"priorities|contact|present|tasks|needs? to|obstacles|risks|outlook|next steps|"
    r"strengths?)\b",
    re.I,
)
_COOPERATIVE = re.compile(
    r"\b(?:cooperation|collaboration|international|joint|platforms?|partnerships?|"
    r"initiatives?|bilateral|multilateral)\b",
    re.I,
)
_COUNTED = re.compile(r"^(?P<what>[A-Z][\w&/ '-]{3,70}?)\s*[:(–-]\s*(?P<number>\d[\d,]*)\b")
_ITEM = re.compile(r"(?P<name>[^(:;–—|]+?)\s*(?:\(|:|;|–|—| - |,? since|,? joined| accession| membership| signed|$)")


def read_lists(reading: Reading) -> list[Frame]:
    """Return the frames of list items that no verb tells."""
    found: list[Frame] = read_members(reading)
    lend_to_dated(reading)
    lent_by_own(reading)
    read_families(reading)
    sheets = read_sheets(reading)
    found += [*sheets, *read_items(reading, [frame.evidence for frame in sheets])]
    for place in reading.outline.places:
        if place.line.kind not in {"bullet", "heading", "text"} or not place.above:
            continue
        lines = reading.outline.above(place)
        heads = [reading.text[line.start : line.end] for line in lines]
        if any(_GOALS.search(head) for head in heads[:1]):
            continue
        frame = _item(reading, place, lines, heads)
        if frame is not None:
            found.append(frame)
    return found


def _item(reading: Reading, place: Place, lines: list[Line], heads: list[str]) -> Frame | None:
    text = reading.text[place.line.start : place.line.end].strip("*_ ")
    if len(text) > 160:
        return None
    joined = next((i for i, head in enumerate(heads[:2]) if _JOINED.search(head)), None)
    if joined is not None and place.line.kind == "bullet":
        return _membership(reading, place, heads)
    if _COOPERATIVE.search(" ".join(heads[:2])) and place.line.kind == "bullet" and (match := _COUNTED.match(text)):
        return _counted(reading, place, match, heads)
    if _PARTNERED.search(heads[0]):
        return _pair(reading, place, heads)
    return None


def _frame(
    reading: Reading,
    place: Place,
    kind: Kind,
    actor: PartyMention,
    partner: PartyMention | None,
    heads: list[str],
    amount: AmountMention | None = None,
) -> Frame:
    line = place.line
    year = year_of_line(reading, place)
    reading.acts += 1
    features = {
        "weight": 1.0,
        "partner": float(partner is not None),
        "list": 1.0,
        "count": float(amount is not None),
        "year": float(year is not None),
    }
    status: Status = "committed" if kind == "agreement" else "implementing"
    return Frame(
        kind,
        status,
        actor,
        partner,
        line.start,
        line.end,
        (line.start, line.end),
        reading.acts,
        "item",
        "list",
        year,
        amount,
        " / ".join(heads),
        [],
        features,
        "list",
    )


def _actor(reading: Reading, place: Place) -> PartyMention | None:
    heads = above(reading, place)
    return heads[0] if heads else reading.subject


def _membership(reading: Reading, place: Place, heads: list[str]) -> Frame | None:
    actor = _actor(reading, place)
    line = place.line
    match = _ITEM.match(reading.text, line.start, line.end)
    if actor is None or match is None or len(match["name"].split()) > 9:
        return None
    start, end = match.start("name"), match.end("name")
    named = [
        p
        for p in reading.names.parties.within(start, line.end)
        if start <= p.start and p.end <= line.end and p.type != "country" and p.role != "demonym"
    ]
    exact = next((p for p in named if p.start - start <= 4 and p.end >= end - 12), None)
    name = reading.text[start:end].strip("*_ ")
    words = name.split()
    if exact is None and len(words) > 1 and not any(word[:1].isupper() for word in words[1:]):
        return None  # "Strengthened local offices" is no name
    start = reading.text.index(name, start)
    party = exact or PartyMention(start, start + len(name), name, name=name, type="organisation", source="item")
    if party.type in {"country", "company"} and party.source == "capitals":
        party = replace(party, type="organisation")
    return None if domestic(actor, party) else _frame(reading, place, "membership", actor, party, heads)


def _counted(reading: Reading, place: Place, match: re.Match[str], heads: list[str]) -> Frame | None:
    noun = _noun(match["what"])
    actor = _actor(reading, place)
    if noun is None or actor is None:
        return None
    start = place.line.start + reading.text[place.line.start : place.line.end].index(
        match["number"], len(match["what"]) - 1
    )
    words = re.sub(r"^(?:international|national|bilateral)\s+", "", match["what"].strip().lower())
    unit = words[:-3] + "y" if words.endswith("ies") else words.removesuffix("s")
    value = float(match["number"].replace(",", ""))
    amount = AmountMention(
        start,
        start + len(match["number"]),
        match["number"],
        kind="count",
        value=value,
        unit=unit,
        number=match["number"],
    )
    return _frame(reading, place, noun, actor, None, heads, amount)


def _noun(what: str) -> Kind | None:
    """The kind of the last words of a phrase, where they are a noun of cooperation."""
    words = what.lower().split()
    for size in (3, 2, 1):
        for form in forms().get(" ".join(words[-size:]), ()):
            if form.tag == "noun" and form.trigger.kind in {
                "joint_facility",
                "joint_research",
                "programme",
                "training",
                "agreement",
            }:
                return form.trigger.kind
    return None


def _heads_text(reading: Reading, place: Place) -> bool:
    """Whether a heading is marked as one, or text stands under it: then it tells no act."""
    places = reading.outline.places
    after = bisect_right(places, place.line.start, key=_start)
    return bool(place.line.sign) or (after < len(places) and places[after].line.kind == "text")


def _start(place: Place) -> int:
    return place.line.start


def _pair(reading: Reading, place: Place, heads: list[str]) -> Frame | None:
    line = place.line
    named = [p for p in reading.names.parties.within(line.start, line.end) if p.role == "name"]
    if len(named) < 2 or named[0].start - line.start > 4 or (line.kind == "heading" and _heads_text(reading, place)):
        return None
    between = reading.text[named[0].end : named[1].start]
    if not re.fullmatch(r"\s*(?:\([^)]*\))?\s*(?:[–—&/+,|-]|->|<->|and|with)\s*", between):
        return None
    kind: Kind = "agreement"
    actor, partner = in_role(named[0], "subj"), in_role(named[1], "with")
    return None if domestic(actor, partner) else _frame(reading, place, kind, actor, partner, heads)
