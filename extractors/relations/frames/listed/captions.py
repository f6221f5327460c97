"""What stands around a table: its caption, headings and title, and whom they name as giver or as receiver."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.mentions import PartyMention, YearMention
from extractors.relations.frames.parties import in_role, members, same
from extractors.relations.frames.reading import Reading
from extractors.relations.outline import Line, Table

_ASIDE = re.compile(r"(?:source|sources|note|notes|n\.b\.|figures?|data|last updated|updated)\b[^a-z]*[:=.–-]", re.I)
_TO = re.compile(
    r"\b(?:to|for|in|into|with|towards?|received by|granted to|extended to|borrowings? of|debts? of|recipient:?)"
    r"(?: the)?(?: government of| republic of)?\W*$",
    re.I,
)
_CENTRE = re.compile(
    r"\b(?:(?:members?|member states?|memberships?|shareholders?|signatories) (?:of|to|in)|(?:accessions?|contribut\w+|"
    r"pledges?|donors?|lenders?|creditors?|investors?) (?:to|by country to))(?: the)?\W*$",
    re.I,
)
_ROLL = re.compile(
    r"\W*(?:\w+ )?(?:contributions|contributors|pledges|members|member states|donors|shareholders)\W*$", re.I
)
_RECEIVED = re.compile(r"\b(?:received|receives|borrowed|borrowings?|obtained|creditors|lenders|donors)\b", re.I)
_LONGEST = 250


@dataclass(slots=True)
class Caption:
    """The lines around a table, nearest first, and the parties they name as ``givers`` and ``takers``.

    ``joined`` are bodies whose members, donors or lenders the rows list, ``year`` is that of the nearest line.
    """

    text: str = ""
    givers: list[PartyMention] = field(default_factory=list)
    takers: list[PartyMention] = field(default_factory=list)
    joined: list[PartyMention] = field(default_factory=list)
    year: YearMention | None = None


def caption_of(reading: Reading, table: Table) -> Caption:
    """Return what the lines above a table say of all its rows."""
    found = about(reading, lines := _lines(reading, table))
    years = reading.years.within(lines[0].start, lines[0].end) if lines else []
    found.year = years[0] if len(years) == 1 and years[0].kind in {"year", "range", "fiscal"} else None
    return found


def about(reading: Reading, lines: Sequence[Line]) -> Caption:
    """Return what lines, nearest first, say of all that stands under them."""
    found = Caption()
    texts: list[str] = []
    rolled = False
    for line in lines:
        said = reading.text[line.start : line.end]
        texts.append(said)
        _hear(reading, found, line, said)
        if rolled and not found.joined:
            found.joined, found.givers = [p for p in found.givers if p.type not in {"country", "group"}][:1], []
        rolled = _ROLL.match(said) is not None and not (found.givers or found.takers)
    found.text = " / ".join(dict.fromkeys(texts))
    subject = members(reading.subject)[0] if reading.subject is not None else None
    if subject is not None and all(not same(p, subject) for p in [*found.takers, *found.joined, *found.givers]):
        found.givers.append(subject)
    found.givers.sort(key=_guessed)
    return found


def _lines(reading: Reading, table: Table) -> list[Line]:
    places = reading.outline.places
    near: list[Line] = []
    for i in range(table.first - 1, max(-1, table.first - 4), -1):
        line = places[i].line
        if line.kind == "heading" or line.kind in {"row", "noise"} and near:
            break
        short = line.kind in {"text", "lead"} and line.end - line.start <= _LONGEST
        if short and not _ASIDE.match(reading.text[line.start : line.end]):
            near.append(line)
    above = reading.outline.above(places[table.first])
    title = reading.outline.title()
    return [*near, *(line for line in above if line not in near), *([title] if title and title not in above else [])]


def _hear(reading: Reading, found: Caption, line: Line, said: str) -> None:
    named = [p for p in reading.names.parties.within(line.start, line.end) if p.role != "person"]
    named = [p for p in named if p.source != "capitals" or re.fullmatch(r"[A-Z]{3,8}", p.text)]
    bodies: list[PartyMention] = []
    lands: list[PartyMention] = []
    for party in named:
        before = said[: party.start - line.start]
        if _CENTRE.search(before):
            found.joined.append(in_role(party, "to"))
        elif _TO.search(before) or (party.type == "country" and _RECEIVED.search(said)):
            found.takers += [in_role(p, "to") for p in members(party)]
        elif party.type in {"country", "group"}:
            lands += [in_role(p, "subj") for p in members(party)]
        elif party.role != "description":
            bodies.append(in_role(party, "subj"))
    found.givers += [*bodies, *(p for p in lands if all(b.country != p.country for b in bodies))]


def _guessed(party: PartyMention) -> bool:
    """Whether a party is a mere guess, or a region that heads a list rather than gives."""
    return party.source == "capitals" or (party.type == "group" and party.source == "region")
