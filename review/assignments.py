"""Who reviews which records: drawn by lot, the same for all who ask, so that two do not begin with the same one.

A document goes to the curator whose name, hashed together with the document's, comes first (rendezvous hashing):
nothing is kept for each record, and when a curator joins or leaves, only that curator's part moves. A share of the
documents goes to two on purpose, who decide without seeing each other's decisions, so that it is known how far they
agree.
"""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from ledger.errors import LedgerError
from ledger.release.files import replace_text
from ledger.release.jsonl import pretty
from review.sessions import cleaned_name
from schemas import Model, digest_of

NAME = "shares.json"
_MOST = 200


class Assignments(Model):
    """Among whom the documents are drawn, and the share of them that two code."""

    curators: tuple[str, ...] = Field(default=(), max_length=_MOST)
    double: float = Field(default=0, ge=0, le=1)

    @field_validator("curators")
    @classmethod
    def _clean(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({one for name in names if (one := cleaned_name(name))}))

    def coders(self, document_id: str) -> tuple[str, ...]:
        """Name who reviews a document: one curator, two of the share that is coded twice, nobody without curators."""
        return _drawn(self, document_id)

    def waiting(self, document_id: str, complete: set[str]) -> tuple[str, ...]:
        """Name who still has to decide about a record that some have decided whole.

        Whoever decides stands in for the one whom it was drawn for; where two code it, two have to.
        """
        coders = self.coders(document_id)
        left = tuple(one for one in coders if one not in complete)
        return left if len(complete) < len(coders) else ()


@lru_cache(maxsize=200_000)
def _drawn(assignments: Assignments, document_id: str) -> tuple[str, ...]:
    order = sorted((digest_of(document_id, name), name) for name in assignments.curators)
    lot = int(digest_of(document_id)[:8], 16) / 16**8
    return tuple(name for _, name in order[: 2 if lot < assignments.double else 1])


def read_assignments(folder: Path) -> Assignments:
    """Read how an output folder's documents are shared; among nobody where nothing was said."""
    path = folder / NAME
    try:
        return Assignments.model_validate_json(path.read_bytes()) if path.exists() else Assignments()
    except ValidationError as error:
        raise LedgerError(f"{path} does not say among whom the documents are shared") from error


def write_assignments(folder: Path, assignments: Assignments) -> None:
    """Say anew how the documents are shared. Raises OSError: it could not be written."""
    replace_text(folder / NAME, pretty(assignments.model_dump(mode="json")))
