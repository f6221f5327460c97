"""Names that are also something else: rules of ``tables/ambiguous.csv`` on the words around a match."""

from collections import defaultdict
from functools import lru_cache
from itertools import takewhile

from .entries import rows
from .tokens import Tokens, is_cap

NEAR = 12  # tokens to either side
COMPANION = 3
BARE = frozenset({"never", "not_initial", "not_shouted", "not_listed", "not_before_name"})  # rules without words


@lru_cache(maxsize=1)
def _rules() -> dict[str, list[tuple[str, frozenset[str]]]]:
    found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for row in rows("ambiguous.csv"):
        if row["words"] or row["rule"] in BARE:
            found[row["surface"]].append((row["rule"], frozenset(row["words"].replace(",", "").split())))
    return dict(found)


def allowed(surface: str, tokens: Tokens, first: int, last: int) -> bool:
    """Whether the tokens ``first`` to ``last`` may name ``surface`` where they stand."""
    rules = _rules().get(surface)
    return rules is None or all(_holds(rule, words, tokens, first, last) for rule, words in rules)


def _holds(rule: str, words: frozenset[str], tokens: Tokens, first: int, last: int) -> bool:
    if rule == "never":
        return False
    if rule == "not_initial":
        return not tokens.initial(first)
    if rule == "not_shouted":
        return not _shouted(tokens, first, last)
    if rule == "not_listed":
        return not _listed(tokens, first, last)
    if rule == "not_before_name":
        return not (tokens.joined(last) and is_cap(tokens.words[last]))
    if rule == "not_before":
        return tokens.word(last) not in words
    if rule == "not_after":
        return tokens.word(first - 1) not in words
    if rule == "not_after_of":
        return not (tokens.word(first - 1) == "of" and tokens.word(first - 2) in words)
    reach = COMPANION if rule == "needs_adjacent" else NEAR
    around = tokens.words[max(0, first - reach) : first] + tokens.words[last : last + reach]
    return not words.isdisjoint(around)


def _shouted(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the words beside the match, up to a punctuation mark, are all in capitals."""
    before, after = tokens.words[max(0, first - 2) : first][::-1], tokens.words[last : last + 2]
    letters = [w for side in (before, after) for w in takewhile(str.isalpha, side)]
    return len(letters) > 1 and all(w.isupper() for w in letters)


def _listed(tokens: Tokens, first: int, last: int) -> bool:
    """Whether the match stands in a list of names, so that its comma may part two: "Japan, Taiwan, China and Korea"."""
    before = tokens.word(first - 1) in (",", "and") and is_cap(tokens.word(first - 2))
    after = tokens.word(last) in (",", "and", "&") and is_cap(tokens.word(last + 1))
    return before or after
