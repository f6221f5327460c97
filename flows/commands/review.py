"""``coopledger review``."""

from pathlib import Path


def review(output: Path, host: str, port: int, reviewer: str | None) -> None:
    """Serve the curators' page until it is stopped."""
    from flows.scoring import release_folder
    from review import serve

    release_folder(output)
    serve(output, host=host, port=port, reviewer=reviewer)
