"""The release in which each record last changed, as the last releases' own changes tell it."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ledger.decisions import glances
from ledger.diff import quiet
from ledger.release.layout import DIFF, Output
from schemas import Versions

_LOOKED_AT = 8
EARLIER = "earlier"


def lately_changed(output: Output, versions: Versions, records: Iterable[str]) -> list[str | None]:
    """Tell for each record the version in which it last changed; ``earlier`` beyond the last few.

    Args:
        output: the output folder.
        versions: its releases.
        records: ids of records of the latest release.
    """
    found: dict[str, str] = {}
    for entry in versions.releases[-_LOOKED_AT:]:
        if entry.parent is not None:
            found.update(dict.fromkeys(_changed(output.root / entry.path / DIFF), entry.version))
    return [found.get(record_id, EARLIER) for record_id in records]


@lru_cache(maxsize=2 * _LOOKED_AT)
def _changed(path: Path) -> tuple[str, ...]:
    with path.open("rb") as file:
        return tuple(one.record_id for one in glances(file) if one.change != "removed" and not quiet(one))
