"""The store: the latest release, the log and the list of records, kept up to date; all writing goes through it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock, RLock
from typing import Any

from ledger.decisions import DecisionHistory, DecisionLog, Fault, list_records
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.read import read_versions
from review.release import ReleaseIndex, last_changed
from review.table import RecordTable
from review.view import SHARES, Assignments, LedgerView, read_assignments, write_assignments
from schemas import CooperationRecord, Decision, FieldDecision, RejectReason, Verdict, Versions
from schemas.errors import CoopledgerError

Clock = Callable[[], datetime]
_CACHED_RELEASES = 4


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


class ConcurrentDecisionError(CoopledgerError):
    """Somebody else decided about the record since it was shown; no decision of this curator stands."""

    def __init__(self, theirs: Sequence[Decision]) -> None:
        self.theirs = list(theirs)
        super().__init__("somebody else decided about this record")

    def is_repeated(self, reviewer: str, verdict: Verdict) -> bool:
        """Return whether nobody else decided: the curator sent the same twice, say by a double click."""
        return all(one.reviewer == reviewer and one.verdict == verdict and not one.undoes for one in self.theirs)


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record as a curator saw it, the id of the last decision about it that they saw, and for an edit its fields.

    ``last_seen`` is empty if there was no decision, None if they decide regardless of others. ``adds`` is true if the
    decision adds the record to the ledger.
    """

    record: CooperationRecord
    last_seen: str | None
    fields: tuple[FieldDecision, ...] = ()
    adds: bool = False


class Store:
    """An output folder: reads its latest state, also what other programs change, and writes decisions and assignments.

    One lock guards what is in memory; another allows one writer at a time, while others read.
    """

    def __init__(self, output: Path, *, clock: Clock = utc_now) -> None:
        self.output = Output(Path(output))
        self._clock = clock
        self._lock, self._write_lock = RLock(), Lock()
        self._file_stamps: tuple[tuple[int, ...], tuple[int, ...]] = (), ()
        self._view: LedgerView | None = None
        self._release = lru_cache(maxsize=_CACHED_RELEASES)(partial(ReleaseIndex.open, self.output.root))

    def view(self) -> LedgerView:
        """Return the ledger as it is now.

        Raises:
            LedgerError: there is no release, or it is damaged.
        """
        with self._lock:
            view, stamps = self._view, (_file_stamp(self.output.versions), _file_stamp(self.output.root / SHARES))
            if view is None or stamps[0] != self._file_stamps[0]:
                view = self._open_latest(view.history if view else DecisionHistory(self.output.decisions))
            elif stamps[1] != self._file_stamps[1]:
                view = self._with_assignments(view)
            self._view, self._file_stamps = view, stamps
            fresh = view.history.refresh()
            if fresh is None or any(one.release < view.release.version for one in fresh):
                view = self._view = self._build_view(view.versions, view.release, view.history)
            else:
                _update(view, [one.record_id for one in fresh])
            return view

    def faults(self) -> Sequence[Fault]:
        """List the damaged lines of the log, as far as it was read."""
        return () if self._view is None else self._view.history.faults

    def release(self, version: str) -> ReleaseIndex:
        """Return a release by its version.

        Raises:
            LedgerError: it is not listed, lies outside the folder, or is damaged.
        """
        with self._lock:
            entry = next((one for one in self.view().versions.releases if one.version == version), None)
            if entry is None:
                raise LedgerError("there is no such release")
            folder = (self.output.root / entry.path).resolve()
            if not folder.is_relative_to(self.output.root.resolve()):
                raise LedgerError("the release lies outside the ledger")
            return self._release(version)

    def decide(
        self,
        record: CooperationRecord,
        *,
        verdict: Verdict,
        reviewer: str,
        last_seen: str | None,
        fields: Sequence[FieldDecision] = (),
        note: str | None = None,
        reason: RejectReason | None = None,
        duplicate_of: str | None = None,
    ) -> Decision:
        """Write a decision; it is on the disk when this returns.

        Args:
            record: the record as the curator saw it.
            verdict: accept, reject or edit.
            reviewer: who decided.
            last_seen: the id of the last decision about the record that the curator had seen (empty: none); None: any.
            fields: for an edit, the values seen and given.
            note: what the curator wrote.
            reason: why it is rejected.
            duplicate_of: the id of the record that states the same.

        Raises:
            ConcurrentDecisionError: somebody else decided since ``last_seen``.
            DamagedLogError: the log is damaged.
            OSError: it could not be written.
        """
        seen = SeenRecord(record, last_seen, tuple(fields))
        return self._decide_one(
            seen, verdict=verdict, reviewer=reviewer, note=note, reason=reason, duplicate_of=duplicate_of
        )

    def add(
        self,
        record: CooperationRecord,
        *,
        reviewer: str,
        last_seen: str | None,
        note: str | None = None,
        possible: bool = False,
    ) -> Decision:
        """Write that a record belongs in the ledger: the machine missed, lost or (``possible``) only suggested it.

        ``last_seen`` and what is raised are as in ``decide``.
        """
        seen = SeenRecord(record, last_seen, adds=True)
        return self._decide_one(seen, verdict="accept", reviewer=reviewer, note=note, possible=possible)

    def dismiss(self, record: CooperationRecord, *, reviewer: str, last_seen: str | None) -> Decision:
        """Write that a suggestion is no record. ``last_seen`` and what is raised are as in ``decide``."""
        seen = SeenRecord(record, last_seen)
        return self._decide_one(seen, verdict="reject", reviewer=reviewer, note=None, possible=True)

    def _decide_one(self, seen: SeenRecord, **given: Any) -> Decision:
        made, clashes = self._decide([seen], **given)
        if clashes:
            raise clashes[0]
        return made[0]

    def decide_all(
        self,
        records: Iterable[SeenRecord],
        *,
        verdict: Verdict,
        reviewer: str,
        batch: str,
        note: str | None = None,
        reason: RejectReason | None = None,
    ) -> list[Decision]:
        """Decide the same about many records in one step; records that somebody else decided since are left out."""
        given = {"verdict": verdict, "note": note, "reason": reason, "batch": batch}
        return self._decide(records, reviewer=reviewer, **given)[0]

    def _decide(
        self, records: Iterable[SeenRecord], *, reviewer: str, note: str | None, **given: Any
    ) -> tuple[list[Decision], list[ConcurrentDecisionError]]:
        written: list[tuple[SeenRecord, Decision]] = []
        made: list[Decision] = []
        clashes: list[ConcurrentDecisionError] = []
        with self._write_lock:
            view, log = self._checked_view(), self._log()
            visible = view.seen_by(reviewer)  # nobody clashes with what they may not see
            with log.transaction():
                for seen in records:
                    record_id = seen.record.record_id
                    if seen.last_seen is not None and visible.last_decision_id(record_id) != seen.last_seen:
                        theirs = _decisions_after(visible.decisions_about(record_id), seen.last_seen)
                        clashes.append(ConcurrentDecisionError(theirs))
                        continue
                    subject: dict[str, Any] = {"added" if seen.adds else "record": seen.record}
                    mine = log.append(
                        reviewer=reviewer, time=self.now(), release=view.release.version, fields=seen.fields,
                        note=note or None, **subject, **given,
                    )  # fmt: skip
                    written.append((seen, mine))
            view = self.view()
            for seen, mine in written:
                if theirs := _clashing_decisions(view, seen, mine):
                    self._log().undo(mine, reviewer=reviewer, time=self.now(), note="clash")
                    view = self.view()
                    clashes.append(ConcurrentDecisionError(theirs))
                else:
                    made.append(mine)
        return made, clashes

    def undo(self, decision_id: str, *, reviewer: str, note: str | None = None) -> Decision:
        """Undo a decision. Raises UnknownDecisionError: the log does not have it."""
        return self.undo_all([decision_id], reviewer=reviewer, note=note)[0]

    def undo_all(self, decision_ids: Iterable[str], *, reviewer: str, note: str | None = None) -> list[Decision]:
        """Undo several decisions in one step. Raises UnknownDecisionError: the log lacks one of them."""
        with self._write_lock:
            history, log = self._checked_view().history, self._log()
            with log.transaction():
                undone = [
                    log.undo(history.by_id(one) or one, reviewer=reviewer, time=self.now(), note=note)
                    for one in decision_ids
                ]
            self.view()
            return undone

    def assign_by_lot(self, drawn: Assignments) -> None:
        """Assign the documents by lot anew; records assigned by hand stay so. Raises OSError: it was not written."""
        with self._write_lock:
            folder = self.output.root
            write_assignments(folder, drawn.model_copy(update={"by_hand": read_assignments(folder).by_hand}))

    def assign(self, record_ids: Sequence[str], names: Sequence[str]) -> None:
        """Assign records to curators by hand; without names, by lot again. Raises OSError: it was not written."""
        with self._write_lock:
            write_assignments(self.output.root, read_assignments(self.output.root).with_assigned(record_ids, names))

    def now(self) -> str:
        """Return the time as the log writes it."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    def _checked_view(self) -> LedgerView:
        view = self.view()
        view.history.check()
        return view

    def _log(self) -> DecisionLog:
        return DecisionLog(self.output.decisions)

    def _open_latest(self, history: DecisionHistory) -> LedgerView:
        versions = read_versions(self.output)
        if versions.latest is None:
            raise LedgerError(f"{self.output.root} holds no release to review")
        history.refresh()
        return self._build_view(versions, self._release(versions.latest), history)

    def _build_view(self, versions: Versions, release: ReleaseIndex, history: DecisionHistory) -> LedgerView:
        """Build the list of records, by the decisions merged into the release and then by those made since."""
        old = [one for one in history.all if one.release < release.version]
        listed = list_records(
            release.frame, old, release=release.version, changes=release.changed, merged=release.merged
        )
        table = RecordTable(listed, last_changed(self.output, versions, listed["record_id"]))
        return self._with_assignments(LedgerView(versions, release, history, table))

    def _with_assignments(self, view: LedgerView) -> LedgerView:
        """Read the assignments, and enter into the list who is to decide about each record."""
        view = replace(view, assignments=read_assignments(self.output.root))
        listed = view.table.frame
        coders = map(view.assignments.coders, listed["record_id"], listed["document_id"])
        view.table.assign(list(coders))
        _update(view, view.history.records())
        return view


def _update(view: LedgerView, record_ids: Iterable[str]) -> None:
    for record_id in set(record_ids):
        view.table.update(record_id, view.status(record_id))


def _clashing_decisions(view: LedgerView, seen: SeenRecord, mine: Decision) -> list[Decision]:
    """List decisions that another program wrote to the log just before ours, and that clash with it."""
    if seen.last_seen is None:
        return []
    twice = len(view.assignments.coders(mine.record_id, mine.document_id)) > 1
    since = _decisions_after(view.history.of(mine.record_id), seen.last_seen)
    return [one for one in since if one.id != mine.id and not (twice and one.reviewer != mine.reviewer)]


def _decisions_after(decisions: Sequence[Decision], last_seen: str | None) -> list[Decision]:
    ids = [one.id for one in decisions]
    return list(decisions[ids.index(last_seen) + 1 :]) if last_seen in ids else list(decisions)


def _file_stamp(path: Path) -> tuple[int, ...]:
    if not path.exists():
        return ()
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
