"""Pronouns and definite descriptions brought to the parties they stand for, inside one document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import in_role, members
from extractors.relations.frames.sentence.event import Slot
from extractors.relations.frames.who.definites import descriptions, fits

_BOTH = ("two", "both", "parties", "sides", "countries", "leaders", "governments", "partners")
_SCHEMES = frozenset(
    {
        "project",
        "scheme",
        "mechanism",
        "plan",
        "initiative",
        "program",
        "programme",
        "alliance",
        "network",
        "consortium",
    }
)
_SCHEME_NAME = re.compile(
    r"Initiative|Program|Project|Belt|Road|Alliance|Mechanism|Fund|Network|Plan|Mission|"
    r"Consortium|Partnership|Torch|Station|Telescope|Collider|^[A-Z]{3,8}$"
)
_UNION = re.compile(r"\b(?:European|African|Eurasian Economic) Union\b|^(?:ASEAN|SADC|ECOWAS|CARICOM|Mercosur)$")
_NATIONS = ("countr", "nation", "government", "leaders", "sides", "parties", "presidents", "states")


@dataclass(slots=True)
class Memory:
    """What a document has told so far: recent subjects, pairs and parties, newest last.

    ``home`` is the body whose document it is, ``main`` the pair that it is about.
    """

    subjects: list[PartyMention] = field(default_factory=list)
    pairs: list[tuple[PartyMention, PartyMention]] = field(default_factory=list)
    parties: list[PartyMention] = field(default_factory=list)
    nations: tuple[PartyMention, PartyMention] | None = None
    home: PartyMention | None = None
    main: tuple[PartyMention, PartyMention] | None = None

    def hear(self, parties: Sequence[PartyMention]) -> None:
        """Remember the parties of a sentence, and the two states in it as a pair."""
        self.parties += [p for p in parties if p.role != "description"]
        states = {in_role(p, "subj").name: in_role(p, "subj") for p in parties if p.role != "description" and _state(p)}
        if len(states) == 2:
            first, second = states.values()
            self.pairs.append((first, second))

    def subject(self, pronoun: str) -> PartyMention | None:
        """Return whom a singular or plural pronoun stands for: the last subject of an act or sentence."""
        if pronoun in {"he", "she"}:
            return None
        return self.subjects[-1] if self.subjects else None

    def pair(self, *, nations: bool = False) -> tuple[PartyMention, PartyMention] | None:
        """Return the last two parties (countries, if ``nations``) told of together, else the last two countries."""
        fit = [p for p in self.pairs if not nations or all(one.type == "government" or _state(one) for one in p)]
        if fit:
            return self.main if self.main is not None and _half(fit[-1], self.main) else fit[-1]
        seen: list[PartyMention] = []
        for party in reversed(self.parties):
            if party.type == "country" and all(p.country != party.country for p in seen):
                seen.append(party)
            if len(seen) == 2:
                return seen[1], seen[0]
        return None

    def scheme(self) -> PartyMention | None:
        """Return the last programme or project told of, which one may join."""
        fit = (p for p in reversed(self.parties) if p.type == "organisation" and p.role == "name")
        return next((p for p in fit if _SCHEME_NAME.search(p.text)), None)

    def describe(self, party: PartyMention, beside: frozenset[str] = frozenset()) -> PartyMention | None:
        """Return the last party that a description such as "the Saudi company" or "the bank" fits.

        A land is none of those that stand ``beside`` it.
        """
        word = party.text.lower().split()[-1]
        known = descriptions().get(word)
        if party.text.lower().startswith(("my ", "our ")):
            return self.home if self.home is not None and self.home.type == "country" else None
        own = known is not None and known.kind == "office" and self.home is not None and fits(word, self.home)
        if own or word == "embassy" and self.home is not None and self.home.type == "country":
            return self.home
        fallback = None
        acting = self.subjects[-2:] if known is not None and known.kind == "same" else []
        for candidate in reversed([*self.parties, *acting]):
            if (
                candidate.role not in {"name"}
                and not (candidate.role == "demonym" and candidate.type == "group" and word in {"continent", "region"})
                or candidate.start >= party.start
            ):
                continue
            lands = {party.country, None} if "-based" in party.text else {party.country}
            if party.country and candidate.country not in lands:
                continue
            if party.type == "country" and candidate.name in beside:
                continue
            if word in _SCHEMES and not _SCHEME_NAME.search(candidate.name):
                continue
            if fits(word, candidate):
                if known is None or known.kind != "place" or word in candidate.name.lower():
                    return candidate
                fallback = fallback or candidate
        return fallback


def _half(pair: tuple[PartyMention, PartyMention], main: tuple[PartyMention, PartyMention]) -> bool:
    """Whether one of the two that a document is about stands in a pair beside another: "China gave Liberia"."""
    return len({p.country for p in pair} & {p.country for p in main}) == 1


def _state(party: PartyMention) -> bool:
    """Whether a party is a country or a union of countries, which may be one of "the two sides"."""
    union = party.type == "organisation" and party.country is None and _UNION.search(party.name) is not None
    return party.type == "country" and party.role in {"name", "demonym"} or union


def is_pair(party: PartyMention) -> bool:
    """Whether a description stands for two parties ("the two sides", "both countries")."""
    low = party.text.lower()
    return party.role == "description" and any(word in low.split() for word in _BOTH) and not party.country


def resolved(slots: Sequence[Slot], memory: Memory) -> list[Slot]:
    """Return the slots with their descriptions resolved; what stands for two becomes two.

    What cannot be is left out.
    """
    out: list[Slot] = []
    for slot in slots:
        party = slot.party
        if party.role != "description":
            out.append(slot)
        elif is_pair(party):
            wanted = any(word in party.text.lower() for word in _NATIONS)
            pair = memory.nations if wanted and memory.nations is not None else memory.pair(nations=wanted)
            out += [_slot(slot, p, party) for p in pair] if pair else []
        elif not _unresolved(party):
            pieces = paired(party)
            out += [_slot(slot, p, party) for p in pieces] if pieces else [slot]
        else:
            known = memory.describe(party, frozenset(in_role(s.party, s.relation).name for s in slots))
            if known is not None:
                out.append(_slot(slot, known, party))
    return out


def meant(party: PartyMention) -> PartyMention | None:
    """Return the one party that a mention stands for, in a name's role; None for pairs, companies and what is open."""
    if party.role != "description":
        return party
    told = party.source == "description" and party.type != "company" and not is_pair(party) and not _unresolved(party)
    return replace(party, role="name") if told else None


def paired(party: PartyMention) -> list[PartyMention]:
    """The two in whose name a body stands ("Egypt-Italy Joint Commission"), else nothing."""
    head = party.name.split(" ")[0]
    if not any(dash in head for dash in "-–—"):
        return []
    pieces = members(PartyMention(0, len(head), head, name=head, type="group", source="compound"))
    return [replace(p, start=party.start, end=party.end, text=party.text) for p in pieces] if len(pieces) > 1 else []


def _unresolved(party: PartyMention) -> bool:
    return (
        party.name.lower() == party.text.lower()
        or party.type == "country"
        and not party.text.lower().endswith(("side", "delegation", "government", "state"))
    )


def _slot(slot: Slot, party: PartyMention, mention: PartyMention) -> Slot:
    here = replace(party, start=mention.start, end=mention.end, text=mention.text)
    return replace(slot, party=here)
