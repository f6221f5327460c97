"""Whose document it is: the body that speaks in it, or whose report, newsletter or page it is."""

import re
from collections import Counter
from dataclasses import replace

from extractors.mentions import PartyMention
from extractors.relations.frames.parties import BODIES, as_country
from extractors.relations.frames.reading import Reading

_SPEAKING = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us)\b")
_SPEECH = re.compile(
    r"\b(?:remarks|speech|address|statement|keynote|message|toast|interview|intervention|speaking notes)\b", re.I
)
_OFFICE = r"\b(?:ambassador|high commissioner|envoy|consul|minister|president|premier|chancellor|king)"
_HOLDS = re.compile(_OFFICE + r"\b", re.I)
_OF = re.compile(_OFFICE + r" of (?:the )?$", re.I)
_QUOTED = re.compile(r"[“\"][^“”\"]{0,600}[”\"]")
_NO_BODY = re.compile(
    r"^(?:Prof|Dr|Mr|Ms|Mrs|Sir|President|Minister)|\b(?:Reports?|Office|Week|Day|Review|Minutes|Plan|Board|News|"
    r"Newsletter|Bulletin|BULLETIN|Conference|Summit|Forum|Chapter|Section|Directors)\b"
)
_IMPRINT = re.compile(
    r"\b(?:annual report|annual review|activity report|report of the|newsletter|bulletin|newsroom|"
    r"media release|who we are|about us|partnerships?|international (?:office|cooperation|relations))\b",
    re.I,
)
_PROFILE = re.compile(
    r"\b(?:brief|briefing|profile|fact ?sheet|sheet|note|update|snapshot|overview|at a glance|in focus)\b", re.I
)
_OPENING = re.compile(r"\s*(?P<first>[^\n]+)\n\s*[^\n]*")
_FIRM = re.compile(r"\b[Tt]he (?:company|firm|group)\b(?! (?:of|for) )")
_ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,5}[A-Z]")
_LINE = 250  # characters of a line that says who speaks
_HEAD = 400  # characters at the start of a document in which it may name whose it is
_WORDS = re.compile(
    r"academy|university|agency|bank|fund|foundation|institute|cent(?:re|er)|council|commission|corporation|company|"
    r"society|ministry|museum|hospital|observatory|association|authority|organi[sz]ation|college|group"
)
_FIRST = 3  # bodies of the first lines that may be the document's own
_OFTEN = 3  # points at most for how often a text names a body, or calls it by its head
_SPOKEN, _CLEAR = 3, 5  # points that make a body the document's own, where somebody speaks and elsewhere


def home_of(reading: Reading) -> PartyMention | None:
    """Return the body that speaks in a document ("we"), or whose it is by its first lines; None where none is told."""
    speaker = speaker_of(reading)
    if speaker is not None:
        return as_country(speaker)
    title = reading.outline.title()
    limit = title.end if title is not None else 0
    speaks = len(_SPEAKING.findall(_QUOTED.sub("", reading.text))) > 1
    often = Counter(_short(p) for p in reading.names.parties if p.role == "name")
    first = _first([p for p in reading.names.parties.within(0, max(limit, _HEAD)) if _is_body(p)])
    scores = {p.name: _score(reading, p, often[_short(p)], limit) for p in first}
    best = max(scores.values(), default=0)
    if best >= (_SPOKEN if speaks else _CLEAR):
        return next(p for p in first if scores[p.name] == best)
    return reading.subject if speaks and reading.subject is not None and reading.subject.source != "compound" else None


def speaker_of(reading: Reading) -> PartyMention | None:
    """Return who holds an office for a country and speaks, as the first lines of a speech say."""
    for party in reading.names.parties.within(0, _HEAD):
        start, end = reading.text.rfind("\n", 0, party.start) + 1, reading.text.find("\n", party.end)
        line = reading.text[start : end if end >= 0 else len(reading.text)]
        told = _SPEECH.search(line) is not None and end - start < _LINE
        person = party.role == "person" and _HOLDS.search(line) is not None
        if told and party.country and (person or _OF.search(reading.text, start, party.start)):
            return party
    return None


def spoken_to(reading: Reading) -> PartyMention | None:
    """Return the country where a speech for another is held, by its first lines; None where none is told."""
    home = reading.home
    if home is None or home.type != "country" or speaker_of(reading) is None:
        return None
    near = reading.names.parties.within(0, _HEAD)
    others = (p for p in near if p.country and p.country != home.country and p.role in {"name", "place", "demonym"})
    return next((as_country(p) for p in others), None)


def _first(bodies: list[PartyMention]) -> list[PartyMention]:
    """The bodies named first, each once."""
    return list({p.name: p for p in reversed(bodies)}.values())[::-1][:_FIRST]


def _score(reading: Reading, party: PartyMention, often: int, limit: int) -> int:
    """How much speaks for a body of the first lines as the one whose document it is."""
    called = _called(reading.text, party)
    headed = party.end <= limit or _imprinted(reading.text, party)
    profiled = party.type == "company" and _profiled(reading.text, party)
    headed = headed or profiled
    named = min(often, _OFTEN) + min(2 * called, _OFTEN)
    return named + 2 * headed + 2 * profiled + (bool(heads_of(party.name)) and headed)


def _short(party: PartyMention) -> str:
    """The name by which a text counts a party: of a company its first word, "Gotion" of "Gotion High-tech Co"."""
    return party.name.split()[0] if party.type == "company" else party.name


def _profiled(text: str, party: PartyMention) -> bool:
    """Whether the first line says that a company, named in it or in the next, is what the document is about."""
    head = _OPENING.match(text)
    return head is not None and party.end <= head.end() and _PROFILE.search(head["first"]) is not None


def heads_of(name: str) -> frozenset[str]:
    """The words by which a text may call a body: "academy" of "Polish Academy of Sciences"."""
    return frozenset(word for word in re.findall(r"[a-z]+", name.lower()) if _WORDS.fullmatch(word))


def _called(text: str, party: PartyMention) -> int:
    """How often a text calls a body by its head alone: "the Academy"."""
    if party.type == "company":
        return len(_FIRM.findall(text))
    words = "|".join(word.capitalize() for word in sorted(heads_of(party.name)))
    return len(re.findall(rf"\b[Tt]he (?:{words})\b(?! (?:of|for) )", text)) if words else 0


def _imprinted(text: str, party: PartyMention) -> bool:
    """Whether the lines before a body, or its own, say that they are of a report or letter."""
    after = text.find("\n", party.end)
    return _IMPRINT.search(text, 0, after if after > 0 else len(text)) is not None


def _is_body(party: PartyMention) -> bool:
    known = party.source != "capitals" or bool(heads_of(party.name)) or _ACRONYM.fullmatch(party.text) is not None
    return party.role == "name" and party.type in BODIES and known and _NO_BODY.search(party.name) is None


def called_by_head(reading: Reading) -> list[PartyMention]:
    """The parties of a text, those that call its own body by its head ("the Academy") resolved to it."""
    home = reading.home
    words = heads_of(home.name) if home is not None else frozenset[str]()
    return [_own(party, home, words) for party in reading.names.parties]


def _letters(name: str) -> str:
    """The letters by which a body of three or more words may be called: "CDB" of "Caribbean Development Bank"."""
    words = [word for word in re.findall(r"\w+", name) if word[0].isupper()]
    return "".join(word[0] for word in words) if len(words) > _WORDY else ""


_WORDY = 2  # words of a name that make no letters of their own


def _own(party: PartyMention, home: PartyMention | None, words: frozenset[str]) -> PartyMention:
    if home is not None and party.start > home.start and party.text == _letters(home.name):
        return replace(party, name=home.name, type=home.type, country=home.country)
    last = party.text.split()[-1]
    if home is None or party.role != "description" or last.lower() not in words or party.start < home.start:
        return party
    if not last[0].isupper() and party.name.lower() != party.text.lower() and party.name != home.name:
        return party
    return replace(party, name=home.name, type=home.type, country=home.country)
