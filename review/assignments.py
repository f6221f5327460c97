"""Who reviews which records: by hand, or by lot, the same for all who ask, so that two do not begin with the same one.

A document goes to the curator whose name, hashed together with the document's, comes first (rendezvous hashing):
nothing is kept for each record, and when a curator joins or leaves, only that curator's part moves. A share of the
documents goes to two on purpose, who decide without seeing each other's decisions, so that it is known how far they
agree. What is assigned by hand, record by record, goes before the lot.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError, field_validator

from ledger.errors import LedgerError
from ledger.release.jsonl import pretty
from ledger.release.layout import replace_text
from review.access import cleaned_name
from schemas import Model, digest_of

NAME = "shares.json"
_MOST = 200


class Assignments(Model):
    """Among whom the documents are drawn, the share of them that two code, and to whom records went by hand."""

    curators: tuple[str, ...] = Field(default=(), max_length=_MOST)
    double: float = Field(default=0, ge=0, le=1)
    by_hand: dict[str, tuple[str, ...]] = {}

    @field_validator("curators")
    @classmethod
    def _clean(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return cleaned_names(names)

    @property
    def names(self) -> tuple[str, ...]:
        """All to whom something is assigned."""
        return tuple(sorted({*self.curators, *(name for names in self.by_hand.values() for name in names)}))

    def coders(self, record_id: str, document_id: str) -> tuple[str, ...]:
        """Name who reviews a record: as it was said by hand, else one curator, two of the share that is coded twice,
        nobody without curators."""
        return self.by_hand.get(record_id) or _drawn(self.curators, self.double, document_id)

    def waiting(self, record_id: str, document_id: str, complete: Collection[str]) -> tuple[str, ...]:
        """Name who still has to decide about a record that some have decided whole.

        Whoever decides stands in for the one whom it was meant for; where two code it, two have to.
        """
        coders = self.coders(record_id, document_id)
        left = tuple(one for one in coders if one not in complete)
        return left if len(complete) < len(coders) else ()

    def given(self, record_ids: Iterable[str], names: Iterable[str]) -> "Assignments":
        """Return the assignments with some records given to curators by hand; without names the lot decides again."""
        chosen = cleaned_names(names)
        kept = {key: one for key, one in self.by_hand.items() if key not in set(record_ids)}
        return self.model_copy(update={"by_hand": {**kept, **dict.fromkeys(record_ids, chosen)} if chosen else kept})


def cleaned_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return curators' names without blanks, doubles and empty ones, in order."""
    return tuple(sorted({one for name in names if (one := cleaned_name(name))}))


@lru_cache(maxsize=200_000)
def _drawn(curators: tuple[str, ...], double: float, document_id: str) -> tuple[str, ...]:
    order = sorted((digest_of(document_id, name), name) for name in curators)
    lot = int(digest_of(document_id)[:8], 16) / 16**8
    return tuple(name for _, name in order[: 2 if lot < double else 1])


def read_assignments(folder: Path) -> Assignments:
    """Read to whom an output folder's records are assigned; to nobody where nothing was said."""
    path = folder / NAME
    try:
        return Assignments.model_validate_json(path.read_bytes()) if path.exists() else Assignments()
    except ValidationError as error:
        raise LedgerError(f"{path} does not say among whom the documents are shared") from error


def write_assignments(folder: Path, assignments: Assignments) -> None:
    """Say anew to whom records are assigned. Raises OSError: it could not be written."""
    plain = assignments.model_dump(mode="json", exclude=None if assignments.by_hand else {"by_hand"})
    replace_text(folder / NAME, pretty(plain))
