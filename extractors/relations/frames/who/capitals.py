"""What can never be a party, though it begins with a capital: events, papers, places, things made, persons, words."""

import re
from collections.abc import Iterator
from functools import cache, cached_property

from extractors.entities.parties.entries import rows, word_lists
from extractors.relations.frames.sentence.lexicon import forms

ROMAN = re.compile(r"[IVX]{2,5}$")
LEGAL = frozenset({"AO", "CJSC", "JSC", "JSCB", "OAO", "OJSC", "OOO", "PAO", "PJSC", "PT", "SOE", "ZAO"})  # stand first
_LOCATIVE = re.compile(r"(?P<before>[\w’'$]+,? )?\b(?:in|at|near|outside|off) (?:the (?:city|town|port) of )?$")
_TAKEN = re.compile(
    r"(?:invest\w*|stakes?|shares?|interests?|equity|money|confidence|trust|cent|%|partner\w*),? $", re.I
)
_AFTER = re.compile(r" (?P<noun>[a-z]{3,})\b(?!['’])(?: (?P<next>[a-z]{3,})\b(?!['’]))?")
_TITLED = re.compile(
    r", (?:the |an? )?(?:[\w’'-]+ ){0,4}?(?:director|minister|president|head|manager|spokes\w+|analyst|professor|"
    r"economist|secretary|ambassador|chairman|chair|rector|researcher|fellow|adviser|commissioner|envoy)\b"
)
_COMPANY = re.compile(  # "Nordic Refinery, the state-owned company that"
    r", (?:the|an?|which is (?:the|an?)) (?:[\w’'-]+ ){0,3}?"
    r"(?:company|firm|operator|subsidiary|contractor|joint venture)\b"
)
_AND = re.compile(r"(?P<before>[\w’'-]+) and (?:the )?(?=(?P<after>[\w’'-]+))")
_FIELD = re.compile(r"[a-z](?:ing|ion|ics|logy|ment|ture|ance|ence|al|ic|ship)s?$")
_WORD = re.compile(r"[^\W\d_]+")
_LINE = 3  # words from which on a line may be one of titles


@cache
def things() -> dict[str, str]:
    """Map each word that names an event, a paper, a place or a thing to its kind, in lower case."""
    return {word: row["kind"] for row in rows("things.csv") for word in row["words"].split("|")}


@cache
def vocabulary() -> frozenset[str]:
    """Words of the tables, in lower case, which are no names when they stand alone."""
    return frozenset({*(word.lower() for word in word_lists()["topic"]), *forms(), *things()})


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the names in the capitalised words ``text[start:end]``: "and" joins two unless words of a field do."""
    out, at = [], start
    for match in _AND.finditer(text, start, end):
        company = match["after"] in LEGAL
        if company or not any(word.lower() in vocabulary() or _FIELD.search(word) for word in match.groups()):
            out.append((at, match.end("before")))
            at = match.start("after")
    return [*out, (at, end)]


class Capitals:
    """The capitals of a text: which lines are titles, which words it also writes small, and where."""

    def __init__(self, text: str) -> None:
        """Take the whole text."""
        self.text = text
        self._titles: dict[int, bool] = {}

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that the text writes with a small letter."""
        return frozenset(m.group() for m in re.finditer(r"(?<![\w’'.@/-])[a-zà-ÿ][\w]+", self.text))

    def titled(self, start: int) -> bool:
        """Whether the line at ``start`` is written as a title or heading, with capitals throughout."""
        begin = self.text.rfind("\n", 0, start) + 1
        if begin not in self._titles:
            end = self.text.find("\n", start)
            line = self.text[begin : end if end >= 0 else len(self.text)]
            long = [w for w in _WORD.findall(line) if len(w) > 3]
            capitals = sum(w[0].isupper() for w in long)
            self._titles[begin] = (
                len(line.split()) >= _LINE and capitals >= 0.75 * len(long) and line.rstrip()[-1:] != "."
            )
        return self._titles[begin]

    def shouted(self, start: int) -> bool:
        """Whether the line at ``start`` is written in capitals alone."""
        begin = self.text.rfind("\n", 0, start) + 1
        end = self.text.find("\n", start)
        line = self.text[begin : end if end >= 0 else len(self.text)]
        return line.isupper() and len(line.split()) > 1

    def places(self, name: str) -> Iterator[int]:
        """Yield where ``name`` stands."""
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", self.text):
            yield match.start()

    def never(self, start: int, end: int) -> bool:
        """Whether the capitalised words at ``start:end`` can name no party."""
        if _COMPANY.match(self.text, end):
            return False
        words = self.text[start:end].split()
        last = words[-1].lower().strip("’'")
        title = " ".join(words[-2:]).lower()
        if things().get(last, "word") != "word" or title in things() or ROMAN.match(words[-1]):
            return True
        if self.shouted(start) and " " in self.text[start:end]:
            return True
        alone = len(words) == 1 and self.text[end : end + 4] != " of "
        if alone and not words[0].isupper() and (last in vocabulary() or last in self.small):
            return True
        return self._modifies(end) or self._person(start, end) or (alone and self._lies(start, words[0]))

    def _modifies(self, end: int) -> bool:
        """Whether a noun after the name says that it is a thing's or a place's: "the Olkaria fields"."""
        after = _AFTER.match(self.text, end)
        nouns = after.groups() if after is not None else ()
        return any(things().get(noun or "") in {"facility", "place", "craft"} for noun in nouns)

    def _person(self, start: int, end: int) -> bool:
        """Whether an office follows two or three capitalised words: "Ana Rojas, the deputy director"."""
        return 2 <= len(self.text[start:end].split()) <= 3 and _TITLED.match(self.text, end) is not None

    def _lies(self, start: int, name: str) -> bool:
        """Whether the text has a name only where it says where something is: "in Dholera", "near Pecém"."""
        return self._located(start) and all(self._located(at) for at in self.places(name))

    def _located(self, start: int) -> bool:
        where = _LOCATIVE.search(self.text, max(0, start - 40), start)
        return where is not None and _TAKEN.search(where["before"] or "") is None
