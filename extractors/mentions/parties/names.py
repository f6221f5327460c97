"""Names compared and brought to their canonical form."""

import re
from functools import lru_cache

from extractors.mentions.parties.entries import country_names, word_lists
from extractors.mentions.parties.find import find_parties, mention_of
from extractors.mentions.parties.lexicon import lexicon
from extractors.mentions.parties.tokens import TOKEN, Tokens, norm
from extractors.mentions.types import PartyMention

OVERLAP = 0.6  # of the words, as AidData's names are compared
ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
_LINKED = re.compile(r"[^-–—]+")


@lru_cache(maxsize=4096)
def normalise_name(text: str) -> str:
    """Return the canonical name of the party that ``text`` names, or ``text`` with single blanks."""
    plain = " ".join(text.split())
    entry = lexicon().find(plain) or lexicon().find(re.sub(r"^[Tt]he ", "", plain))
    return entry.name if entry else plain


@lru_cache(maxsize=4096)
def country_of(name: str) -> str | None:
    """Return ISO 3166-1 alpha-3 of the country that ``name`` is, belongs to or lies in; None if unknown."""
    if name in country_names():
        return name
    entry = lexicon().find(" ".join(name.split()))
    if entry is not None:
        return entry.country
    return next((m.country for m in find_parties(name) if m.country), None)


def _words(name: str) -> set[str]:
    return {norm(w) for w in TOKEN.findall(name) if w.isalnum()} - word_lists()["filler"]


def same_name(a: str, b: str) -> bool:
    """Whether two names are of one party: equal, by one acronym, or by most of their words."""
    if normalise_name(a) == normalise_name(b) or set(ACRONYM.findall(a)) & set(ACRONYM.findall(b)):
        return True
    left, right = _words(a), _words(b)
    return bool(left and right) and len(left & right) / len(left | right) >= OVERLAP


def same_party(a: PartyMention, b: PartyMention) -> bool:
    """Whether two mentions are of one party: same country and name; a country is not its bodies."""
    if (a.type == "country") != (b.type == "country"):
        return False
    if a.type == "country":
        return a.country == b.country
    if a.country and b.country and a.country != b.country:
        return False
    return same_name(a.name, b.name)


def parts(mention: PartyMention) -> tuple[PartyMention, ...]:
    """Return the members of a compound ("China-EU") as mentions with their own offsets; others alone."""
    if mention.source != "compound":
        return (mention,)
    members = (_member(mention, piece.start(), piece.group()) for piece in _LINKED.finditer(mention.text))
    return tuple(one for one in members if one is not None) or (mention,)


def paired(mention: PartyMention) -> tuple[PartyMention, ...]:
    """Return the parties that a body is named after, with their own offsets: "the China-Kenya Commission" has two.

    There are none where the name does not begin with names of countries or regions that dashes link.
    """
    pieces = list(_LINKED.finditer(mention.text))
    if len(pieces) < 2:
        return ()
    *heads, tail = pieces
    words = Tokens(tail.group())
    last = lexicon().longest(words, 0) if len(words) else None
    if last is None:
        return ()
    named = [(one.start(), one.group()) for one in heads] + [(tail.start(), words.slice(0, last.last))]
    found = [member for member in (_member(mention, *one) for one in named) if member is not None]
    lands = all(one.country is None or one.type == "country" for one in found)
    return tuple(found) if lands and len(found) == len(named) else ()


def _member(mention: PartyMention, at: int, stretch: str) -> PartyMention | None:
    """What a stretch of a mention names, by the tables; ``at`` is its offset in the mention."""
    text = stretch.strip()
    entry = lexicon().find(text) or lexicon().prefixes.get(norm(text))
    return None if entry is None else mention_of(entry, text, mention.start + at + stretch.index(text))
