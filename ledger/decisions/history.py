"""The decisions of a curators' log by record, updated as the log grows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from ledger.decisions.chain import Chain, Fault
from ledger.decisions.log import DamagedLogError
from ledger.decisions.standing import Standing, effective, standing
from schemas import Decision


class DecisionHistory:
    """The decisions of a log by record. ``refresh`` reads what any program appended since the last call."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reset()

    def _reset(self) -> None:
        self._end, self._stamp, self._last_line = 0, (-1, 0), b""
        self._chain = Chain()
        self.all: list[Decision] = []
        self._by_record: dict[str, list[Decision]] = defaultdict(list)
        self._added: dict[str, list[Decision]] = defaultdict(list)
        self._by_id: dict[str, Decision] = {}
        self._standing: dict[str, tuple[int, Standing | None]] = {}
        self._last_positions: dict[str, int] = {}
        self._search_texts: dict[str, str] = {}

    @property
    def faults(self) -> Sequence[Fault]:
        """The damaged lines, in order; the decisions before and after them are read all the same."""
        return self._chain.faults

    def check(self) -> None:
        """Raise DamagedLogError, naming the first damaged line, if there is one."""
        if self.faults:
            first = self.faults[0]
            raise DamagedLogError(
                f"{self._path}, line {first.line} {first.what}; look at it, then run: coopledger decisions --repair"
            )

    def refresh(self) -> list[Decision] | None:
        """Read what was appended and return it; None if the file was replaced, and all decisions were read again."""
        stat = self._path.stat() if self._path.exists() else None
        size, stamp = (stat.st_size, (stat.st_ino, stat.st_mtime_ns)) if stat else (0, (-1, 0))
        replaced = self._end > 0 and (stamp[0] != self._stamp[0] or size < self._end or self._rewritten(size, stamp))
        if replaced:
            self._reset()
        fresh = list(self._chain.read(self._appended_lines())) if size > self._end else []
        self._stamp = stamp
        for decision in fresh:
            self._add(decision)
        return None if replaced else fresh

    def _add(self, decision: Decision) -> None:
        self._last_positions[decision.record_id] = len(self.all)
        self.all.append(decision)
        self._by_record[decision.record_id].append(decision)
        self._by_id[decision.id] = decision
        if decision.added is not None and not decision.undoes:
            self._added[decision.document_id].append(decision)

    def _rewritten(self, size: int, stamp: tuple[int, int]) -> bool:
        """Return whether the part already read was changed; appending leaves it as it was."""
        if stamp == self._stamp:
            return False
        with self._path.open("rb") as file:
            file.seek(self._end - len(self._last_line))
            return size == self._end or file.read(len(self._last_line)) != self._last_line

    def _appended_lines(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            file.seek(self._end)
            for line in file:
                if not line.endswith(b"\n"):  # another program is writing it
                    return
                self._end += len(line)
                self._last_line = line
                yield line

    def of(self, record_id: str) -> list[Decision]:
        """List all decisions about a record, oldest first, including undone ones and those that undo."""
        return list(self._by_record.get(record_id, ()))

    def document_of(self, record_id: str) -> str | None:
        """Return the document id of a record; None if there is no decision about the record."""
        decisions = self._by_record.get(record_id)
        return decisions[0].document_id if decisions else None

    def by_id(self, decision_id: str) -> Decision | None:
        """Return the decision with an id, or None."""
        return self._by_id.get(decision_id)

    def last_position(self, record_id: str) -> int:
        """Return the index in ``all`` of the last decision about a record; -1 if there is none."""
        return self._last_positions.get(record_id, -1)

    def search_text(self, decision: Decision) -> str:
        """Return the case-folded text by which a search finds a decision: names, evidence, note, ids."""
        found = self._search_texts.get(decision.id)
        if found is None:
            found = self._search_texts[decision.id] = _search_text(decision)
        return found

    def standing(self, record_id: str) -> Standing | None:
        """Return the standing of a record; None if it has no effective decision."""
        decisions = self.of(record_id)
        kept = self._standing.get(record_id)
        if kept is None or kept[0] != len(decisions):
            kept = self._standing[record_id] = len(decisions), standing(decisions).get(record_id)
        return kept[1]

    def records(self) -> list[str]:
        """List the ids of all records with decisions."""
        return list(self._by_record)

    def additions_to(self, document_id: str) -> list[Decision]:
        """List the effective decisions that added records to a document."""
        return [one for one in self._added.get(document_id, ()) if self.is_effective(one)]

    def is_addition(self, record_id: str) -> bool:
        """Return whether curators added a record that the program neither extracted nor offered as possible."""
        return any(one.added is not None and not one.possible for one in self._by_record.get(record_id, ()))

    def is_effective(self, decision: Decision) -> bool:
        """Return whether a decision counts: it was not undone and does not itself undo another."""
        return any(one.id == decision.id for one in effective(self.of(decision.record_id)))


def _search_text(one: Decision) -> str:
    record = one.record or one.added
    names = (record.actor.name, record.partner.name if record.partner else "", record.kind) if record else ()
    quoted = one.evidence.text if one.evidence else ""
    return "\n".join((one.reviewer, one.document_id, one.record_id, one.note or "", *names, quoted)).casefold()
