"""The ledger at one moment: the last release, the log, the list of records; and what of it a curator may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ledger.decisions import Standing, as_decided, disputed, effective, opinions, standing, states
from ledger.decisions.merge import moved_to
from review.assignments import Assignments
from review.history import DecisionHistory
from review.release import ReleaseIndex
from review.table import ONE_OF_TWO, RecordTable, ReviewStatus
from schemas import CooperationRecord, Decision, Versions


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger at one moment, for everybody, or as one ``curator`` may see it.

    Of a document that two code, neither sees what the other decided about a record before deciding about it.
    """

    versions: Versions
    release: ReleaseIndex
    history: DecisionHistory
    table: RecordTable
    assignments: Assignments = field(default_factory=Assignments)
    curator: str = ""

    def seen_by(self, name: str) -> "LedgerView":
        """Return the ledger as a curator may see it."""
        return replace(self, curator=name)

    def of(self, record_id: str) -> list[Decision]:
        """List the decisions about a record that may be seen, oldest first."""
        return [one for one in self.history.of(record_id) if self.sees(one)]

    def decisions(self) -> list[Decision]:
        """List all decisions that may be seen, oldest first."""
        return [one for one in list(self.history.all) if self.sees(one)]

    def sees(self, decision: Decision) -> bool:
        """Tell whether the curator may see a decision: their own, an earlier release's, any once they have decided."""
        mine = decision.reviewer == self.curator or decision.release < self.release.version
        return mine or not self._is_blind(decision.record_id)

    def _is_blind(self, record_id: str) -> bool:
        """Tell whether the curator codes a record with another and has not decided about it yet."""
        document_id = self.history.document_of(record_id)
        if not self.curator or document_id is None:
            return False
        coders = self.assignments.coders(record_id, document_id)
        return len(coders) > 1 and self.curator in coders and self.curator not in _complete(self.history.of(record_id))

    def last(self, record_id: str) -> str:
        """Return the id of the last line about a record that may be seen; empty if there is none."""
        seen = self.of(record_id)
        return seen[-1].id if seen else ""

    def standing(self, record_id: str) -> Standing | None:
        """Return where a record stands by the decisions that may be seen."""
        seen = self.of(record_id)
        whole = self.history.of(record_id)
        return self.history.standing(record_id) if len(seen) == len(whole) else standing(seen).get(record_id)

    def record(self, record_id: str) -> CooperationRecord | None:
        """Return a record as published, or as a curator saw or added it where the release has it no longer."""
        published = self.release.record(record_id)
        state = None if published else self.standing(record_id)
        return published or (state.record if state else None)

    def shown(self, record_id: str) -> CooperationRecord | None:
        """Return a record as the decisions made since leave it; a rejected one as it was."""
        record, state = self.record(record_id), self.standing(record_id)
        if record is None or state is None:
            return record
        document = self.release.document(record.document_id)
        if document is None or document.text is None:
            return record
        if not self.release.has(record_id):
            return moved_to(record, document.text)
        return as_decided(record, state, document.text) or record

    def disputed(self, record_id: str) -> tuple[str, ...]:
        """Name the fields in which two curators differ about a record, and no third has decided."""
        return disputed(self.of(record_id))

    def status(self, record_id: str) -> ReviewStatus:
        """Return what curators said of a record.

        Done with is what was decided whole, by both where two code it, and two do not differ about.
        """
        decisions = self.of(record_id)
        state = self.standing(record_id)
        if state is None:
            document_id = self.table.document_of(record_id)
            waiting = self.assignments.coders(record_id, document_id) if document_id is not None else ()
            return ReviewStatus(done=self.table.settled(record_id), waiting=waiting)
        differ = bool(disputed(decisions))
        fresh = state.decision.release >= self.release.version
        document_id = state.decision.document_id
        waiting = self.assignments.waiting(record_id, document_id, _complete(decisions)) if fresh else ()
        done = not differ and (state.complete and not waiting if fresh else self.table.settled(record_id))
        names = dict.fromkeys(one.reviewer for one in effective(decisions))
        word = ONE_OF_TWO if state.complete and waiting and not differ else _word(state, differ=differ)
        return ReviewStatus(done, (word,), tuple(names), self.history.when(record_id), () if done else waiting)


def _complete(decisions: Sequence[Decision]) -> set[str]:
    """Name who decided a record whole."""
    return {name for name, one in opinions(decisions).items() if one.complete}


def _word(state: Standing, *, differ: bool) -> str:
    """Say in a word where a record stands: one of the values of the filter by decision."""
    if differ:
        return "two differ"
    if state.verdict == "reject":
        return "rejected"
    if not state.complete:
        return "in part"
    given = state.pins.items() if state.added is None else ()
    return "edited" if any(states(name, one.seen) != states(name, one.given) for name, one in given) else "accepted"
