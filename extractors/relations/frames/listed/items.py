"""Acts that items of lists and slides tell without a verb: who, to whom, what, how much and when, parted by signs."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.captions import Caption, about
from extractors.relations.frames.listed.cells import parties_in
from extractors.relations.frames.listed.cellwords import form_of, last_state
from extractors.relations.frames.listed.grid import GIVING, STATISTICS, kinds_in, standing
from extractors.relations.frames.listed.named import read_named, read_rolls
from extractors.relations.frames.listed.sides import AID, funds, giver_of, own_side, sides_of
from extractors.relations.frames.parties import BODIES, domestic, in_role, same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.score import accepted, judge
from extractors.relations.frames.timing.dating import year_of_line
from extractors.relations.outline import Cell, Place
from schemas import Kind

_PART = re.compile(
    r"\s+[–—|·→/»-]+>?\s+|\s*[:;]\s+|\s*[–—]\s*(?=[A-Z€$£¥])|,\s+(?=[A-Z€$£¥\d])|\s*\((?=[A-Z]{0,3}[$€£¥\d])"
)
_NAME = r"[A-Z][\w.&+'-]*(?: [A-Z][\w&'-]+){0,4}"
_TWO = re.compile(rf"(?P<one>{_NAME})\s*/\s*(?P<two>{_NAME})\s*(?::|\s[–—-])\s")
_AT = re.compile(r"(?P<what>[A-Z][^@\n]{2,80}?)\s+@\s*(?P<where>[A-Z][\w&'’ -]{1,60})")
_JOINT = re.compile(
    r"\b(?:joint|common|shared) [\w -]{0,30}?(?:programmes?|programs?|calls?|projects?|research)\b", re.I
)
_SENT = re.compile(r"\b(?:to|in|at|for)\b")
_NO_ACT = re.compile(
    r"\?|\b(?:tbc|tbd|planned|proposed|possible|idea|option|next|not|no|under discussion|goal|target)\b", re.I
)
_SHARE = re.compile(r"[A-Z][\w.&' -]{1,50}? \(?\d[\d.,]* ?(?:%|per ?cent)\)?")
_LONGEST = 200


@dataclass(slots=True)
class Item:
    """A line of a list or slide with what stands above it."""

    place: Place
    text: str
    caption: Caption
    amounts: list[AmountMention]
    year: YearMention | None


def read_items(reading: Reading, taken: Sequence[tuple[int, int]] = ()) -> list[Frame]:
    """Return the frames of items that no verb tells, that no sentence frame covers, and outside stretches ``taken``."""
    found: list[Frame] = []
    told_by = sorted(reading.frames, key=_begin)
    own = own_side(reading)
    for place in reading.outline.places:
        line = place.line
        alone = not place.above and line.kind != "bullet"
        if line.kind not in {"bullet", "heading", "text"} or alone or line.end - line.start > _LONGEST:
            continue
        if any(start <= line.start < end for start, end in taken):
            continue
        item = _item_of(reading, place)
        if _NO_ACT.search(item.text) or STATISTICS.search(item.text):
            continue
        told = _told(told_by, place)
        rolls = [] if any(f.features.get("verbal") for f in told) else read_rolls(reading, place, item.year, own)
        if told and not rolls and not _overruled(reading, item, told):
            continue
        frames = (
            rolls
            or _two(reading, item)
            or _at(reading, item)
            or _owned(reading, item)
            or _parted(reading, item, sides_of(reading, place, own)[0])
            or _counted(reading, item)
        )
        frames = frames or read_named(reading, place, item.year, own)
        frames = [frame for frame in frames if not domestic(frame.actor, frame.partner)]
        if frames:
            found += frames
            _make_way(reading, place, told)
    return found


def _overruled(reading: Reading, item: Item, told: Sequence[Frame]) -> bool:
    """Whether the parts of an item may tell better than a verb in it."""
    return _tabular(reading, item, told) or _lent(reading, item, told) or _accorded(item, told)


def _accorded(item: Item, told: Sequence[Frame]) -> bool:
    """Whether a verb says but when a sum was agreed, not with whom: "Clinics: €9 million, agreed in May 2020"."""
    money = any(a.kind == "money" for a in item.amounts)
    return money and all(f.partner is None or f.trigger == "agree" for f in told)


def _tabular(reading: Reading, item: Item, told: Sequence[Frame]) -> bool:
    """Whether an item reads as a row, a party, a subject and a sum, and no verb told the acts found in it."""
    parts = _parts(item)
    money = any(a.kind == "money" for a in item.amounts)
    return (
        money and len(parts) > 2 and bool(_whole(reading, parts[0])) and not any(f.features.get("verbal") for f in told)
    )


def _lent(reading: Reading, item: Item, told: Sequence[Frame]) -> bool:
    """Whether the actor of what was told stands elsewhere, though the item has the label of another body."""
    line = item.place.line
    label = next((p for p in _whole(reading, _parts(item)[0]) if p.type in BODIES), None)
    return label is not None and not any(
        line.start <= f.actor.start < line.end or (f.partner is not None and same(f.partner, label)) for f in told
    )


def _make_way(reading: Reading, place: Place, told: Sequence[Frame]) -> None:
    """Drop what the item's parts tell better, and a lead-in that but announces the items."""
    lead = next((line for line in reading.outline.above(place)[:2] if line.kind == "lead"), None)
    reading.frames[:] = [
        f
        for f in reading.frames
        if all(f is not one for one in told)
        and not (lead is not None and f.partner is None and lead.start <= f.evidence[0] < lead.end)
    ]


def _item_of(reading: Reading, place: Place) -> Item:
    line = place.line
    amounts = [a for a in reading.amounts.within(line.start, line.end) if a.value is not None]
    caption = about(reading, reading.outline.above(place))
    return Item(place, reading.text[line.start : line.end], caption, amounts, _year(reading, place))


def _year(reading: Reading, place: Place) -> YearMention | None:
    """The item's year, else that of its chronology, else the one year of its lead-in."""
    own = year_of_line(reading, place)
    if own is not None:
        return own
    lead = next((line for line in reading.outline.above(place)[:2] if line.kind == "lead"), None)
    years = reading.years.within(lead.start, lead.end) if lead is not None else []
    return years[0] if len(years) == 1 else None


def _told(told_by: Sequence[Frame], place: Place) -> list[Frame]:
    """The acts that sentences tell in this line, of frames in order of their evidence."""
    first = bisect_left(told_by, place.line.start, key=_begin)
    here = told_by[first : bisect_left(told_by, place.line.end, key=_begin)]
    return [f for f in here if accepted(judge(f))]


def _begin(frame: Frame) -> int:
    return frame.evidence[0]


def _two(reading: Reading, item: Item) -> list[Frame]:
    """Two bodies before a colon: "STDF / IRD: joint fund, €2m"."""
    match = _TWO.match(item.text)
    kind = form_of(item.text[match.end() :]) if match else None
    if match is None or (kind is None and not item.amounts):
        return []
    sides = [_named(reading, item, match.start(name), match.end(name)) for name in ("one", "two")]
    return _frames(reading, item, kind or "grant", sides[0], sides[1:])


def _at(reading: Reading, item: Item) -> list[Frame]:
    """Something of one body at another: "BMBF chair @ JKUAT"."""
    match = _AT.match(item.text)
    if match is None:
        return []
    start = item.place.line.start
    givers = [p for p in reading.names.parties.within(start, start + match.end("what")) if p.role != "person"]
    actor = in_role(givers[0], "by") if givers else next(iter(item.caption.givers), None)
    host = _named(reading, item, match.start("where"), match.end("where"))
    kind = form_of(match["what"])
    if kind == "joint_research" and "joint" not in match["what"].lower():
        kind = "grant"
    return _frames(reading, item, kind or "grant", actor, [host]) if actor else []


def _owned(reading: Reading, item: Item) -> list[Frame]:
    """Who holds which part of what: "Olkaria wind farm: KenGen 51 %, Vestas 12.5 %"."""
    parts = _parts(item)
    if len(parts) < 2 or not all(_SHARE.fullmatch(part.text) for part in parts[1:]):
        return []
    start = item.place.line.start
    label = parts[0].text.strip("-–•* ")
    at = reading.text.index(label, start) if label else start
    thing = PartyMention(at, at + len(label), label, name=label, type="organisation", source="item")
    found = []
    for part in parts[1:]:
        held = next((a for a in item.amounts if a.kind == "share" and part.start <= a.start < part.end), None)
        owner = next(iter(reading.names.parties.within(part.start, part.end)), None)
        if held is not None and owner is not None and owner.type != "person":
            found += _frames(reading, item, "investment", owner, [thing], held)
    for frame in found:
        frame.status = "completed" if item.year is not None else "implementing"
    return found


def _named(reading: Reading, item: Item, start: int, end: int) -> PartyMention:
    """The party at a place of the item: a known one, else the name as it stands."""
    text = item.text[start:end].strip()
    start += item.place.line.start
    known = parties_in(reading, Cell(start, start + len(text), text))
    return (
        known[0]
        if known
        else PartyMention(start, start + len(text), text, name=text, type="organisation", source="item")
    )


def _parted(reading: Reading, item: Item, own: PartyMention | None) -> list[Frame]:
    """A party, what it gets and how much: "Ghana – clinics – €5m (2014)"; or who gives: "EU: up to €683m"."""
    money = next((a for a in item.amounts if a.kind == "money"), None)
    parts = _parts(item)
    if len(parts) < 2 or not (money or (item.year and form_of(item.text))):
        return []
    sides = [_whole(reading, part) for part in parts[:2]]
    if not sides[0]:
        return []
    if (both := _both(sides[0], own)) is not None:
        return _frames(reading, item, _kind(item, money), both[0], [both[1]])
    third = next((b for part in parts[2:] for b in _whole(reading, part) if _other(b, sides[0][0])), None)
    if third is not None and not sides[1]:
        gives = funds(third) and not funds(sides[0][0])
        actor, partner = (third, sides[0][0]) if gives else (sides[0][0], third)
        return _frames(reading, item, _kind(item, money), actor, [partner])
    context = item.caption.text.split(" / ")[:3]
    about_acts = form_of(item.text) or any(form_of(head) or kinds_in(head) for head in context)
    if sides[1] and not domestic(sides[0][0], sides[1][0]):
        return _frames(reading, item, _kind(item, money), sides[0][0], sides[1]) if about_acts else []
    giver = giver_of(reading, item.place)
    if giver is not None and _other(giver, sides[0][0]):
        return _frames(reading, item, _kind(item, money), giver, sides[0])
    parent = _parent(reading, item)
    if parent is not None:
        return _frames(reading, item, _kind(item, money), sides[0][0], [parent]) if money and len(parts) < 4 else []
    if not about_acts:
        return []
    actors, partners = _from_caption(item.caption, _with(reading, item, sides[0]))
    return _frames(reading, item, _kind(item, money), actors[0], partners) if actors else []


def _with(reading: Reading, item: Item, here: list[PartyMention]) -> list[PartyMention]:
    """The body of a country that an item names after "with", in that country's stead."""
    line = item.place.line
    for party in reading.names.parties.within(line.start, line.end):
        joined = re.search(r"\bwith (?:the )?$", reading.text[line.start : party.start])
        if joined and party.type in BODIES and party.source != "capitals" and party.country in {here[0].country, None}:
            return [in_role(replace(party, country=here[0].country), "with")]
    return here


def _both(here: list[PartyMention], own: PartyMention | None) -> tuple[PartyMention, PartyMention] | None:
    """Two bodies before a colon, the one without a country at home under the heading."""
    if len(here) != 2 or any(p.type not in BODIES for p in here):
        return None
    one, two = here
    if own is not None and own.country and one.country is None and two.country not in {None, own.country}:
        one = replace(one, country=own.country)
    return None if domestic(one, two) else (one, two)


def _other(body: PartyMention, label: PartyMention) -> bool:
    """Whether a body named among the parts of an item is the other side of its label."""
    return body.type in BODIES and not domestic(body, label) and not same(body, label)


def _from_caption(caption: Caption, here: list[PartyMention]) -> tuple[list[PartyMention], list[PartyMention]]:
    givers = [p for p in caption.givers if not any(domestic(p, one) for one in here)]
    if givers and funds(here[0]) and not funds(givers[0]) and not AID.search(caption.text):
        return here[:1], givers[:1]
    takers = [p for p in (*caption.joined, *caption.takers) if p.type != "group" and not domestic(here[0], p)]
    if takers and (here[0].type not in {"country", "group"} or not givers or caption.joined):
        return here[:1], takers[:1]
    return givers[:1], here


def _parts(item: Item) -> list[Cell]:
    cells, at = [], 0
    for match in [*_PART.finditer(item.text), None]:
        end = match.start() if match else len(item.text)
        body = item.text[at:end].strip()
        start = item.place.line.start + item.text.find(body, at)
        cells.append(Cell(start, start + len(body), body))
        at = match.end() if match else end
    return [cell for cell in cells if cell.text]


def _whole(reading: Reading, cell: Cell) -> list[PartyMention]:
    """The parties that make up a part of an item, nothing where it says more than names."""
    inside = [p for p in reading.names.parties.within(cell.start, cell.end) if p.role in {"name", "place"}]
    covered = sum(p.end - p.start for p in inside if p.source != "capitals")
    rest = re.sub(r"\b(?:and|the)\b|[&,/() *_]", "", cell.text)
    return parties_in(reading, cell) if inside and covered >= 0.75 * len(rest) else []


def _parent(reading: Reading, item: Item) -> PartyMention | None:
    """The programme that the bullet above a sub-bullet names."""
    line = next(iter(reading.outline.above(item.place)), None)
    if line is None or line.kind != "bullet" or item.place.line.kind != "bullet":
        return None
    match = re.match(r"[A-Z][\w&+'-]*(?: (?:[A-Z0-9][\w&+'-]*|of|for|and)){0,6}", reading.text[line.start : line.end])
    if match is None or form_of(match[0]) is not None and " " not in match[0]:
        return None
    known = [p for p in reading.names.parties.within(line.start, line.start + match.end()) if p.role == "name"]
    if known:
        return in_role(known[0], "to")
    return PartyMention(
        line.start, line.start + match.end(), match[0], name=match[0], type="organisation", source="item"
    )


def _kind(item: Item, money: AmountMention | None) -> Kind:
    joint = _JOINT.search(item.text)
    if joint is not None and (of := form_of(joint[0])) is not None:
        return of
    for text in (item.text, *item.caption.text.split(" / ")):
        kind = form_of(text)
        if kind is not None and (kind in GIVING or not money):
            return kind
    return "grant" if money else form_of(item.text) or "agreement"


def _counted(reading: Reading, item: Item) -> list[Frame]:
    """So many people of a country: "Erasmus+: 8,500 African students in Europe"."""
    people = next((a for a in item.amounts if a.kind == "count" and a.unit in {"person", "scholarship"}), None)
    label = re.match(r"(?P<name>[A-ZÀ-Ý][\w+&' -]{2,50}?)\s*[:–—]\s", item.text)
    if people is None or label is None:
        return []
    start, end = people.start, min(item.place.line.end, people.end + 60)
    whose = [p for p in reading.names.parties.within(start, people.end) if p.role == "demonym"]
    if not whose:
        return []
    learners = in_role(whose[0], "of")
    goal = _SENT.search(reading.text, people.end, end)
    after = reading.names.parties.within(goal.end(), end) if goal is not None and goal.group() == "to" else []
    hosts = [in_role(p, "in") for p in after if p.role != "person"]
    if hosts and not domestic(learners, hosts[0]):
        return _frames(reading, item, "training", learners, hosts[:1], people)
    giver = _named(reading, item, label.start("name"), label.end("name"))
    return _frames(reading, item, "training", giver, [learners], people)


def _frames(
    reading: Reading,
    item: Item,
    kind: Kind,
    actor: PartyMention,
    partners: Sequence[PartyMention],
    amount: AmountMention | None = None,
) -> list[Frame]:
    line = item.place.line
    amount = amount or next((a for a in item.amounts if a.kind == "money"), None)
    reading.acts += 1
    status = last_state(item.text) or standing(reading, kind, item.year)
    features = {"weight": 1.0, "partner": 1.0, "list": 1.0, "year": float(item.year is not None),
                "money": float(amount is not None)}  # fmt: skip
    return [
        Frame(kind, status, in_role(actor, "subj"), partner, line.start, line.end, (line.start, line.end), reading.acts,
              "item", "list", item.year, amount, item.caption.text, [], dict(features), "list")
        for partner in partners
    ]  # fmt: skip
