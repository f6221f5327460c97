"""Several curators on one record: what each says, where they differ, and how often they agree."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from ledger.decisions.standing import Standing, effective, standing
from ledger.decisions.values import states
from schemas import EDITED_FIELDS, Decision

WHOLE = "record"


def opinions(decisions: Sequence[Decision]) -> dict[str, Standing]:
    """Map each curator of one record to where it stands by their word alone; who spoke last comes last."""
    by: dict[str, list[Decision]] = defaultdict(list)
    for decision in effective(decisions):
        by[decision.reviewer] = [*by.pop(decision.reviewer, []), decision]
    return {name: one for name, mine in by.items() for one in standing(mine).values()}


def differing(one: Standing, other: Standing) -> tuple[str, ...]:
    """Name the fields in which two opinions differ; ``record`` where one rejects what the other keeps."""
    if (one.verdict == "reject") != (other.verdict == "reject"):
        return (WHOLE,)
    both = [name for name in EDITED_FIELDS if name in one.pins and name in other.pins]
    return tuple(name for name in both if _given(one, name) != _given(other, name))


def disputed(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """Name the fields of a record in which two curators differ and no third has decided since.

    Who of the two says the same as the other in the end settles it as well.
    """
    found = opinions(decisions)
    if len(found) > 2:
        return ()
    return tuple(dict.fromkeys(name for pair in combinations(found.values(), 2) for name in differing(*pair)))


def _given(one: Standing, name: str) -> Hashable:
    value: Hashable = states(name, one.pins[name].given)
    return value


@dataclass(slots=True)
class Agreement:
    """How often two curators said the same of one field, and Cohen's kappa: the same beyond chance."""

    name: str
    pairs: list[tuple[Hashable, Hashable]] = field(default_factory=list)

    @property
    def same(self) -> int:
        """In how many records both said the same."""
        return sum(one == other for one, other in self.pairs)

    @property
    def share(self) -> float | None:
        """The share of records in which both said the same."""
        return self.same / len(self.pairs) if self.pairs else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None where chance alone would let them always agree."""
        if not self.pairs:
            return None
        first, second = Counter(one for one, _ in self.pairs), Counter(other for _, other in self.pairs)
        chance = sum(first[value] * second[value] for value in first) / len(self.pairs) ** 2
        return None if chance == 1 else (self.same / len(self.pairs) - chance) / (1 - chance)


def agreement(records: Iterable[Sequence[Decision]]) -> Mapping[str, Agreement]:
    """Compare the first two curators of each record that has two; a third, who adjudicates, is left out.

    Args:
        records: the decisions about each record.
    """
    found = {name: Agreement(name) for name in (WHOLE, *EDITED_FIELDS)}
    for decisions in records:
        first = list(dict.fromkeys(one.reviewer for one in effective(decisions)))[:2]
        said = opinions(decisions)
        if len(first) == 2:
            _compare(found, said[first[0]], said[first[1]])
    return found


def _compare(found: Mapping[str, Agreement], one: Standing, other: Standing) -> None:
    found[WHOLE].pairs.append((one.verdict == "reject", other.verdict == "reject"))
    for name in one.pins.keys() & other.pins.keys():
        found[name].pairs.append((_given(one, name), _given(other, name)))
