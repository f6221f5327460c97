"""The curators' log as it stands, read on as it grows, and the decisions in it by record."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from ledger.decisions.chain import Chain, Fault
from ledger.decisions.log import DamagedLogError
from ledger.decisions.standing import Standing, effective, standing
from schemas import Decision


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
        """Insist on a sound log. Raises DamagedLogError: it names the first line that does not fit."""
        if self.faults:
            first = self.faults[0]
            raise DamagedLogError(
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
        """Return whether the log is another in what was read: a line that is appended leaves those before."""
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
        """Return whether a record is one that curators added, which no machine found or offered."""
        return any(one.added is not None and not one.possible for one in self._of.get(record_id, ()))

    def stands(self, decision: Decision) -> bool:
        """Return whether a decision counts: it was not taken back, and takes none back itself."""
        return any(one.id == decision.id for one in effective(self.of(decision.record_id)))


def _text(one: Decision) -> str:
    record = one.record or one.added
    names = (record.actor.name, record.partner.name if record.partner else "", record.kind) if record else ()
    quoted = one.evidence.text if one.evidence else ""
    return "\n".join((one.reviewer, one.document_id, one.record_id, one.note or "", *names, quoted)).casefold()
