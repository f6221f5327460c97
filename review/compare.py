"""Any two releases side by side."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ledger.diff import quiet
from ledger.diff_files import diff_files
from ledger.release.layout import RECORDS
from review.store import Shelf, Store
from schemas import Cause, Change

SHOWN = 300
"""How many changes of each sort are kept to be shown."""


@dataclass(slots=True)
class Comparison:
    """What differs from one release to another; counts are whole, changes are the first of each sort."""

    before: str
    after: str
    counts: Counter[str] = field(default_factory=Counter)
    causes: Counter[tuple[str, str]] = field(default_factory=Counter)
    quiet: int = 0
    shown: dict[str, list[Change]] = field(default_factory=dict)

    def take(self, change: Change) -> None:
        """Count a change, and keep it if it states something."""
        self.counts[change.change] += 1
        self.causes[change.cause, change.change] += 1
        if quiet(change):
            self.quiet += 1
        elif len(kept := self.shown.setdefault(change.change, [])) < SHOWN:
            kept.append(change)


class Causes:
    """Tells why a record differs between two releases: the last cause that the releases between them name."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self._known: dict[tuple[str, str], Cause] = {}
        for shelf in shelves:
            for change in shelf.changed or ():
                self._known[change.record_id, ""] = change.cause
                self._known.update({(change.record_id, one.name): one.cause for one in change.fields})

    def __call__(self, record_id: str, name: str) -> Cause:
        """Return the cause of a change in a field (dotted; empty: of an addition or a removal)."""
        return self._known.get((record_id, name)) or self._known.get((record_id, ""), "source")


def compare(store: Store, before: str, after: str) -> Comparison:
    """Compare two releases: as published where one follows the other, worked out afresh elsewhere.

    Raises:
        LedgerError: one of them is not there.
    """
    old, new = store.shelf(before), store.shelf(after)
    comparison = Comparison(before, after)
    for change in _changes(store, old, new):
        comparison.take(change)
    return comparison


def _changes(store: Store, old: Shelf, new: Shelf) -> Iterator[Change]:
    if new.manifest.parent == old.version:
        return new.release.changes()
    files = (old.release.path / RECORDS, new.release.path / RECORDS)
    return diff_files(*files, cause_of=Causes(_between(store, old.version, new.version)))


def _between(store: Store, before: str, after: str) -> Sequence[Shelf]:
    """Open the releases after one up to another; none where they run backwards."""
    names = [entry.version for entry in store.view().versions.releases]
    return [store.shelf(name) for name in names if before < name <= after]
