"""What a scoring says: figures, and the errors behind them with the words they were made on."""

from dataclasses import dataclass, field
from typing import Any

FIELDS = ("actor", "partner", "year", "amount", "sector")
Json = dict[str, Any]


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
        found = [miss for miss in self.misses if miss.field == name]
        return sorted(found, key=_surest)[:most]


def _surest(miss: Miss) -> tuple[float, str]:
    return (-miss.confidence, miss.document_id)


def part(record: Json | None, name: str) -> Json:
    """Return an object inside a record, or an empty one."""
    value = (record or {}).get(name)
    return value if isinstance(value, dict) else {}


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
