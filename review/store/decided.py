"""The curators' log as it stands, read on from where it was read before."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ledger import LedgerError
from ledger.decisions import Standing, effective, standing
from schemas import Decision


class Decided:
    """The decisions of a log by record. ``refresh`` takes in what was appended since, by whomever."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._clear()

    def _clear(self) -> None:
        self._read, self._inode = 0, -1
        self.all: list[Decision] = []
        self._of: dict[str, list[Decision]] = defaultdict(list)

    def refresh(self) -> list[Decision] | None:
        """Read on; return the new decisions, or None where the log was replaced and all has to be looked at anew.

        Raises:
            LedgerError: a whole line of the log is no decision.
        """
        stat = self._path.stat() if self._path.exists() else None
        size, inode = (stat.st_size, stat.st_ino) if stat else (0, -1)
        replaced = self._read > 0 and (inode != self._inode or size < self._read)
        if replaced:
            self._clear()
        fresh = list(self._appended()) if size > self._read else []
        self._inode = inode
        for decision in fresh:
            self.all.append(decision)
            self._of[decision.record_id].append(decision)
        return None if replaced else fresh

    def _appended(self) -> Iterator[Decision]:
        with self._path.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):  # being written at this moment
                    return
                self._read += len(line)
                if line.strip():
                    yield self._parsed(line)

    def _parsed(self, line: bytes) -> Decision:
        try:
            return Decision.model_validate_json(line)
        except ValueError as error:
            raise LedgerError(f"{self._path}: line {len(self.all) + 1} is no decision") from error

    def of(self, record_id: str) -> list[Decision]:
        """List all decisions about a record, undone ones and undoing ones too, oldest first."""
        return list(self._of.get(record_id, ()))

    def last(self, record_id: str) -> str:
        """Return the id of the last line about a record; empty if there is none."""
        return self._of[record_id][-1].id if self._of.get(record_id) else ""

    def standing(self, record_id: str) -> Standing | None:
        """Return where a record stands."""
        return standing(self._of.get(record_id, ())).get(record_id)

    def records(self) -> list[str]:
        """List the ids of the records that decisions are about."""
        return list(self._of)

    def effective(self) -> list[Decision]:
        """List the decisions that stand, oldest first."""
        return effective(self.all)
