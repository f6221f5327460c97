"""A text as tokens, with the hits found so far: first the longest names in the tables, then those of patterns."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from operator import attrgetter

from extractors.mentions.parties.entries import HEAD_FIRST, HEADS, NOUNS, TOPICS, TRADES, WORDS, Entry
from extractors.mentions.parties.lexicon import Hit, Tokens, is_cap, lexicon, norm

COUNTRY_LIKE = frozenset({"country", "demonym", "prefix", "region", "people"})
COUNTRY = frozenset({"country"})
TOWNS = frozenset({"city", "capital", "province"})
SITES = TOWNS | COUNTRY
BODIES = frozenset({"body", "pattern"})
DASHES = frozenset("-–—")
QUOTES = frozenset("'’")
DATELINE = DASHES | frozenset(",.:()/")
_WORDS_BY_KIND = {
    "body": HEADS.keys(),
    "headfirst": HEAD_FIRST.keys(),
    "trade": TRADES.keys() | {noun.capitalize() for noun in TRADES},
    "lower": {"embassy", "embassies", "consulate", "ministry", "academy"},
    "government": WORDS["governmentword"],
    "side": WORDS["sideword"],
    "person": WORDS["person"],
    "group": WORDS["grouphead"],
    "state": WORDS["stateword"],
    "described": {words[-1] for words in NOUNS},
    "placeform": WORDS["placeform"],
    "short": {"the", "The"},
}
TRIGGERS: dict[str, list[str]] = defaultdict(list)
"""By trigger word, the kinds of pattern that it starts."""
for _kind, _words in sorted(_WORDS_BY_KIND.items()):
    for _word in _words:
        TRIGGERS[_word].append(_kind)


class Scan(Tokens):
    """The tokens of a text, the hit that covers each token, and the indexes of trigger words by kind of pattern."""

    def __init__(self, text: str) -> None:
        """Split ``text``, and find the trigger words and the longest names in the tables, without overlaps."""
        super().__init__(text)
        self.owner: dict[int, Hit] = {}
        self.triggers: dict[str, list[int]] = {}
        self._hits: dict[int, Hit] = {}
        self._find_names()

    @property
    def hits(self) -> list[Hit]:
        """The hits in the order in which they were found."""
        return list(self._hits.values())

    def for_each_trigger(self, kind: str, add: Callable[["Scan", int], None]) -> None:
        """Call ``add`` with the index of each trigger word of a kind that no hit covers at that moment."""
        for index in self.triggers.get(kind, ()):
            if index not in self.owner:
                add(self, index)

    def ordered(self) -> list[Hit]:
        """Return the hits in text order."""
        return sorted(self._hits.values(), key=attrgetter("first"))

    def add(self, first: int, last: int, entry: Entry) -> None:
        """Add a hit at the tokens from ``first`` up to ``last``; hits that overlap it are removed."""
        for old in self.within(first, last):
            del self._hits[id(old)]
            for i in range(old.first, old.last):
                self.owner.pop(i, None)
        hit = Hit(first, last, entry)
        self._hits[id(hit)] = hit
        for i in range(first, last):
            self.owner[i] = hit

    def add_unlisted(self, first: int, last: int, type_: str, country: str | None) -> None:
        """Add a hit for a body that no table has, named as it is written."""
        self.add(first, last, Entry.of_pattern(self.name(first, last), type_, country))

    def no_hit_crosses(self, first: int, last: int) -> bool:
        """Return whether no hit lies partly inside and partly outside the tokens from ``first`` up to ``last``."""
        return all(first <= hit.first and hit.last <= last for hit in self.within(first, last))

    def within(self, first: int, last: int) -> list[Hit]:
        """Return the hits that cover any token from ``first`` up to ``last``, in text order."""
        return list({id(hit): hit for i in range(first, last) if (hit := self.owner.get(i))}.values())

    def at(self, index: int, sources: Collection[str] | None = None) -> Hit | None:
        """Return the hit that begins at token ``index``, if it comes from one of the sources."""
        hit = self.owner.get(index)
        return hit if hit and hit.first == index and (sources is None or hit.source in sources) else None

    def at_the(self, index: int, sources: Collection[str] | None = None) -> Hit | None:
        """Return the hit that begins at token ``index``, or after it if that is "the"; ``sources`` as for ``at``."""
        return self.at(index + (self.word(index) == "the"), sources)

    def before(self, index: int, sources: Collection[str] | None = None) -> Hit | None:
        """Return the hit that ends just before token ``index``, if it comes from one of the sources."""
        hit = self.owner.get(index - 1)
        return hit if hit and hit.last == index and (sources is None or hit.source in sources) else None

    def name(self, first: int, last: int) -> str:
        """Return the text of the tokens from ``first`` up to ``last``, with single blanks."""
        return " ".join(self.slice(first, last).split())

    def possessive(self, index: int) -> bool:
        """Return whether the tokens before ``index`` are a possessive "'s"; the "'" of a plural does not count."""
        return self.word(index - 1) == "s" and self.word(index - 2) in QUOTES

    def possessor(self, index: int) -> tuple[str | None, int]:
        """Return the country whose possessive precedes token ``index`` and its first token, or (None, ``index``)."""
        if self.possessive(index) and self.joined(index):
            hit = self.before(index - 2, COUNTRY_LIKE)
        else:
            hit = self.before(index - 1, COUNTRY_LIKE) if self.word(index - 1) in QUOTES else None
        return (hit.country, hit.first) if hit and hit.country else (None, index)

    def nation(self, index: int, *, named: bool = False) -> tuple[str | None, int]:
        """Return the country before token ``index`` and its first token, or (None, ``index``).

        The country is given by an adjective, a possessive or, if ``named``, its name.
        """
        before = self.before(index, ("demonym", "country") if named else ("demonym",))
        return (before.country, before.first) if before and self.joined(index) else self.possessor(index)

    def _find_names(self) -> None:
        words, end = self.words, 0
        may_begin = {word: facts for word in set(words) if (facts := _may_begin(word)) is not None}
        for index in [index for index, word in enumerate(words) if word in may_begin]:
            kinds, begins, prefix = may_begin[words[index]]
            for kind in kinds:
                self.triggers.setdefault(kind, []).append(index)
            if index < end:
                continue
            if begins and (hit := lexicon().longest(self, index)):
                end = hit.last
                if not (_is_currency(self, hit) or _is_name_part(self, hit) or _is_acronym(self, hit)):
                    self.add(hit.first, hit.last, hit.entry)
            elif prefix and self.word(index + 1) in "-–—/" and self.glued(index + 1):
                self.add(index, index + 1, prefix)


@lru_cache(maxsize=100_000)
def _may_begin(word: str) -> tuple[Sequence[str], bool, Entry | None] | None:
    """Return the patterns that ``word`` starts, whether a table's name may begin with it, and its entry as a prefix.

    Returns None for the many words that start nothing, so that they cost one look-up each.
    """
    lex, name = lexicon(), norm(word)
    kinds, prefix = TRIGGERS.get(word, ()), lex.prefixes.get(name) if is_cap(word) else None
    begins = name in (lex.root if is_cap(word) else lex.lower_starts)
    return (kinds, begins, prefix) if kinds or begins or prefix else None


def _is_currency(scan: Scan, hit: Hit) -> bool:
    """Return whether the name of a country is part of a currency: "US$", "Kenyan shillings"."""
    if hit.source not in COUNTRY_LIKE:
        return False
    after = scan.word(hit.last)
    signed = after != "" and after in "$£€¥" and scan.glued(hit.last)
    named = after.lower().rstrip("s") in WORDS["currency"]
    verb = hit.source == "country" and after.rstrip("s") in WORDS["verbcurrency"]  # "Japan won the order"
    return signed or (named and not verb)


def _is_name_part(scan: Scan, hit: Hit) -> bool:
    """Return whether a place's name is part of a person's or a street's: "Simón Bolívar", "Dr. Israel Mwale"."""
    if hit.entry.role in ("name", "place") and hit.source != "body" and hit.first > 1:
        mark = hit.first - 1 - (scan.words[hit.first - 1] == ".")
        if scan.words[mark] in ("Dr", "Mr", "Mrs", "Ms", "Prof", "Sir"):
            return True
    source = hit.source
    if source in SITES and _is_street(scan, hit):
        return True
    if source not in ("city", "province") or hit.first == 0 or not scan.joined(hit.first):
        return False
    word = scan.words[hit.first - 1]
    if not word[0].isupper() or not word.isalpha() or scan.initial(hit.first - 1) or hit.first - 1 in scan.owner:
        return False
    return not (word in HEADS or word in WORDS["leftstop"] or word in TOPICS or word in WORDS["placeword"])


def _is_acronym(scan: Scan, hit: Hit) -> bool:
    """Return whether a town's name in capitals is an acronym, since the words beside it are not: "the OECD's PISA".

    A dateline ("NAIROBI, 5 May", "(NAIROBI)"), an address ("8010 GRAZ") and "ILOILO City" name the town.
    """
    if hit.source not in TOWNS or hit.last - hit.first > 1:
        return False
    before, after = scan.word(hit.first - 1), scan.word(hit.last)
    if not scan.words[hit.first].isupper() or hit.entry.name.isupper() or after in WORDS["placeword"]:
        return False
    if scan.initial(hit.first - (before == "(")) and (after in DATELINE or not scan.joined(hit.last)):
        return False
    return not (before[-1:].isdigit() or _is_shouted(scan, hit.first, -1) or _is_shouted(scan, hit.first, 1))


def _is_shouted(scan: Scan, index: int, step: int) -> bool:
    """Return whether the next word before (``step`` -1) or after (1) the token is in capitals, past two marks."""
    words = (scan.word(index + step * by) for by in (1, 2, 3))
    word = next((one for one in words if one[:1].isalnum()), "")
    return word.isalpha() and word.isupper() and (len(word) > 1 or word == "S")


def _is_street(scan: Scan, hit: Hit) -> bool:
    """Return whether the next word makes a place another thing, "Cuba Street", "Japan Sea", unless the name goes on."""
    word, last = scan.word(hit.last), hit.last
    named = word in WORDS["street"] or (hit.source == "country" and word in WORDS["namesake"])
    return named and scan.joined(last) and not (is_cap(scan.word(last + 1)) and scan.joined(last + 1))
