"""Acts in tables: a row is an act where its column heads tell who gives, who receives, how much and when."""

import csv
import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from extractors.entities.amounts import find_amounts
from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.outline import Cell, Row, rows
from schemas import Kind, Status

from .frame import Frame
from .lexicon import forms
from .parties import domestic, in_role
from .reading import Reading

_NUMBER = re.compile(r"[~<>≈]?\s?\d[\d,. ]*$")
_EMPTY = frozenset({"", "-", "–", "—", "n/a", "none", "total", "sum", "subtotal"})
_NOT_YET = re.compile(r"under negotiation|under discussion|planned|pending|not yet|tbd", re.I)
_STATUS: dict[str, Status] = {
    "complet": "completed",
    "disburs": "completed",
    "ongoing": "implementing",
    "active": "implementing",
    "implement": "implementing",
    "sign": "committed",
    "approv": "committed",
    "pledg": "pledged",
    "cancel": "cancelled",
    "suspend": "suspended",
    "hold": "suspended",
}


_GIVEN: tuple[Kind, ...] = (
    "loan",
    "export_credit",
    "debt_relief",
    "training",
    "grant",
    "membership",
    "joint_facility",
    "joint_research",
    "technical_assistance",
    "supply",
    "investment",
)


@cache
def _heads() -> dict[str, tuple[str, Kind | Literal[""]]]:
    text = (files("extractors.relations.frames") / "heads.csv").read_text(encoding="utf-8")
    table: dict[str, tuple[str, Kind | Literal[""]]] = {}
    for row in csv.DictReader(text.splitlines()):
        kind = cast('Kind | Literal[""]', row["kind"])
        table.update(dict.fromkeys(row["head"].split("|"), (row["role"], kind)))
    return table


@dataclass(slots=True)
class Columns:
    """What each column of a table holds, by its head."""

    roles: list[str]
    kind: Kind | Literal[""]


def read_tables(reading: Reading) -> list[Frame]:
    """Return the frames of the rows of all tables."""
    found: list[Frame] = []
    for row in rows(reading.outline):
        columns = _columns(row)
        if {"actor", "partner"} & set(columns.roles) or (
            "country" in columns.roles and {"amount", "year", "count"} & set(columns.roles)
        ):
            frame = _frame(reading, row, columns)
            if frame is not None:
                found.append(frame)
    return found


def _columns(row: Row) -> Columns:
    roles: list[str] = []
    kind: Kind | Literal[""] = ""
    for head in row.heads:
        role, of = _role(head)
        roles.append(role)
        kind = kind or of
    return Columns(roles, kind)


def _role(head: str) -> tuple[str, Kind | Literal[""]]:
    low = re.sub(r"[^a-z ]", " ", head.lower().split("(")[0]).strip()
    if low in _heads():
        return _heads()[low]
    words = low.split()
    for size in (2, 1):
        for k in range(len(words) - size + 1):
            part = " ".join(words[k : k + size])
            if part in _heads() and _heads()[part][0] not in {"party", "country"}:
                return _heads()[part]
    if re.search(r"countr|nation", low):
        return "country", ""
    return ("count", "") if words else ("", "")


def _frame(reading: Reading, row: Row, columns: Columns) -> Frame | None:
    parties: dict[str, PartyMention] = {}
    amount: AmountMention | None = None
    year: YearMention | None = None
    status: Status = "committed"
    for cell, head, role in zip(row.cells, row.heads, columns.roles, strict=False):
        if cell.text.lower().strip(" *") in _EMPTY:
            continue
        if _NOT_YET.search(cell.text):
            return None
        if role in {"actor", "partner", "country", "party"}:
            party = _party(reading, cell)
            if party is not None:
                parties.setdefault(role, party)
        elif role in {"amount", "count"} and amount is None:
            amount = _amount(reading, cell, head, counted=role == "count")
        elif role == "year":
            year = year or next(iter(reading.years.within(cell.start, cell.end)), None)
        elif role == "status":
            status = next((s for stem, s in _STATUS.items() if stem in cell.text.lower()), status)
    caption = _caption(reading, row)
    actor, partner = _sides(reading, parties, row, caption)
    if actor is None or partner is None or domestic(actor, partner):
        return None
    kind = _kind(columns, caption, row, amount)
    if kind in {"training", "grant"} and "donat" in caption.lower():
        kind, status = "grant", "completed"
    reading.acts += 1
    start, end = row.place.line.start, row.place.line.end
    features = {
        "weight": 1.0,
        "partner": 1.0,
        "table": 1.0,
        "year": float(year is not None),
        "money": float(amount is not None),
    }
    return Frame(
        kind,
        status,
        actor,
        partner,
        start,
        end,
        (start, end),
        reading.acts,
        "row",
        "table",
        year,
        amount,
        caption,
        [],
        features,
        "table",
    )


def _party(reading: Reading, cell: Cell) -> PartyMention | None:
    inside = reading.names.parties.within(cell.start, cell.end)
    if inside:
        return in_role(max(inside, key=_size), "in")
    if re.fullmatch(r"[A-Z][\w&.’' -]{1,60}", cell.text):
        return PartyMention(cell.start, cell.end, cell.text, name=cell.text, type="organisation", source="cell")
    return None


def _size(party: PartyMention) -> int:
    return party.end - party.start


def _amount(reading: Reading, cell: Cell, head: str, *, counted: bool) -> AmountMention | None:
    known = [a for a in reading.amounts.within(cell.start, cell.end) if a.value is not None]
    if known and (known[0].kind == "money" or not counted):
        return known[0]
    if not _NUMBER.match(cell.text):
        return known[0] if known else None
    if not counted:
        unit = re.search(r"\(([^)]*)\)|(?:in|,) (.*)$", head)
        scaled = find_amounts(f"{(unit[1] or unit[2]) if unit else ''} {cell.text}") or find_amounts(
            f"{cell.text} {(unit[1] or unit[2]) if unit else ''}"
        )
        if unit and (match := re.search(r"\b(million|billion|thousand|m|bn|mn)\b", unit[0], re.I)):
            currency = unit[0].replace(match[0], "").strip("() ,")
            scaled = find_amounts(f"{currency} {cell.text} {match[0]}") or find_amounts(
                f"{currency}{cell.text} {match[0]}"
            )
        return replace(scaled[0], start=cell.start, end=cell.end, text=cell.text) if scaled else None
    noun = re.sub(r"\s*\(.*", "", head.lower()).strip()
    noun = re.sub(r"^(?:number of|no\.? of|total) ", "", noun)
    noun = re.sub(r" (?:funded|awarded|given|signed|trained|sent|provided)$", "", noun)
    value = float(re.sub(r"[^\d.]", "", cell.text.replace(",", "")) or 0)
    unit_name = (
        "person"
        if noun in {"students", "trainees", "experts", "people", "persons", "participants", "scholars", "fellows"}
        else _singular(noun)
    )
    if not unit_name or not value:
        return None
    return AmountMention(cell.start, cell.end, cell.text, kind="count", value=value, unit=unit_name, number=cell.text)


def _singular(noun: str) -> str:
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def _caption(reading: Reading, row: Row) -> str:
    """The headings above a table and the line right before it."""
    texts = [reading.text[line.start : line.end] for line in reading.outline.above(row.place)]
    places = reading.outline.places
    i = places.index(row.place)
    while i > 0 and places[i].line.kind in {"row", "noise"}:
        i -= 1
    line = places[i].line
    texts.insert(0, reading.text[line.start : line.end])
    return " / ".join(dict.fromkeys(texts))


def _sides(
    reading: Reading, parties: dict[str, PartyMention], row: Row, caption: str
) -> tuple[PartyMention | None, PartyMention | None]:
    actor, partner = parties.get("actor"), parties.get("partner")
    place, body = parties.get("country"), parties.get("party")
    if partner is not None and place is not None and partner.type != "country":
        other = partner.country is not None and partner.country != place.country
        partner = replace(partner, country=place.country, name=partner.text if other else partner.name)
        place = None
    if body is not None:
        if partner is None:
            partner = (
                replace(body, country=body.country or (place.country if place else None))
                if body.type != "country"
                else body
            )
        elif actor is None:
            actor = body
    partner = partner or place
    if actor is None:
        actor = _captioned(reading, row, partner)
    return actor, partner


def _captioned(reading: Reading, row: Row, partner: PartyMention | None) -> PartyMention | None:
    places = reading.outline.places
    i = places.index(row.place)
    while i > 0 and places[i].line.kind in {"row", "noise"}:
        i -= 1
    lines = [places[i].line, *reading.outline.above(row.place)]
    for line in lines:
        named = [p for p in reading.names.parties.within(line.start, line.end) if p.source != "capitals"]
        named = [p for p in named if partner is None or p.name != partner.name]
        if named:
            bodies = [p for p in named if p.type not in {"country", "group"}]
            return in_role((bodies or named)[0], "subj")
    return reading.subject


def _kind(columns: Columns, caption: str, row: Row, amount: AmountMention | None) -> Kind:
    topic = " ".join(c.text for c, r in zip(row.cells, columns.roles, strict=False) if r == "topic")
    heads = " ".join(row.heads)
    found: list[str] = []
    for text in (topic, heads, caption):
        words = re.findall(r"[\w'-]+", text.lower())
        for size in (3, 2, 1):
            for k in range(len(words) - size + 1):
                for form in forms().get(" ".join(words[k : k + size]), ()):
                    if form.tag == "noun" and form.trigger.kind:
                        found.append(form.trigger.kind)
    if columns.kind == "loan":
        return "loan"
    for kind in _GIVEN:
        if kind in found:
            return kind
    return columns.kind or ("grant" if amount is not None and amount.kind == "money" else "agreement")
