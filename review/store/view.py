"""The ledger at one moment: the last release, the log, the list of records; and what of it a curator may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ledger.decisions import Standing, as_decided, disputed, effective, opinions, standing, states
from review.queue import ONE_OF_TWO, QueueTable, Said
from review.shares import Shares
from review.store.decided import Decided
from review.store.moved import moved
from review.store.shelf import Shelf
from schemas import CooperationRecord, Decision, Versions


@dataclass(frozen=True, slots=True)
class View:
    """The ledger at one moment, for everybody, or as one curator may see it (``eyes``).

    Of a document that two code, neither sees what the other decided about a record before deciding about it.
    """

    versions: Versions
    shelf: Shelf
    decided: Decided
    queue: QueueTable
    shares: Shares = field(default_factory=Shares)
    eyes: str = ""

    def seen_by(self, name: str) -> "View":
        """Return the ledger as a curator may see it."""
        return replace(self, eyes=name)

    def of(self, record_id: str) -> list[Decision]:
        """List the decisions about a record that may be seen, oldest first."""
        decisions = self.decided.of(record_id)
        if not self.eyes or not decisions:
            return decisions
        holders = self.shares.holders(decisions[0].document_id)
        if len(holders) < 2 or self.eyes not in holders or self.eyes in _complete(decisions):
            return decisions
        return [one for one in decisions if one.reviewer == self.eyes or one.release < self.shelf.version]

    def last(self, record_id: str) -> str:
        """Return the id of the last line about a record that may be seen; empty if there is none."""
        seen = self.of(record_id)
        return seen[-1].id if seen else ""

    def standing(self, record_id: str) -> Standing | None:
        """Return where a record stands by the decisions that may be seen."""
        return standing(self.of(record_id)).get(record_id)

    def record(self, record_id: str) -> CooperationRecord | None:
        """Return a record as published, or as a curator saw or added it where the release has it no longer."""
        published = self.shelf.record(record_id)
        state = None if published else self.standing(record_id)
        return published or (state.record if state else None)

    def shown(self, record_id: str) -> CooperationRecord | None:
        """Return a record as the decisions made since leave it; a rejected one as it was."""
        record, state = self.record(record_id), self.standing(record_id)
        if record is None or state is None:
            return record
        document = self.shelf.document(record.document_id)
        if document is None or document.text is None:
            return record
        if self.shelf.record(record_id) is None:
            return moved(record, document.text)
        return as_decided(record, state, document.text) or record

    def disputed(self, record_id: str) -> tuple[str, ...]:
        """Name the fields in which two curators differ about a record, and no third has decided."""
        return disputed(self.of(record_id))

    def said(self, record_id: str) -> Said:
        """Return what curators said of a record.

        Done with is what was decided whole, by both where two code it, and two do not differ about.
        """
        decisions = self.of(record_id)
        state = standing(decisions).get(record_id)
        if state is None:
            return Said(done=self.queue.settled(record_id), waiting=self._holders(record_id))
        differ = bool(disputed(decisions))
        fresh = state.decision.release >= self.shelf.version
        waiting = self.shares.waiting(state.decision.document_id, _complete(decisions)) if fresh else ()
        done = not differ and (state.complete and not waiting if fresh else self.queue.settled(record_id))
        names = dict.fromkeys(one.reviewer for one in effective(decisions))
        word = ONE_OF_TWO if state.complete and waiting and not differ else _word(state, differ=differ)
        return Said(done, (word,), tuple(names), self.decided.when(record_id), () if done else waiting)

    def _holders(self, record_id: str) -> tuple[str, ...]:
        place = self.queue.place(record_id)
        return () if place is None else self.shares.holders(str(self.queue.frame["document_id"].iloc[place]))


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
    edited = state.added is None and any(states(name, one.seen) != states(name, one.given) for name, one in
                                         state.pins.items())  # fmt: skip
    return "edited" if edited else "accepted"
