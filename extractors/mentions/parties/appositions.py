"""Names that only a noun before them shows to be bodies: "the Azeri state oil firm SOCAR", "drone maker Baykar"."""

from typing import cast

from schemas import PartyType

from .entries import Entry, word_lists
from .lexicon import Hit
from .owners import owner_before
from .scan import Scan, trades
from .tokens import is_cap

BEFORE = 5  # words between the nation's name and the noun
WORDS = 4
CLOSING = frozenset(",.;:)(")
OPENING = frozenset('“"«„')
CLOSED = frozenset('”"»“')
QUOTED = 9  # tokens from the noun to the mark that closes a quoted name
INNER = frozenset("&-–+'’")


def find_appositions(scan: Scan) -> None:
    """Add the names after the nouns of ``trades.csv`` in ``scan`` that nothing else has found."""
    for index in scan.triggers.get("trade", ()):
        if index in scan.owner or _quoted(scan, index) or scan.tokens.words[index] not in trades():
            continue
        if (town := _town(scan, index)) is not None and _of_town(scan, index, town):
            continue
        nation = _nation(scan, index)
        first = index + 1 + (nation is not None and scan.tokens.word(index + 1) == ",")
        last = _name_end(scan, first, nation)
        if last == first or (first > index + 1 and not _set_off(scan, last)):
            continue
        name = " ".join(scan.tokens.slice(first, last).split())
        kind = cast(PartyType, trades()[scan.tokens.words[index]])
        scan.add(Hit(first, last, Entry(name, kind, nation, "name", "pattern")))


def _quoted(scan: Scan, index: int) -> bool:
    """Take the quoted name after the noun at ``index`` and the noun as one mention: "the firm “Ursus”"."""
    tokens = scan.tokens
    if tokens.word(index + 1) not in OPENING or tokens.glued(index + 1) or not tokens.glued(index + 2):
        return False
    last = index + 2
    while tokens.word(last) not in CLOSED and tokens.joined(last) and last - index < QUOTED:
        last += 1
    words = tokens.words[index + 2 : last]
    named = bool(words) and is_cap(words[0]) and not any(w.islower() and len(w) > 3 for w in words)
    if not named or tokens.word(last) not in CLOSED:
        return False
    known = scan.at(index + 2)
    name = " ".join(tokens.slice(index + 2, last).split())
    noun = tokens.words[index]
    kind = cast(PartyType, trades().get(noun) or trades()[noun.lower()])
    whole = known is not None and known.last == last and known.source in ("body", "pattern")
    entry = known.entry if known is not None and whole else None
    nation = _nation(scan, index)
    scan.add(Hit(index, last + 1, entry or Entry(name, kind, nation, "name", "pattern")))
    return True


def _town(scan: Scan, index: int) -> Hit | None:
    """Return the town or province right before the noun at ``index``: "the Abu Dhabi fund ADQ"."""
    hit = scan.before(index)
    return (
        hit if hit is not None and hit.source in ("city", "capital", "province") and scan.tokens.joined(index) else None
    )


def _of_town(scan: Scan, index: int, town: Hit) -> bool:
    """Take the town, the noun and the name after it as one mention of that name; False where no name follows."""
    known, country = scan.at(index + 1), town.entry.country
    if known is not None and known.source in ("body", "pattern") and scan.tokens.joined(index + 1):
        scan.add(Hit(town.first, known.last, known.entry))
        return True
    last = _name_end(scan, index + 1, country)
    if last == index + 1:
        return False
    name = " ".join(scan.tokens.slice(index + 1, last).split())
    kind = cast(PartyType, trades()[scan.tokens.words[index]])
    scan.add(Hit(town.first, last, Entry(name, kind, country, "name", "pattern")))
    return True


def _set_off(scan: Scan, last: int) -> bool:
    """Whether a mark closes the name that ends before ``last``."""
    return scan.tokens.word(last) in CLOSING


def _name_end(scan: Scan, start: int, nation: str | None) -> int:
    """Return the end of the capitalised words that begin at ``start``; ``start`` itself if they are no new name."""
    tokens, lists, last = scan.tokens, word_lists(), start
    stop = lists["leftstop"] | lists["person"] | lists["namestop"]
    own = scan.at(start)
    if own is not None and own.source == "country" and own.entry.country == nation and is_cap(tokens.word(own.last)):
        last = own.last  # "the national carrier, Kenya Airlink"
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
