"""Why a release differs from its parent: which digests changed, and the cause of each change in a document."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ledger.diff import OFFSET_FIELD, without_offsets
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
"""Each cause as readers see it in a sentence."""
_MISSING = object()
_CAUSE_OF_DIGEST: Mapping[str, Cause] = {"code": "code", "config": "code", "model": "model", "tables": "tables"}
_PROGRAM_CAUSES: tuple[Cause, ...] = ("model", "tables", "code")
Records = Mapping[str, CooperationRecord]


@dataclass(frozen=True, slots=True)
class Causes:
    """What changed in the program since the parent release, and the extractions that can be run to tell causes apart.

    ``program`` holds those of code, model and tables whose digests differ (a changed configuration counts as code).
    ``reextract`` runs today's program on a document's text as the parent release holds it.
    ``frozen`` maps a program cause to an extraction by today's program with that one part as it was in the parent.
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
    """Compare the digests of a release with its parent's (None: a first release, in which only the source changed)."""
    if parent is None:
        return Causes(reextract=reextract, frozen=frozen or {})
    changed = (cause for part, cause in _CAUSE_OF_DIGEST.items() if getattr(parent, part) != getattr(now, part))
    return Causes(frozenset(changed), reextract, frozen or {})


def cause_summaries(changes: Iterable[Change]) -> list[str]:
    """Return one sentence for each cause that occurs, such as "n of m changes come from the new model"."""
    counts: Counter[str] = Counter(change.cause for change in changes)
    total = counts.total()
    return [
        f"{counts[cause]} of {total} changes {'comes' if counts[cause] == 1 else 'come'} from {words}"
        for cause, words in CAUSE_NAMES.items()
        if counts[cause]
    ]


class Attribution:
    """Finds the cause of each change between two states of one document.

    A change that a curator's decision explains is the decision's. Otherwise, if the new program reads the field's new
    value from the old text too, the program caused the change; if not, the source did. Where several parts changed,
    ``frozen`` runs are tried in turn: the cause is the first part that, frozen, gives the old value. If none does, it
    is the last part that was not ruled out (``code`` if no part changed).
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
        """Take both states as extracted, before decisions and under stable ids (``old`` is None for a new document).

        ``published`` has the records as published, of the parent and of the new release; ``source`` tells whether the
        document itself changed; ``withheld`` has the ids of records that a rejection kept out of the parent.
        """
        self._old_document, self._causes, self._source, self._withheld = old, causes, source, withheld
        self._old, self._new = _by_id(old.records if old else ()), _by_id(new.records)
        self._before, self._after = _by_id(published[0]), _by_id(published[1])
        self._rerun = cache(self._reextract_records)

    def __call__(self, record_id: str, name: str) -> Cause:
        """Return the cause of a change in a record's field (a dotted path; empty for an added or removed record)."""
        if name == OFFSET_FIELD:
            return "source" if self._source else self._program_cause(record_id, name)
        if self._is_by_decision(record_id, name):
            return "decision"
        return self._machine_cause(record_id, name)

    def _is_by_decision(self, record_id: str, name: str) -> bool:
        """Return whether a decision, not the extraction, changed the published field."""
        old, new = self._old.get(record_id), self._new.get(record_id)
        if old is None and new is None:
            return not (self._source and record_id in self._before)
        if not name:
            restored = record_id in self._withheld and self._after[record_id].review.state != "rejected"
            return restored or (old is None) == (new is None)
        top = name.partition(".")[0]
        if top == "review":
            return self._review_changed(record_id)
        if old is None or new is None:
            return False
        before, after = top in _original(self._before[record_id]), top in _original(self._after[record_id])
        if before and after and not self._review_changed(record_id):
            return False
        return _value(old, top) == _value(new, top) or (after and not before)

    def _review_changed(self, record_id: str) -> bool:
        before, after = self._before.get(record_id), self._after.get(record_id)
        if before is None or after is None:
            return True
        return before.review.model_copy(update={"original": None}) != after.review.model_copy(update={"original": None})

    def _machine_cause(self, record_id: str, name: str) -> Cause:
        program = self._causes.program
        name = self._machine_field(record_id, name)
        if self._source and (not program or self._old_document is None):
            return "source"
        if self._source and not self._same_on_old_text(record_id, name):
            return "source"
        return self._program_cause(record_id, name)

    def _machine_field(self, record_id: str, name: str) -> str:
        """Return the extracted field that a change in ``review.original`` is about; any other name unchanged."""
        if name == "review.original":
            record = self._after[record_id] if _original(self._after[record_id]) else self._before[record_id]
            return min(_original(record))
        return name.removeprefix("review.original.")

    def _same_on_old_text(self, record_id: str, name: str) -> bool:
        reextract = self._causes.reextract
        value = _value_at(self._new, record_id, name)
        return reextract is not None and _value_at(self._rerun(reextract), record_id, name) == value

    def _program_cause(self, record_id: str, name: str) -> Cause:
        candidates = [cause for cause in _PROGRAM_CAUSES if cause in self._causes.program]
        for cause in list(candidates):
            if len(candidates) > 1 and cause in self._causes.frozen:
                frozen = self._rerun(self._causes.frozen[cause])
                if _value_at(frozen, record_id, name) == _value_at(self._old, record_id, name):
                    return cause
                candidates.remove(cause)
        return candidates[-1] if candidates else "code"

    def _reextract_records(self, reextract: ReExtract) -> Records:
        if self._old_document is None:
            return {}
        document = self._old_document.document
        known_records = [*self._old.values(), *(one for key, one in self._new.items() if key not in self._old)]
        extracted = reextract(document)
        return _by_id(identify(Extraction(document=document, records=tuple(known_records)), extracted).records)


def _by_id(records: Sequence[CooperationRecord]) -> dict[str, CooperationRecord]:
    return {record.record_id: record for record in records}


def _original(record: CooperationRecord) -> Mapping[str, Any]:
    return record.review.original or {}


def _value_at(records: Records, record_id: str, name: str) -> Any:
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
    return without_offsets(value)
