"""The curators' log: append-only JSON Lines, one writer at a time, on disk before ``append`` returns."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from ledger.decisions.chain import Chain, Fault, Seam, decision_id_of, written
from ledger.decisions.values import given_value
from ledger.errors import LedgerError
from ledger.release.jsonl import line_of
from ledger.release.layout import replace_bytes, sync
from schemas import EDITED_FIELDS, CooperationRecord, Decision, FieldDecision, RejectReason, Span, Verdict, digest_of

_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class Examined:
    """A log as far as it can be read, and what does not fit."""

    decisions: list[Decision]
    faults: list[Fault]


class DamagedLogError(LedgerError):
    """A whole line of the log is no decision or does not fit the chain; the message names the file and the line."""


class UnknownDecisionError(LedgerError):
    """There is no decision of that id to undo."""


class DecisionLog:
    """A log file and those who write to it.

    Opening repairs a torn last line: a decision that lacks only its newline is completed, the fragment of one is moved
    to ``<name>.torn`` beside the log. A log that cannot be written to opens all the same, for reading.
    """

    def __init__(self, path: Path, *, timeout: float = 30.0) -> None:
        """Open (not create) the log. ``timeout``: seconds to wait for another writer, then ``filelock.Timeout``."""
        self.path = Path(path)
        self._lock = FileLock(self.path.with_name(self.path.name + ".lock"), timeout=timeout)
        self._gathered: list[Decision] | None = None
        writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        if writable and _tail(self.path):
            with self._lock:
                _repair(self.path)

    def read(self) -> list[Decision]:
        """Read all decisions, oldest first; a line that is being written at this moment is left out.

        Raises:
            DamagedLogError: a whole line is no decision, or does not fit the chain; the first such is named.
        """
        found = self.examine()
        if found.faults:
            raise DamagedLogError(f"{self.path}, line {found.faults[0].line} {found.faults[0].what}")
        return found.decisions

    def examine(self) -> Examined:
        """Read all that can be read, and what does not fit."""
        chain = Chain()
        return Examined(list(chain.read(self._raw())), chain.faults)

    def append(
        self,
        *,
        verdict: Verdict,
        reviewer: str,
        time: str,
        release: str,
        record: CooperationRecord | None = None,
        fields: Sequence[FieldDecision] = (),
        added: CooperationRecord | None = None,
        evidence: Span | None = None,
        note: str | None = None,
        reason: RejectReason | None = None,
        duplicate_of: str | None = None,
        possible: bool = False,
        batch: str | None = None,
    ) -> Decision:
        """Append a decision and return it with its id, once it is on the disk.

        Args:
            verdict: accept, reject or edit.
            reviewer: who decided.
            time: when, ISO 8601 in UTC.
            release: the version in which the record was seen.
            record: the whole record as the curator saw it; needed unless ``added`` is given.
            fields: for an edit, each field with the value seen and the value given. For an accept, the fields it is
                about; none means the whole record.
            added: a record that the machine missed.
            evidence: the quotation that was seen; that of the record by default.
            note: anything the curator wrote.
            reason: why a record is rejected.
            duplicate_of: the record that says the same, where that is why.
            possible: whether the record was offered in ``possible.jsonl``.
            batch: what the decisions that are made at once share.

        Raises:
            ValueError: neither ``record`` nor ``added`` is given, an edit without fields, or a field or value that no
                record can have.
            DamagedLogError: the log's last line does not fit; ``repair`` it first.
            OSError: it could not be written; the log is as it was.
        """
        subject = record or added
        if subject is None:
            raise ValueError("a decision needs the record it is about")
        _check(verdict, fields, subject)
        draft = Decision(
            id="-",
            record_id=subject.record_id,
            document_id=subject.document_id,
            release=release,
            verdict=verdict,
            fields=tuple(fields),
            evidence=evidence or subject.evidence,
            reviewer=reviewer,
            time=time,
            note=note,
            added=added,
            record=record,
            reason=reason,
            duplicate_of=duplicate_of,
            possible=possible,
            batch=batch,
        )
        with self.at_once() as gathered:
            return self._chained(draft, gathered)

    def undo(self, decision: str | Decision, *, reviewer: str, time: str, note: str | None = None) -> Decision:
        """Take a decision back by appending one that undoes it; undoing that one brings the first back.

        Args:
            decision: its id, which is looked up, or the decision itself as it was read.
            reviewer: who takes it back.
            time: when, ISO 8601 in UTC.
            note: anything the curator wrote.

        Raises:
            UnknownDecisionError: the log holds no such decision.
            OSError: it could not be written; the log is as it was.
        """
        with self.at_once() as gathered:
            undone = decision if isinstance(decision, Decision) else self._found(decision)
            update = {"id": "-", "reviewer": reviewer, "time": time, "note": note, "undoes": undone.id, "added": None}
            return self._chained(undone.model_copy(update=update), gathered)

    @contextmanager
    def at_once(self) -> Iterator[list[Decision]]:
        """Put all that is appended within (it is given) on the disk in one step at the end; nothing if anything fails.

        Raises:
            OSError: it could not be written; the log is as it was.
        """
        if self._lock.is_locked and self._gathered is not None:  # within another, of the same thread
            yield self._gathered
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            _repair(self.path)
            if _tail(self.path):
                raise DamagedLogError(f"{self.path}: the last line was altered: more than one decision stands in it")
            self._gathered = gathered = list[Decision]()
            try:
                yield gathered
            finally:
                self._gathered = None
            if gathered:
                append_bytes(self.path, b"".join(_line(one) for one in gathered))

    def _found(self, decision_id: str) -> Decision:
        found = next((one for one in self.read() if one.id == decision_id), None)
        if found is None:
            raise UnknownDecisionError(decision_id)
        return found

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other writers off."""
        with self._lock:
            yield

    def _chained(self, draft: Decision, gathered: list[Decision]) -> Decision:
        """Put a decision, under its id, behind the last one."""
        chained = draft.model_copy(update={"previous": gathered[-1].id if gathered else self._last()})
        decision: Decision = chained.model_copy(update={"id": decision_id_of(chained.model_dump(mode="json"))})
        gathered.append(decision)
        return decision

    def _last(self) -> str:
        """Return the id of the last line of the file. Raises DamagedLogError: it is none to build on."""
        line = _tail(self.path, ended=True)
        if not line.strip():
            return ""
        chain = Chain(loose=True)
        list(chain.read([line]))
        if chain.faults:
            raise DamagedLogError(f"{self.path}: the last line {chain.faults[0].what}")
        return chain.last

    def _raw(self) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n") or _is_decision(line) or _goes_on(line):
                    yield line


def _line(decision: Decision) -> bytes:
    return written(decision.model_dump(mode="json")).encode("utf-8") + b"\n"


def _check(verdict: Verdict, fields: Sequence[FieldDecision], subject: CooperationRecord) -> None:
    if verdict == "edit" and not fields:
        raise ValueError("an edit needs the fields that it edits")
    for one in fields:
        if one.name not in EDITED_FIELDS:
            raise ValueError(f"curators do not decide {one.name}")
        if verdict == "edit":
            given_value(one.name, one.given, machine=subject, text=None)


def _is_decision(line: bytes) -> bool:
    """Return whether a line is a decision, whatever came before it."""
    try:
        Decision.model_validate_json(line)
    except ValidationError:
        return False
    return True


def _goes_on(line: bytes) -> bool:
    """Return whether a line without an end holds more than one decision: no writer that was stopped leaves that."""
    try:
        json.JSONDecoder().raw_decode(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True


def _tail(path: Path, *, ended: bool = False) -> bytes:
    """Return what follows the last newline, or (``ended``) the last line that ends with one; nothing of no file."""
    if not path.exists():
        return b""
    with path.open("rb") as file:
        size, read = file.seek(0, os.SEEK_END), _TAIL
        while True:
            file.seek(max(0, size - read))
            data = file.read()
            body = data[:-1] if ended else data
            if b"\n" in body or read >= size:
                return body.rpartition(b"\n")[2]
            read *= 4


def _repair(path: Path) -> None:
    torn = _tail(path)
    if _is_decision(torn):
        append_bytes(path, b"\n")
    elif torn and not _goes_on(torn):
        append_bytes(path.with_name(path.name + ".torn"), torn + b"\n")
        with path.open("rb+") as file:
            file.truncate(path.stat().st_size - len(torn))
            os.fsync(file.fileno())


def append_bytes(path: Path, data: bytes) -> None:
    """Write to the end and flush to the disk; where that fails, cut the file back to what it was."""
    new = not path.exists()
    with path.open("ab", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            left = memoryview(data)
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise
    if new:
        sync(path.parent)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did: the lines it set aside and where they now lie, and the log as it was before."""

    faults: list[Fault]
    aside: Path
    before: Path


def repair(log: DecisionLog, *, time: str) -> Repaired:
    """Set aside each line that is no decision or was altered; leave a seam there, and where lines are missing.

    The log as it was is copied to ``<name>.before-<time>`` first; the lines set aside are added to ``<name>.aside``.

    Args:
        log: the curators' log.
        time: the time of the repair, for the copy's name.
    """
    path = log.path
    aside, before = (
        path.with_name(f"{path.name}.aside"),
        path.with_name(f"{path.name}.before-{''.join(filter(str.isalnum, time))}"),
    )
    with log.alone():
        old = path.read_bytes() if path.exists() else b""
        kept, faults, gone = _mended(old.splitlines(keepends=True))
        if faults:
            replace_bytes(before, old)
            append_bytes(aside, b"".join(gone))
            replace_bytes(path, b"".join(kept))
    return Repaired(faults, aside, before)


def _mended(lines: list[bytes]) -> tuple[list[bytes], list[Fault], list[bytes]]:
    chain, kept, gone = Chain(), list[bytes](), list[bytes]()
    for line in lines:
        known, last = len(chain.faults), chain.last
        list(chain.read([line]))
        for fault in chain.faults[known:]:
            kept.append(line_of(Seam.after(last, b"" if fault.whole else line)).encode() + b"\n")
            gone += [] if fault.whole else [line.rstrip(b"\n") + b"\n"]
        if all(fault.whole for fault in chain.faults[known:]):
            kept.append(line)
    return kept, chain.faults, gone


def read_decisions(path: Path) -> list[Decision]:
    """Read a curators' log.

    Raises:
        LedgerError: the log is damaged, or another program keeps it.
    """
    try:
        return DecisionLog(path).read()
    except Timeout as error:
        raise LedgerError(f"another program is writing to {path}") from error


def digest_of_decisions(decisions: Sequence[Decision]) -> str:
    """Return the digest of a log's content, however its lines are written."""
    return digest_of(*(line_of(one) for one in decisions))
