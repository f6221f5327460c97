"""``coopledger review``."""

from pathlib import Path


def review(output: Path, host: str, port: int, reviewer: str | None) -> None:
    """Serve the curators' page until it is stopped."""
    from flows.scoring import find_release
    from review import serve  # after the check, for it takes a second

    find_release(output)
    serve(output, host=host, port=port, reviewer=reviewer)
