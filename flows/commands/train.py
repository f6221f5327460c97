"""``coopledger train``."""

from pathlib import Path

from flows.errors import UsageError


def train(what: str, data: Path, output: Path, seed: int) -> None:
    """Train models on corpora. Raises UsageError where the corpora are not there."""
    raise UsageError("training is not wired to this command yet: call extractors.training")
