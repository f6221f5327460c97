"""The chain of the curators' log: each line names the id of the one before it, and its own id is a digest of the line.

A log holds three kinds of line: decisions, *seams* that ``repair`` leaves where it set a line aside, and, before the
first chained decision, unchained ones that an early version of the program wrote.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ledger.release.jsonl import line_of
from schemas import Decision, Model, digest_of

_PREFIX = "dec-"


class Seam(Model):
    """Marks where a damaged line was set aside or lines are missing; ``seam`` is the id of the last line before it."""

    seam: str
    aside: str = ""
    check: str = ""

    @classmethod
    def after(cls, last: str, line: bytes) -> "Seam":
        """Return the seam after the line with id ``last``; ``line`` is the damaged line it replaces, empty if none."""
        aside = digest_of(line.decode("utf-8", "replace")) if line else ""
        return cls(seam=last, aside=aside, check=digest_of(last, aside))


@dataclass(frozen=True, slots=True)
class Fault:
    """A damaged line: its number from 1, what is wrong, and whether its decision can still be read."""

    line: int
    what: str
    readable: bool = False


def decision_id_of(plain: dict[str, Any]) -> str:
    """Return the id that the content of a decision (as JSON values) gives it, whatever ``id`` it holds."""
    rest = {name: value for name, value in plain.items() if name != "id"}
    return _PREFIX + digest_of(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")))[:16]


def log_line(plain: dict[str, Any]) -> str:
    """Return the log line of a decision (as JSON values), without its newline."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _line_text(raw: bytes) -> str:
    return raw.removesuffix(b"\n").decode("utf-8", "replace")


@dataclass(slots=True)
class Chain:
    """Reads a log line by line and collects its faults; ``read`` can be called again to continue.

    ``line`` counts the lines read, ``last`` is the id of the last one, ``chained`` whether any line so far named the
    one before it. ``link_unknown`` is true where the next line may name any id: the line before is not known.
    """

    line: int = 0
    last: str = ""
    faults: list[Fault] = field(default_factory=list)
    chained: bool = False
    link_unknown: bool = False

    def read(self, lines: Iterable[bytes]) -> Iterator[Decision]:
        """Yield every decision that can be read, also after a fault, and append to ``faults``."""
        for raw in lines:
            self.line += 1
            if raw.strip() and (decision := self._read_line(raw)) is not None:
                yield decision

    def _read_line(self, raw: bytes) -> Decision | None:
        """Return the decision in a line; None for a seam or a damaged line."""
        if (seam := _seam(raw)) is not None:
            if seam.check and (seam.check != digest_of(seam.seam, seam.aside) or line_of(seam) != _line_text(raw)):
                return self._add_fault("was altered: it is a seam that a repair left")
            self.last, self.link_unknown = seam.seam, True
            return None
        try:
            decision = Decision.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            return self._add_fault(f"is no decision ({place}: {first['msg']})" if place else "is no decision")
        if decision.previous is None:
            if self.chained:
                return self._add_fault("is not chained to the line before")
        elif decision.id != decision_id_of(plain := json.loads(raw)) or log_line(plain) != _line_text(raw):
            return self._add_fault("was altered: its id is not that of its content")
        elif decision.previous != self.last and not self.link_unknown:
            self.faults.append(Fault(self.line, "does not follow the line before: something is missing", readable=True))
        self.last, self.link_unknown = decision.id, False
        self.chained |= decision.previous is not None
        return decision

    def _add_fault(self, what: str) -> Decision | None:
        self.faults.append(Fault(self.line, what))
        self.link_unknown = True
        return None


def _seam(raw: bytes) -> Seam | None:
    if not raw.lstrip().startswith((b'{"aside"', b'{"seam"')):
        return None
    try:
        return Seam.model_validate_json(raw)
    except ValidationError:
        return None
