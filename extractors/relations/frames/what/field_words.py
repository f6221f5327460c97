"""The fields of science and technology that words of an act, or beside it, tell."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.mentions import PartyMention
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.parties import BODIES
from extractors.relations.frames.what.signals import Hit, Phrases, inside, phrases
from extractors.relations.frames.windows import Windows
from schemas.packaged import packaged_rows

SPELLS = re.compile(
    r"\s*(?:It|This|These|They|Its|Through it|Under (?:it|the \w+)|The (?:\w+ ){0,2}(?:agreement|accord|deal|memorandum"
    r"|project|programme|plant|centre|center|laboratory|loan|grant|money|fund|scheme|partnership|venture|contract|"
    r"facility|initiative|treaty|pact))\b"
)
ENDS = re.compile(r"[.!?](?=\s)|\n")
Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldPlaces:
    """Where the fields of an act may be told: in its sentence without ``aside`` (clauses of other acts), or near it.

    ``hits`` are the phrases of the sentence that tell fields.
    """

    text: str
    names: Windows[PartyMention]
    frame: Frame
    aside: Sequence[tuple[int, int]]
    hits: Sequence[Hit]

    def own(self) -> Fields:
        """The fields told by words of the sentence that are no names of bodies."""
        return _codes(h for h in self.hits if not inside(h, [*self._bodies(), *self.aside]))

    def sentence(self) -> Fields:
        """The fields told anywhere in the sentence, of other acts too."""
        return _codes(h for h in self.hits if not inside(h, self._bodies()))

    def named(self) -> Fields:
        """The fields told by names of bodies other than the actor."""
        actor = [(self.frame.actor.start, self.frame.actor.end)]
        bodies = self._bodies()
        return _codes(h for h in self.hits if inside(h, bodies) and not inside(h, actor))

    def heading(self) -> Fields:
        """The fields told by the lines above a row or an item; of an item that is a sentence, the nearest."""
        if self.frame.source in {"table", "list"}:
            return _codes(_fields().find(self.frame.heading))
        nearest = self.frame.heading.split(" / ")[0] if self.frame.features.get("fragment") else ""
        return _codes(_fields().find(nearest))

    def spelt(self) -> Fields:
        """The fields told by the next sentence, where it spells out the act."""
        end = self.frame.evidence[1]
        if SPELLS.match(self.text, end) is None:
            return ()
        stop = ENDS.search(self.text, end + 2)
        return _codes(_fields().find(self.text[end : stop.start() if stop else len(self.text)]))

    def _bodies(self) -> list[tuple[int, int]]:
        """The spans of the names of bodies in the sentence; of a row or an item, those of its two sides."""
        sides = [p for p in (self.frame.actor, self.frame.partner) if p is not None]
        listed = self.frame.source in {"table", "list"}
        bodies = sides if listed else [*sides, *self.names.touching(*self.frame.evidence)]
        return [(p.start, p.end) for p in bodies if p.type in BODIES and p.role == "name"]


@cache
def _table() -> dict[str, Fields]:
    return {
        row["sector"]: tuple(row["fields"].split("|"))
        for row in packaged_rows("extractors.relations.frames.what", "sector_fields.csv")
    }


def field_hits(text: str) -> list[Hit]:
    """Return the phrases of a text that tell fields, in order."""
    return list(_fields().find(text))


def fields_of_sector(code: str) -> Fields:
    """Return the fields that all words of a sector tell: none where its words tell several."""
    return _table().get(code, ())


def _fields() -> Phrases:
    return phrases("fields.csv", "id")


def _codes(hits: Iterable[Hit]) -> Fields:
    return tuple(dict.fromkeys(code for hit in hits for code, _ in hit.signals))
