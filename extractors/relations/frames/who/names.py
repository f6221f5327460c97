"""Names that no table knows ("Marand", "Huta Stalowa Wola"), and known names that go on ("Tata" in "Tata Elxsi")."""

import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files

from extractors.entities.parties import find_parties
from extractors.entities.parties.entries import word_lists
from extractors.mentions import AmountMention, PartyMention
from extractors.relations.frames.parties import members
from extractors.relations.frames.sentence.lexicon import forms
from extractors.relations.frames.who.capitals import ROMAN, Capitals, pieces
from extractors.relations.frames.who.definites import based, definites, visited
from extractors.relations.frames.who.joining import country_near, joined, settled
from extractors.relations.frames.windows import Windows
from schemas import PartyType

_CAP = r"(?:[A-ZÀ-ÖØ-Þ][\w&’'-]*[\w&]|[A-Z](?![\w]))"
_RUN = re.compile(
    rf"(?<![\w’'-])(?:{_CAP}|[a-z]?[A-Z]{{2,}}\w*)"
    rf"(?:(?: (?:of|de|for|and|the|del|du|da|for the|of the|&) (?={_CAP}))?[ ]?(?<=[ ]){_CAP}|\.[A-Z]{_CAP}?)*"
)
_MORE = re.compile(
    rf"(?: (?!(?:January|February|March|April|May|June|July|August|September|October|November|December)\b){_CAP})+"
)
_TITLES = re.compile(
    r"(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Chancellor|Minister|Premier|Chairman|Director|"
    r"Ambassador|King|Queen|Sir|Secretary|Rector|analyst|spokesman|spokeswoman|cofounder|"
    r"founder|economist|physicist|Rome)\.?[ ]$"
)
_COMMON = frozenset((files("extractors.relations.frames.who") / "common.txt").read_text(encoding="utf-8").split())
_ORG = re.compile(
    r"Institut|Agenc|Fund|Foundation|Council|Academ|Cent(?:er|re)|Laborator|Programm?e?\b|"
    r"Project|Alliance|Initiative|Observator|Organi[sz]ation|Union|Forum|Commission|System|"
    r"Array|Telescope|Collider|Experiment|Network|Association|Society|Consortium|Committee|"
    r"Trust|Mission|Hospital|Authority|Board|Gateway|Spectrometer"
)
_SET = re.compile(
    r"\bwith (?P<set>(?:(?!the|its|their|other|a|an)[a-z&-]+ ){1,6}(?:organi[sz]ations|"
    r"universities|institutions|institutes|laboratories|companies|firms|agencies))\b"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|President|Chancellor|Minister|Premier|Chairman|"
    r"Ambassador|King|Queen|Sir|Rector)\.? (?:[A-Z][\w’'-]+ )?([A-Z][\w’'-]+)"
)
_SCHEME = re.compile(
    r"\b[Tt](?:he|his) (?:continent|region|plan|scheme|project|programme|program|initiative|"
    r"mechanism|alliance|network|consortium|partnership)\b(?! of| for| to| in [A-Z])"
)
_NOUNISH = re.compile(
    r"(?:ing|ed|ly|tion|ment|ness|ity|ers|ors|ists|ies|ship|ance|ence|age|ns|ts|ds|ls|rade|ork|one|ead)$"
)
_PLACE_HEADS = frozenset(
    [
        "Congress",
        "President",
        "Senate",
        "Treasury",
        "Dollar",
        "Army",
        "Navy",
        "Government",
        "Province",
        "Region",
        "District",
        "City",
        "County",
        "State",
        "Prefecture",
        "Municipality",
        "Governorate",
        "Bay",
        "River",
        "Airshow",
        "Summit",
        "Conference",
        "Accord",
        "Protocol",
        "Declaration",
        "Airport",
    ]
)
_FIELD = re.compile(r"[a-z](?:ence|tics|nomics|prise|search|ation|logy)$")
_RULED = frozenset({"Municipality", "Governorate", "Government"})
_CONTINENTS = re.compile(r"(?:Afro|Euro|Indo|Trans)[-–—](?:Asia|America|Pacific|Arab|Atlantic|Africa)")
_OWN = re.compile(r"\b(?:Fund|Bank|Cent(?:er|re)|University|Foundation|Company|Institute|Corporation|Chamber)\b")
_FORM = re.compile(
    r"(?:(?:Joint|Framework|Annual|Bilateral|General|Final|Mixed|Two|Both|Letters? of|Memorandum of) )*"
    r"(?:Agreement|Government|Convention|Commission|Committee|Memorandum|Understanding|Intent|Protocol|Report|"
    r"Declaration|Statement|Communiqu[eé]|Minute|Party|Parties|Side|Article|Accord|Treaty|Contract|Minister|"
    r"Bulletin|Newsletter|Chapter|Annex|Session|Meeting)s?",
    re.I,
)
_PAIRS = re.compile(
    r"\b(?:[Tt]he )?(?:[Tt]wo|[Bb]oth) (?:Governments|Parties|Sides|Ministries|Countries|Ministers)\b"
    r"|\b[Bb]oth (?:sides|parties|governments|countries|nations)\b"
)
_PREFIXED = re.compile(r"(?P<pair>[A-Z][\w.]+(?:[-–—][A-Z][\w.]+)+) ")
_QUOTED = re.compile(r"[“\"](?P<title>[A-Z][^“”\"\n]{20,140})[”\"]")
_PAIRED = re.compile(
    r"(?P<pair>[A-Z][\w.]+(?: [A-Z][\w.]+)?(?:[-–—][A-Z][\w.]+(?: America| Asia)?)+) "
    r".*(?:Forum|Dialogue|Dialog|Commission|Committee|Council|Summit|Agreement|Partnership|"
    r"Plan|Cooperation|Initiative|Alliance|Meeting|Programme|Program|Group|Conference|"
    r"Consortium)\b"
)

_PRODUCT = re.compile(
    r"(?:[\w.]+ )*(?:[A-Za-z]+-[A-Z]?\d+[A-Za-z]?|[A-Z]\d{2,4}[A-Za-z]*|[A-Za-z]+[Ss]at(?:-[\dA-Z]+)?)"
)
_NUMBER = re.compile(r"(?:\b\d[\d,]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|dozen|hundred)) $")
_KICKER = re.compile(r"[A-Z]{6,}:?")  # a line of one word: "OPINION"
_THINGS = re.compile(r" (?:[a-z-]+ )?[a-z]{3,}s\b")
_ARTICLE = re.compile(r"\b[Aa]n? $")
_TOLD_OF = re.compile(r"[,.;)]| (?:[a-z]+ed|lent|built|sent)\b")


class Names:
    """The parties of a text, with the names that only their capitals betray."""

    def __init__(self, text: str, parties: Sequence[PartyMention], amounts: Sequence[AmountMention]) -> None:
        """Take what the tables found in ``text``."""
        self.text = text
        self.capitals = Capitals(text)
        money = [a for a in amounts if a.kind == "money"]
        sums = Windows(money)
        known = [
            p for p in parties if not any(a.start <= p.start and p.end <= a.end for a in sums.touching(p.start, p.end))
        ]
        known = self._without_titles([piece for p in known for piece in _undashed(p)])
        around = Windows(known)
        self.known = [self._longer(_pair_first(p), p, around) for p in known]
        self.index = Windows(self.known)
        self._firsts: dict[str, list[PartyMention]] = {}
        for party in self.index:
            for word in set(re.findall(r"\w+", party.name)) if party.type not in {"country", "group"} else ():
                self._firsts.setdefault(word, []).append(party)
        self._inside: dict[str, list[int]] = {}
        self.persons = {m[1] for m in _PERSON.finditer(text)}
        self.unknown = self._unknown(amounts)
        seats = based(text, [*self.known, *self.unknown])
        self.known = [p for p in self.known if p.start not in seats]
        told = [*definites(text, self.known), *visited(text, self.known), *(p for p in seats.values() if p is not None)]
        marks = Windows(told)
        self.unknown = [p for p in self.unknown if not marks.touching(p.start, p.end)]
        self.known += [*self._schemes(), *told]
        self.known += self._sets()
        self.parties = Windows(settled(text, joined(text, sorted([*self.known, *self.unknown], key=_start))))

    def _without_titles(self, known: list[PartyMention]) -> list[PartyMention]:
        """Take quoted titles ("Belt and Road.

        Exchange Joint Plan") as one name each, not for what stands in them.
        """
        titles = []
        for match in _QUOTED.finditer(self.text):
            words = match["title"].split()
            if len(words) >= 4 and sum(w[0].isupper() for w in words) >= 0.7 * len(words):
                start, end = match.span("title")
                titles.append(
                    PartyMention(
                        start, end, match["title"], name=match["title"], type="organisation", source="capitals"
                    )
                )
        index = Windows(titles)
        return [*(p for p in known if not index.touching(p.start, p.end)), *titles]

    def _schemes(self) -> list[PartyMention]:
        """Descriptions of what one joins: "the plan", "the scheme"."""
        index = Windows(self.known)
        return [
            PartyMention(
                m.start(),
                m.end(),
                m.group(),
                name=m.group().lower(),
                type="organisation",
                role="description",
                source="description",
            )
            for m in (*_SCHEME.finditer(self.text), *_PAIRS.finditer(self.text))
            if not index.touching(m.start(), m.end())
        ]

    def _sets(self) -> list[PartyMention]:
        """Unnamed sets with whom one works: "with national science and technology organizations"."""
        index = Windows(self.known)
        return [
            PartyMention(m.start("set"), m.end("set"), m["set"], name=m["set"], type="group", source="set")
            for m in _SET.finditer(self.text)
            if not index.touching(m.start("set"), m.end("set"))
        ]

    def _longer(self, party: PartyMention, origin: PartyMention, known: Windows[PartyMention]) -> PartyMention:
        place = party.role == "place" or party.text in {"UK", "US"}
        if not place and (
            party.type not in {"company", "organisation"} or party.role != "name" or party.source == "compound"
        ):
            return party
        match = _MORE.match(self.text, party.end)
        if match is None or any(p is not origin for p in known.touching(*match.span())):
            return party
        more = match.group()
        if more.split()[0] in _COMMON or _TITLES.search(more.split()[0] + " "):
            return party
        if place and more.split()[-1] in _PLACE_HEADS:
            longer = replace(party, end=match.end(), text=party.text + more)
            return replace(longer, name=longer.text, role="name") if more.split()[-1] in _RULED else longer
        text = party.text + more
        if self.capitals.never(party.start, match.end()):
            return party
        kind = _type(text) if place else party.type
        return replace(party, end=match.end(), text=text, name=text, source="extended", type=kind, role="name")

    def _unknown(self, amounts: Sequence[AmountMention]) -> list[PartyMention]:
        taken = sorted(
            [(p.start, p.end) for p in self.known] + [(a.start, a.end) for a in amounts if a.kind == "money"]
        )
        found = []
        at = 0
        for start, end in [*taken, (len(self.text), len(self.text))]:
            if start > at:
                for match in _RUN.finditer(self.text, at, start):
                    named = [self._name(*span) for span in pieces(self.text, *match.span())]
                    found += [self._known_part(party) for party in named if party is not None]
            at = max(at, end)
        return found

    def _known_part(self, party: PartyMention) -> PartyMention:
        """A short form of a name told before ("Tower" of "Tower Semiconductor") stands for it."""
        for other in self._firsts.get(re.findall(r"\w+", party.text)[0], ()):
            if other.start < party.start and re.search(rf"\b{re.escape(party.text)}\b", other.name):
                return replace(party, name=other.name, type=other.type, country=other.country)
        return party

    def _name(self, start: int, end: int) -> PartyMention | None:
        words = self.text[start:end].rstrip(" '’-").split()
        while words and words[0] in _COMMON:
            start += len(words[0]) + 1
            words = words[1:]
        while words and (
            words[-1] in _COMMON
            or ROMAN.match(words[-1])
            or words[-1] in {"of", "de", "for", "and", "the", "&", "del", "du", "da"}
        ):
            words = words[:-1]
        if not words or len(words[0]) < 2:
            return None
        text = " ".join(words)
        end = start + len(text)
        if (
            text in self.persons
            or _FORM.fullmatch(text) is not None
            or self.text[start:end] != text
            or _TITLES.search(self.text[max(0, start - 12) : start])
        ):
            return None
        if self._of_land(text, end):
            return PartyMention(start, end, text, name=text, type=_type(text), source="capitals")
        if self._product(text, start, end) or (self.capitals.never(start, end) and words[0] not in self._firsts):
            return None
        if self._opens_sentence(start) and len(words) == 1 and self._acts(text, end):
            pass
        elif (
            (self._opens_sentence(start) or self.capitals.titled(start))
            and len(words) == 1
            and not self._elsewhere(text, start)
            and (not text[1:2].isupper() or _KICKER.fullmatch(self._line(start)))
        ):
            return None
        if (
            _counted(self.text, start, end)
            or self._described(start, words[-2:])
            or (len(words) == 1 and self._adjective(text, start, end))
        ):
            return None
        country = country_near(self.text, self.index, start, end)
        return PartyMention(start, end, text, name=text, type=_type(text), country=country, source="capitals")

    def _of_land(self, word: str, end: int) -> bool:
        """Whether a lone word names a field and a country follows: "Geoscience Australia", "Innovation Norway"."""
        after = self.index.touching(end + 1, end + 2)
        field = _FIELD.search(word) is not None or word in word_lists()["topic"]
        land = bool(after) and after[0].source == "country" and after[0].role == "name" and after[0].start == end + 1
        return " " not in word and field and land

    def _product(self, name: str, start: int, end: int) -> bool:
        """Whether a name is of a thing made ("PolarSat-3", "K-41"), or of one of its kind ("a Falk-Merlin lent by")."""
        alone = "-" in name and " " not in name and _ARTICLE.search(self.text[max(0, start - 4) : start]) is not None
        return _PRODUCT.fullmatch(name) is not None or (alone and _TOLD_OF.match(self.text, end) is not None)

    def _adjective(self, word: str, start: int, end: int) -> bool:
        """Whether a lone capital is an adjective of a place ("a Californian explorer")."""
        article = re.search(r"\b(?:an?|the) $", self.text[max(0, start - 4) : start])
        return bool(
            article and re.search(r"(?:ian|ese|ish|ean)$", word) and re.match(r" [a-z]", self.text[end : end + 2])
        )

    def _described(self, start: int, last: list[str]) -> bool:
        """Whether a run of capitals is what a pair or country has.

        ("Brazil–Norway Ocean Dialogue") and no name of its own.
        """
        low = last[-1].lower()
        if not any(form.tag == "noun" for name in (low, " ".join(last).lower()) for form in forms().get(name, ())):
            return False
        line = self.text[self.text.rfind("\n", 0, start) + 1 : start]
        if (
            not re.search(r"\w", line)
            and re.search(r"^\s*\W", line)
            and low not in {"fund", "foundation", "centre", "center", "institute", "hospital", "campus"}
        ):
            return True
        return any(
            p.end < start <= p.end + 30
            and (p.source == "compound" or p.role == "demonym")
            and not re.search(r"[a-z]{3}|[.,;:]", re.sub(r"\b[A-Z]\w*", "", self.text[p.end : start]))
            for p in self.index.touching(start - 31, start)
        )

    def _acts(self, word: str, end: int) -> bool:
        """Whether a lone word that opens a sentence looks like a name: it does what bodies do and ends like no noun."""
        if _NOUNISH.search(word) or len(word) < 4:
            return False
        if self.text[end : end + 4] == " of " and any(
            p.start == end + 4 and p.type == "country" for p in self.index.touching(end + 4, end + 5)
        ):
            return True
        if re.match(r", (?:an?|the|one of) [A-Za-z]", self.text[end : end + 14]):
            return True
        after = re.match(r" (?:(?:has|have|had|will|was|is|also|already|recently) )*(\w+)", self.text[end : end + 40])
        return after is not None and any(
            f.trigger.pos == "v" and f.trigger.weight >= 0.5 for f in forms().get(after[1], ())
        )

    def _opens_sentence(self, start: int) -> bool:
        before = self.text[max(0, start - 3) : start].rstrip(" \"“‘'(*_#-•")
        return not before or before[-1] in ".!?:;\n"

    def _line(self, start: int) -> str:
        end = self.text.find("\n", start)
        return self.text[self.text.rfind("\n", 0, start) + 1 : end if end >= 0 else len(self.text)].strip()

    def _elsewhere(self, text: str, start: int) -> bool:
        """Whether the word stands elsewhere with a capital inside a sentence."""
        if text not in self._inside:
            places = (m.start() for m in re.finditer(rf"\b{re.escape(text)}\b", self.text))
            self._inside[text] = [p for p in places if not self._opens_sentence(p) and not self.capitals.titled(p)]
        return any(place != start for place in self._inside[text])


def _counted(text: str, start: int, end: int) -> bool:
    """Whether a name in capitals tells the kind of things that a number before it counts: "two MRI scanners"."""
    return (
        text[start:end].isupper()
        and _NUMBER.search(text, max(0, start - 12), start) is not None
        and (_THINGS.match(text, end) is not None)
    )


def _undashed(party: PartyMention) -> list[PartyMention]:
    """Two bodies that a spaced dash stands between are two."""
    match = re.search(r" [–—-] ", party.text)
    if match is None or party.source == "compound":
        return [party]
    halves = []
    for start, end in ((0, match.start()), (match.end(), len(party.text))):
        found = [p for p in find_parties(party.text[start:end]) if p.end - p.start > (end - start) // 2]
        halves += [replace(p, start=party.start + start + p.start, end=party.start + start + p.end) for p in found[:1]]
    return halves or [party]


def _pair_first(party: PartyMention) -> PartyMention:
    """Of "ASEAN-China Digital Cooperation Forum" the pair: such a body is what the two do together."""
    match = _PAIRED.match(party.text) or (
        _PREFIXED.match(party.text) if party.type in {"organisation", "group"} else None
    )
    if match is None or party.source == "compound":
        return party
    text = match["pair"]
    if _OWN.search(party.text) or _CONTINENTS.match(text):
        return party
    pair = PartyMention(party.start, party.start + len(text), text, name=text, type="group", source="compound")
    return pair if len(members(pair)) > 1 else party


def _start(party: PartyMention) -> int:
    return party.start


def _type(name: str) -> PartyType:
    if re.search(r"Universit|Polytechnic|\bCollege\b|\bETH\b|\bMIT\b", name):
        return "university"
    return "organisation" if _ORG.search(name) else "company"
