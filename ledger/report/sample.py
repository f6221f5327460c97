"""Which changes the page of changes shows: those that a person wants to see first, and never too many."""

from collections import Counter
from dataclasses import dataclass, field

from ledger.diff import quiet
from schemas import Change

_SHOWN = {"changed": 600, "removed": 400, "added": 300}


@dataclass(slots=True)
class Sample:
    """The changes to show, by document, and how many there are in all."""

    documents: dict[str, list[Change]] = field(default_factory=dict)
    shown: Counter[str] = field(default_factory=Counter)
    quiet: int = 0
    left_out: int = 0

    def add(self, document_id: str, change: Change) -> None:
        """Take a change in, or count it: moves and mere shifts of confidence are never shown."""
        if quiet(change):
            self.quiet += 1
        elif self.shown[change.change] < _SHOWN[change.change]:
            self.shown[change.change] += 1
            self.documents.setdefault(document_id, []).append(change)
        else:
            self.left_out += 1
