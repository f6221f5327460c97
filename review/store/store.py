"""The ledger as the page sees it now: the last release, the log, the queue; and the one way to write to it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from ledger.decisions import DecisionLog, Fault, list_records
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.versions import read_versions
from review.queue import QueueTable
from review.queue.lately import lately_changed
from review.shares import NAME as SHARES
from review.shares import read_shares
from review.store.decided import Decided
from review.store.shelf import Shelf
from review.store.view import View
from schemas import CooperationRecord, Decision, FieldDecision, RejectReason, Verdict, Versions

Clock = Callable[[], datetime]
_KEPT_SHELVES = 4


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Clash(Exception):  # noqa: N818 (two curators at once are no error)
    """Somebody else decided about the record since it was shown; nothing was written."""

    def __init__(self, theirs: Sequence[Decision]) -> None:
        self.theirs = list(theirs)
        super().__init__("somebody else decided about this record")


class Store:
    """An output folder whose changes are noticed. One lock guards what is in memory."""

    def __init__(self, output: Path, *, clock: Clock = utc_now) -> None:
        self.output = Output(Path(output))
        self._clock = clock
        self._lock = RLock()
        self._stamp: tuple[int, ...] | None = None
        self._view: View | None = None
        self._shelves: dict[str, Shelf] = {}

    def view(self) -> View:
        """Return the ledger as it is now.

        Raises:
            LedgerError: there is no release, or it is damaged.
        """
        with self._lock:
            view, stamp = self._view, _stamp(self.output.versions) + _stamp(self.output.root / SHARES)
            if view is None or stamp != self._stamp:
                view = self._view = self._opened(view.decided if view else Decided(self.output.decisions))
                self._stamp = stamp
                return view
            fresh = view.decided.refresh()
            if fresh is None or any(self._is_old(one, view) for one in fresh):
                view = self._view = self._with_queue(view.versions, view.shelf, view.decided)
            else:
                _mark(view, {one.record_id for one in fresh})
            return view

    def faults(self) -> Sequence[Fault]:
        """List the lines of the log that do not fit, as far as it was read."""
        return () if self._view is None else self._view.decided.faults

    def shelf(self, version: str) -> Shelf:
        """Return a release by its version.

        Raises:
            LedgerError: the list of releases has none such, or it lies outside the folder, or it is damaged.
        """
        with self._lock:
            entry = next((one for one in self.view().versions.releases if one.version == version), None)
            if entry is None:
                raise LedgerError("there is no such release")
            folder = (self.output.root / entry.path).resolve()
            if not folder.is_relative_to(self.output.root.resolve()):
                raise LedgerError("the release lies outside the ledger")
            if version not in self._shelves:
                while len(self._shelves) >= _KEPT_SHELVES:
                    self._shelves.pop(next(iter(self._shelves)))
                self._shelves[version] = Shelf.open(self.output.root, version)
            return self._shelves[version]

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
        batch: str | None = None,
    ) -> Decision:
        """Write a decision; it is on the disk when this returns.

        Args:
            record: the record as the curator saw it.
            verdict: accept, reject or edit.
            reviewer: who decided.
            last_seen: the last decision about the record that the curator had seen (empty: none); None: whatever it is.
            fields: for an edit, the values seen and given.
            note: what the curator wrote.
            reason: why it is rejected.
            duplicate_of: the record that says the same.
            batch: what the decisions that are made at once share.

        Raises:
            Clash: somebody else decided since.
            DamagedLog: a line of the log does not fit.
            OSError: it could not be written.
        """
        with self._lock:
            view = self._sound()
            self._no_clash(view.seen_by(reviewer), record.record_id, last_seen)
            decision = self._log().append(
                verdict=verdict,
                reviewer=reviewer,
                time=self.now(),
                release=view.shelf.version,
                record=record,
                fields=fields,
                note=note or None,
                reason=reason,
                duplicate_of=duplicate_of,
                batch=batch,
            )
            self._no_late_clash(record.record_id, last_seen, decision)
            return decision

    def add(
        self, record: CooperationRecord, *, reviewer: str, note: str | None = None, possible: bool = False
    ) -> Decision:
        """Write a record that the machine missed, or (``possible``) only offered."""
        with self._lock:
            decision = self._log().append(
                verdict="accept", reviewer=reviewer, time=self.now(), release=self._sound().shelf.version,
                added=record, note=note or None, possible=possible,
            )  # fmt: skip
            self.view()
            return decision

    def dismiss(self, record: CooperationRecord, *, reviewer: str) -> Decision:
        """Write that a record which the machine only offered is none."""
        with self._lock:
            decision = self._log().append(
                verdict="reject", reviewer=reviewer, time=self.now(), release=self._sound().shelf.version,
                record=record, possible=True,
            )  # fmt: skip
            self.view()
            return decision

    def undo(self, decision_id: str, *, reviewer: str, note: str | None = None) -> Decision:
        """Take a decision back. Raises UnknownDecisionError: there is none such."""
        with self._lock:
            self._sound()
            decision = self._log().undo(decision_id, reviewer=reviewer, time=self.now(), note=note)
            self.view()
            return decision

    def now(self) -> str:
        """Return the time as the log writes it."""
        return self._clock().astimezone(UTC).isoformat(timespec="seconds")

    def _sound(self) -> View:
        view = self.view()
        view.decided.check()
        return view

    def _log(self) -> DecisionLog:
        return DecisionLog(self.output.decisions)

    def _no_clash(self, view: View, record_id: str, last_seen: str | None) -> None:
        """Nobody clashes with what they may not see."""
        if last_seen is not None and view.last(record_id) != last_seen:
            raise Clash(_since(view.of(record_id), last_seen))

    def _no_late_clash(self, record_id: str, last_seen: str | None, mine: Decision) -> None:
        """Look again once written: another program on the same log may have come between, and then ours goes back."""
        view = self.view()
        twice = len(view.shares.holders(mine.document_id)) > 1
        since = _since(view.decided.of(record_id), last_seen)
        theirs = [one for one in since if one.id != mine.id and not (twice and one.reviewer != mine.reviewer)]
        if last_seen is not None and theirs:
            self._log().undo(mine.id, reviewer=mine.reviewer, time=self.now(), note="clash")
            self.view()
            raise Clash(theirs)

    def _opened(self, decided: Decided) -> View:
        versions = read_versions(self.output)
        if versions.latest is None:
            raise LedgerError(f"{self.output.root} holds no release to review")
        decided.refresh()
        shelf = self._shelves.get(versions.latest) or Shelf.open(self.output.root, versions.latest)
        self._shelves[versions.latest] = shelf
        return self._with_queue(versions, shelf, decided)

    def _with_queue(self, versions: Versions, shelf: Shelf, decided: Decided) -> View:
        old = [one for one in decided.all if one.release < shelf.version]
        frame = list_records(shelf.frame, old, release=shelf.version, changes=shelf.changed, merged=shelf.merged)
        table = QueueTable(frame, lately_changed(self.output, versions, frame["record_id"]))
        shares = read_shares(self.output.root)
        if shares.curators:
            table.assign([shares.holders(document) for document in frame["document_id"]])
        view = View(versions, shelf, decided, table, shares)
        _mark(view, set(decided.records()))
        return view

    @staticmethod
    def _is_old(decision: Decision, view: View) -> bool:
        return decision.release < view.shelf.version


def _mark(view: View, records: set[str]) -> None:
    for record_id in records:
        view.queue.mark(record_id, view.said(record_id))


def _since(decisions: Sequence[Decision], last_seen: str | None) -> list[Decision]:
    ids = [one.id for one in decisions]
    return list(decisions[ids.index(last_seen) + 1 :]) if last_seen in ids else list(decisions)


def _stamp(path: Path) -> tuple[int, ...]:
    if not path.exists():
        return ()
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
