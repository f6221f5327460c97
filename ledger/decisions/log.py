"""The curators' log: append-only JSON Lines, one writer at a time, flushed to disk before ``append`` returns."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from ledger.decisions.chain import Chain, Fault, Seam, decision_id_of, log_line
from ledger.decisions.values import given_value
from ledger.errors import LedgerError
from ledger.release.jsonl import line_of
from ledger.release.layout import replace_bytes, sync
from schemas import EDITED_FIELDS, CooperationRecord, Decision, FieldDecision, RejectReason, Span, Verdict, digest_of

_TAIL_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Examined:
    """The decisions of a log that can be read, and its faults."""

    decisions: list[Decision]
    faults: list[Fault]


class DamagedLogError(LedgerError):
    """A complete line is not a decision, or breaks the chain; the message names the file and the line."""


class UnknownDecisionError(LedgerError):
    """There is no decision with that id to undo."""


class DecisionLog:
    """A log file that programs read, and append to one at a time.

    Opening it repairs an incomplete last line: a decision that lacks only its newline is completed, and a fragment of
    one is moved to ``<name>.torn`` beside the log. A log that is not writable is opened for reading, without repair.
    """

    def __init__(self, path: Path, *, timeout: float = 30.0) -> None:
        """Open the log, which need not exist; writing raises filelock.Timeout after waiting ``timeout`` seconds."""
        self.path = Path(path)
        self._lock = FileLock(self.path.with_name(self.path.name + ".lock"), timeout=timeout)
        self._pending: list[Decision] | None = None
        writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        if writable and _tail(self.path):
            with self._lock:
                _repair_last_line(self.path)

    def read(self) -> list[Decision]:
        """Return all decisions, oldest first, without a last line that is still being written.

        Raises:
            DamagedLogError: a complete line is not a decision, or breaks the chain; the first such line is named.
        """
        found = self.examine()
        if found.faults:
            raise DamagedLogError(f"{self.path}, line {found.faults[0].line} {found.faults[0].what}")
        return found.decisions

    def examine(self) -> Examined:
        """Return the decisions that can be read, and the faults of the log."""
        chain = Chain()
        return Examined(list(chain.read(self._lines())), chain.faults)

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
        """Append a decision and return it with its id, once it is on disk (within ``transaction``: at its end).

        Args:
            verdict: accept, reject or edit.
            reviewer: who decided.
            time: when, ISO 8601 in UTC.
            release: the version of the release in which the curator saw the record.
            record: the whole record as the curator saw it; needed unless ``added`` is given.
            fields: for an edit, each field with the value seen and the value given. For an accept, the fields that it
                accepts; none means the whole record.
            added: a record that the program missed.
            evidence: the quotation that the curator saw; by default the record's.
            note: the curator's remark.
            reason: why the record is rejected.
            duplicate_of: the id of the record that it duplicates, if that is the reason.
            possible: whether the record was offered in ``possible.jsonl``.
            batch: an id shared by decisions that are made together.

        Raises:
            ValueError: neither ``record`` nor ``added`` is given, an edit has no fields, or no record can have such a
                field or value.
            DamagedLogError: the log's last line is damaged; ``repair`` it first.
            OSError: the log could not be written, and is unchanged.
        """
        subject = record or added
        if subject is None:
            raise ValueError("a decision needs the record it is about")
        _check_decision(verdict, fields, subject)
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
        with self.transaction() as pending:
            return self._append_chained(draft, pending)

    def undo(self, decision: str | Decision, *, reviewer: str, time: str, note: str | None = None) -> Decision:
        """Undo a decision by appending one that undoes it; to restore it, undo that one.

        Args:
            decision: the decision as it was read, or its id, which is looked up.
            reviewer: who undoes it.
            time: when, ISO 8601 in UTC.
            note: the curator's remark.

        Raises:
            UnknownDecisionError: the log holds no decision with that id.
            OSError: the log could not be written, and is unchanged.
        """
        with self.transaction() as pending:
            undone = decision if isinstance(decision, Decision) else self._find(decision)
            update = {"id": "-", "reviewer": reviewer, "time": time, "note": note, "undoes": undone.id, "added": None}
            return self._append_chained(undone.model_copy(update=update), pending)

    @contextmanager
    def transaction(self) -> Iterator[list[Decision]]:
        """Write all decisions appended within the block in one step at its end, or none if it raises.

        Yields the decisions appended so far. An inner transaction of the same thread joins the outer one.

        Raises:
            DamagedLogError: the last line holds more than one decision.
            OSError: the log could not be written, and is unchanged.
        """
        if self._lock.is_locked and self._pending is not None:
            yield self._pending
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock:
            _repair_last_line(self.path)
            if _tail(self.path):
                raise DamagedLogError(f"{self.path}: the last line was altered: more than one decision stands in it")
            self._pending = pending = list[Decision]()
            try:
                yield pending
            finally:
                self._pending = None
            if pending:
                append_bytes(self.path, b"".join(_bytes_of(one) for one in pending))

    def _find(self, decision_id: str) -> Decision:
        found = next((one for one in self.read() if one.id == decision_id), None)
        if found is None:
            raise UnknownDecisionError(decision_id)
        return found

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the writers' lock."""
        with self._lock:
            yield

    def _append_chained(self, draft: Decision, pending: list[Decision]) -> Decision:
        """Link a decision to the last one, give it its id, and add it to the pending ones."""
        chained = draft.model_copy(update={"previous": pending[-1].id if pending else self._last_id()})
        decision: Decision = chained.model_copy(update={"id": decision_id_of(chained.model_dump(mode="json"))})
        pending.append(decision)
        return decision

    def _last_id(self) -> str:
        """Return the id of the file's last line, empty if there is none. Raises DamagedLogError if it is damaged."""
        line = _tail(self.path, ended=True)
        if not line.strip():
            return ""
        chain = Chain(link_unknown=True)
        list(chain.read([line]))
        if chain.faults:
            raise DamagedLogError(f"{self.path}: the last line {chain.faults[0].what}")
        return chain.last

    def _lines(self) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n") or _is_decision(line) or _starts_with_json(line):
                    yield line


def _bytes_of(decision: Decision) -> bytes:
    return log_line(decision.model_dump(mode="json")).encode("utf-8") + b"\n"


def _check_decision(verdict: Verdict, fields: Sequence[FieldDecision], subject: CooperationRecord) -> None:
    if verdict == "edit" and not fields:
        raise ValueError("an edit needs the fields that it edits")
    for one in fields:
        if one.name not in EDITED_FIELDS:
            raise ValueError(f"curators do not decide {one.name}")
        if verdict == "edit":
            given_value(one.name, one.given, machine=subject, text=None)


def _is_decision(line: bytes) -> bool:
    """Return whether a line is a decision, whether or not it fits the chain."""
    try:
        Decision.model_validate_json(line)
    except ValidationError:
        return False
    return True


def _starts_with_json(line: bytes) -> bool:
    """Return whether an unfinished line starts with a whole JSON value: a writer that was stopped never leaves that."""
    try:
        json.JSONDecoder().raw_decode(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    return True


def _tail(path: Path, *, ended: bool = False) -> bytes:
    """Return the bytes after the last newline or, if ``ended``, the last complete line that is not blank.

    They are empty if there is no file, or no such line.
    """
    if not path.exists():
        return b""
    with path.open("rb") as file:
        size, read = file.seek(0, os.SEEK_END), _TAIL_BYTES
        while True:
            file.seek(max(0, size - read))
            data = file.read()
            body = data[: data.find(b"\n", len(data.rstrip()))] if ended else data
            if b"\n" in body or read >= size:
                return body.rpartition(b"\n")[2]
            read *= 4


def _repair_last_line(path: Path) -> None:
    torn = _tail(path)
    if _is_decision(torn):
        append_bytes(path, b"\n")
    elif torn and not _starts_with_json(torn):
        append_bytes(path.with_name(path.name + ".torn"), torn + b"\n")
        with path.open("rb+") as file:
            file.truncate(path.stat().st_size - len(torn))
            os.fsync(file.fileno())


def append_bytes(path: Path, data: bytes) -> None:
    """Append to a file and flush it to disk; if that fails, truncate the file to its old size."""
    new = not path.exists()
    with path.open("ab", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            remaining = memoryview(data)
            while remaining:
                remaining = remaining[file.write(remaining) :]
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), size)
            raise
    if new:
        sync(path.parent)


@dataclass(frozen=True, slots=True)
class Repaired:
    """The result of a repair: the faults, the file that holds the lines set aside, and the copy of the old log."""

    faults: list[Fault]
    aside: Path
    before: Path


def repair(log: DecisionLog, *, time: str) -> Repaired:
    """Move each damaged line out of the log, and put a seam in its place and where lines are missing.

    The old log is first copied to ``<name>.before-<time>``; the damaged lines are appended to ``<name>.aside``. A sound
    log is left as it is.

    Args:
        log: the curators' log.
        time: the time of the repair, for the copy's name.
    """
    path = log.path
    aside, before = (
        path.with_name(f"{path.name}.aside"),
        path.with_name(f"{path.name}.before-{''.join(filter(str.isalnum, time))}"),
    )
    with log.exclusive():
        old = path.read_bytes() if path.exists() else b""
        kept, faults, damaged = _repaired_lines(old.splitlines(keepends=True))
        if faults:
            replace_bytes(before, old)
            append_bytes(aside, b"".join(damaged))
            replace_bytes(path.resolve(), b"".join(kept))  # the log may be a link
    return Repaired(faults, aside, before)


def _repaired_lines(lines: list[bytes]) -> tuple[list[bytes], list[Fault], list[bytes]]:
    """Return the lines to keep, with seams; the faults; and the damaged lines, to set aside."""
    chain, kept, damaged = Chain(), list[bytes](), list[bytes]()
    for line in lines:
        count, last = len(chain.faults), chain.last
        list(chain.read([line]))
        for fault in chain.faults[count:]:
            kept.append(line_of(Seam.after(last, b"" if fault.readable else line)).encode() + b"\n")
            damaged += [] if fault.readable else [line.rstrip(b"\n") + b"\n"]
        if all(fault.readable for fault in chain.faults[count:]):
            kept.append(line)
    return kept, chain.faults, damaged


def read_decisions(path: Path) -> list[Decision]:
    """Read all decisions of a curators' log, oldest first.

    Raises:
        LedgerError: the log is damaged, or another program holds its lock.
    """
    try:
        return DecisionLog(path).read()
    except Timeout as error:
        raise LedgerError(f"another program is writing to {path}") from error


def digest_of_decisions(decisions: Sequence[Decision]) -> str:
    """Return the SHA-256 (hex) of a log's decisions, which does not depend on how its lines are formatted."""
    return digest_of(*(line_of(one) for one in decisions))
