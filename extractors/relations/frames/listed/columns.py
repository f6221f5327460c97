"""What the columns of a table hold, by their heads and, where these do not tell, by what stands in them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, cast

from extractors.entities.parties import find_parties
from extractors.relations.frames.listed.cells import money_of
from extractors.relations.frames.listed.cellwords import state_of
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Cell, Table
from schemas import Kind
from schemas.packaged import packaged_rows

_FOLDER = "extractors.relations.frames.listed"
_SIZED = re.compile(r"[$€£¥₹]|\b(?:million|billion|thousand|[mb]n|mio|crore)\b", re.I)
_COUNTED = re.compile(r"(?:number|no\.?|nos\.?|#) of ", re.I)
_NUMBERED = re.compile(r"(?:\w+ )?(?:no|nr|id|code|number|ref|reference)$")
_PLURAL = re.compile(r"(?!.*(?:ss|us|is)\b)[\w ,&/-]*\b(?:\w{3,}s|people|aircraft|staff)\b")
_UNIT = re.compile(
    r"\b(?:mw|kw|gw|km|ha|hectares|kilomet\w+|tonnes|tons|percent|days|weeks|months|years|hours|age)\b|%", re.I
)
_SIDE = re.compile(
    r"\b(?:on|in|from|for|of|the|side|partners?|part(?:y|ies)|institutions?|institutes?|universit(?:y|ies)|bod(?:y|ies)|agenc(?:y|ies)|"
    r"signator(?:y|ies)|counterparts?|compan(?:y|ies)|firms?|ministr(?:y|ies)|members?|lead|participants?|laborator(?:y|ies)|labs?|"
    r"organi[sz]ations?)\b",
    re.I,
)
_DONE = re.compile(
    r"\b(?:launch\w*|deliver\w*|hand(?:ed)?[ -]?over|complet\w*|commissioned|in service|opened|opening|inaugurat\w*|"
    r"repaid)\b",
    re.I,
)
_MOST = 0.6
_ROLES_OF_SIDES = frozenset({"actor", "partner", "country", "party", "parties"})


@dataclass(slots=True)
class Columns:
    """The role of each column, and the kind that a head tells ("Lender"); ``crossed`` where countries are the heads.

    ``homes`` are the countries of the sides that heads name ("German partner").
    """

    roles: list[str]
    kind: Kind | Literal[""]
    crossed: bool = False
    homes: dict[int, str] = field(default_factory=dict)

    def has(self, *roles: str) -> bool:
        """Whether a column has one of these roles."""
        return any(role in roles for role in self.roles)


@cache
def _heads() -> dict[str, tuple[str, Kind | Literal[""]]]:
    table: dict[str, tuple[str, Kind | Literal[""]]] = {}
    for row in packaged_rows(_FOLDER, "heads.csv"):
        kind = cast('Kind | Literal[""]', row["kind"])
        table.update(dict.fromkeys(row["head"].split("|"), (row["role"], kind)))
    return table


def columns_of(reading: Reading, table: Table) -> Columns:
    """Return the roles of a table's columns."""
    width = max((len(row.cells) for row in table.rows), default=0)
    heads = [table.heads[k] if k < len(table.heads) else "" for k in range(width)]
    told = [role_of(head) for head in heads]
    columns = [[row.cells[k] for row in table.rows if k < len(row.cells) and row.cells[k].text] for k in range(width)]
    roles = [_checked(reading, role, columns[k], heads[k]) for k, (role, _) in enumerate(told)]
    kind: Kind | Literal[""] = next((of for _, of in told if of), "")
    homes = {k: land for k, head in enumerate(heads) if (land := _home(head)) and _names(reading, columns[k])}
    if len(homes) > 1:
        roles = ["party" if k in homes else "topic" if role == "party" else role for k, role in enumerate(roles)]
    elif homes and "party" in roles:
        roles[next(iter(homes))] = "party"
    lands = [
        k for k, head in enumerate(heads) if any(p.type == "country" and p.text == head for p in find_parties(head))
    ]
    return Columns(
        _two_sides(_finished(roles, heads)), kind, len(lands) > 1 and not all(k in homes for k in lands), homes
    )


def _finished(roles: list[str], heads: Sequence[str]) -> list[str]:
    """A further column of years that tells when it was done: "Contract | Delivery"."""
    first = roles.index("year") if "year" in roles else -1
    return [
        "done" if role == "year" and k != first and _DONE.search(heads[k]) else role for k, role in enumerate(roles)
    ]


def _home(head: str) -> str | None:
    """The country whose side a column holds: "German partner", "On the Chinese side", "Peru"."""
    named = [p for p in find_parties(head) if p.country and p.type == "country"]
    rest = _SIDE.sub("", head[: named[0].start] + head[named[0].end :]) if len(named) == 1 else head
    return named[0].country if len(named) == 1 and not re.search(r"\w", rest) else None


def _names(reading: Reading, cells: Sequence[Cell]) -> bool:
    """Whether a column holds names: bodies, or words in capitals that no number belies."""
    held = [_content(reading, cell) for cell in cells]
    named = sum(
        h in {"body", "country"} or (h == "text" and cell.text[:1].isupper())
        for h, cell in zip(held, cells, strict=True)
    )
    return bool(cells) and named >= _MOST * len(cells)


def role_of(head: str) -> tuple[str, Kind | Literal[""]]:
    """Return the role that a head tells, "" where it tells none, and the kind of act with it."""
    if _COUNTED.match(head):
        return "count", ""
    low = re.sub(r"\s+", " ", re.sub(r"[^a-z '-]", " ", head.lower().split("(")[0])).strip()
    if low in _heads():
        return _heads()[low]
    if head.strip() and not low:
        return ("amount" if _SIZED.search(head) else "index" if "#" in head or "№" in head else ""), ""
    if _NUMBERED.match(low):
        return "index", ""
    if _UNIT.search(head):
        return "other", ""
    words = low.split()
    for size in (2, 1):
        for k in range(len(words) - size + 1):
            part = " ".join(words[k : k + size])
            if part in _heads() and _heads()[part][0] not in {"party", "country", "index"}:
                return _heads()[part]
    if re.search(r"countr|nation", low):
        return "country", ""
    sized = _SIZED.search(head) or money_of(head).currency
    return ("amount" if sized else "count" if _PLURAL.search(low) else ""), ""


def _checked(reading: Reading, role: str, cells: Sequence[Cell], head: str) -> str:
    """A role that what stands in the column does not belie; that of the content where the head tells none."""
    texts = [cell.text for cell in cells]
    if _counts_up(texts):
        return "index"
    holds = Counter(_content(reading, cell) for cell in cells)
    best, often = holds.most_common(1)[0] if holds else ("", 0)
    mostly = best if cells and often >= _MOST * len(cells) else ""
    if role == "count" and mostly == "amount":
        return "amount"
    if role == "count" and mostly not in {"number", "count", ""}:
        return mostly if mostly in {"year", "country", "body"} else "topic"
    if role == "place":
        return "country" if mostly == "country" else "other"
    stands = sum(bool(state_of(text)) for text in texts) >= _MOST * len(texts)
    if role == "status" and not stands and mostly in {"country", "amount", "year", "number", "body"}:
        return {"body": "party", "number": ""}.get(mostly, mostly)
    if role == "amount" and mostly in {"country", "body", "year"}:
        return {"body": "topic"}.get(mostly, mostly)
    if role == "year" and mostly in {"country", "body", "text"}:
        return "topic" if mostly == "text" else mostly.replace("body", "party")
    if role in {"topic", "form"} and mostly in {"amount", "year", "number"}:
        return "other" if mostly == "number" else mostly
    if role or (mostly == "number" and head):
        return role
    return {"body": "party", "text": "topic", "number": ""}.get(mostly, mostly)


def _counts_up(texts: Sequence[str]) -> bool:
    numbers = [re.sub(r"\W", "", t) for t in texts]
    if len(numbers) < 2 or not all(n.isdecimal() and len(n) < 4 for n in numbers):
        return False
    values = [int(n) for n in numbers]
    return values[0] < 2 and all(b - a == 1 for a, b in zip(values, values[1:], strict=False))


def _content(reading: Reading, cell: Cell) -> str:
    """What one cell holds: country, body, year, amount, count, number or text."""
    size = cell.end - cell.start
    if re.fullmatch(r"[~<>≈]?\s?\d[\d,. ]*", cell.text) and not re.fullmatch(r"(?:19|20)\d\d", cell.text):
        return "number"
    dated = any(y.end - y.start >= 0.7 * size for y in reading.years.within(cell.start, cell.end))
    if dated or re.fullmatch(r"(?:19|20)\d\d", cell.text):
        return "year"
    amounts = [a for a in reading.amounts.within(cell.start, cell.end) if a.end - a.start >= 0.5 * size]
    if amounts:
        return "amount" if amounts[0].kind == "money" else "count"
    parties = [p for p in reading.names.parties.within(cell.start, cell.end) if p.role != "demonym"]
    if any(p.type == "country" and p.end - p.start >= 0.8 * size for p in parties):
        return "country"
    parties = [p for p in parties if p.source != "capitals"]
    if any(p.type not in {"country", "person"} and p.end - p.start >= 0.6 * size for p in parties):
        return "body"
    return "text" if cell.text.strip("-–— ") else ""


def _two_sides(roles: list[str]) -> list[str]:
    """Two columns of countries, or of bodies, are the two sides where no head says who does what."""
    if "actor" in roles or "partner" in roles:
        return roles
    for role in ("country", "party"):
        if roles.count(role) == 2:
            first = roles.index(role)
            second = roles.index(role, first + 1)
            return [{first: "actor", second: "partner"}.get(k, r) for k, r in enumerate(roles)]
    return roles


def sides(columns: Columns) -> bool:
    """Whether a column names somebody."""
    return columns.has(*_ROLES_OF_SIDES)
