"""Assignments of records to curators; and the view of the ledger at one moment, with what a curator may see of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError, field_validator

from ledger.decisions import (
    DecisionHistory,
    Standing,
    as_decided,
    by_curator,
    disputed,
    effective,
    machine_record,
    meaning,
    standing,
)
from ledger.decisions.merge import merge_record, requoted_record
from ledger.errors import LedgerError
from ledger.release.jsonl import first_error, pretty
from ledger.release.layout import replace_text
from review.access import cleaned_name
from review.filters import ONE_OF_TWO
from review.release import ReleaseIndex
from review.table import RecordTable, ReviewStatus
from schemas import CooperationRecord, Decision, Model, Review, Versions, digest_of

M = TypeVar("M", bound=Model)
SHARES = "shares.json"
_MAX_CURATORS = 200


class Assignments(Model):
    """Who reviews which records: assigned by hand, or by a deterministic lot, so that curators do not begin alike.

    A document goes to the curator whose name, hashed together with the document's, comes first (rendezvous hashing):
    nothing is stored per record, and when a curator joins or leaves, only that curator's part moves. A share of the
    documents (``double``) goes to two, who decide without seeing each other's decisions, so that their agreement can be
    measured. What is assigned by hand, record by record, goes before the lot.
    """

    curators: tuple[str, ...] = Field(default=(), max_length=_MAX_CURATORS)
    double: float = Field(default=0, ge=0, le=1)
    by_hand: dict[str, tuple[str, ...]] = {}

    @field_validator("curators")
    @classmethod
    def _clean(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return cleaned_names(names)

    @property
    def names(self) -> tuple[str, ...]:
        """All curators to whom something is assigned, sorted."""
        return tuple(sorted({*self.curators, *(name for names in self.by_hand.values() for name in names)}))

    def coders(self, record_id: str, document_id: str) -> tuple[str, ...]:
        """Name who reviews a record: those assigned by hand, else one by lot, or two if the document is coded twice;
        nobody if there are no curators."""
        return self.by_hand.get(record_id) or _by_lot(self.curators, self.double, document_id)

    def waiting(self, record_id: str, document_id: str, complete: Collection[str]) -> tuple[str, ...]:
        """Name who has yet to decide about a record; ``complete`` names who has decided all of it.

        Anybody may decide in place of the curator assigned; if two code the record, any two must.
        """
        coders = self.coders(record_id, document_id)
        left = tuple(one for one in coders if one not in complete)
        return left if len(complete) < len(coders) else ()

    def with_assigned(self, record_ids: Iterable[str], names: Iterable[str]) -> "Assignments":
        """Return the assignments with some records assigned by hand; without names, they are assigned by lot again."""
        chosen = cleaned_names(names)
        kept = {key: one for key, one in self.by_hand.items() if key not in set(record_ids)}
        return self.model_copy(update={"by_hand": {**kept, **dict.fromkeys(record_ids, chosen)} if chosen else kept})


def cleaned_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return curators' names cleaned and sorted, without duplicates and empty ones."""
    return tuple(sorted({one for name in names if (one := cleaned_name(name))}))


@lru_cache(maxsize=200_000)
def _by_lot(curators: tuple[str, ...], double: float, document_id: str) -> tuple[str, ...]:
    order = sorted((digest_of(document_id, name), name) for name in curators)
    lot = int(digest_of(document_id)[:8], 16) / 16**8
    return tuple(name for _, name in order[: 2 if lot < double else 1])


def read_settings(path: Path, model: type[M], what: str) -> M:
    """Read a file of curators' settings; without a file, the defaults. Raises LedgerError: it is invalid."""
    try:
        return model.model_validate_json(path.read_bytes()) if path.exists() else model()
    except ValidationError as error:
        raise LedgerError(f"{path} does not say {what}: {first_error(error)}") from error


def read_assignments(folder: Path) -> Assignments:
    """Read the assignments of an output folder; by default, nothing is assigned. Raises LedgerError: it is invalid."""
    return read_settings(folder / SHARES, Assignments, "among whom the documents are shared")


def write_assignments(folder: Path, assignments: Assignments) -> None:
    """Write the assignments of an output folder. Raises OSError: they could not be written."""
    plain = assignments.model_dump(mode="json", exclude=None if assignments.by_hand else {"by_hand"})
    replace_text(folder / SHARES, pretty(plain))


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger at one moment, for the program (``curator`` is None) or as one curator may see it.

    If two code a record, neither sees the other's decisions about it before deciding; nor does a visitor without a
    name, who may be one of them.
    """

    versions: Versions
    release: ReleaseIndex
    history: DecisionHistory
    table: RecordTable
    assignments: Assignments = field(default_factory=Assignments)
    curator: str | None = None

    def seen_by(self, name: str) -> "LedgerView":
        """Return the ledger as a curator may see it."""
        return replace(self, curator=name)

    def decisions_about(self, record_id: str) -> list[Decision]:
        """List the decisions about a record that may be seen, oldest first."""
        return [one for one in self.history.of(record_id) if self.may_see(one)]

    def decisions(self) -> list[Decision]:
        """List all decisions that may be seen, oldest first."""
        hidden = self.hidden_records()
        return [one for one in list(self.history.all) if one.record_id not in hidden or self.may_see(one)]

    def added_to(self, document_id: str) -> list[CooperationRecord]:
        """List the records that curators added to a document and that may be seen."""
        additions = self.history.additions_to(document_id)
        here = [one for one in additions if self.document_of(one.record_id) == document_id]
        seen = [one for one in here if self.may_see(one)]
        return list({one.record_id: one.added for one in seen if one.added is not None}.values())

    def may_see(self, decision: Decision) -> bool:
        """Return whether the curator may see a decision: their own, an older release's, any once they have decided."""
        mine = decision.reviewer == self.curator or decision.release < self.release.version
        return mine or not self._is_blind(decision.record_id)

    def hidden_records(self) -> frozenset[str]:
        """Return the ids of the records about which the curator may not see all decisions."""
        return frozenset(one for one in self.history.records() if self._is_blind(one))

    def _is_blind(self, record_id: str) -> bool:
        """Return whether the curator has yet to decide about a record that two code.

        An added record is hidden until the curator has decided about all others of its document.
        """
        if self.curator is None:
            return False
        about, document_id = [record_id], self.document_of(record_id)
        if self.history.is_addition(record_id):
            about = [one.record_id for one in self.release.records_of(document_id)]
        return any(
            self.curator in waiting or (bool(waiting) and not self.curator)
            for one in about
            if len(self.assignments.coders(one, document_id)) > 1 and (waiting := self.waiting(one, document_id))
        )

    def waiting(self, record_id: str, document_id: str) -> tuple[str, ...]:
        """Name who has yet to decide about a record of this release."""
        decisions, version = self.history.of(record_id), self.release.version
        if not any(one.release >= version for one in effective(decisions)):
            return () if self.table.settled(record_id) else self.assignments.coders(record_id, document_id)
        return self.assignments.waiting(record_id, document_id, self._who_completed(record_id))

    def _who_completed(self, record_id: str) -> list[str]:
        """Name who has decided all of a record since this release."""
        said = by_curator(self.history.of(record_id))
        return [name for name, one in said.items() if one.complete and one.decision.release >= self.release.version]

    def last_decision_id(self, record_id: str) -> str:
        """Return the id of the last decision about a record that may be seen; empty if there is none."""
        seen = self.decisions_about(record_id)
        return seen[-1].id if seen else ""

    def standing(self, record_id: str) -> Standing | None:
        """Return where a record stands by the decisions that may be seen; None without any."""
        seen = self.decisions_about(record_id)
        whole = self.history.of(record_id)
        return self.history.standing(record_id) if len(seen) == len(whole) else standing(seen).get(record_id)

    def document_of(self, record_id: str) -> str:
        """Return the id that a record's document has in the release, though it was another when somebody decided; if
        the release does not tell, that of the decisions. Empty if there are none."""
        merged = self.release.merged_of(record_id)
        known = merged[0].document_id if merged else self.table.value(record_id, "document_id")
        return known or self.history.document_of(record_id) or ""

    def record(self, record_id: str) -> CooperationRecord | None:
        """Return a record as published, or if the release lacks it, as a curator last saw or added it; else None."""
        published = self.release.record(record_id)
        state = None if published else self.standing(record_id)
        if state is None or state.record is None:
            return published
        return state.record.model_copy(update={"document_id": self.document_of(record_id)})

    def shown(self, record_id: str) -> CooperationRecord | None:
        """Return a record with the decisions made since applied; a rejected one unchanged. None if it is unknown."""
        record, state = self.record(record_id), self.standing(record_id)
        if record is None or state is None:
            return record
        document = self.release.document(record.document_id)
        text = document.text if document else None
        if not self.release.has(record_id):
            return _unpublished_record(record, state, text)
        return as_decided(record, state, _text_or_sentence(record, text)) or record

    def is_rejected(self, record_id: str) -> bool:
        """Return whether a record is rejected, by the decisions that may be seen."""
        state = self.standing(record_id)
        return state is not None and state.verdict == "reject"

    def disputed(self, record_id: str) -> tuple[str, ...]:
        """Name the fields of a record about which two curators differ and no third has decided."""
        return disputed(self.decisions_about(record_id))

    def status(self, record_id: str) -> ReviewStatus:
        """Return the status of a record that everybody may see: while two still code it, only who has decided.

        A record is done if all of it was decided, by both if two code it, and they do not differ.
        """
        document_id = self.document_of(record_id)
        waiting, when = self.waiting(record_id, document_id), self.history.last_position(record_id)
        open_to_all = self.seen_by("")
        state, settled = open_to_all.standing(record_id), self.table.settled(record_id)
        if waiting and len(self.assignments.coders(record_id, document_id)) > 1:
            when, complete = -1, tuple(self._who_completed(record_id))
            if complete:
                return ReviewStatus(False, (ONE_OF_TWO,), complete, self.history.last_position(record_id), waiting)
        if state is None:
            return ReviewStatus(done=settled, waiting=waiting)
        decisions = open_to_all.decisions_about(record_id)
        differ, fresh = bool(disputed(decisions)), state.decision.release >= self.release.version
        done = not differ and (state.complete and not waiting if fresh else settled)
        names = dict.fromkeys(one.reviewer for one in effective(decisions))
        return ReviewStatus(
            done, ("two differ" if differ else word_of(state),), tuple(names), when, () if done else waiting
        )


def _unpublished_record(record: CooperationRecord, state: Standing, text: str | None) -> CooperationRecord:
    """Return a record that the release lacks, added since or an orphan, with the decisions about it applied.

    Args:
        record: the record as the curator who decided last saw it, for want of another base.
        state: its standing.
        text: the document's text now; None if the release lacks it.
    """
    if state.verdict == "reject":
        return record if text is None else requoted_record(record, text)
    before = machine_record(record) if state.added is None else state.added.model_copy(update={"review": Review()})
    quoted = before if text is None else requoted_record(before, text)
    return merge_record(quoted, state, _text_or_sentence(quoted, text))[0] or quoted


def _text_or_sentence(record: CooperationRecord, text: str | None) -> str:
    """Return a document's text or, if the release lacks it, blanks with the record's sentence at its old offsets."""
    return " " * record.evidence.start + record.evidence.text if text is None else text


def word_of(state: Standing) -> str:
    """Return in a word where a record stands: one of VERDICTS, the values of the filter by decision."""
    if state.verdict == "reject":
        return "rejected"
    if not state.complete:
        return "in part"
    given = state.pins.items() if state.added is None else ()
    return "edited" if any(meaning(name, one.seen) != meaning(name, one.given) for name, one in given) else "accepted"
