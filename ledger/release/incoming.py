"""What a run brings, beside what the parent release holds: one pair a document, in order of the ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ledger.errors import LedgerError
from ledger.release.parent import Held, held_documents
from ledger.release.seek import HeldIndex
from schemas import Extraction, Quarantined


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document whose input and program did not change: it is carried over from the parent release."""

    id: str
    digest: str


Incoming: TypeAlias = Extraction | Quarantined | Unchanged


@dataclass(frozen=True, slots=True)
class Pair:
    """A document of the parent, of the run, or of both. ``held`` has the old id of a renamed document."""

    id: str
    held: Held | None
    new: Incoming | None

    @property
    def previous_id(self) -> str | None:
        """The id in the parent release, where it was another."""
        return self.held.id if self.held and self.held.id != self.id else None


def id_of(one: Incoming) -> str:
    """Return the id of a document that comes in."""
    return one.document.id if isinstance(one, Extraction) else one.id


def digest_of_input(one: Incoming) -> str | None:
    """Return the digest of a document's input; None for a quarantined one without."""
    return one.document.digest if isinstance(one, Extraction) else one.digest


def in_order(incoming: Iterable[Incoming]) -> Iterator[Incoming]:
    """Pass documents on.

    Raises:
        LedgerError: an id comes twice, or after a later one.
    """
    last: str | None = None
    for one in incoming:
        name = id_of(one)
        if last is not None and name <= last:
            said = "comes twice" if name == last else f"comes after {last}: the input is not sorted"
            raise LedgerError(f"document {name} {said}")
        last = name
        yield one


def pairs(
    incoming: Iterable[Incoming], parent: Path | None, renames: Mapping[str, str], *, add: bool = False
) -> Iterator[Pair]:
    """Join what comes in with the parent release.

    Args:
        incoming: documents sorted by id.
        parent: the folder of the parent release, if there is one.
        renames: new id to old id.
        add: whether documents of the parent that do not come in stay (``--add``); else they are gone.

    Raises:
        LedgerError: an id comes twice or out of order, or an unchanged document is not the parent's.
    """
    held = held_documents(parent) if parent else iter(())
    old_names = set(renames.values())
    with HeldIndex(parent, old_names) as index:
        for name, old, new in _merged(held, in_order(incoming)):
            if new is None and name in old_names:
                continue
            if name in renames:
                old = index.get(renames[name])
            yield _checked(Pair(name, old, _kept(old) if new is None and add else new))


def _kept(old: Held | None) -> Unchanged | None:
    return Unchanged(old.id, old.digest or "") if old else None


def _checked(pair: Pair) -> Pair:
    if isinstance(pair.new, Unchanged) and (pair.held is None or (pair.held.digest or "") != pair.new.digest):
        raise LedgerError(f"document {pair.id} is not as the latest release holds it: run again")
    return pair


def _merged(held: Iterator[Held], incoming: Iterator[Incoming]) -> Iterator[tuple[str, Held | None, Incoming | None]]:
    old, new = next(held, None), next(incoming, None)
    while old is not None or new is not None:
        name = min(one for one in (old.id if old else None, id_of(new) if new else None) if one is not None)
        here_old = old if old is not None and old.id == name else None
        here_new = new if new is not None and id_of(new) == name else None
        yield name, here_old, here_new
        old = next(held, None) if here_old else old
        new = next(incoming, None) if here_new else new
