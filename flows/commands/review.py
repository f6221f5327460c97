"""``coopledger review``."""

import os
from pathlib import Path

import typer

from flows.scoring import find_release


def review(output: Path, host: str, port: int, reviewer: str | None, names: list[str]) -> None:
    """Serve the curators' page until it is stopped.

    COOPLEDGER_REVIEW_TOKEN holds what visitors from elsewhere must show, COOPLEDGER_REVIEW_USER_HEADER the header in
    which a reverse proxy names them. Raises LedgerError where there is no release, or the address is not safe.
    """
    find_release(output)
    from flows.normaliser import ExtractorsNormaliser  # after the check, for these take a second
    from review import Access, serve

    access = Access(
        host=host,
        port=port,
        token=os.environ.get("COOPLEDGER_REVIEW_TOKEN"),
        user_header=os.environ.get("COOPLEDGER_REVIEW_USER_HEADER"),
        names=tuple(names),
        reviewer=reviewer,
    )
    serve(output, access=access, normalise=ExtractorsNormaliser(), say=typer.echo)
