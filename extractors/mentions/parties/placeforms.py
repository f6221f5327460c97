"""Places with their form in lower case: "the province of Salta", "the town of Puerto Casado", "Gansu province"."""

from dataclasses import replace

from .entries import Entry, word_lists
from .lexicon import Hit
from .scan import Scan
from .tokens import is_cap
from .twins import STATES

TOWNS = frozenset({"city", "capital", "province"})
MOST_WORDS = 4


def find_place_forms(scan: Scan) -> None:
    """Widen the towns and provinces of ``scan`` to the form told with them; take unknown names after "of" too."""
    for index in scan.triggers.get("placeform", ()):
        if index not in scan.owner and not _after(scan, index):
            _before(scan, index)


def _after(scan: Scan, index: int) -> bool:
    """Take "province of Salta" for one mention; whether there was one."""
    tokens = scan.tokens
    if tokens.word(index + 1) != "of" or not tokens.joined(index + 2):
        return False
    hit = scan.at(index + 2)
    if hit is not None:
        if hit.source not in TOWNS:
            return False
        scan.add(Hit(index, hit.last, replace(hit.entry, type="government")))
        return True
    last = _name_end(scan, index + 2)
    if last > index + 2:
        name = " ".join(tokens.slice(index + 2, last).split())
        country = STATES.get(name, (None, None))[1]
        scan.add(Hit(index, last, Entry(name, "government", country, "place", "city")))
    return last > index + 2


def _before(scan: Scan, index: int) -> None:
    """Widen "Gansu" to "Gansu province"."""
    hit = scan.before(index)
    after = scan.tokens.word(index + 1)
    goes_on = scan.tokens.joined(index + 1) and after.isalpha() and after not in word_lists()["afterbody"]
    if hit is not None and hit.source in TOWNS and scan.tokens.joined(index) and not goes_on:
        scan.add(Hit(hit.first, index + 1, replace(hit.entry, type="government")))


def _name_end(scan: Scan, start: int) -> int:
    """Return the end of the capitalised words at ``start`` that nothing else has found."""
    tokens, lists, last = scan.tokens, word_lists(), start
    stop = lists["leftstop"] | lists["person"] | lists["namestop"]
    while last < len(tokens) and last not in scan.owner and last - start < MOST_WORDS and tokens.joined(last):
        if not is_cap(tokens.words[last]) or tokens.words[last] in stop:
            break
        last += 1
    return last
