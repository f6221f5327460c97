"""The result of scoring: figures, and each error behind them with the quote that it was read from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

FIELDS = ("actor", "partner", "year", "amount", "sector")
Json = dict[str, Any]
_TOLERANCE = 0.005  # of the amount of gold
_LEAST_OVERLAP = 0.6
_BINS = 10


@dataclass(frozen=True, slots=True)
class Miss:
    """A wrong field: what gold has, what the record has, its confidence, and the evidence that it was read from."""

    document_id: str
    field: str
    expected: str
    got: str
    confidence: float
    quote: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The ``kind`` of gold; ``figures``, each 0 to 1, a count, or None where nothing could be judged; the misses."""

    kind: str
    figures: dict[str, float | int | None]
    misses: list[Miss] = field(default_factory=list)

    def worst(self, name: str, most: int = 3) -> list[Miss]:
        """Return the ``most`` most confident errors of a field."""
        found = sorted((miss for miss in self.misses if miss.field == name), key=attrgetter("document_id"))
        return sorted(found, key=attrgetter("confidence"), reverse=True)[:most]


def misses(
    document: str, record: Json | None, right: Mapping[str, bool], expected: Callable[[str], str], quote: str
) -> Iterator[Miss]:
    """Yield a miss for each field of a record that is not right; ``expected`` returns what gold has, as text."""
    for name in [name for name, is_right in right.items() if not is_right]:
        yield Miss(document, name, expected(name), field_text(record, name), confidence_of(record, name) or 0.0, quote)


def part(record: Json | None, name: str) -> Json:
    """Return the object in a field of a record, or an empty one."""
    value = (record or {}).get(name)
    return value if isinstance(value, dict) else {}


def confidence_of(record: Json | None, name: str) -> float | None:
    """Return the confidence of a record in a field, or in the whole (``record``); None where it has none."""
    value = part(record, "confidence").get(name)
    return value if isinstance(value, float | int) else None


def share(verdicts: list[bool]) -> float | None:
    """Return the share of verdicts that are right, 0 to 1; None where there are none."""
    return sum(verdicts) / len(verdicts) if verdicts else None


def field_text(record: Json | None, name: str) -> str:
    """Return a field of a record as text for a person."""
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
    """Return the expected calibration error, 0 to 1, of ``(confidence, right)`` pairs; None where there are none.

    The mean distance between confidence and accuracy in ten bins of equal width, weighted by their size (Naeini 2015).
    """
    found = list(pairs)
    if not found:
        return None
    errors = [0.0] * _BINS
    for confidence, right in found:
        errors[min(int(confidence * _BINS), _BINS - 1)] += confidence - right
    return sum(map(abs, errors)) / len(found)


def share_words(one: set[str], other: set[str]) -> bool:
    """Return whether two sets of words overlap: their Jaccard similarity is at least 0.6."""
    return bool(one and other) and len(one & other) / len(one | other) >= _LEAST_OVERLAP


def is_near(value: float | None, gold: float) -> bool:
    """Return whether an amount is within half a percent of that of gold."""
    return value is not None and abs(value - gold) <= _TOLERANCE * abs(gold)
