"""Releases in the shapes of other tools."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ledger.errors import LedgerError
from ledger.formats.highlighter import highlighter
from ledger.formats.labelstudio import label_studio
from ledger.formats.prodigy import prodigy

if TYPE_CHECKING:
    from ledger.release.read import Release

EXPORTS: dict[str, Callable[["Release"], Iterator[str]]] = {
    "prodigy": prodigy,
    "label-studio": label_studio,
    "daff": highlighter,
}


def export(release: "Release", kind: str) -> Iterator[str]:
    """Return the text of an export, piece by piece (UTF-8, line ends as the format has them).

    Args:
        release: the release.
        kind: ``prodigy`` (JSON Lines, one record a task, curators' verdicts as answers), ``label-studio`` (a JSON list,
            one document a task) or ``daff`` (the changes since the parent as a highlighter CSV).

    Raises:
        LedgerError: no such kind.
    """
    if kind not in EXPORTS:
        raise LedgerError(f"cannot export {kind} (known: {', '.join(EXPORTS)})")
    return EXPORTS[kind](release)
