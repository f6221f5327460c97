"""Acts in tables: a row is an act where its columns and its caption tell who gives, who receives, how much and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from extractors.mentions import AmountMention, PartyMention, YearMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.captions import Caption, caption_of
from extractors.relations.frames.listed.cells import count_of, is_empty, parties_in, sum_of, year_in
from extractors.relations.frames.listed.cellwords import form_of, state_of, thing_of
from extractors.relations.frames.listed.columns import Columns, columns_of, sides
from extractors.relations.frames.listed.sides import own_side
from extractors.relations.frames.parties import domestic, in_role, same
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.sentence.lexicon import forms
from extractors.relations.outline import Row, Table, tables
from schemas import Kind, Status

_GIVEN: tuple[Kind, ...] = (
    "loan", "export_credit", "debt_relief", "training", "grant", "membership", "joint_facility", "joint_research",
    "technical_assistance", "supply", "investment",
)  # fmt: skip
GIVING: frozenset[Kind] = frozenset(
    {"loan", "grant", "export_credit", "debt_relief", "training", "investment", "acquisition", "membership", "supply"}
)
STATISTICS = re.compile(
    r"\b(?:statistics|ranking|ranked|rank|per capita|population|index|indicators?|publications?|papers|patents|"
    r"spending|expenditure|exports|imports|trade|turnover|growth|share of|top \d+|inhabitants)\b",
    re.I,
)
_DONATED = re.compile(r"\bdonat|\bgifts?\b|\bgave\b", re.I)
_RUNS: frozenset[Kind] = frozenset({"membership", "joint_facility", "dialogue", "programme"})
_MOST = 12  # partners of one row


@dataclass(slots=True)
class Told:
    """What the cells of a row tell."""

    parties: dict[str, list[PartyMention]] = field(default_factory=dict)
    amount: AmountMention | None = None
    year: YearMention | None = None
    status: Status | Literal[""] = ""
    form: Kind | None = None
    topic: str = ""


def read_tables(reading: Reading) -> list[Frame]:
    """Return the frames of the rows of all tables."""
    found: list[Frame] = []
    reading.subject = own_side(reading) or reading.subject
    for table in tables(reading.outline):
        columns = columns_of(reading, table)
        caption = caption_of(reading, table)
        if _tells_acts(table, columns, caption):
            for row in table.rows:
                found += frames_of(reading, row, columns, caption)
    return found


def _tells_acts(table: Table, columns: Columns, caption: Caption) -> bool:
    """Whether the rows are acts: both sides have columns, or one has and words of giving stand about."""
    if columns.crossed:
        return False
    if columns.has("actor") and columns.has("partner", "country", "party"):
        return True
    about = " ".join((*table.heads, caption.text))
    given = columns.has("amount", "count", "year", "form")
    if columns.has("actor", "partner", "parties"):
        return given or columns.has("topic")
    words = any(kinds_in(text) for text in (*table.heads, caption.text)) or form_of(about) is not None
    if not words or not given or (STATISTICS.search(about) and form_of(about) not in GIVING):
        return False
    if sides(columns):
        return bool(caption.givers or caption.takers or caption.joined)
    parted = any(row.section is not None for row in table.rows)
    return columns.has("amount", "form") and (parted or len({p.name for p in (*caption.givers, *caption.takers)}) > 1)


def frames_of(reading: Reading, row: Row, columns: Columns, caption: Caption) -> list[Frame]:
    """Return the act of a row, one frame for each partner; nothing where it is not yet an act or a side is missing."""
    told = _told(reading, row, columns, caption)
    if told is None:
        return []
    if not columns.has("year"):
        told.year = told.year or caption.year
    actors, partners = _sides(told, caption)
    kind = _kind(columns, caption, row, told)
    status = told.status or standing(reading, kind, told.year)
    if kind in {"training", "grant", "supply", "agreement"} and _DONATED.search(caption.text):
        kind, status = "grant", told.status or "completed"
    reading.acts += 1
    start, end = row.place.line.start, row.place.line.end
    features = {"weight": 1.0, "partner": 1.0, "table": 1.0, "year": float(told.year is not None),
                "money": float(told.amount is not None)}  # fmt: skip
    return [
        Frame(kind, status, actor, partner, start, end, (start, end), reading.acts, "row", "table", told.year,
              told.amount, caption.text, [], dict(features), "table")
        for actor in actors[:1]
        for partner in partners[:_MOST]
        if not domestic(actor, partner)
    ]  # fmt: skip


def standing(reading: Reading, kind: Kind, year: YearMention | None) -> Status:
    """How an act stands where nothing tells it: it ended before the text was written, it runs, or it was agreed."""
    now = reading.head_year.first if reading.head_year is not None else None
    if year is not None and year.last is not None and year.last > year.first and now is not None:
        return "completed" if year.last < now else "implementing" if year.first <= now else "committed"
    return "implementing" if kind in _RUNS or (year is not None and year.last is None) else "committed"


def _told(reading: Reading, row: Row, columns: Columns, caption: Caption) -> Told | None:
    """Read the cells of a row by their roles; None where the row is not yet an act."""
    told = Told()
    for k, (cell, role) in enumerate(zip(row.cells, columns.roles, strict=False)):
        head = row.heads[k] if k < len(row.heads) else ""
        if is_empty(cell):
            continue
        if role in {"status", "year", "amount", "form"} and state_of(cell.text) == "none":
            return None
        if role in {"actor", "partner", "country", "party", "parties"}:
            named = parties_in(reading, cell)
            home = columns.homes.get(k)
            told.parties.setdefault(role, []).extend(
                replace(p, country=p.country or home) if home else p for p in named
            )
        elif role == "amount" and told.amount is None:
            told.amount = sum_of(reading, cell, head, caption.text)
        elif role == "count" and told.amount is None:
            told.amount = count_of(reading, cell, head)
        elif role == "year":
            told.year = told.year or _open(year_in(reading, cell), head)
        elif role == "done" and not told.status and year_in(reading, cell) is not None:
            told.status = "completed"
        elif role == "end" and told.year is not None and (end := year_in(reading, cell)) is not None:
            told.year = replace(told.year, last=end.last) if end.first >= told.year.first else told.year
        elif role in {"status", "remark"} and (state := state_of(cell.text, remark=role == "remark")) not in {
            "",
            "none",
        }:
            told.status = cast("Status", state)
        elif role == "form":
            told.form = told.form or form_of(cell.text, short=True)
            told.topic += " " + cell.text
        elif role == "topic":
            told.topic += " " + cell.text
    if row.section is not None and not told.parties.get("country"):
        named = parties_in(reading, row.section)
        told.parties["country"] = [p for p in named if p.type == "country"]
    return told


def _open(year: YearMention | None, head: str) -> YearMention | None:
    """A year under "Since", which has not ended."""
    since = head.lower().startswith(("since", "running since"))
    return replace(year, last=None) if year is not None and since and year.first == year.last else year


def _sides(told: Told, caption: Caption) -> tuple[list[PartyMention], list[PartyMention]]:
    """Who gives and who receives: from the cells, then from the lines above."""
    cells = told.parties
    actors, partners = cells.get("actor", []), cells.get("partner", [])
    lands, bodies, both = cells.get("country", []), cells.get("party", []), cells.get("parties", [])
    if len(both) > 1 and not actors:
        actors, partners = both[:1], both[1:]
    elif both:
        bodies = bodies or both
    if bodies and not partners:
        partners = bodies
    elif bodies and not actors:
        actors = bodies
    if partners and lands and partners is not lands:
        partners = [_at_home(p, lands[0]) for p in partners]
    partners = partners or lands
    if actors and lands and partners is lands and any(a.country == lands[0].country for a in actors):
        actors, partners = [], [_at_home(a, lands[0]) for a in actors]
    if not actors:
        return _without_actor(partners, caption)
    if not partners:
        rest = [*caption.takers, *caption.joined, *caption.givers]
        partners = [p for p in rest if not domestic(actors[0], p)][:1]
    return [in_role(p, "subj") for p in actors], partners


def _without_actor(partners: list[PartyMention], caption: Caption) -> tuple[list[PartyMention], list[PartyMention]]:
    if not partners:
        givers = caption.givers[:1]
        return givers, [p for p in caption.takers + caption.givers[1:] if givers and not domestic(givers[0], p)][:1]
    givers = [p for p in caption.givers if not any(domestic(p, other) for other in partners)]
    if caption.joined or (caption.takers and not givers and _single(caption.takers)):
        return partners[:1], (caption.joined or caption.takers)[:1]
    return givers[:1], partners


def _single(takers: Sequence[PartyMention]) -> bool:
    return takers[0].type != "group"


def _at_home(partner: PartyMention, land: PartyMention) -> PartyMention:
    """A body with the country of its row; a country, or a name that belongs elsewhere, as it is written."""
    if partner.type in {"country", "group"} or land.type != "country" or land.country is None:
        return partner
    if partner.country is None or partner.country == land.country:
        return replace(partner, country=land.country)
    return replace(partner, country=land.country, name=partner.text) if not same(partner, land) else partner


def kinds_in(text: str) -> list[Kind]:
    """The kinds of the nouns of cooperation in a text, in order."""
    found: list[Kind] = []
    words = re.findall(r"[\w'-]+", text.lower())
    for size in (3, 2, 1):
        for k in range(len(words) - size + 1):
            for form in forms().get(" ".join(words[k : k + size]), ()):
                if form.tag == "noun" and form.trigger.kind:
                    found.append(form.trigger.kind)
    return found


def _kind(columns: Columns, caption: Caption, row: Row, told: Told) -> Kind:
    """What a row gives: by its form, by who lends, by the caption's form, by its subject."""
    if told.form is not None:
        return told.form
    if columns.kind == "loan":
        return "loan"
    heads = " ".join(h for h, r in zip(row.heads, columns.roles, strict=False) if r not in {"index", "other"})
    found = [kind for text in (told.topic, heads, caption.text) for kind in kinds_in(text)]
    above = next((k for part in (heads, *caption.text.split(" / ")) if (k := form_of(part)) in GIVING and k), None)
    if above is not None:
        return above
    money = told.amount is not None and told.amount.kind == "money"
    two = columns.has("actor") and columns.has("partner")
    if two and told.amount is None and (thing := thing_of(told.topic)) is not None:
        return thing
    accord = form_of(told.topic) == "agreement"
    for kind in _GIVEN:
        if kind in found and not ((money or accord) and kind == "joint_research"):
            return kind
    return columns.kind or ("grant" if money else "agreement")
