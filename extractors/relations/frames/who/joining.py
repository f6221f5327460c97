"""Unknown names joined to what they run into, their acronyms, and the country that the text gives a body."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import BODIES
from extractors.relations.frames.who.capitals import LEGAL
from extractors.relations.frames.windows import Windows

_INTO = frozenset({" of the ", " of ", " ", " & "})
_ACRONYM = re.compile(r" \((?P<short>[A-Z][\w&-]*[A-Z])\)")
_FOR = re.compile(
    r" (?:for|of|in) (?:the )?[A-Z][\w’-]+(?: (?:and (?:the )?)?[A-Z][\w’-]+){0,4} \((?P<short>[A-Z][\w&-]*[A-Z])\)"
)
_GOES_ON = re.compile(r"['’-]| [A-Z]")
_GUESSED = frozenset({"pattern", "capitals", "extended"})
_SHARED = re.compile(
    r"\b(?:International|Global|World|African|Asian|European|Alliance|Coalition|Union|Consortium|Network|Initiative|"
    r"Programme?|Forum|Regional|Commission|Committee|Council|Summit)\b"
)
_OWNED = re.compile(r"['’]s (?:[\w’'-]+ ){0,4}|-based (?:[\w’'-]+ ){0,3}")
_NATION = re.compile(r" (?:[a-z][\w’'-]* ){0,4}(?:called |named )?")
_AT = re.compile(
    r" (?:of|in|from) (?:the )?| ?\((?:in )?|, (?:an?|the) (?:[\w’'-]+ ){0,1}"
    r"|, (?:which is )?(?:listed |based )?(?:in )?|, an? (?:[\w’'-]+ ){1,4}(?:from|of|based in|in) "
)
_STATES = frozenset({"US", "U.S.", "UK", "EU", "UAE"})


def joined(text: str, parties: Sequence[PartyMention]) -> list[PartyMention]:
    """Join an unknown name to the party it runs into, in the order of the text.

    "Gift" and "Givers Foundation" in "Gift of the Givers Foundation"; "Kenya" and "Solar Villages" in "Kenya Solar
    Villages"; "Geoscience" and "Australia" in "Geoscience Australia was".
    """
    out: list[PartyMention] = []
    for party in parties:
        last = out[-1] if out else None
        between = text[last.end : party.start] if last is not None else ""
        if last is not None and between == " " and last.text.split()[0] in LEGAL and party.role == "name":
            out[-1] = _formed(text, last, party)
            continue
        if last is None or not (_heads(last, party, between) or _of_land(text, last, party, between)):
            out.append(party)
            continue
        whole = text[last.start : party.end]
        body = last if last.source == "capitals" and party.type == "country" else party
        country = party.country or last.country
        out[-1] = replace(body, start=last.start, end=party.end, text=whole, name=whole, country=country)
    return out


def _formed(text: str, form: PartyMention, party: PartyMention) -> PartyMention:
    """A company whose legal form stands first: "JSC Kazakhstan Temir Zholy"; one of the tables keeps its name."""
    whole = text[form.start : party.end]
    if party.source == "body":
        return replace(party, start=form.start, text=whole)
    return replace(form, end=party.end, text=whole, name=whole, country=party.country or form.country)


def _heads(last: PartyMention, party: PartyMention, between: str) -> bool:
    """Whether an unknown name begins the name of a body that follows."""
    named = party.role == "name" and party.type not in {"country", "group"}
    return last.source == "capitals" and named and between in _INTO


def _of_land(text: str, last: PartyMention, party: PartyMention, between: str) -> bool:
    """Whether a country's name begins or ends an unknown name."""
    if between != " ":
        return False
    if party.source == "capitals":
        return last.source == "country" and last.role == "name" and " " in party.text
    ends = party.source == "country" and party.role == "name" and _GOES_ON.match(text, party.end) is None
    return ends and last.source == "capitals" and last.country in (None, party.country)


def settled(text: str, parties: Sequence[PartyMention]) -> list[PartyMention]:
    """Give acronyms the name they were told for, and bodies without a country the one that the text gives them."""
    short: dict[str, PartyMention] = {}
    out: list[PartyMention] = []
    for party in parties:
        meant = short.get(party.text) if party.source == "capitals" else None
        if meant is not None:
            party = replace(party, name=meant.name, type=meant.type, country=meant.country)
        elif party.source == "capitals" and " " in party.text and (told := _acronym(text, party)):
            name = text[party.start : told.start("short") - 2]
            short |= {told["short"]: replace(party, name=name)} if _initials(name, told["short"]) else {}
        out.append(party)
    lands = dict(_lands(text, out))
    return [replace(p, country=lands[p.name]) if p.country is None and p.name in lands else p for p in out]


def _acronym(text: str, party: PartyMention) -> re.Match[str] | None:
    """The acronym in brackets after a name, or after whom its body is for: "X Facility for Latin America (XLA)"."""
    return _ACRONYM.match(text, party.end) or _FOR.match(text, party.end)


def _initials(name: str, acronym: str) -> bool:
    """Whether the capitals of an acronym stand in the name in this order."""
    letters = iter(c for c in name if c.isupper())
    return all(any(c == letter for letter in letters) for c in acronym if c.isupper())


def _lands(text: str, parties: Sequence[PartyMention]) -> Iterator[tuple[str, str]]:
    """Yield (name, country) of bodies whose country only the words beside them tell."""
    index = Windows(parties)
    for party in parties:
        if party.country is None and party.type in BODIES and party.source in _GUESSED and party.role == "name":
            country = country_near(text, index, party.start, party.end) if not _SHARED.search(party.name) else None
            if country is not None:
                yield party.name, country


def country_near(text: str, index: Windows[PartyMention], start: int, end: int) -> str | None:
    """The country of the name at ``start:end``: from a possessive, demonym or place before it, or one after it."""
    near = [p for p in index.touching(start - 46, end + 61) if p.end <= start or p.start >= end]
    for party in reversed([p for p in near if p.end <= start and p.country]):
        between = text[party.end : start]
        adjective = party.role == "demonym" or party.text in _STATES
        if _OWNED.fullmatch(between) or (adjective and _NATION.fullmatch(between)):
            return party.country
    for party in [p for p in near if p.start >= end][:1]:
        listed = text[end : party.start] == ", " and text.startswith((" and ", ", "), party.end)
        if party.country and _AT.fullmatch(text[end : party.start]) and not listed:
            return party.country
    return None
