"""What a text says of its own gaps: that the sum, or something else, is not known."""

from .scene import Scene

_UNKNOWN = frozenset(
    ["unknown", "unclear", "uncertain", "unspecified", "undisclosed", "unavailable", "unconfirmed", "undetermined"]
)
_NOT = frozenset({"not", "no", "cannot", "never", "nor", "yet"})
_KNOWN = frozenset(
    ["known", "clear", "disclosed", "specified", "available", "stated", "found", "given", "provided", "certain"]
    + ["confirmed"]
)
_SUM = frozenset(
    ["amount", "amounts", "sum", "sums", "value", "values", "cost", "costs", "contribution", "contributions"]
    + ["contributed", "portion", "share", "much", "financial", "transaction", "funding", "terms", "money"]
)


def unstated(scene: Scene) -> tuple[int, int]:
    """Return how many sentences say that a sum is not known, and how many that anything is not."""
    gaps = [set(words) for words in scene.words if _says_unknown(set(words))]
    return sum(bool(words & _SUM) for words in gaps), len(gaps)


def _says_unknown(words: set[str]) -> bool:
    return bool(words & _UNKNOWN) or bool(words & _NOT and words & _KNOWN)
