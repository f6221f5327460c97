"""Acts that an item names without a verb: "Joint committee, since 1995", "Workshops: Mali (2016), Chad (2018)"."""

import re
from dataclasses import dataclass

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.cellwords import form_of, last_state, thing_of
from extractors.relations.frames.listed.grid import standing
from extractors.relations.frames.listed.sides import GIVEN, funds, gives, sides_of
from extractors.relations.frames.parties import BODIES, domestic, in_role, members
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Place
from schemas import Kind

_LABEL = re.compile(r"(?P<label>[^:–—]{2,80}?)\s*(?::|\s[–—-]\s)\s*")
_LINK = re.compile(r"\s*(?:\([^()]*\)\s*)?(?:[–—&/+-]|,? and|with|,)\s*(?:the\s+)?$")
_GIVEN_BY = re.compile(r"\b(?:by|from|gift of|contribution of|funded by|through)\s+(?:the\s+)?$", re.I)
_WITH = re.compile(r"\bwith\s+(?:the\s+)?$", re.I)
_MANY = re.compile(r"\b(?:in|to|for) (?P<set>(?:\d+|several|many|dozens of) (?:[\w-]+ ){0,2}countries)\b", re.I)
_GIVEN_TO = re.compile(r"\b(?:to|for|in|at)\s+(?:the\s+)?$", re.I)
_STANDS = re.compile(
    r"\b(?:since|est\.?|established|founded|opened|launched|signed|set up|inaugurated|created|started|begun|concluded|"
    r"joint|bilateral|renewed|agreed)\b|\d+\s?(?:yrs|years)\b",
    re.I,
)
_JOINS = re.compile(
    r"(?:[A-Z]\w+ (?:is|was|became|has been) (?:an?|the) )?(?:(?:full|associate|founding|observer|contributing)\s+)*"
    r"(?:partner|members?|membership|observer|associate)\b",
    re.I,
)
_NO_ACT = re.compile(
    r"^(?:grand |sub-?)?totals?\b|^(?:sum|average|overall)\b|\?|\b(?:planned|proposed|possible|idea|option|not|no|goal|"
    r"target|under discussion|awaiting|hop(?:e|es|ing) to|could|may|prohibited|blocked|vetoed|rejected|refused)\b",
    re.I,
)
_ACRONYMS = re.compile(r"\b(?P<one>[A-Z][A-Za-z]*[A-Z])\s?[–/&-]\s?(?P<two>[A-Z][A-Za-z]*[A-Z])\b")
_SENTENCE = 80  # characters of an item that may be a sentence
_HEAD = 3  # lines of a document's title and imprint
_YEAR_AFTER = re.compile(r"\s*\(\s*(?:[A-Za-z]{3,9}\.? )?$")


@dataclass(slots=True)
class Said:
    """What an item says: its parties, sums and year, where its label ends, and the two sides that it stands under."""

    place: Place
    text: str
    parties: list[PartyMention]
    amounts: list[AmountMention]
    year: YearMention | None
    label_end: int
    own: PartyMention | None
    other: PartyMention | None


def read_rolls(reading: Reading, place: Place, year: YearMention | None, own: PartyMention | None) -> list[Frame]:
    """Return the acts of an item that lists countries with their years, or says how one belongs to what it names."""
    said = _said(reading, place, year, own)
    return [] if said is None else _enumerated(reading, said) or _joined(reading, said)


def read_named(reading: Reading, place: Place, year: YearMention | None, own: PartyMention | None) -> list[Frame]:
    """Return the acts that an item names without a verb; nothing where it only hopes or denies."""
    said = _said(reading, place, year, own)
    return [] if said is None else _thing(reading, said)


def _said(reading: Reading, place: Place, year: YearMention | None, own: PartyMention | None) -> Said | None:
    line = place.line
    text = reading.text[line.start : line.end]
    imprint = line.kind != "bullet" and any(p is place for p in reading.outline.places[:_HEAD])
    if imprint or _NO_ACT.search(text) or (text.endswith(".") and len(text) > _SENTENCE):
        return None
    label = _LABEL.match(text)
    parties = [p for p in reading.names.parties.within(line.start, line.end) if p.role not in {"person", "description"}]
    amounts = [a for a in reading.amounts.within(line.start, line.end) if a.value is not None]
    own, other = sides_of(reading, place, own)
    return Said(place, text, parties, amounts, year, line.start + (label.end("label") if label else 0), own, other)


def _enumerated(reading: Reading, said: Said) -> list[Frame]:
    """Countries with their years after a label: "Workshops: Thailand (2016), Cambodia (2018)"."""
    line = said.place.line
    own, kind = said.own, thing_of(reading.text[line.start : said.label_end])
    if own is None or kind is None:
        return []
    found: list[Frame] = []
    for party in said.parties:
        years = reading.years.within(party.end, line.end)
        near = bool(years) and _YEAR_AFTER.fullmatch(reading.text[party.end : years[0].start])
        if party.start > said.label_end and party.type == "country" and near and not domestic(own, party):
            found.append(_frame(reading, said, kind, own, in_role(party, "in"), years[0]))
    return found if len(found) > 1 else []


def _joined(reading: Reading, said: Said) -> list[Frame]:
    """A membership under the name of what was joined: "ITER: full partner since 2005, 9% of the cost"."""
    own = said.own or next((p for p in said.parties if p.start > said.label_end and p.type == "country"), None)
    after = reading.text[said.label_end : said.place.line.end].lstrip(" :–—-")
    if own is None or not said.label_end > said.place.line.start or not _JOINS.match(after):
        return []
    half = (said.label_end - said.place.line.start) / 2
    known = [p for p in said.parties if p.start < said.label_end and p.end - p.start > half]
    body = known[0] if known else _label_name(reading, said)
    share = next((a for a in said.amounts if a.kind in {"share", "money"}), None)
    named = next((p for p in said.parties if p.start > said.label_end and p.type == "country"), own)
    return [] if domestic(named, body) else [_frame(reading, said, "membership", named, body, said.year, share)]


def _label_name(reading: Reading, said: Said) -> PartyMention:
    start, end = said.place.line.start, said.label_end
    name = re.sub(r"^The\s+", "", reading.text[start:end].strip("*_ "))
    start = reading.text.index(name, start)
    return PartyMention(start, start + len(name), name, name=name, type="organisation", source="item")


def _thing(reading: Reading, said: Said) -> list[Frame]:
    """What two sides have: the item names it, when it began or that it is joint; it or lines above tell who has it."""
    money = next((a for a in said.amounts if a.kind == "money"), None)
    kind = thing_of(said.text) or (form_of(said.text) if money is not None else None)
    parted = bool(re.search(r"[,:;–—-]\s", said.text))
    giving = parted and (gives(reading) or (said.own is not None and funds(said.own)))
    if money is not None and (giving or any(_given(reading, said, p) for p in said.parties)):
        kind = kind if kind in GIVEN else "grant"
    dated = said.year is not None and said.place.line.start <= said.year.start < said.place.line.end
    if kind is None or not (money or _STANDS.search(said.text) or (dated and said.label_end)):
        return []
    actor, partner = _who(reading, said)
    if actor is None or partner is None or domestic(actor, partner):
        return []
    return [_frame(reading, said, kind, actor, partner, said.year, money)]


def _given(reading: Reading, said: Said, party: PartyMention) -> bool:
    """Whether a party is named as who gives: "from the Dutch embassy"."""
    return _GIVEN_BY.search(reading.text[said.place.line.start : party.start]) is not None


def _who(reading: Reading, said: Said) -> tuple[PartyMention | None, PartyMention | None]:
    """Who has it with whom: the pair that the item names, its label and the own side, else the two sides above."""
    own, other = said.own, said.other
    pair = _pair(reading, said.parties) or _acronyms(reading, said)
    if pair is not None:
        return pair
    start = said.place.line.start
    many = _MANY.search(said.text)
    if many is not None and own is not None:
        a, b = start + many.start("set"), start + many.end("set")
        return own, PartyMention(a, b, many["set"], name=many["set"], type="group", source="count")
    labels = [p for p in said.parties if p.start < max(said.label_end, start + 1) and p.source != "capitals"]
    label = next((p for p in labels if p.source != "pattern" or thing_of(p.text) is None), None)
    by = next((p for p in said.parties if _given(reading, said, p)), None)
    at = next((p for p in said.parties if _GIVEN_TO.search(reading.text[start : p.start])), None)
    along = next((p for p in said.parties if _WITH.search(reading.text[start : p.start]) and p.type in BODIES), None)
    if label is None and along is not None and own is not None and not domestic(own, along):
        return own, in_role(along, "with")
    if label is not None:
        label = in_role(label, "in")
        if by is not None and not domestic(by, label):
            return by, label
        if own is not None and not domestic(own, label):
            lends = funds(label) and not funds(own) and not gives(reading)
            return (label, own) if lends else (own, label)
        if at is not None and not domestic(label, at):
            return label, in_role(at, "in")
        return label, other
    if by is not None:
        return by, next((p for p in (other, own) if p is not None and not domestic(by, p)), None)
    if at is not None and own is not None and not domestic(own, at) and other is None:
        return own, in_role(at, "in")
    return own, other


def _pair(reading: Reading, parties: list[PartyMention]) -> tuple[PartyMention, PartyMention] | None:
    for party in parties:
        pieces = members(party)
        if len(pieces) == 2:
            return in_role(pieces[0], "subj"), in_role(pieces[1], "with")
    for one, two in zip(parties, parties[1:], strict=False):
        bodies = one.type in BODIES and two.type in BODIES and {one.source, two.source} != {"capitals"}
        if bodies and _LINK.fullmatch(reading.text[one.end : two.start]) and not domestic(one, two):
            return in_role(one, "subj"), in_role(two, "with")
    return None


def _acronyms(reading: Reading, said: Said) -> tuple[PartyMention, PartyMention] | None:
    """Two bodies by their letters, one of each side: "exchange programme JSPS-NRF"."""
    match = _ACRONYMS.search(said.text)
    if match is None or said.own is None or said.other is None:
        return None
    start = said.place.line.start
    found: list[PartyMention] = []
    for name in ("one", "two"):
        a, b = start + match.start(name), start + match.end(name)
        known = next((p for p in said.parties if p.start == a and p.end == b), None)
        body = PartyMention(a, b, match[name], name=match[name], type="organisation", source="capitals")
        found.append(known if known is not None and known.type in BODIES else body)
    return (found[0], found[1]) if not domestic(*found) else None


def _frame(
    reading: Reading,
    said: Said,
    kind: Kind,
    actor: PartyMention,
    partner: PartyMention,
    year: YearMention | None,
    amount: AmountMention | None = None,
) -> Frame:
    line = said.place.line
    reading.acts += 1
    status = last_state(said.text) or standing(reading, kind, year)
    status = "implementing" if kind == "training" and status == "committed" else status
    features = {"weight": 1.0, "partner": 1.0, "list": 1.0, "year": float(year is not None),
                "money": float(amount is not None)}  # fmt: skip
    above = " / ".join(reading.text[x.start : x.end] for x in reading.outline.above(said.place))
    return Frame(kind, status, actor, partner, line.start, line.end, (line.start, line.end), reading.acts, "item",
                 "list", year, amount, above, [], features, "list")  # fmt: skip
