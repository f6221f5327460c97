"""Why a release differs from its parent: which digests changed, and the cause of each change in a document."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ledger.diff import PLACE, unplaced
from ledger.identity import identify
from schemas import Cause, Change, CooperationRecord, Digests, Document, Extraction

ReExtract = Callable[[Document], Extraction]
CAUSE_NAMES: Mapping[str, str] = {
    "model": "the new model",
    "code": "the new code",
    "tables": "the new tables",
    "source": "the source",
    "decision": "curators' decisions",
}
"""What made a change, in words."""
_MISSING = object()
_PARTS: Mapping[str, Cause] = {"code": "code", "config": "code", "model": "model", "tables": "tables"}
_PROGRAM: tuple[Cause, ...] = ("model", "tables", "code")
Records = Mapping[str, CooperationRecord]


@dataclass(frozen=True, slots=True)
class Causes:
    """What changed in the program since the parent release, and what can be run to tell causes apart.

    ``program`` holds those of code, model and tables whose digests differ (a changed configuration counts as code).
    ``reextract`` runs today's program on a document as the parent release holds it (the source is frozen).
    ``frozen`` maps a program cause to a run of today's program with that one part as it was in the parent.
    """

    program: frozenset[Cause] = frozenset()
    reextract: ReExtract | None = None
    frozen: Mapping[Cause, ReExtract] = field(default_factory=dict)


def causes_between(
    parent: Digests | None,
    now: Digests,
    *,
    reextract: ReExtract | None = None,
    frozen: Mapping[Cause, ReExtract] | None = None,
) -> Causes:
    """Compare the digests of a release with its parent's (None: a first release; all its changes are the source's)."""
    if parent is None:
        return Causes(reextract=reextract, frozen=frozen or {})
    changed = (cause for part, cause in _PARTS.items() if getattr(parent, part) != getattr(now, part))
    return Causes(frozenset(changed), reextract, frozen or {})


def summaries(changes: Iterable[Change]) -> list[str]:
    """Say for each cause how many changes come from it, as in "n of m changes come from the new model"."""
    counts: Counter[str] = Counter(change.cause for change in changes)
    total = counts.total()
    return [
        f"{counts[cause]} of {total} changes {'comes' if counts[cause] == 1 else 'come'} from {words}"
        for cause, words in CAUSE_NAMES.items()
        if counts[cause]
    ]


class Attribution:
    """Tells the causes of the changes between two states of one document.

    A field whose new value the new program gives on the old text too is the program's change; otherwise it is the
    source's. Of several program causes it is the one without which the field would not have changed, as far as a run
    with that part frozen can be had; what remains is the one cause left over, or ``code``.
    """

    def __init__(
        self,
        old: Extraction | None,
        new: Extraction,
        *,
        published: tuple[Sequence[CooperationRecord], Sequence[CooperationRecord]],
        causes: Causes,
        source: bool,
        withheld: Collection[str] = (),
    ) -> None:
        """Take both states as the machine made them, under stable ids, and as published (before, after).

        ``source`` tells whether the document itself changed; ``withheld`` names records that were kept out before.
        """
        self._old_document, self._causes, self._source, self._withheld = old, causes, source, withheld
        self._old, self._new = _by_id(old.records if old else ()), _by_id(new.records)
        self._before, self._after = _by_id(published[0]), _by_id(published[1])
        self._run = cache(self._read_again)

    def __call__(self, record_id: str, name: str) -> Cause:
        """Return the cause of a change in a record's field (dotted; empty for an addition or a removal)."""
        if name == PLACE:
            return "source" if self._source else self._of_program(record_id, name)
        if self._by_decision(record_id, name):
            return "decision"
        return self._machine(record_id, name)

    def _by_decision(self, record_id: str, name: str) -> bool:
        old, new = self._old.get(record_id), self._new.get(record_id)
        if old is None and new is None:
            return not (self._source and record_id in self._before)
        if not name:
            back = record_id in self._withheld and self._after[record_id].review.state != "rejected"
            return back or (old is None) == (new is None)
        top = name.partition(".")[0]
        if top == "review":
            return self._reviewed_anew(record_id)
        if old is None or new is None:
            return False
        before, after = top in _original(self._before[record_id]), top in _original(self._after[record_id])
        if before and after and not self._reviewed_anew(record_id):
            return False
        return _value(old, top) == _value(new, top) or (after and not before)

    def _reviewed_anew(self, record_id: str) -> bool:
        before, after = self._before.get(record_id), self._after.get(record_id)
        if before is None or after is None:
            return True
        return before.review.model_copy(update={"original": None}) != after.review.model_copy(update={"original": None})

    def _machine(self, record_id: str, name: str) -> Cause:
        program = self._causes.program
        name = self._unwrapped(record_id, name)
        if self._source and (not program or self._old_document is None):
            return "source"
        if self._source and not self._same_on_old_text(record_id, name):
            return "source"
        return self._of_program(record_id, name)

    def _unwrapped(self, record_id: str, name: str) -> str:
        """Return the machine's field that a change in ``review.original`` is about."""
        if name == "review.original":
            record = self._after[record_id] if _original(self._after[record_id]) else self._before[record_id]
            return min(_original(record))
        return name.removeprefix("review.original.")

    def _same_on_old_text(self, record_id: str, name: str) -> bool:
        reextract = self._causes.reextract
        return reextract is not None and _at(self._run(reextract), record_id, name) == _at(self._new, record_id, name)

    def _of_program(self, record_id: str, name: str) -> Cause:
        left = [cause for cause in _PROGRAM if cause in self._causes.program]
        for cause in list(left):
            if len(left) > 1 and cause in self._causes.frozen:
                if _at(self._run(self._causes.frozen[cause]), record_id, name) == _at(self._old, record_id, name):
                    return cause
                left.remove(cause)
        return left[-1] if left else "code"

    def _read_again(self, reextract: ReExtract) -> Records:
        if self._old_document is None:
            return {}
        document = self._old_document.document
        known = [*self._old.values(), *(one for key, one in self._new.items() if key not in self._old)]
        again = reextract(document)
        return _by_id(identify(Extraction(document=document, records=tuple(known)), again).records)


def _by_id(records: Sequence[CooperationRecord]) -> dict[str, CooperationRecord]:
    return {record.record_id: record for record in records}


def _original(record: CooperationRecord) -> Mapping[str, Any]:
    return record.review.original or {}


def _at(records: Records, record_id: str, name: str) -> Any:
    record = records.get(record_id)
    if record is None or not name:
        return _MISSING if record is None else None
    return _value(record, name)


def _value(record: CooperationRecord, name: str) -> Any:
    """Return the JSON value at a dotted path, without offsets."""
    top, _, rest = name.partition(".")
    value = record.model_dump(mode="json", include={top}).get(top)
    for part in rest.split(".") if rest else ():
        value = value.get(part) if isinstance(value, dict) else None
    return unplaced(value)
