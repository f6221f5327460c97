"""Names of bodies in languages that put the head first: "Universiti Teknologi Malaysia", "Fonds National de …"."""

from typing import cast

from schemas import PartyType

from .bodies import inner_country
from .entries import Entry, word_lists
from .lexicon import Hit
from .scan import Scan, head_first
from .surfaces import known
from .tokens import is_cap

LIMIT = 12  # tokens after the head


def find_head_first(scan: Scan) -> None:
    """Add the names that begin with a head of ``headfirst.csv`` in ``scan``."""
    for index in scan.triggers.get("headfirst", ()):
        _name(scan, index)


def _name(scan: Scan, index: int) -> None:
    owner = scan.owner.get(index)
    if owner is not None and (owner.source == "body" or owner.last - owner.first > LIMIT * 2):
        return
    first = owner.first if owner is not None else index
    last = _end(scan, index + 1)
    if last == index + 1 or (owner is not None and owner.last >= last) or not scan.free(first, last):
        return
    while scan.tokens.word(first - 1) in word_lists()["headbefore"] and scan.tokens.joined(first):
        first -= 1
    name = " ".join(scan.tokens.slice(first, last).split())
    country = inner_country(scan, first, last)
    kind = cast(PartyType, head_first()[scan.tokens.words[index]])
    scan.add(Hit(first, last, known(name, country) or Entry(name, kind, country, "name", "pattern")))


def _end(scan: Scan, last: int) -> int:
    """Return the end of the capitalised words, with particles between them, that go on at ``last``."""
    tokens, particles, begin = scan.tokens, word_lists()["particle"], last
    while last < len(tokens) and last - begin < LIMIT and tokens.joined(last):
        hit = scan.at(last)
        if hit is not None and hit.source in ("body", "pattern", "region"):
            break
        if is_cap(tokens.words[last]) and tokens.words[last] not in word_lists()["leftstop"]:
            last = hit.last if hit is not None else last + 1
            continue
        at = last
        while tokens.word(at) in particles and at - last < 3 and tokens.joined(at):
            at += 1
        if at == last or not is_cap(tokens.word(at)) or not tokens.joined(at):
            break
        last = at
    return last
