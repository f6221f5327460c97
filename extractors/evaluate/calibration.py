"""Whether a confidence means what it says."""

from collections.abc import Iterable


def calibration_error(pairs: Iterable[tuple[float, bool]], bins: int = 10) -> float | None:
    """Return the expected calibration error, 0 to 1, of ``(confidence, right)`` pairs in bins of equal width.

    The mean distance between confidence and accuracy in each bin, weighed by its size (Naeini et al. 2015).
    """
    found = list(pairs)
    if not found:
        return None
    error = 0.0
    for number in range(bins):
        inside = [pair for pair in found if min(int(pair[0] * bins), bins - 1) == number]
        error += abs(sum(confidence - right for confidence, right in inside))
    return error / len(found)
