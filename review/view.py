"""The curators' log as it stands, and the ledger at one moment: what of it a curator may see."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ledger.decisions import Chain, Fault, Standing, as_decided, disputed, effective, opinions, standing, states
from ledger.decisions.merge import moved_to
from ledger.errors import LedgerError
from review.assignments import Assignments
from review.filters import ONE_OF_TWO
from review.release import ReleaseIndex
from review.table import RecordTable, ReviewStatus
from schemas import CooperationRecord, Decision, Versions


class UnsoundLogError(LedgerError):
    """A line of the log does not fit: nothing is written until somebody has looked."""


class DecisionHistory:
    """The decisions of a log by record. ``refresh`` takes in what was appended since, by whomever."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clear()

    def _clear(self) -> None:
        self._read, self._stamp, self._tail = 0, (-1, 0), b""
        self._chain = Chain()
        self.all: list[Decision] = []
        self._of: dict[str, list[Decision]] = defaultdict(list)
        self._added: dict[str, list[Decision]] = defaultdict(list)
        self._by_id: dict[str, Decision] = {}
        self._standing: dict[str, tuple[int, Standing | None]] = {}
        self._when: dict[str, int] = {}
        self._texts: dict[str, str] = {}

    @property
    def faults(self) -> Sequence[Fault]:
        """The lines that do not fit, in their order; what can be read before and after them is read."""
        return self._chain.faults

    def check(self) -> None:
        """Insist on a sound log. Raises UnsoundLogError: it names the first line that does not fit."""
        if self.faults:
            first = self.faults[0]
            raise UnsoundLogError(
                f"{self._path}, line {first.line} {first.what}; look at it, then run: coopledger decisions --repair"
            )

    def refresh(self) -> list[Decision] | None:
        """Read on; return the new decisions, or None where the log was replaced and all has to be looked at anew."""
        stat = self._path.stat() if self._path.exists() else None
        size, stamp = (stat.st_size, (stat.st_ino, stat.st_mtime_ns)) if stat else (0, (-1, 0))
        replaced = self._read > 0 and (stamp[0] != self._stamp[0] or size < self._read or self._rewritten(size, stamp))
        if replaced:
            self._clear()
        fresh = list(self._chain.read(self._appended())) if size > self._read else []
        self._stamp = stamp
        for decision in fresh:
            self._take(decision)
        return None if replaced else fresh

    def _take(self, decision: Decision) -> None:
        self._when[decision.record_id] = len(self.all)
        self.all.append(decision)
        self._of[decision.record_id].append(decision)
        self._by_id[decision.id] = decision
        if decision.added is not None and not decision.undoes:
            self._added[decision.document_id].append(decision)

    def _rewritten(self, size: int, stamp: tuple[int, int]) -> bool:
        """Tell whether the log is another in what was read: an appended line leaves the one before it at its place."""
        if stamp == self._stamp:
            return False
        with self._path.open("rb") as file:
            file.seek(self._read - len(self._tail))
            return size == self._read or file.read(len(self._tail)) != self._tail

    def _appended(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):  # being written at this moment
                    return
                self._read += len(line)
                self._tail = line
                yield line

    def of(self, record_id: str) -> list[Decision]:
        """List all decisions about a record, undone ones and undoing ones too, oldest first."""
        return list(self._of.get(record_id, ()))

    def document_of(self, record_id: str) -> str | None:
        """Return the document of a record that somebody decided about; None of any other."""
        decisions = self._of.get(record_id)
        return decisions[0].document_id if decisions else None

    def by_id(self, decision_id: str) -> Decision | None:
        """Return a decision; None if there is none such."""
        return self._by_id.get(decision_id)

    def when(self, record_id: str) -> int:
        """Return the place in the log of the last line about a record; -1 if there is none."""
        return self._when.get(record_id, -1)

    def text_of(self, decision: Decision) -> str:
        """Return what a decision can be found by, in small letters: names, sentence, note, ids."""
        found = self._texts.get(decision.id)
        if found is None:
            found = self._texts[decision.id] = _text(decision)
        return found

    def standing(self, record_id: str) -> Standing | None:
        """Return where a record stands."""
        decisions = self.of(record_id)
        kept = self._standing.get(record_id)
        if kept is None or kept[0] != len(decisions):
            kept = self._standing[record_id] = len(decisions), standing(decisions).get(record_id)
        return kept[1]

    def records(self) -> list[str]:
        """List the ids of the records that decisions are about."""
        return list(self._of)

    def added_to(self, document_id: str) -> list[Decision]:
        """List the decisions that stand by which curators added records to a document."""
        return [one for one in self._added.get(document_id, ()) if self.stands(one)]

    def is_addition(self, record_id: str) -> bool:
        """Tell whether a record is one that curators added, which no machine found or offered."""
        return any(one.added is not None and not one.possible for one in self._of.get(record_id, ()))

    def stands(self, decision: Decision) -> bool:
        """Tell whether a decision counts: it was not taken back, and takes none back itself."""
        return any(one.id == decision.id for one in effective(self.of(decision.record_id)))


def _text(one: Decision) -> str:
    record = one.record or one.added
    names = (record.actor.name, record.partner.name if record.partner else "", record.kind) if record else ()
    quoted = one.evidence.text if one.evidence else ""
    return "\n".join((one.reviewer, one.document_id, one.record_id, one.note or "", *names, quoted)).casefold()


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger at one moment, for the program (``curator`` is None) or as one curator may see it.

    Of what two code, neither sees what the other decided about a record before deciding about it; nor does a visitor
    without a name, who may be one of them.
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

    def of(self, record_id: str) -> list[Decision]:
        """List the decisions about a record that may be seen, oldest first."""
        return [one for one in self.history.of(record_id) if self.sees(one)]

    def decisions(self) -> list[Decision]:
        """List all decisions that may be seen, oldest first."""
        hidden = self.hidden()
        return [one for one in list(self.history.all) if one.record_id not in hidden or self.sees(one)]

    def added_to(self, document_id: str) -> list[CooperationRecord]:
        """List the records that curators added to a document and that may be seen."""
        seen = [one for one in self.history.added_to(document_id) if self.sees(one)]
        return list({one.record_id: one.added for one in seen if one.added is not None}.values())

    def sees(self, decision: Decision) -> bool:
        """Tell whether the curator may see a decision: their own, an earlier release's, any once they have decided."""
        mine = decision.reviewer == self.curator or decision.release < self.release.version
        return mine or not self._is_blind(decision.record_id)

    def hidden(self) -> frozenset[str]:
        """Name the records about which the curator may not see all decisions."""
        return frozenset(one for one in self.history.records() if self._is_blind(one))

    def _is_blind(self, record_id: str) -> bool:
        """Tell whether the curator has still to decide about a record that two code.

        A record that somebody added shows once all others of its document are decided.
        """
        if self.curator is None:
            return False
        about, document_id = [record_id], self.history.document_of(record_id) or ""
        if self.history.is_addition(record_id):
            about = [one.record_id for one in self.release.records_of(document_id)]
        return any(
            self.curator in waiting or (bool(waiting) and not self.curator)
            for one in about
            if len(self.assignments.coders(one, document_id)) > 1 and (waiting := self.waiting(one, document_id))
        )

    def waiting(self, record_id: str, document_id: str) -> tuple[str, ...]:
        """Name who has still to decide about a record of this release."""
        decisions, version = self.history.of(record_id), self.release.version
        if not any(one.release >= version for one in effective(decisions)):
            return () if self.table.settled(record_id) else self.assignments.coders(record_id, document_id)
        return self.assignments.waiting(record_id, document_id, self._complete(record_id))

    def _complete(self, record_id: str) -> list[str]:
        """Name who decided a record whole on seeing this release."""
        said = opinions(self.history.of(record_id))
        return [name for name, one in said.items() if one.complete and one.decision.release >= self.release.version]

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
        """Return what everybody may know of what curators said of a record: while two code it, only who has decided.

        Done with is what was decided whole, by both where two code it, and two do not differ about.
        """
        document_id = self.history.document_of(record_id) or self.table.value(record_id, "document_id") or ""
        waiting, when = self.waiting(record_id, document_id), self.history.when(record_id)
        open_to_all = self.seen_by("")
        state, settled = open_to_all.standing(record_id), self.table.settled(record_id)
        if waiting and len(self.assignments.coders(record_id, document_id)) > 1:
            when, complete = -1, tuple(self._complete(record_id))
            if complete:
                return ReviewStatus(False, (ONE_OF_TWO,), complete, self.history.when(record_id), waiting)
        if state is None:
            return ReviewStatus(done=settled, waiting=waiting)
        decisions = open_to_all.of(record_id)
        differ, fresh = bool(disputed(decisions)), state.decision.release >= self.release.version
        done = not differ and (state.complete and not waiting if fresh else settled)
        names = dict.fromkeys(one.reviewer for one in effective(decisions))
        return ReviewStatus(
            done, ("two differ" if differ else word_of(state),), tuple(names), when, () if done else waiting
        )


def word_of(state: Standing) -> str:
    """Say in a word where a record stands: one of the values of the filter by decision."""
    if state.verdict == "reject":
        return "rejected"
    if not state.complete:
        return "in part"
    given = state.pins.items() if state.added is None else ()
    return "edited" if any(states(name, one.seen) != states(name, one.given) for name, one in given) else "accepted"
