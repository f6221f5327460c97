"""The chain of the curators' log: each line names the one before it, and its id is made of all that it says.

A line of three sorts may stand in a log: a decision, a *seam* that ``repair`` left where a line was set aside, and an
unchained decision of the first program, before any chained one.
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
    """Where a damaged line was set aside, or lines are missing: what follows need not fit what comes before."""

    seam: str
    aside: str = ""
    check: str = ""

    @classmethod
    def after(cls, last: str, line: bytes) -> "Seam":
        """Return the seam behind the line of id ``last``, in place of a damaged line (none: something is missing)."""
        aside = digest_of(line.decode("utf-8", "replace")) if line else ""
        return cls(seam=last, aside=aside, check=digest_of(last, aside))


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that does not fit: its number from one, what is wrong, and whether it is readable all the same."""

    line: int
    what: str
    whole: bool = False


def decision_id_of(plain: dict[str, Any]) -> str:
    """Return the id of a decision as JSON, whatever id it has."""
    rest = {name: value for name, value in plain.items() if name != "id"}
    return _PREFIX + digest_of(json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")))[:16]


def written(plain: dict[str, Any]) -> str:
    """Return the line of a decision as JSON, without its newline."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _body(raw: bytes) -> str:
    return raw.removesuffix(b"\n").decode("utf-8", "replace")


@dataclass(slots=True)
class Chain:
    """Reads a log line by line, and keeps what does not fit. It may go on where it was left.

    ``last`` is the id of the last line that was read, ``chained`` whether one named the line before it, and ``loose``
    whether the next line need not fit, because what stood before it is not known.
    """

    line: int = 0
    last: str = ""
    faults: list[Fault] = field(default_factory=list)
    chained: bool = False
    loose: bool = False

    def read(self, lines: Iterable[bytes]) -> Iterator[Decision]:
        """Give the decisions that can be read, those after a fault too; ``faults`` grows by what does not fit."""
        for raw in lines:
            self.line += 1
            if raw.strip() and (decision := self._one(raw)) is not None:
                yield decision

    def _one(self, raw: bytes) -> Decision | None:
        if (seam := _seam(raw)) is not None:
            if seam.check and (seam.check != digest_of(seam.seam, seam.aside) or line_of(seam) != _body(raw)):
                return self._damaged("was altered: it is a seam that a repair left")
            self.last, self.loose = seam.seam, True
            return None
        try:
            decision = Decision.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            return self._damaged(f"is no decision ({place}: {first['msg']})" if place else "is no decision")
        if decision.previous is None:
            if self.chained:
                return self._damaged("is not chained to the line before")
        elif decision.id != decision_id_of(plain := json.loads(raw)) or written(plain) != _body(raw):
            return self._damaged("was altered: its id is not that of its content")
        elif decision.previous != self.last and not self.loose:
            self.faults.append(Fault(self.line, "does not follow the line before: something is missing", whole=True))
        self.last, self.loose = decision.id, False
        self.chained |= decision.previous is not None
        return decision

    def _damaged(self, what: str) -> Decision | None:
        self.faults.append(Fault(self.line, what))
        self.loose = True
        return None


def _seam(raw: bytes) -> Seam | None:
    if not raw.lstrip().startswith((b'{"aside"', b'{"seam"')):
        return None
    try:
        return Seam.model_validate_json(raw)
    except ValidationError:
        return None
