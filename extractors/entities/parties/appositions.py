"""Names that only a noun before them shows to be bodies: "the Azeri state oil firm SOCAR", "drone maker Baykar"."""

from typing import cast

from schemas import PartyType

from .bodies import owner_before
from .entries import Entry, word_lists
from .lexicon import Hit
from .scan import Scan, trades
from .tokens import is_cap

BEFORE = 5  # words between the nation's name and the noun
WORDS = 4
INNER = frozenset("&-–+'’")


def find_appositions(scan: Scan) -> None:
    """Add the names after the nouns of ``trades.csv`` in ``scan`` that nothing else has found."""
    for index in scan.triggers.get("trade", ()):
        last = _name_end(scan, index + 1)
        if last == index + 1 or index in scan.owner:
            continue
        name = " ".join(scan.tokens.slice(index + 1, last).split())
        kind = cast(PartyType, trades()[scan.tokens.words[index]])
        scan.add(Hit(index + 1, last, Entry(name, kind, _nation(scan, index), "name", "pattern")))


def _name_end(scan: Scan, start: int) -> int:
    """Return the end of the capitalised words that begin at ``start``; ``start`` itself if they are no new name."""
    tokens, lists, last = scan.tokens, word_lists(), start
    stop = lists["leftstop"] | lists["person"] | lists["namestop"]
    while last < len(tokens) and tokens.joined(last) and last - start < WORDS * 2:
        word = tokens.words[last]
        if last in scan.owner:
            return start
        if (
            is_cap(word)
            and word not in stop
            or (
                last > start
                and word in INNER
                and tokens.glued(last) == tokens.glued(last + 1)
                and is_cap(tokens.word(last + 1))
            )
        ):
            last += 1
        else:
            break
    return last if len(tokens.slice(start, last) if last > start else "") > 1 else start


def _nation(scan: Scan, index: int) -> str | None:
    """Return the country of the nation named shortly before the noun at ``index``: "Norwegian fertiliser firm"."""
    tokens = scan.tokens
    for at in range(index, max(index - BEFORE, 0), -1):
        hit = scan.before(at)
        if hit is not None:
            return hit.entry.country if hit.source in ("demonym", "country", "side") else owner_before(scan, at)[0]
        if not tokens.joined(at) or not (tokens.words[at - 1].islower() or tokens.words[at - 1] in "'’-"):
            return None
    return None
