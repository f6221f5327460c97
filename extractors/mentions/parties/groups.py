"""Unnamed sets of countries: "68 countries", "150 countries and regions", "developing nations", "African states"."""

from .entries import Entry, word_lists
from .lexicon import Hit
from .scan import Scan
from .tokens import Tokens

JOINED = frozenset({"and", "or", "/", "-"})


def find_groups(scan: Scan) -> None:
    """Add the sets that the words "countries", "nations", "states" … in ``scan`` show."""
    for index in scan.triggers.get("group", ()):
        _group(scan, index)


def _group(scan: Scan, index: int) -> None:
    tokens, lists = scan.tokens, word_lists()
    if index in scan.owner:
        return
    first, region = index, None
    while first > 0 and tokens.joined(first):
        word, before = tokens.words[first - 1], scan.before(first)
        if before is not None and before.source in ("region", "body", "demonym"):
            region = before
            first = before.first
        elif word in lists["groupadj"] or compound_adjective(tokens, first):
            first -= 1 if word in lists["groupadj"] and word != "income" else 3
        elif (
            word in ("and", "or")
            and (tokens.word(first - 2) in lists["groupadj"] or scan.before(first - 1) is not None and first < index)
            or word.lower() in lists["numberword"]
            or word.isdigit()
        ):
            first -= 1
        else:
            break
    while first < index and tokens.words[first] in ("and", "or"):
        first += 1
    pair = tokens.words[first].lower() == "both" and first == index - 1
    if first == index or pair or tokens.words[index] == "members" and region is None:
        return
    last = _and_regions(tokens, index + 1)
    if region is not None and region.source == "demonym":
        return
    name = " ".join(tokens.slice(first, last).split())
    members = region.entry.countries if region is not None and first == region.first else ()
    scan.add(Hit(first, last, Entry(name, "group", None, "name", "group", members)))


def compound_adjective(tokens: Tokens, first: int) -> bool:
    """Whether the three tokens before ``first`` are one adjective with a dash: "low-income"."""
    return (
        first > 3
        and tokens.glued(first - 1)
        and tokens.word(first - 2) == "-"
        and "".join(tokens.words[first - 3 : first]) in word_lists()["groupadj"]
    )


def _and_regions(tokens: Tokens, last: int) -> int:
    heads = word_lists()["grouphead"]
    return last + 2 if tokens.word(last) in JOINED and tokens.word(last + 1) in heads and tokens.joined(last) else last
