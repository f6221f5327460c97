"""What a scoring says: figures, and the errors behind them with the words they were made on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

FIELDS = ("actor", "partner", "year", "amount", "sector")
Json = dict[str, Any]
_NEAR = 0.005
_ALIKE = 0.6
_BINS = 10


@dataclass(frozen=True, slots=True)
class Miss:
    """A field that is wrong: what gold has, what the record has, how sure it was, and the evidence it was read from."""

    document_id: str
    field: str
    expected: str
    got: str
    confidence: float
    quote: str


@dataclass(frozen=True, slots=True)
class Scores:
    """``kind`` of gold; ``figures``, each 0 to 1 or a count; None where nothing was there to judge."""

    kind: str
    figures: dict[str, float | int | None]
    misses: list[Miss] = field(default_factory=list)

    def worst(self, name: str, most: int = 3) -> list[Miss]:
        """Return the most confident errors of a field."""
        found = sorted((miss for miss in self.misses if miss.field == name), key=attrgetter("document_id"))
        return sorted(found, key=attrgetter("confidence"), reverse=True)[:most]


def misses(
    document: str, record: Json | None, right: Mapping[str, bool], expected: Callable[[str], str], quote: str
) -> Iterator[Miss]:
    """Yield a miss for each field of a record that is not right; ``expected`` writes what gold has in a field."""
    for name in [name for name, is_right in right.items() if not is_right]:
        yield Miss(document, name, expected(name), shown(record, name), sure_of(record, name) or 0.0, quote)


def part(record: Json | None, name: str) -> Json:
    """Return an object inside a record, or an empty one."""
    value = (record or {}).get(name)
    return value if isinstance(value, dict) else {}


def sure_of(record: Json | None, name: str) -> float | None:
    """Return the confidence that a record gives a field, or itself (``record``)."""
    sure = part(record, "confidence").get(name)
    return sure if isinstance(sure, float | int) else None


def share(verdicts: list[bool]) -> float | None:
    """Return the share that is right; None of nothing."""
    return sum(verdicts) / len(verdicts) if verdicts else None


def shown(record: Json | None, name: str) -> str:
    """Write a field of a record for a person."""
    if name in ("kind", "status"):
        return str((record or {}).get(name) or "nothing")
    value = part(record, name)
    words = {
        "year": [value.get("start"), value.get("end") if value.get("end") != value.get("start") else None],
        "amount": [value.get("value"), value.get("unit")],
        "sector": [value.get("code"), value.get("name")],
    }.get(name, [value.get("name"), value.get("country")])
    return " ".join(f"{word:g}" if isinstance(word, float) else str(word) for word in words if word) or "nothing"


def calibration_error(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Return the expected calibration error, 0 to 1, of ``(confidence, right)`` pairs in ten bins of equal width.

    The mean distance between confidence and accuracy in each bin, weighed by its size (Naeini et al. 2015).
    """
    found = list(pairs)
    if not found:
        return None
    errors = [0.0] * _BINS
    for confidence, right in found:
        errors[min(int(confidence * _BINS), _BINS - 1)] += confidence - right
    return sum(map(abs, errors)) / len(found)


def share_words(one: set[str], other: set[str]) -> bool:
    """Return whether two names have most of their words in common: a Jaccard overlap of 0.6."""
    return bool(one and other) and len(one & other) / len(one | other) >= _ALIKE


def is_near(value: float | None, gold: float) -> bool:
    """Return whether an amount is the one of gold, or within half a percent of it."""
    return value is not None and abs(value - gold) <= _NEAR * abs(gold)
