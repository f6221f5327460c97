"""Cells read by the roles of their columns: parties, sums with the currency and scale of the head, years."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from extractors.entities.amounts import find_amounts
from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.parties import in_role, members
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Cell

_NUMBER = re.compile(
    r"(?:[~<>≈]|c\.|ca\.|about|up to)?\s?(?P<number>\d[\d,. \u00a0\u202f]*)(?:\s?\*|\s?\[\w\]|\s?[a-d])?$", re.I
)
_SCALE = re.compile(
    r"(?<![A-Za-z])(?:millions?|billions?|thousands?|trillions?|mln|mill|mio\.?|mn|bn|crore|lakh|m|k)(?![A-Za-z])|['’]?000s?\b|"
    r"(?<=[$€£¥])(?:mn|bn|m|b|k)\b",
    re.I,
)
_WORDS = {
    "k": "thousand",
    "m": "million",
    "mio": "million",
    "mill": "million",
    "b": "billion",
    "000": "thousand",
    "000s": "thousand",
}
_PEOPLE = re.compile(
    r"\b(?:students|trainees|experts|people|persons|participants|scholars|fellows|engineers|teachers|nurses|doctors|"
    r"researchers|scientists|volunteers|officials|technicians|lecturers|graduates)\b"
)
_UNITS = re.compile(r"\(([^()]+)\)")
_EMPTY = re.compile(
    r"(?:[-–—−.…?*/]+|n\.?/?a\.?|none|nil|tbd|tbc|unknown|not applicable|not disclosed|undisclosed)?$", re.I
)


@dataclass(frozen=True, slots=True)
class Money:
    """The currency and the scale that a head or caption gives to the numbers under it."""

    currency: str
    scale: str


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing, or a sign for nothing."""
    return _EMPTY.match(cell.text.strip(" *_")) is not None


@cache
def money_of(head: str) -> Money:
    """Return currency and scale of a head such as "Amount (US$ m)", "" where it names none."""
    aside = _UNITS.search(head)
    if aside is not None and (inner := money_of(aside[1])).currency:
        return inner
    found = _SCALE.search(head)
    scale = found.group().lower().rstrip(".").strip("'’") if found else ""
    scale = _WORDS.get(scale, scale.removesuffix("s"))
    rest = re.sub(r"[()\[\],;:]", " ", _SCALE.sub(" ", head))
    words = [w for w in rest.split() if not re.search(r"\d|^(?:in|of|at|and)$", w)]
    for size in (2, 1):
        for k in range(len(words) - size + 1):
            token = " ".join(words[k : k + size])
            if any(a.kind == "money" and a.end - a.start >= len(token) + 2 for a in find_amounts(f"{token} 7 {scale}")):
                return Money(token, scale)
            if any(a.kind == "money" and a.end - a.start >= len(token) + 2 for a in find_amounts(f"7 {token}")):
                return Money("_" + token, scale)
    return Money("", scale)


def sum_of(reading: Reading, cell: Cell, head: str, caption: str) -> AmountMention | None:
    """Return the sum in a cell, with the currency and scale that head or caption give."""
    known = [a for a in reading.amounts.within(cell.start, cell.end) if a.value is not None and a.kind == "money"]
    given, above = money_of(head), money_of(caption)
    if known and (known[0].scale or not given.scale or (known[0].value or 0) >= 1e5):
        return known[0]
    number = _NUMBER.match(cell.text)
    if known:
        digits = re.search(r"\d[\d,.]*", cell.text)
        return _scaled(cell, cell.text.replace(digits[0], f"{digits[0]} {given.scale}") if digits else cell.text)
    if number is None:
        return None
    currency = given.currency or above.currency
    scale = given.scale or (above.scale if not given.currency else "")
    if not currency:
        return None
    digits_ = number["number"].strip()
    if currency.startswith("_"):
        return _scaled(cell, f"{digits_} {scale} {currency[1:]}")
    return _scaled(cell, f"{currency} {digits_} {scale}".strip())


def _scaled(cell: Cell, written: str) -> AmountMention | None:
    found = [a for a in find_amounts(re.sub(r"\s+", " ", written)) if a.kind == "money"]
    return replace(found[0], start=cell.start, end=cell.end, text=cell.text) if found else None


def count_of(reading: Reading, cell: Cell, head: str) -> AmountMention | None:
    """Return the count in a cell: as many of what its head names."""
    known = [a for a in reading.amounts.within(cell.start, cell.end) if a.value is not None]
    if known and known[0].kind == "money":
        return known[0]
    if _NUMBER.match(cell.text) is None:
        return known[0] if known else None
    noun = re.sub(r"\s*\(.*", "", head.lower()).strip()
    noun = re.sub(r"^(?:number of|nos?\.? of|# of|total) ", "", noun)
    noun = re.sub(
        r" (?:funded|awarded|given|signed|trained|sent|provided|granted|delivered|supplied|offered)$", "", noun
    )
    value = float(re.sub(r"[^\d.]", "", cell.text.replace(",", "")).rstrip(".") or 0)
    unit = "person" if _PEOPLE.search(noun) else _singular(noun)
    if not unit or not value or value % 1:
        return None
    return AmountMention(cell.start, cell.end, cell.text, kind="count", value=value, unit=unit, number=cell.text)


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def year_in(reading: Reading, cell: Cell) -> YearMention | None:
    """Return the first year in a cell."""
    known = next(iter(reading.years.within(cell.start, cell.end)), None)
    bare = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", cell.text)
    if known is not None or bare is None:
        return known
    start, year = cell.start + bare.start(), int(bare[0])
    return YearMention(start, start + 4, bare[0], year, year)


_NAME = re.compile(r"[A-Z][\w&.,’'/ -]{1,80}$")
_LINK = re.compile(
    r"\s*(?:\([^()]*\))?\s*(?:[,;/&+–—-]|,?\s*and\b|with\b)\s*(?:the\s+)?(?:(?:[A-Z]\w+ ?){1,2}['’]s?\s*)?(?:the\s+)?",
    re.I,
)
_EDGE = re.compile(r"\s*(?:the\s+)?(?:\([^()]*\))?\W*", re.I)
_ASIDE = re.compile(r"\s*\((?P<aside>[^()]*)\)\s*$")


def parties_in(reading: Reading, cell: Cell) -> list[PartyMention]:
    """Return the parties of a cell: all countries it lists, else the body it names as a whole."""
    inside = [p for p in reading.names.parties.within(cell.start, cell.end) if p.role != "description"]
    lands = [m for p in inside for m in members(p) if m.type in {"country", "group"} or p.role == "place"]
    bodies = [p for p in inside if p not in lands and p.source != "compound" and (not lands or p.source != "capitals")]
    aside = _ASIDE.search(cell.text)
    core_end = cell.end - (len(aside[0]) if aside else 0)
    named = all(p.start >= core_end for p in lands) and _NAME.match(cell.text[: core_end - cell.start]) is not None
    if lands and not bodies and not named and not _longer(cell.text, lands):
        return [in_role(p, "in") for p in lands]
    land = next((p.country for p in lands if p.start >= core_end), None)
    core = [p for p in bodies if p.start < core_end]
    widest = max(core, key=_size, default=None)
    text = reading.text[cell.start : core_end].strip(" *_")
    start = reading.text.find(text, cell.start)
    parted = re.split(r"\s*(?:;|/| and | & )\s*", text)
    if len(core) > 1 and (len(core) == len(parted) or _linked(reading, core, start, start + len(text))):
        return [in_role(p, "in") for p in core]
    if widest is not None and (_size(widest) >= 0.9 * len(text) or len(text.split()) > 9 or "," in text):
        return [in_role(replace(widest, country=widest.country or land), "in")]
    if _NAME.match(text) and len(text.split()) <= 9:
        kind = widest.type if widest is not None else _type(text)
        country = land or (widest.country if widest is not None else next((p.country for p in lands), None))
        return [PartyMention(start, start + len(text), text, name=text, type=kind, country=country, source="cell")]
    return [in_role(p, "in") for p in ([widest] if widest else lands)]


def _linked(reading: Reading, parties: Sequence[PartyMention], start: int, end: int) -> bool:
    """Whether parties fill a stretch, with nothing but links between them: "BMBF and China's Ministry of Water"."""
    inner = zip(parties, parties[1:], strict=False)
    linked = all(_LINK.fullmatch(reading.text[one.end : two.start]) for one, two in inner)
    edges = reading.text[start : parties[0].start], reading.text[parties[-1].end : end]
    return linked and all(_EDGE.fullmatch(edge) for edge in edges)


def _longer(text: str, lands: Sequence[PartyMention]) -> bool:
    """Whether a name holds countries but is another: "Fisheries and Oceans Canada"."""
    for land in lands:
        text = text.replace(land.text, " ")
    return len(re.findall(r"\b(?!The\b|And\b|North|South|East|West|Central)[A-Z][a-z]{3,}", text)) > 1


def _type(name: str) -> Literal["university", "government", "company", "organisation"]:
    if re.search(r"\b(?:Universi\w+|College|School|Institut\w* of Technology|Polytechnic)\b", name):
        return "university"
    if re.search(r"\b(?:Ministry|Department|Government|Municipality|Province|Embassy)\b", name):
        return "government"
    return "company" if re.search(r"\b(?:Ltd|Inc|Corp\w*|GmbH|AG|SA|PLC|LLC|Co|Group)\b\.?$", name) else "organisation"


def _size(party: PartyMention) -> int:
    return party.end - party.start
