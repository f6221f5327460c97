"""Names that a document shortens: "X Y Corporation (XYC) … XYC", "the Ministry", "the two sides"."""

import re
from functools import lru_cache
from typing import cast

from extractors.mentions.parties.entries import Entry, cells, heads, rows
from extractors.mentions.parties.lexicon import Hit
from extractors.mentions.parties.scan import QUOTES, TOWNS, Scan
from extractors.mentions.parties.tokens import is_cap
from schemas import PartyType

PLAIN = frozenset({"country", "nation", "government"})
MARKS = QUOTES | frozenset('"“”‘')
_FIELD = re.compile(r"(?<= Ministry) (?:of|for) ")


def find_acronyms(scan: Scan) -> None:
    """Join "(XYC)" to the name before it and let later XYC refer to it."""
    meanings: dict[str, Entry] = {}
    for hit in scan.ordered():
        placed = scan.at(hit.last + 1)
        if placed is not None and placed.source in TOWNS | {"country"}:
            continue
        acronym = _bracketed(scan, hit.last) if hit.source in ("body", "pattern", "capitals", "compound") else None
        if acronym is not None:
            if hit.source != "compound":
                meanings.setdefault(acronym[0], hit.entry)
            scan.add(hit.first, acronym[1], hit.entry)
    if not meanings:
        return
    for index, word in enumerate(scan.words):
        if word in meanings:
            owner = scan.owner.get(index)
            if owner is None or owner.last - owner.first == 1:
                scan.add(index, index + 1, meanings[word])


def _bracketed(scan: Scan, at: int) -> tuple[str, int] | None:
    """Return the acronym in brackets at ``at`` and the end of the brackets."""
    if scan.word(at) != "(" or not scan.joined(at):
        return None
    words: list[str] = []
    for i in range(at + 1, min(at + 6, len(scan))):
        word = scan.words[i]
        if word == ")":
            name = "".join(words)
            return (name, i + 1) if sum(c.isupper() for c in name) >= 2 and len(words) <= 3 else None
        if word in MARKS:
            continue
        if not is_cap(word) and word not in "-&":
            return None
        words.append(word)
    return None


def find_bare_ministries(scan: Scan) -> None:
    """Let a ministry without a field ("Chinese Ministry") be the only one of its country that the text names whole."""
    ministries = [hit for hit in scan.ordered() if hit.source == "pattern" and hit.entry.type == "government"]
    whole: dict[str, dict[str, Entry]] = {}  # what each bare name may be short for, by name
    for hit in ministries:
        for match in _FIELD.finditer(hit.entry.name):
            whole.setdefault(hit.entry.name[: match.start()], {}).setdefault(hit.entry.name, hit.entry)
    for hit in ministries:
        meant = whole.get(hit.entry.name, {})
        if len(meant) == 1:
            scan.add(hit.first, hit.last, *meant.values())


@lru_cache(maxsize=1)
def _phrases() -> dict[str, Entry]:
    """Return what "company" or "two sides" behind "the" stands for where the text has named no such body."""
    return {
        phrase: Entry(
            phrase if phrase.startswith("both ") else f"the {phrase}",
            cast(PartyType, row["type"]),
            None,
            "description",
            "description",
        )
        for row in rows("shortforms.csv")
        for phrase in cells(row["phrases"])
    }


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _phrases())


def find_descriptions(scan: Scan) -> None:
    """Add "the Ministry", "the company", "the two sides": each named after the last body of that kind, if any."""
    last_of: dict[str, Entry] = {}
    ordered, position = scan.ordered(), 0
    for index in scan.triggers.get("short", ()):
        word, after = scan.word(index + 1), scan.word(index + 2)
        noun = word.lower()
        if noun not in _openings():
            continue
        while position < len(ordered) and ordered[position].first < index:
            _remember(last_of, scan, ordered[position])
            position += 1
        pair = _phrases().get(f"{noun} {after.lower()}")
        if pair is not None:
            _describe(scan, index, index + 3, pair)
        elif noun in _phrases() and after != "of" and after not in QUOTES and after not in heads():
            entry, known = _phrases()[noun], last_of.get(noun)
            if known is not None and (is_cap(word) or noun not in PLAIN):
                entry = Entry(known.name, known.type, known.country, "description", "description")
            _describe(scan, index, index + 2, entry)


def _describe(scan: Scan, first: int, last: int, entry: Entry) -> None:
    owners = (scan.owner.get(i) for i in range(first, last))
    if all(owner is None or owner.source == "group" for owner in owners) and scan.joined(last - 1):
        scan.add(first, last, entry)


def _remember(last_of: dict[str, Entry], scan: Scan, hit: Hit) -> None:
    if hit.source not in ("body", "pattern"):
        return
    for word in scan.words[hit.first : hit.last]:
        if word.lower() in _phrases():
            last_of[word.lower()] = hit.entry
    if hit.entry.type == "company":
        last_of["company"] = last_of["firm"] = hit.entry
