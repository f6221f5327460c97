"""Short forms of names within a document: "X Y Corporation (XYC) … XYC", "the Ministry", "the two sides".

The long form of an abbreviation is found as in Schwartz and Hearst (2003), "A simple algorithm for identifying
abbreviation definitions in biomedical text": the letters of the short form are matched in the words beside it, from
the last letter to the first.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from itertools import takewhile
from typing import cast

from extractors.mentions.parties.bodies import inner_country
from extractors.mentions.parties.entries import HEADS, WORDS, Entry, rows
from extractors.mentions.parties.lexicon import Hit, is_cap, lexicon
from extractors.mentions.parties.scan import BODIES, COUNTRY, QUOTES, SITES, Scan
from extractors.mentions.patterns import split_cell
from schemas import PartyType

MARKS = QUOTES | frozenset('"“”‘')
NAMED = BODIES | {"capitals", "compound"}
CLOSING = frozenset({")", ",", ";"})
LONGEST = 24  # most tokens of a long form
PHRASES = {
    phrase: Entry(
        phrase if phrase.startswith("both ") else f"the {phrase}",
        cast(PartyType, row["type"]),
        None,
        "description",
        "description",
    )
    for row in rows("shortforms.csv")
    for phrase in split_cell(row["phrases"])
}
"""The entry for "company", "two sides" … after "the", for texts that have named no such body."""
OPENINGS = frozenset(phrase.split()[0] for phrase in PHRASES)
LEAST_LETTERS = 3  # least letters of an acronym that no brackets define
_TAIL = re.compile(r" (?:of|for|on|in|de|du|des|da|do|del) | ?[(,]")
_WORD = re.compile(r"\w+")
_FIELD = re.compile(r"(?<= Ministry) (?:of|for) ")
_MOST, _LEAST = 10, 2  # letters of a short form
_MORE_WORDS = 5  # most words of a long form beyond the letters of its short form
_JOINED_WORD = re.compile(r"\w+(?:[-–'’.&/]\w+)*")


def find_acronyms(scan: Scan) -> None:
    """Extend names by "(XYC)" after them, and resolve XYC to that name wherever it occurs.

    Where the text does not define XYC, it is resolved to the only body whose words have these initials.
    """
    meanings: dict[str, Entry] = {}
    for hit in scan.ordered():
        if hit.source in NAMED:
            _define_after(scan, hit, meanings)
            if (own := scan.words[hit.last - 1]) == hit.entry.name and scan.possessive(hit.last - 1):
                meanings.setdefault(own, hit.entry)  # "Ghana's EPA … the EPA"
    for index in [index for index, word in enumerate(scan.words) if word == "("]:
        _define_before(scan, index, meanings)
    initials = _bodies_by_initials(scan)
    short = meanings.keys() | initials.keys()
    for index in [index for index, word in enumerate(scan.words) if word in short] if short else ():
        word, owner = scan.words[index], scan.owner.get(index)
        counted = scan.word(index - 1)[:1].isdigit() or scan.word(index + 1)[:1].isdigit()  # a unit or a currency
        if owner is None and (word in meanings or not counted):
            scan.add(index, index + 1, meanings.get(word) or initials[word])
        elif owner and word in meanings and owner.last - owner.first == 1:
            scan.add(index, index + 1, meanings[word])


def _define_after(scan: Scan, hit: Hit, meanings: dict[str, Entry]) -> None:
    """Add the acronym of a body to ``meanings``: in brackets after it, or before "XYC (X Y Company)"."""
    if scan.at(hit.last + 1, SITES | {"pattern"}):
        return
    acronym = _acronym_in_brackets(scan, hit.last)
    if acronym:
        name, last = acronym
        entry, last = _with_country(scan, hit, last)
        if hit.source != "compound":
            meanings.setdefault(name, entry)
        scan.add(hit.first, last, entry)
    elif scan.word(hit.first - 1) == "(" and scan.word(hit.last) in CLOSING and hit.source != "compound":
        short = scan.word(hit.first - 2)
        if is_short(short) and long_form(short, scan.slice(hit.first, hit.last)) == 0:
            meanings.setdefault(short, hit.entry)


def _with_country(scan: Scan, hit: Hit, last: int) -> tuple[Entry, int]:
    """Return entry and end of a body with the country after its brackets: "X Corporation (XC) of Zambia"."""
    place = scan.at_the(last + 1, COUNTRY) if scan.word(last) == "of" and last > hit.last else None
    if place is None or hit.country not in (None, place.country):
        return hit.entry, last
    known = lexicon().find_body(scan.slice(hit.first, hit.last), place.country)
    name = f"{scan.name(hit.first, hit.last)} of {scan.name(place.first, place.last)}"
    return known or Entry.of_pattern(name, hit.entry.type, place.country), place.last


def _define_before(scan: Scan, index: int, meanings: dict[str, Entry]) -> None:
    """Add the words before the acronym in brackets at ``index`` as a body, if they match it and no hit has it yet."""
    acronym = _acronym_in_brackets(scan, index)
    if acronym is None or acronym[0] in meanings or index in scan.owner:
        return
    known, start = lexicon().find(acronym[0]), max(0, index - LONGEST)
    at = long_form(acronym[0], scan.slice(start, index)) if start < index else None
    if at is None or (known and known.source == "body"):
        return
    first = bisect_left(scan.starts, scan.starts[start] + at)
    kinds = [HEADS[word]["type"] for word in scan.words[first:index] if word in HEADS]
    whole = all(scan.joined(i) and scan.words[i] not in "()" for i in range(first + 1, index))
    if kinds and whole and scan.no_hit_crosses(first, index) and is_cap(scan.words[first]):
        meanings[acronym[0]] = Entry.of_pattern(scan.name(first, index), kinds[0], inner_country(scan, first, index))
        scan.add(first, acronym[1], meanings[acronym[0]])


def _bodies_by_initials(scan: Scan) -> dict[str, Entry]:
    """Return the bodies of a text by the initials of their words, without initials that two bodies share."""
    found: dict[str, set[Entry]] = defaultdict(set)
    for hit in scan.hits:
        if hit.source in BODIES:
            words = takewhile("(".__ne__, scan.words[hit.first : hit.last])
            found["".join(word[0] for word in words if is_cap(word))].add(hit.entry)
    return {
        letters: entries.pop()
        for letters, entries in found.items()
        if len(letters) >= LEAST_LETTERS and len(entries) == 1
    }


def _acronym_in_brackets(scan: Scan, at: int) -> tuple[str, int] | None:
    """Return the acronym in brackets at ``at`` and their end (``at`` if they hold more words), None without one."""
    if scan.word(at) != "(" or not scan.joined(at):
        return None
    words: list[str] = []
    begin = at + 1
    while scan.word(begin).lower() in WORDS["introducing"]:
        begin += 1
    for i, word in enumerate(scan.words[begin : begin + 5], begin):
        if word in CLOSING:
            name = "".join(words)
            is_acronym = sum(map(str.isupper, name)) > 1 and len(words) <= 3
            return (name, i + 1 if word == ")" and begin == at + 1 else at) if is_acronym else None
        if not is_cap(word) and word not in MARKS and word not in "-&":
            return None
        words += [word] if word not in MARKS else []
    return None


def find_bare_ministries(scan: Scan) -> None:
    """Resolve a ministry without a field ("Chinese Ministry") to the only one of its country named in full."""
    ministries = [hit for hit in scan.ordered() if hit.source == "pattern" and hit.entry.type == "government"]
    full_names: dict[str, dict[str, Entry]] = defaultdict(dict)  # by bare name, entries by full name
    for hit in ministries:
        for match in _FIELD.finditer(hit.entry.name):
            full_names[hit.entry.name[: match.start()]].setdefault(hit.entry.name, hit.entry)
    for hit in ministries:
        if len(full_names[hit.entry.name]) == 1:
            scan.add(hit.first, hit.last, *full_names[hit.entry.name].values())


def find_descriptions(scan: Scan) -> None:
    """Add "the Ministry", "the company", "the two sides"; each gets the name of the last body of its kind, if any."""
    last_of: dict[str, Entry] = {}  # by noun; by capitalised noun for bodies named by an acronym
    ordered, position = scan.ordered(), 0
    for index in scan.triggers.get("short", ()):
        word, after = scan.word(index + 1), scan.word(index + 2)
        noun = word.lower()
        if noun not in OPENINGS:
            continue
        while position < len(ordered) and ordered[position].first < index:
            _remember(last_of, scan, ordered[position])
            position += 1
        pair = PHRASES.get(f"{noun} {after.lower()}")
        if pair is not None:
            _add_description(scan, index, index + 3, pair)
        elif noun in PHRASES and after != "of" and after not in QUOTES and after not in HEADS:
            entry, known = PHRASES[noun], last_of.get(noun) or last_of.get(word)
            if known is not None and (is_cap(word) or noun not in WORDS["plainnoun"]):
                entry = Entry(known.name, known.type, known.country, "description", "description")
            _add_description(scan, index, index + 2, entry)


def _add_description(scan: Scan, first: int, last: int, entry: Entry) -> None:
    owners = (scan.owner.get(i) for i in range(first, last))
    if all(owner is None or owner.source == "group" for owner in owners) and scan.joined(last - 1):
        scan.add(first, last, entry)


def _remember(last_of: dict[str, Entry], scan: Scan, hit: Hit) -> None:
    if hit.source not in BODIES:
        return
    for word in scan.words[hit.first : hit.last]:
        if word.lower() in PHRASES:
            last_of[word.lower()] = hit.entry
    noun, meant = _head_word(scan.slice(hit.first, hit.last)), _head_word(hit.entry.name)
    if noun is not None:
        last_of[noun] = hit.entry
    elif meant is not None:  # an acronym
        last_of[meant.capitalize()] = hit.entry
    if hit.entry.type == "company":
        last_of["company"] = last_of["firm"] = hit.entry


@lru_cache(maxsize=4096)
def _head_word(name: str) -> str | None:
    """Return the head of a body's name in lower case, or None: "authority" of "Revenue Authority of Zambia"."""
    words = _WORD.findall(_TAIL.split(name, maxsplit=1)[0])
    return next((word.lower() for word in reversed(words) if word in HEADS), None)


def is_short(word: str) -> bool:
    """Return whether a word may be a short form: "KSTU", "CzDA", "R&D"."""
    letters = [char for char in word if char.isalnum()]
    return _LEAST <= len(letters) <= _MOST and sum(map(str.isupper, letters)) >= _LEAST and letters[0].isalpha()


def long_form(short: str, before: str) -> int | None:
    """Return the offset in ``before`` of the long form of ``short`` at its end; None where there is none."""
    letters = [char.lower() for char in short if char.isalnum()]
    words = list(_JOINED_WORD.finditer(before))[-min(len(letters) + _MORE_WORDS, 2 * len(letters)) :]
    if not words or not letters:
        return None
    at, first = len(before), words[0].start()
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= first and not _matches(before, at, letters[number], initial=number == 0):
            at -= 1
        if at < first:
            return None
    return at


def _matches(text: str, at: int, letter: str, *, initial: bool) -> bool:
    return text[at].lower() == letter and not (initial and at > 0 and text[at - 1].isalnum())
