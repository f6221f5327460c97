"""Names that look like one body, by two methods: the same key, as OpenRefine makes it, or keys near each other.

A key is the name without case, accents, punctuation, little words and legal forms, its words in order of the alphabet.
Keys are compared where they share the beginning of a word; figures in them must be the same, and so must countries
where both are known.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from review.bodies.known import Variant, most

NEAR = 88
"""How alike two keys are, of a hundred, for their names to be shown together."""
_BEGINNING, _LARGEST = 4, 400
_WORD = re.compile(r"\w+")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_LITTLE = frozenset(
    ("the", "of", "for", "and", "in", "on", "at", "to", "a", "an", "de", "la", "le", "du", "des", "del", "der", "die",
     "das", "und", "et", "y", "e", "da", "do")
)  # fmt: skip
_FORMS = frozenset(
    ("ltd", "limited", "inc", "incorporated", "corp", "corporation", "co", "company", "plc", "gmbh", "sa", "ag", "llc",
     "bv", "nv", "spa", "srl", "pty", "jsc", "oao", "pjsc")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cluster:
    """Names that look like one body, the most frequent first; ``how``: ``same key`` or ``near``."""

    variants: tuple[Variant, ...]
    how: str

    @property
    def count(self) -> int:
        """In how many places they stand."""
        return sum(one.count for one in self.variants)

    @property
    def id(self) -> str:
        """What a form calls it by."""
        return "\n".join(sorted(one.id for one in self.variants))


def key_of(name: str) -> str:
    """Return what names of one body have in common; a name of little words alone keeps them."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one))
    words = set(_WORD.findall(_DOTS.sub("", bare).casefold()))
    return " ".join(sorted((words - _LITTLE - _FORMS) or words))


def clusters(variants: Iterable[Variant]) -> list[Cluster]:
    """Find the names that look like one body, those that stand in most places first."""
    by_key: dict[str, list[Variant]] = defaultdict(list)
    for variant in variants:
        by_key[key_of(variant.name)].append(variant)
    joined = _Joined(by_key)
    for one, other in _near(by_key):
        joined.join(one, other)
    found = [_cluster(keys, by_key) for keys in joined.groups()]
    apart = [part for keys in found for part in _by_country(keys)]
    return sorted((one for one in apart if len(one.variants) > 1), key=_largest)


def _cluster(keys: Collection[str], by_key: Mapping[str, list[Variant]]) -> Cluster:
    variants = sorted((one for key in keys for one in by_key[key]), key=most)
    return Cluster(tuple(variants), "same key" if len(keys) == 1 else "near")


def _by_country(cluster: Cluster) -> Iterator[Cluster]:
    """Part the names of several countries; those without a country go with the most frequent one."""
    countries = list(dict.fromkeys(one.country for one in cluster.variants if one.country))
    for place, country in enumerate(countries or [""]):
        own = [one for one in cluster.variants if one.country == country or (not one.country and place == 0)]
        yield Cluster(tuple(own), cluster.how if len({key_of(one.name) for one in own}) > 1 else "same key")


def _near(keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """Pair keys that are alike, among those that share the beginning of a word which not too many have."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for beginning in {word[:_BEGINNING] for word in key.split()}:
            blocks[beginning].append(key)
    for block in blocks.values():
        if 1 < len(block) <= _LARGEST:
            alike = process.cdist(block, block, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8)
            for one, other in np.argwhere(np.triu(alike, 1)):
                if _figures(block[one]) == _figures(block[other]):
                    yield block[one], block[other]


def _figures(key: str) -> set[str]:
    return {word for word in key.split() if any(sign.isdigit() for sign in word)}


class _Joined:
    """Keys joined in groups."""

    def __init__(self, keys: Collection[str]) -> None:
        self.keys = keys
        self._above = {key: key for key in keys}

    def _top(self, key: str) -> str:
        while self._above[key] != key:
            self._above[key] = key = self._above[self._above[key]]
        return key

    def join(self, one: str, other: str) -> None:
        """Put two keys into one group."""
        self._above[self._top(one)] = self._top(other)

    def groups(self) -> list[list[str]]:
        """List the groups."""
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            found[self._top(key)].append(key)
        return list(found.values())


def _largest(cluster: Cluster) -> tuple[int, str]:
    return -cluster.count, cluster.id
