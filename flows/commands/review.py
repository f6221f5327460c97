"""``coopledger review``."""

from pathlib import Path

from flows.scoring import find_release


def review(output: Path, host: str, port: int, reviewer: str | None) -> None:
    """Serve the curators' page until it is stopped. Raises LedgerError where there is no release to review."""
    find_release(output)
    from review import serve  # after the check, for it takes a second

    serve(output, host=host, port=port, reviewer=reviewer)
